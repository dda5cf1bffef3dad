//! The mean of the user's last active windows.

use super::choose;
use crate::training::{Cell, History, Instance, Ranker};

/// Lengths of the moving average that are tried on validation.
const LENGTHS: std::ops::RangeInclusive<usize> = 1..=8;

/// How many active windows to average over: best on validation, among equals the fewest.
pub fn moving_average(history: &History, validation: &[Instance], ranker: &Ranker, popularity: &[f64]) -> usize {
    let shares =
        |&windows: &usize, instance: &Instance| average(history, instance.user, instance.window, windows, popularity);
    choose(LENGTHS, history, validation, ranker, shares).unwrap_or(1)
}

/// Mean of the shares of the user's last `windows` active windows before `window`; the popularity where there is none.
pub fn average(history: &History, user: u32, window: usize, windows: usize, popularity: &[f64]) -> Vec<f64> {
    let groups: Vec<&[Cell]> = history.past(user, window).chunk_by(|a, b| a.window == b.window).collect();
    if groups.is_empty() {
        return popularity.to_vec();
    }
    let some = &groups[groups.len().saturating_sub(windows)..];
    let mut shares = vec![0.0; history.domains()];
    for group in some {
        let total: f64 = group.iter().map(|cell| f64::from(cell.events)).sum();
        for cell in *group {
            shares[cell.domain as usize] += f64::from(cell.events) / total / some.len() as f64;
        }
    }
    shares
}

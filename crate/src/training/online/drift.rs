//! Whether the crowd's interest moved more than it usually does.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::super::History;
use crate::interest::jensen_shannon;

/// How far the crowd's profile moved in the newest windows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CrowdDrift {
    /// Largest Jensen–Shannon distance (0..1) of a new window's joint profile to that of the active window before it.
    pub distance: f64,
    /// Median of the same distance over the windows before; NaN where there is none.
    pub usual: f64,
    /// Modified z-score of the distance against those of the windows before (Iglewicz & Hoaglin 1993): its excess over
    /// the median, divided by 1.4826 times their median absolute deviation. NaN where fewer than four are known.
    pub score: f64,
    /// Whether the score is beyond 3.5, which they recommend for outliers.
    pub found: bool,
}

/// Distances that must be known before another one can stand out.
const LEAST: usize = 4;
/// Modified z-score beyond which a distance stands out.
const LIMIT: f64 = 3.5;

impl CrowdDrift {
    /// By what factor to raise a learning rate: the distance over the usual one where drift was found, at most 4; else 1.
    pub fn factor(&self) -> f64 {
        let ratio = self.distance / self.usual;
        if self.found && ratio.is_finite() { ratio.clamp(1.0, 4.0) } else { 1.0 }
    }
}

/// The drift of the windows `new`, which must be complete, against all windows before them.
pub fn crowd_drift(history: &History, new: Range<usize>) -> CrowdDrift {
    let (mut before, mut distance) = (Vec::new(), 0.0_f64);
    let mut earlier: Vec<(u32, f64)> = Vec::new();
    for window in 0..new.end {
        let profile = profile(history.totals(window));
        if profile.is_empty() {
            continue;
        }
        if !earlier.is_empty() {
            let moved = jensen_shannon(&earlier, &profile);
            if new.contains(&window) {
                distance = distance.max(moved);
            } else {
                before.push(moved);
            }
        }
        earlier = profile;
    }
    let usual = median(&mut before);
    let mut deviations: Vec<f64> = before.iter().map(|moved| (moved - usual).abs()).collect();
    // Where all distances are the same, any larger one stands out; where none is larger, 0 / 0 must not.
    let spread = (1.4826 * median(&mut deviations)).max(1e-9);
    let score = if before.len() < LEAST { f64::NAN } else { (distance - usual) / spread };
    CrowdDrift { distance, usual, score, found: score > LIMIT }
}

fn profile(totals: &[u32]) -> Vec<(u32, f64)> {
    let total: f64 = totals.iter().map(|&events| f64::from(events)).sum();
    let active = (0..).zip(totals).filter(|&(_, &events)| events > 0);
    active.map(|(domain, &events)| (domain, f64::from(events) / total)).collect()
}

/// The mean of the middle two for an even number; NaN for none.
fn median(values: &mut [f64]) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let count = values.len();
    let at = |index: usize| values.get(index).copied().unwrap_or(f64::NAN);
    if count.is_multiple_of(2) { (at((count / 2).wrapping_sub(1)) + at(count / 2)) / 2.0 } else { at(count / 2) }
}

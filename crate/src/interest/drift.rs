//! Drift: how far interest moves from window to window, and where it turns.

use serde::Serialize;

use super::{
    InterestOptions, Profiler, Scope, Windows,
    change::{Counts, change_points},
    evolution, jensen_shannon,
};
use crate::{Result, event::Log};

/// Distances between windows, and the windows where interest turns.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Drift {
    /// The windows.
    pub windows: Windows,
    /// Jensen–Shannon distance (0..1) of each window's profile to that of the active window before; NaN where there is none.
    pub distance: Vec<f64>,
    /// Mean over users of their own distance; NaN likewise.
    pub mean_user_distance: Vec<f64>,
    /// Windows where a change is beyond what chance explains.
    pub change_points: Vec<ChangePoint>,
}

/// A window with which interest begins to differ from what it was.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangePoint {
    /// The first window of the new interest.
    pub window: usize,
    /// Evidence divided by the threshold: 1 is just beyond chance.
    pub score: f64,
}

/// Drift of the joint profile of all users in `scope`, and the mean of their own. Change points are sought in the windows'
/// own events, without half-life, which would smear them; the method stands in `docs/INTEREST.md`.
///
/// # Errors
/// As [`evolution`].
pub fn drift(log: &Log, scope: &Scope, options: &InterestOptions) -> Result<Drift> {
    let matrix = evolution(log, scope, options)?;
    let windows = matrix.windows.clone();
    let count = windows.len();
    let profile_at = |shares: &[f64], window: usize| -> Vec<(u32, f64)> {
        (0u32..)
            .zip(shares.iter().skip(window).step_by(count))
            .filter(|&(_, &share)| share > 0.0)
            .map(|(row, &share)| (row, share))
            .collect()
    };
    let active: Vec<usize> = (0..count).filter(|&window| matrix.events[window] > 0.0).collect();
    let mut distance = vec![f64::NAN; count];
    let mut earlier = Vec::new();
    for &window in &active {
        let profile = profile_at(&matrix.shares, window);
        if !earlier.is_empty() && !profile.is_empty() {
            distance[window] = jensen_shannon(&earlier, &profile);
        }
        if !profile.is_empty() {
            earlier = profile;
        }
    }
    let rows = matrix.domains.len();
    let own = if options.half_life.is_some() { evolution(log, scope, &options.undecayed())? } else { matrix };
    let sequence: Vec<Counts> = active
        .iter()
        .map(|&window| {
            let mut counts = profile_at(&own.shares, window);
            counts.iter_mut().for_each(|(_, share)| *share *= own.events[window]);
            counts
        })
        .collect();
    let change_points = change_points(&sequence, rows)
        .into_iter()
        .map(|(at, score)| ChangePoint { window: active[at], score })
        .collect();
    let mean_user_distance = mean_user_distance(log, &windows, scope, options)?;
    Ok(Drift { windows, distance, mean_user_distance, change_points })
}

fn mean_user_distance(log: &Log, windows: &Windows, scope: &Scope, options: &InterestOptions) -> Result<Vec<f64>> {
    let mut sums = vec![(0.0, 0u32); windows.len()];
    let mut profiler = Profiler::new(log, windows, options)?;
    let mut earlier: Vec<(u32, f64)> = Vec::new();
    for user in scope.users(log)? {
        earlier.clear();
        profiler.each(user, |profile| {
            if !earlier.is_empty() {
                let (sum, users) = &mut sums[profile.window];
                *sum += jensen_shannon(&earlier, profile.shares);
                *users += 1;
            }
            earlier.clear();
            earlier.extend_from_slice(profile.shares);
        });
    }
    Ok(sums.into_iter().map(|(sum, users)| sum / f64::from(users)).collect())
}

/// One user's change points, from profiles that a [`Profiler`] without half-life gives. Cheaper than [`drift`] where many
/// users are looked at one by one.
pub fn user_change_points(profiler: &mut Profiler<'_>, user: u32, domains: usize) -> Vec<ChangePoint> {
    let (mut active, mut sequence) = (Vec::new(), Vec::<Counts>::new());
    let mut dense: Vec<u32> = Vec::with_capacity(domains.min(64));
    profiler.each(user, |profile| {
        active.push(profile.window);
        let events = f64::from(profile.events);
        sequence.push(profile.shares.iter().map(|&(domain, share)| (domain, share * events)).collect());
        dense.extend(profile.shares.iter().map(|&(domain, _)| domain));
    });
    dense.sort_unstable();
    dense.dedup();
    for counts in &mut sequence {
        for (domain, _) in counts {
            *domain = dense.partition_point(|&own| own < *domain) as u32;
        }
    }
    change_points(&sequence, dense.len())
        .into_iter()
        .map(|(at, score)| ChangePoint { window: active[at], score })
        .collect()
}

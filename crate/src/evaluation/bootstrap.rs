//! Whether a difference between two models is more than chance.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

use super::Outcome;

/// A difference of two means with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Gain {
    /// Mean over all instances.
    pub difference: f64,
    /// Percentile 2.5 of the resamples.
    pub low: f64,
    /// Percentile 97.5.
    pub high: f64,
    /// Share of the resamples above 0.
    pub above: f64,
}

const RESAMPLES: usize = 2000;
const SEED: u64 = 20_260_101;

/// [`bootstrap_differences`] of NDCG@10. `outcomes` and `baseline` hold the same instances in the same order, users
/// together. `None` without instances.
pub fn paired_bootstrap(outcomes: &[Outcome], baseline: &[Outcome]) -> Option<Gain> {
    let pairs = outcomes.iter().zip(baseline);
    bootstrap_differences(&pairs.map(|(a, b)| (a.user, a.ndcg10 - b.ndcg10)).collect::<Vec<_>>())
}

/// Paired bootstrap over users (Efron & Tibshirani 1993; PROTOCOL.md): users are drawn with replacement, each with all
/// its instances, 2,000 times. `differences`: user and difference of each instance that counts, users together. `None`
/// without instances.
pub fn bootstrap_differences(differences: &[(u32, f64)]) -> Option<Gain> {
    let users: Vec<(f64, f64)> = differences
        .chunk_by(|a, b| a.0 == b.0)
        .map(|own| (own.iter().map(|pair| pair.1).sum(), own.len() as f64))
        .collect();
    if users.is_empty() {
        return None;
    }
    let mut random = Pcg64Mcg::seed_from_u64(SEED);
    let mut means: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            let (mut sum, mut count) = (0.0, 0.0);
            for _ in 0..users.len() {
                let (difference, instances) = users[random.random_range(0..users.len())];
                sum += difference;
                count += instances;
            }
            sum / count
        })
        .collect();
    means.sort_unstable_by(f64::total_cmp);
    let difference = differences.iter().map(|pair| pair.1).sum::<f64>() / differences.len() as f64;
    let above = means.iter().filter(|&&mean| mean > 0.0).count() as f64 / RESAMPLES as f64;
    Some(Gain { difference, low: percentile(&means, 0.025), high: percentile(&means, 0.975), above })
}

/// Linear interpolation between sorted values, as numpy's default.
fn percentile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    below + (above - below) * place.fract()
}

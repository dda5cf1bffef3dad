//! Whether a difference between two models is more than chance.

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

use super::Outcome;

/// A difference of NDCG@10 with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Gain {
    /// Mean over all instances.
    pub difference: f64,
    /// Percentile 2.5 of the resamples.
    pub low: f64,
    /// Percentile 97.5.
    pub high: f64,
}

const RESAMPLES: usize = 2000;
const SEED: u64 = 20_260_101;

/// Paired bootstrap over users (Efron & Tibshirani 1993; PROTOCOL.md): users are drawn with replacement, each with all
/// its instances, the same draw for both models. `outcomes` and `baseline` hold the same instances in the same order,
/// users together. `None` without instances.
pub fn paired_bootstrap(outcomes: &[Outcome], baseline: &[Outcome]) -> Option<Gain> {
    let pairs: Vec<(u32, f64)> = outcomes.iter().zip(baseline).map(|(a, b)| (a.user, a.ndcg10 - b.ndcg10)).collect();
    let users: Vec<(f64, f64)> =
        pairs.chunk_by(|a, b| a.0 == b.0).map(|own| (own.iter().map(|pair| pair.1).sum(), own.len() as f64)).collect();
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
    let difference = pairs.iter().map(|pair| pair.1).sum::<f64>() / pairs.len() as f64;
    Some(Gain { difference, low: percentile(&means, 0.025), high: percentile(&means, 0.975) })
}

/// Linear interpolation between sorted values, as numpy's default.
fn percentile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    below + (above - below) * place.fract()
}

//! The simple rules that every network has to beat: counts of the past, and nothing learned by gradient. What each
//! leaves open is chosen on validation.

mod average;
mod frequency;
mod markov;
mod popularity;

pub(super) use average::{average, moving_average};
pub use frequency::UserFrequency;
pub use markov::Markov;
pub use popularity::Popularity;

use crate::training::{History, Instance, Ranker, TOP, ndcg};

/// The candidate with the best mean NDCG@10 on validation; among equals the first. `None` without candidates.
fn choose<M>(
    candidates: impl Iterator<Item = M>,
    history: &History,
    validation: &[Instance],
    ranker: &Ranker,
    shares: impl Fn(&M, &Instance) -> Vec<f64>,
) -> Option<M> {
    let mut best: Option<(f64, M)> = None;
    for candidate in candidates {
        let score =
            |instance: &Instance| ndcg(&ranker.top(&shares(&candidate, instance), TOP), history.truth(instance));
        let sum: f64 = validation.iter().map(score).sum();
        if best.as_ref().is_none_or(|best| sum > best.0) {
            best = Some((sum, candidate));
        }
    }
    best.map(|best| best.1)
}

#[cfg(test)]
mod tests;

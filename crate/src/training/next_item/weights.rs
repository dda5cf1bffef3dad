//! Weights of a blend, picked on validation.

use super::{Evidence, ItemRanker, MEMBERS, Members, Sequences, Target, cancellable};
use crate::{Result, training::Observer};

/// Weights that are tried for each member.
const STEPS: [f32; 6] = [0.0, 0.25, 0.5, 1.0, 2.0, 4.0];
/// Times that all members are gone through.
const ROUNDS: usize = 2;
/// Best items of each member that are ranked.
const POOL: usize = 30;
/// Where the ascent starts: the weights of PROTOCOL.md for Beauty, and half for what is not in it.
const START: [f32; MEMBERS] = [1.0, 1.0, 0.0, 1.0, 0.0, 0.5, 0.5, 0.25];

/// The items that some member ranks among its best, for one target.
struct Pool {
    /// Each item's shares; the target's come first.
    shares: Vec<[f32; MEMBERS]>,
}

impl Pool {
    /// 1/log2(rank + 1) of the target among the first ten, else 0; ties count against it.
    fn gain(&self, weights: &[f32; MEMBERS]) -> f64 {
        let score = |shares: &[f32; MEMBERS]| shares.iter().zip(weights).map(|(share, weight)| share * weight).sum();
        let Some((target, others)) = self.shares.split_first() else { return 0.0 };
        let own: f32 = score(target);
        let ahead = others
            .iter()
            .filter(|other| {
                let other: f32 = score(other);
                other >= own
            })
            .count();
        if ahead < 10 { 1.0 / ((ahead + 2) as f64).log2() } else { 0.0 }
    }
}

/// Coordinate ascent: one member's weight after the other is set to the best of a few values. Picks the weights with the
/// largest NDCG@10 on `targets`; nothing is regressed on them.
///
/// # Errors
/// [`crate::Error::Cancelled`].
pub(super) async fn pick_weights(
    members: &Members,
    inputs: &Sequences,
    targets: &[Target],
    ranker: &ItemRanker,
    observer: &mut impl Observer,
) -> Result<[f32; MEMBERS]> {
    let mut evidence = Evidence::new(inputs.items());
    let mut pools = Vec::new();
    for (index, target) in targets.iter().enumerate() {
        let input = inputs.user(target.user as usize);
        evidence.score(members, Some(target.user), input);
        let mut pool: Vec<u32> =
            (0..MEMBERS).flat_map(|member| evidence.best_of(member, input.items, ranker, POOL)).collect();
        pool.sort_unstable();
        pool.dedup();
        if let Ok(at) = pool.binary_search(&target.item) {
            pool.swap(0, at);
            pools.push(Pool { shares: pool.iter().map(|&item| evidence.shares(item)).collect() });
        }
        if index % 64 == 63 {
            cancellable(observer).await?;
        }
    }
    let total = |weights: &[f32; MEMBERS]| pools.iter().map(|pool| pool.gain(weights)).sum::<f64>();
    let mut best = (total(&START), START);
    for _ in 0..ROUNDS {
        for member in 0..MEMBERS {
            for step in STEPS {
                let mut weights = best.1;
                weights[member] = step;
                let gain = total(&weights);
                if gain > best.0 {
                    best = (gain, weights);
                }
            }
            cancellable(observer).await?;
        }
    }
    Ok(best.1)
}

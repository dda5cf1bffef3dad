//! How many segments a log has: as many as come out again on other people.
//!
//! Prediction strength (Tibshirani & Walther 2005): users are halved at random and each half is clustered by itself. For
//! each cluster of one half, the share of its pairs of users that the other half's means put together, too; the smallest
//! share counts, averaged over halvings.

use driftscope_kernels::Order;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde::Serialize;

use super::k_means::Crowd;
use crate::{Result, insight::watch, training::Observer};

/// Numbers of segments that are tried.
pub(super) const COUNTS: std::ops::RangeInclusive<usize> = 2..=12;
/// Users that are looked at where the number is chosen.
const USERS: usize = 1500;
/// Random halvings, each read both ways.
const HALVINGS: usize = 3;
/// Strength from which on a number of segments counts as there (Tibshirani & Walther: .8 to .9).
const ENOUGH: f64 = 0.9;

/// How well one number of segments comes out again.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stability {
    /// Number of segments.
    pub count: usize,
    /// Prediction strength, 0 to 1.
    pub strength: f64,
    /// Mean adjusted Rand index between a half's own clusters and those by the other half's means; 0 is chance, 1 the same.
    pub rand: f64,
}

/// The stability of each number of `counts` that the number of points allows.
///
/// # Errors
/// [`crate::Error::Cancelled`].
pub(super) async fn stabilities(
    crowd: &Crowd<'_>,
    counts: impl Iterator<Item = usize>,
    seed: u64,
    observer: &mut impl Observer,
) -> Result<Vec<Stability>> {
    let counts: Vec<usize> = counts.collect();
    let mut out = Vec::with_capacity(counts.len());
    for (done, &count) in counts.iter().enumerate() {
        let mut rng = Pcg64Mcg::seed_from_u64(seed ^ count as u64);
        let (mut strength, mut rand) = (0.0, 0.0);
        for halving in 0..HALVINGS {
            watch::step(observer, (done * HALVINGS + halving, counts.len() * HALVINGS)).await?;
            let mut order: Vec<(u64, u32)> =
                (0..crowd.points.len() as u32).map(|place| (rng.random(), place)).collect();
            order.order_by_key(|&(key, _)| key);
            let order: Vec<u32> = order.into_iter().take(USERS).map(|(_, place)| place).collect();
            let (left, right) = order.split_at(order.len() / 2);
            let a = crowd.k_means(left, count, &mut rng, observer).await?;
            let b = crowd.k_means(right, count, &mut rng, observer).await?;
            for (members, own, other) in [(left, &a, &b), (right, &b, &a)] {
                let mut products = Vec::new();
                let foreign = members.iter().map(|&member| {
                    let (label, _) = crowd.nearest(&other.means, member, &mut products);
                    label as u32
                });
                let table = Contingency::new(own.labels.iter().copied().zip(foreign), count);
                strength += table.prediction_strength();
                rand += table.adjusted_rand();
            }
        }
        let halves = 2.0 * HALVINGS as f64;
        out.push(Stability { count, strength: strength / halves, rand: rand / halves });
    }
    Ok(out)
}

/// The largest number that is strong enough, or else the strongest.
pub(super) fn choose(stabilities: &[Stability]) -> Option<usize> {
    let enough = stabilities.iter().filter(|one| one.strength >= ENOUGH).map(|one| one.count).max();
    let strongest = || stabilities.iter().max_by(|a, b| a.strength.total_cmp(&b.strength).then(b.count.cmp(&a.count)));
    enough.or_else(|| strongest().map(|one| one.count))
}

/// How often two labels fall on the same user.
struct Contingency {
    count: usize,
    cells: Vec<f64>,
}

fn pairs(n: f64) -> f64 {
    n * (n - 1.0) / 2.0
}

impl Contingency {
    /// Of pairs of labels below `count`.
    fn new(labels: impl Iterator<Item = (u32, u32)>, count: usize) -> Contingency {
        let mut cells = vec![0.0; count * count];
        for (own, other) in labels {
            if let Some(cell) = cells.get_mut(own as usize * count + other as usize) {
                *cell += 1.0;
            }
        }
        Contingency { count, cells }
    }

    /// The smallest share, over the first labels, of pairs that also agree in the second. A label of one user has none.
    fn prediction_strength(&self) -> f64 {
        let shares = self.cells.chunks(self.count).map(|row| {
            let together: f64 = row.iter().copied().map(pairs).sum();
            let all = pairs(row.iter().sum());
            if all > 0.0 { together / all } else { 0.0 }
        });
        shares.fold(1.0, f64::min)
    }

    fn adjusted_rand(&self) -> f64 {
        let rows: f64 = self.cells.chunks(self.count).map(|row| pairs(row.iter().sum())).sum();
        let of_column = |column| self.cells.iter().skip(column).step_by(self.count).sum();
        let columns: f64 = (0..self.count).map(|column| pairs(of_column(column))).sum();
        let both: f64 = self.cells.iter().copied().map(pairs).sum();
        let expected = rows * columns / pairs(self.cells.iter().sum()).max(1.0);
        let most = (rows + columns) / 2.0;
        if most > expected { (both - expected) / (most - expected) } else { 1.0 }
    }
}

/// Adjusted Rand index of two ways to divide the same users (Hubert & Arabie 1985): 1 where they are the same, 0 where
/// they agree as often as chance would.
pub fn adjusted_rand(a: &[u32], b: &[u32]) -> f64 {
    let count = a.iter().chain(b).max().map_or(1, |&label| label as usize + 1);
    Contingency::new(a.iter().copied().zip(b.iter().copied()), count).adjusted_rand()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_adjusted_rand_index_is_that_of_scikit_learn() {
        // sklearn.metrics.adjusted_rand_score
        assert!((adjusted_rand(&[0, 0, 1, 1], &[0, 0, 1, 2]) - 0.571_428_571_428_571_4).abs() < 1e-12);
        assert!((adjusted_rand(&[0, 0, 1, 1], &[1, 1, 0, 0]) - 1.0).abs() < 1e-12);
        assert!((adjusted_rand(&[0, 0, 1, 1], &[0, 1, 0, 1]) + 0.5).abs() < 1e-12);
    }

    #[test]
    fn of_equally_strong_numbers_the_larger_is_chosen_and_without_any_the_strongest() {
        let of = |pairs: &[(usize, f64)]| {
            let all: Vec<_> = pairs.iter().map(|&(count, strength)| Stability { count, strength, rand: 0.0 }).collect();
            choose(&all)
        };
        assert_eq!(of(&[(2, 1.0), (3, 0.5), (4, 0.95), (5, 0.7)]), Some(4));
        assert_eq!(of(&[(2, 0.3), (3, 0.5), (4, 0.5)]), Some(3));
        assert_eq!(of(&[]), None);
    }
}

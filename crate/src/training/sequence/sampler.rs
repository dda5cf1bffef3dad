//! Negative items for a sampled softmax.

use rand::{Rng, RngExt};

/// Added to the score of a negative that is the target.
const HIT: f32 = -1e9;

/// Draws items by popularity to a power.
#[derive(Debug)]
pub(in crate::training) struct Sampler {
    /// Sum of the weights of all items up to each.
    cumulative: Vec<f64>,
}

impl Sampler {
    /// `counts`: events by item; an item without one still counts for one.
    pub fn new(counts: &[u32], power: f64) -> Sampler {
        let mut sum = 0.0;
        let weight = |&count: &u32| {
            sum += libm::pow(f64::from(count.max(1)), power);
            sum
        };
        Sampler { cumulative: counts.iter().map(weight).collect() }
    }

    /// `count` items in order of their numbers, drawn independently.
    pub fn draw(&self, count: usize, random: &mut impl Rng) -> Vec<u32> {
        let total = self.cumulative.last().copied().unwrap_or(0.0);
        let mut draw = || {
            let at = random.random::<f64>() * total;
            self.cumulative.partition_point(|&sum| sum <= at).min(self.cumulative.len() - 1) as u32
        };
        let mut items: Vec<u32> = (0..count).map(|_| draw()).collect();
        items.sort_unstable();
        items
    }

    /// −ln of how often an item is expected among `count` draws: what is added to its score, so that the sampled sum of
    /// exponentials has the mean of the full one (Bengio & Senécal 2008).
    pub fn correction(&self, item: u32, count: usize) -> f32 {
        let total = self.cumulative.last().copied().unwrap_or(0.0);
        let at = |index: usize| self.cumulative.get(index).copied().unwrap_or(total);
        let before = (item as usize).checked_sub(1).map_or(0.0, at);
        -libm::log((at(item as usize) - before) / total * count as f64) as f32
    }

    /// What is added to the scores of drawn `negatives` beside each of `targets`, \[targets × negatives\]: the
    /// correction, or so little that it counts for nothing where a negative is the target itself.
    pub fn offsets(&self, negatives: &[u32], targets: &[u32]) -> Vec<f32> {
        let row: Vec<f32> = negatives.iter().map(|&item| self.correction(item, negatives.len())).collect();
        let mut offsets = row.repeat(targets.len());
        for (offsets, target) in offsets.chunks_mut(row.len().max(1)).zip(targets) {
            let first = negatives.partition_point(|item| item < target);
            let hits = negatives[first..].iter().take_while(|&item| item == target).count();
            offsets[first..first + hits].fill(HIT);
        }
        offsets
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_pcg::Pcg64Mcg;

    #[test]
    fn corrected_samples_estimate_the_full_sum_without_bias() {
        let counts = [100, 1, 0, 25, 4, 49];
        let sampler = Sampler::new(&counts, 0.5);
        let scores = [0.3, 2.0, -1.0, 0.5, 1.2, -0.4_f64];
        let mut random = Pcg64Mcg::seed_from_u64(5);
        let drawn = sampler.draw(200_000, &mut random);
        let sum: f64 = drawn
            .iter()
            .map(|&item| (scores[item as usize] + f64::from(sampler.correction(item, drawn.len()))).exp())
            .sum();
        let full: f64 = scores.iter().map(|score| score.exp()).sum();
        assert!((sum / full - 1.0).abs() < 0.02, "{sum} {full}");
        let often = drawn.iter().filter(|&&item| item == 0).count() as f64 / drawn.len() as f64;
        assert!((often - 10.0 / 26.0).abs() < 0.01, "{often}");
    }

    #[test]
    fn a_negative_that_is_the_target_does_not_count() {
        let sampler = Sampler::new(&[1, 1, 1, 1], 1.0);
        let fair = -(0.25_f32 * 4.0).ln();
        assert_eq!(sampler.offsets(&[0, 1, 1, 3], &[1, 2]), [fair, HIT, HIT, fair, fair, fair, fair, fair]);
    }
}

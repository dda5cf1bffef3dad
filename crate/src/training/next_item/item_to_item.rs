//! Models that go from each item of the input to others.

use serde::{Deserialize, Serialize};

use super::Sequence;
use crate::graph::Csr;

/// How much less an older event of the input counts.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Recency {
    /// Factor for each event that came after it; 1 for none.
    pub step: f32,
    /// Seconds before the user's last event in which it loses half; only where times are known. `None`: time is ignored.
    pub half_life: Option<f32>,
}

impl Recency {
    /// By position alone.
    pub const fn steps(step: f32) -> Recency {
        Recency { step, half_life: None }
    }

    /// Weight of each event of a sequence; that of the last is 1. Weights below a millionth are 0.
    pub fn weights(&self, sequence: Sequence<'_>) -> Vec<f32> {
        let last = sequence.times.last().copied().unwrap_or(0);
        let mut weights = vec![0.0; sequence.items.len()];
        let mut factor = 1.0_f32;
        for at in (0..weights.len()).rev() {
            let gap = last.saturating_sub(sequence.times.get(at).copied().unwrap_or(last)) as f32;
            let decay = self.half_life.map_or(1.0, |half_life| libm::exp2f(-gap / half_life));
            weights[at] = if factor * decay < 1e-6 { 0.0 } else { factor * decay };
            factor *= self.step;
        }
        weights
    }
}

/// score(i) = Σ over the input's events e of weight(e) · M\[item of e, i\], with weights by [`Recency`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemToItem {
    /// M, item × item.
    pub matrix: Csr,
    /// Weights of the input.
    pub recency: Recency,
}

impl ItemToItem {
    /// Adds the scores of all items to `scores`.
    pub fn add_scores(&self, input: Sequence<'_>, scores: &mut [f32]) {
        add_rows(&self.matrix, self.recency, input, scores);
    }
}

/// Adds Σ over the input's events of weight · the item's row of `matrix`.
pub(super) fn add_rows(matrix: &Csr, recency: Recency, input: Sequence<'_>, scores: &mut [f32]) {
    for (&item, weight) in input.items.iter().zip(recency.weights(input)) {
        if weight == 0.0 {
            continue;
        }
        for (other, value) in matrix.entries(item as usize) {
            if let Some(score) = scores.get_mut(other as usize) {
                *score += weight * value;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn recency_of_a_worked_example() {
        let sequence = Sequence { items: &[4, 5, 6], times: &[100, 160, 220], kinds: &[] };
        assert_eq!(Recency::steps(0.5).weights(sequence), [0.25, 0.5, 1.0]);
        let both = Recency { step: 0.5, half_life: Some(60.0) };
        assert_eq!(both.weights(sequence), [0.25 * 0.25, 0.5 * 0.5, 1.0]);
        assert_eq!(both.weights(Sequence { times: &[], ..sequence }), [0.25, 0.5, 1.0]);
        assert!(both.weights(Sequence::default()).is_empty());
    }

    #[test]
    fn scores_add_the_rows_of_the_inputs_items() {
        let matrix = Csr::from_triplets(3, 3, vec![(0, 1, 2.0), (0, 2, 4.0), (1, 2, 1.0)]);
        let model = ItemToItem { matrix, recency: Recency::steps(0.5) };
        let mut scores = [0.0; 3];
        model.add_scores(Sequence { items: &[0, 1], times: &[], kinds: &[] }, &mut scores);
        assert_eq!(scores, [0.0, 1.0, 3.0]);
    }
}

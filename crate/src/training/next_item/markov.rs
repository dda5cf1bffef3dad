//! Directed transitions between items.

use serde::{Deserialize, Serialize};

use super::{ItemToItem, Recency, Sequences};
use crate::graph::Csr;

/// How transitions are counted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MarkovOptions {
    /// Longest distance of two events that counts; 1 for a first-order chain.
    pub hops: usize,
    /// Factor for each step beyond the first.
    pub step: f32,
    /// Power of the events of the item it starts from (plus 2) that a count is divided by; 1 makes shares.
    pub from: f32,
    /// Power of the events of the item it leads to (plus 2).
    pub to: f32,
    /// Weights of the input.
    pub recency: Recency,
}

impl Default for MarkovOptions {
    /// "Directed transitions at distances 1–5" of PROTOCOL.md's sparse blend.
    fn default() -> Self {
        MarkovOptions { hops: 5, step: 0.7, from: 0.5, to: 0.3, recency: Recency::steps(0.4) }
    }
}

/// T\[a, b\] = Σ over all pairs of events (a before b, d ≤ `hops` apart) of step^(d − 1), divided by
/// (n_a + 2)^from · (n_b + 2)^to, n being the items' numbers of events.
pub fn markov(sequences: &Sequences, options: &MarkovOptions) -> ItemToItem {
    let mut entries = Vec::new();
    for sequence in sequences.iter() {
        for (at, &from) in sequence.items.iter().enumerate() {
            let mut weight = 1.0_f32;
            for &to in sequence.items[at + 1..].iter().take(options.hops) {
                if to != from {
                    entries.push((from, to, weight));
                }
                weight *= options.step;
            }
        }
    }
    let divisor = |power: f32| -> Vec<f32> {
        sequences.counts().iter().map(|&count| libm::powf(count as f32 + 2.0, power)).collect()
    };
    let (from, to) = (divisor(options.from), divisor(options.to));
    let counts = Csr::from_triplets(sequences.items(), sequences.items(), entries);
    let matrix = counts.map(|a, b, count| count / (from[a as usize] * to[b as usize]));
    ItemToItem { matrix, recency: options.recency }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transitions_of_a_worked_example() {
        let sequences = Sequences::new(4, &[vec![0, 1, 2], vec![0, 1], vec![1, 1, 0]]).unwrap();
        let plain = MarkovOptions { hops: 1, from: 0.0, to: 0.0, ..MarkovOptions::default() };
        let first = markov(&sequences, &plain).matrix;
        assert_eq!(first, Csr::from_triplets(4, 4, vec![(0, 1, 2.0), (1, 2, 1.0), (1, 0, 1.0)]));
        let two = markov(&sequences, &MarkovOptions { hops: 2, step: 0.5, from: 1.0, to: 0.0, ..plain }).matrix;
        assert_eq!(two.row(0), (&[1, 2][..], &[2.0 / 5.0, 0.5 / 5.0][..]));
        assert_eq!(two.row(1), (&[0, 2][..], &[1.5 / 6.0, 1.0 / 6.0][..]));
    }
}

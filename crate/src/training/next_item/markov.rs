//! Directed transitions between items.

use serde::{Deserialize, Serialize};

use super::{ItemToItem, Recency, Sequences, paced::matrix};
use crate::{Result, training::Observer};

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
///
/// # Errors
/// [`crate::Error::Cancelled`].
pub async fn markov(
    sequences: &Sequences,
    options: &MarkovOptions,
    observer: &mut impl Observer,
) -> Result<ItemToItem> {
    let counts = sequences.counts();
    // What comes after each event, by the event's item.
    let mut after: Vec<Vec<&[u32]>> = counts.iter().map(|&count| Vec::with_capacity(count as usize)).collect();
    for sequence in sequences.iter() {
        for (at, &from) in sequence.items.iter().enumerate() {
            after[from as usize].push(&sequence.items[at + 1..]);
        }
    }
    let divisor =
        |power: f32| -> Vec<f32> { counts.iter().map(|&count| libm::powf(count as f32 + 2.0, power)).collect() };
    let (from, to) = (divisor(options.from), divisor(options.to));
    let (mut sums, mut met) = (vec![0.0_f32; counts.len()], Vec::new());
    let rows = (0..).zip(&after).map(|(item, after): (u32, _)| {
        for rest in after {
            let mut weight = 1.0_f32;
            for &next in rest.iter().take(options.hops) {
                if next != item {
                    if sums[next as usize] == 0.0 {
                        met.push(next);
                    }
                    sums[next as usize] += weight;
                }
                weight *= options.step;
            }
        }
        let divisor = from[item as usize];
        met.drain(..)
            .map(|next| (next, std::mem::take(&mut sums[next as usize]) / (divisor * to[next as usize])))
            .collect::<Vec<_>>()
    });
    Ok(ItemToItem { matrix: matrix(counts.len(), rows, observer).await?, recency: options.recency })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{graph::Csr, training::Silent};

    fn transitions(sequences: &Sequences, options: &MarkovOptions) -> Csr {
        pollster::block_on(markov(sequences, options, &mut Silent)).unwrap().matrix
    }

    #[test]
    fn transitions_of_a_worked_example() {
        let sequences = Sequences::new(4, &[vec![0, 1, 2], vec![0, 1], vec![1, 1, 0]]).unwrap();
        let plain = MarkovOptions { hops: 1, from: 0.0, to: 0.0, ..MarkovOptions::default() };
        let first = transitions(&sequences, &plain);
        assert_eq!(first, Csr::from_triplets(4, 4, vec![(0, 1, 2.0), (1, 2, 1.0), (1, 0, 1.0)]));
        let two = transitions(&sequences, &MarkovOptions { hops: 2, step: 0.5, from: 1.0, to: 0.0, ..plain });
        assert_eq!(two.row(0), (&[1, 2][..], &[2.0 / 5.0, 0.5 / 5.0][..]));
        assert_eq!(two.row(1), (&[0, 2][..], &[1.5 / 6.0, 1.0 / 6.0][..]));
    }
}

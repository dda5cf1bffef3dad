//! What an event is made of: rows of one table of embeddings.

use serde::{Deserialize, Serialize};

use crate::graph::Csr;

/// ln(1 + seconds) of the time gaps whose embedding is learned: none, about a minute, 10 minutes, an hour, 6 hours, a day, 3
/// days, a week, 4 weeks, 13 weeks, a year. Between two of them it is interpolated.
const GAPS: [f64; 11] = [0.0, 4.1, 6.4, 8.19, 9.98, 11.37, 12.47, 13.31, 14.7, 15.88, 17.27];
/// ln(1 + distance) of the distances in a sequence at which the bias of attention is learned: 0, 1, 2, 4, … 64.
const DISTANCES: [f64; 8] = [0.0, 0.693, 1.099, 1.609, 2.197, 2.833, 3.497, 4.174];

/// Rows of the embedding table, in this order: items, their attributes, event kinds, time gaps.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Vocabulary {
    /// Item × attribute with the weight of each; rows sum to 1 or are empty.
    content: Csr,
    /// Number of event kinds; 0 where kinds are not known.
    kinds: usize,
    /// Whether times are known.
    timed: bool,
}

impl Vocabulary {
    /// Of items with their content, the kinds that events have and whether they have times.
    pub fn new(content: &Csr, kinds: usize, timed: bool) -> Vocabulary {
        Vocabulary { content: content.normalised_rows(), kinds, timed }
    }

    /// Number of items.
    pub fn items(&self) -> usize {
        self.content.rows()
    }

    /// Number of rows of the table.
    pub fn rows(&self) -> usize {
        self.gap_start() + if self.timed { GAPS.len() } else { 0 }
    }

    /// Whether events have times.
    pub fn timed(&self) -> bool {
        self.timed
    }

    fn gap_start(&self) -> usize {
        self.content.rows() + self.content.columns() + self.kinds
    }

    /// The row in `other` of each of these rows: one of as many items, attributes and kinds, or more of each at the end.
    pub fn places_in(&self, other: &Vocabulary) -> Vec<usize> {
        let [items, attributes] = [self.content.rows(), self.content.columns()];
        let attribute = other.content.rows()..other.content.rows() + attributes;
        let kind = other.content.rows() + other.content.columns();
        let gap = other.gap_start()..other.gap_start() + if self.timed { GAPS.len() } else { 0 };
        (0..items).chain(attribute).chain(kind..kind + self.kinds).chain(gap).collect()
    }

    /// What an item is made of: itself, and the mean of its attributes.
    pub fn item(&self, item: u32) -> impl Iterator<Item = (u32, f32)> + '_ {
        let start = self.content.rows() as u32;
        let attributes =
            self.content.entries(item as usize).map(move |(attribute, weight)| (start + attribute, weight));
        std::iter::once((item, 1.0)).chain(attributes)
    }

    /// The row of a kind of event; none for an unknown one.
    pub fn kind(&self, kind: u8) -> Option<(u32, f32)> {
        let start = self.content.rows() + self.content.columns();
        (usize::from(kind) < self.kinds).then_some(((start + usize::from(kind)) as u32, 1.0))
    }

    /// The rows of a time gap in seconds; none where times are not known.
    pub fn gap(&self, seconds: f64) -> impl Iterator<Item = (u32, f32)> {
        let start = self.gap_start();
        let hats = self.timed.then(|| hats(&GAPS, seconds));
        hats.into_iter().flatten().map(move |(index, weight)| ((start + index) as u32, weight))
    }

    /// Number of features that relate two places of a sequence.
    pub fn relations(&self) -> usize {
        DISTANCES.len() + if self.timed { GAPS.len() } else { 0 }
    }

    /// Writes how a place relates to one `distance` places and `seconds` before it.
    pub fn relate(&self, distance: usize, seconds: f64, out: &mut [f32]) {
        let (distances, gaps) = out.split_at_mut(DISTANCES.len());
        for (index, weight) in hats(&DISTANCES, distance as f64) {
            distances[index] += weight;
        }
        if self.timed {
            for (index, weight) in hats(&GAPS, seconds) {
                gaps[index] += weight;
            }
        }
    }
}

/// The two knots around ln(1 + value) with their weights, which sum to 1: linear interpolation.
fn hats(knots: &[f64], value: f64) -> [(usize, f32); 2] {
    let at = libm::log1p(value.max(0.0));
    let above = knots.partition_point(|&knot| knot <= at).clamp(1, knots.len() - 1);
    let [low, high] = [knots[above - 1], knots[above]];
    let share = ((at - low) / (high - low)).clamp(0.0, 1.0) as f32;
    [(above - 1, 1.0 - share), (above, share)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_the_parts_do_not_overlap_and_weights_sum_to_one() {
        let content = Csr::from_triplets(3, 2, vec![(0, 0, 1.0), (0, 1, 1.0), (2, 1, 1.0)]);
        let vocabulary = Vocabulary::new(&content, 2, true);
        assert_eq!(vocabulary.item(0).collect::<Vec<_>>(), [(0, 1.0), (3, 0.5), (4, 0.5)]);
        assert_eq!(vocabulary.item(1).collect::<Vec<_>>(), [(1, 1.0)]);
        assert_eq!((vocabulary.kind(1), vocabulary.kind(2)), (Some((6, 1.0)), None));
        assert_eq!(vocabulary.rows(), 3 + 2 + 2 + GAPS.len());
        for seconds in [0.0, 1.0, 60.0, 5e5, 1e12] {
            let gap: Vec<(u32, f32)> = vocabulary.gap(seconds).collect();
            assert!(gap.iter().all(|&(row, _)| row >= 7 && (row as usize) < vocabulary.rows()));
            assert!((gap.iter().map(|&(_, weight)| weight).sum::<f32>() - 1.0).abs() < 1e-6);
        }
        assert_eq!(Vocabulary::new(&content, 0, false).gap(60.0).count(), 0);
    }

    #[test]
    fn a_value_between_two_knots_is_shared_out() {
        let [(3, below), (4, above)] = hats(&DISTANCES, 5.0) else { panic!("wrong knots") };
        let expected = (6.0_f32 / 5.0).ln() / (9.0_f32 / 5.0).ln();
        assert!((above - expected).abs() < 1e-3 && (below + above - 1.0).abs() < 1e-6);
        assert_eq!(hats(&DISTANCES, 0.0), [(0, 1.0), (1, 0.0)]);
        assert_eq!(hats(&DISTANCES, 1e9), [(6, 0.0), (7, 1.0)]);
    }
}

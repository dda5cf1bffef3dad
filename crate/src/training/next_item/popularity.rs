//! Popularity: the same for everyone.

use serde::{Deserialize, Serialize};

use super::Sequences;

/// score(i) = ln(1 + events of i), whoever asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemPopularity {
    scores: Vec<f32>,
}

impl ItemPopularity {
    /// Counts the sequences. Only the order of the scores matters for a ranking; the logarithm is for blends.
    pub fn fit(sequences: &Sequences) -> ItemPopularity {
        let log = |&count: &u32| libm::log1pf(count as f32);
        ItemPopularity { scores: sequences.counts().iter().map(log).collect() }
    }

    /// The score of each item.
    pub fn scores(&self) -> &[f32] {
        &self.scores
    }
}

//! Settings of the sequence model.

use serde::{Deserialize, Serialize};

/// Hyper-parameters of the network and its training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SequenceOptions {
    /// Events of a sequence that are looked at: the last.
    pub length: usize,
    /// Width of the embeddings.
    pub width: usize,
    /// Attention heads.
    pub heads: usize,
    /// Attention layers.
    pub layers: usize,
    /// Share of numbers that are silenced in a step.
    pub dropout: f64,
    /// Passes over the train sequences, at most.
    pub epochs: usize,
    /// Sequences in a step.
    pub batch: usize,
    /// Learning rate at the start; it falls to 0 along a cosine.
    pub learning_rate: f64,
    /// AdamW's weight decay.
    pub weight_decay: f64,
    /// Negative items that the targets of a step are told apart from; all items where there are not more.
    pub negatives: usize,
    /// Negatives are drawn by popularity to this power.
    pub popularity: f64,
    /// Whether an item is also what its content says.
    pub content: bool,
    /// Epochs without a better validation after which training ends.
    pub patience: usize,
}

impl SequenceOptions {
    /// Settings for next items of a log of so many items and users.
    pub fn next_item(items: usize, users: usize) -> SequenceOptions {
        SequenceOptions {
            length: 50,
            width: 64,
            heads: 2,
            layers: 2,
            dropout: 0.1,
            epochs: 12,
            // Few users have long sequences, or little to learn from: smaller steps, and more of them.
            batch: if users < 5_000 { 16 } else { 128 },
            learning_rate: 2e-3,
            weight_decay: 1e-3,
            negatives: items.min(1024),
            popularity: 0.5,
            content: true,
            patience: 4,
        }
    }

    /// Settings for the next window's interest.
    pub fn next_window() -> SequenceOptions {
        SequenceOptions {
            length: 32,
            width: 32,
            heads: 2,
            layers: 1,
            dropout: 0.2,
            epochs: 6,
            batch: 64,
            learning_rate: 1e-3,
            weight_decay: 1e-3,
            negatives: 0,
            popularity: 0.0,
            content: false,
            patience: 3,
        }
    }
}

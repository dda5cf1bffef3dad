//! Settings of the graph network.

use serde::{Deserialize, Serialize};

/// Hyper-parameters of the network and its training.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemGraphOptions {
    /// Width of the embeddings.
    pub width: usize,
    /// Convolutions.
    pub layers: usize,
    /// Neighbours of an item that are kept.
    pub neighbours: usize,
    /// Two items of a sequence are neighbours up to so many places apart.
    pub reach: usize,
    /// Weights of an item in a user's pools: each of these to the power of the places since.
    pub decays: Vec<f32>,
    /// Share of numbers that are silenced in a step.
    pub dropout: f64,
    /// Passes over the train sequences, at most.
    pub epochs: usize,
    /// Next items that a step learns from.
    pub batch: usize,
    /// Learning rate at the start; it falls to 0 along a cosine.
    pub learning_rate: f64,
    /// AdamW's weight decay.
    pub weight_decay: f64,
    /// Negative items of a step; all items where there are not more.
    pub negatives: usize,
    /// Negatives are drawn by popularity to this power.
    pub popularity: f64,
    /// Parts of the users: a part is learned from over the graph of the others, since their own would give it away.
    pub folds: usize,
    /// Epochs without a better validation after which training ends.
    pub patience: usize,
}

impl ItemGraphOptions {
    /// Settings for a log of so many items and users.
    pub fn next_item(items: usize, users: usize) -> ItemGraphOptions {
        ItemGraphOptions {
            width: 64,
            layers: 2,
            neighbours: 20,
            reach: 3,
            decays: vec![0.0, 0.5, 0.9],
            dropout: 0.2,
            epochs: 15,
            batch: if users < 5_000 { 512 } else { 1024 },
            learning_rate: 2e-3,
            weight_decay: 1e-3,
            negatives: items.min(1024),
            popularity: 0.5,
            folds: 3,
            patience: 4,
        }
    }
}

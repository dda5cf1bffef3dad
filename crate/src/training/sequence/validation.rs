//! What decides which epoch of a next-item network is kept.

use crate::training::{
    TOP,
    next_item::{ItemRanker, Sequences, Target},
};

/// Validation targets that decide, at most.
const MAX_CHOICE: usize = 4000;

/// NDCG@10 of some validation targets, or, for a model that is learned anew, a number of epochs that was chosen before.
#[derive(Debug)]
pub(in crate::training) struct Validation<'a> {
    inputs: &'a Sequences,
    targets: Vec<Target>,
    ranker: ItemRanker,
    sum: f64,
    epochs: Option<usize>,
    done: usize,
}

impl<'a> Validation<'a> {
    /// `inputs`: what the targets follow on. `epochs`: which epoch is kept instead; `done` are done already.
    pub fn new(inputs: &'a Sequences, targets: &[Target], epochs: Option<usize>, done: usize) -> Validation<'a> {
        let stride = targets.len().div_ceil(MAX_CHOICE).max(1);
        Validation {
            inputs,
            targets: targets.iter().step_by(stride).copied().collect(),
            ranker: ItemRanker::new(&inputs.counts()),
            sum: 0.0,
            epochs,
            done,
        }
    }

    /// After an epoch: how good it is where the epoch that is kept was given, the later the better up to that one.
    pub fn given(&mut self) -> Option<f64> {
        self.done += 1;
        self.epochs.map(|epochs| if self.done <= epochs { self.done as f64 } else { -1.0 })
    }

    /// Whose scores are asked for.
    pub fn users(&self) -> Vec<u32> {
        self.targets.iter().map(|target| target.user).collect()
    }

    /// Before the first scores.
    pub fn begin(&mut self) {
        self.sum = 0.0;
    }

    /// Takes the scores of all items for a user of the list.
    pub fn add(&mut self, index: usize, scores: &[f32]) {
        let Target { user, item } = self.targets[index];
        let ranked = self.ranker.top(scores, self.inputs.user(user as usize).items, TOP);
        if let Some(rank) = ranked.iter().position(|&one| one == item) {
            self.sum += 1.0 / libm::log2((rank + 2) as f64);
        }
    }

    /// The mean over all users.
    pub fn ndcg(&self) -> f64 {
        self.sum / self.targets.len().max(1) as f64
    }
}

//! Several runs of boosting, averaged.

use serde::{Deserialize, Serialize};

use super::{Boosting, EVIDENCE, Lists, TreeOptions, Trees};
use crate::{Result, training::Observer};

/// Runs that are averaged: each sees other lists and other features, so that their mean depends less on chance.
const RUNS: u64 = 3;
/// Numbers of trees in each run that are tried on validation; without any the weighted sum decides.
pub(super) const TREE_COUNTS: [usize; 4] = [0, 30, 60, 120];
const OPTIONS: TreeOptions = TreeOptions {
    trees: 120,
    depth: 4,
    rate: 0.1,
    least_rows: 40,
    penalty: 1.0,
    share_of_lists: 0.7,
    share_of_features: 0.5,
};

/// The mean of several [`Trees`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Forest {
    runs: Vec<Trees>,
}

impl Forest {
    /// Grows all trees.
    ///
    /// # Errors
    /// [`crate::Error::Cancelled`].
    pub async fn grow(lists: &Lists, seed: u64, observer: &mut impl Observer) -> Result<Forest> {
        let mut runs = Vec::new();
        for run in 0..RUNS {
            let mut trees = Trees::none();
            let seed = seed.wrapping_mul(RUNS).wrapping_add(run);
            let mut boosting = Boosting::new(lists, OPTIONS, seed, observer).await?;
            for _ in 0..OPTIONS.trees {
                boosting.grow(&mut trees, observer).await?;
            }
            runs.push(trees);
        }
        Ok(Forest { runs })
    }

    /// Mean over the runs of the first `count` trees' sum, of each row of `numbers`.
    pub fn scores(&self, numbers: &[f32], count: usize) -> Vec<f32> {
        let runs = self.runs.len().max(1) as f32;
        let score = |row: &[f32]| self.runs.iter().map(|trees| trees.score(row, count)).sum::<f32>() / runs;
        numbers.chunks_exact(EVIDENCE).map(score).collect()
    }
}

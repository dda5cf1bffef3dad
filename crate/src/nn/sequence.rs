//! The sequence network: events as sums of embeddings, causal attention over them, and scores of candidates by the same
//! embeddings.

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::{AttentionShape, Dropout, Normal, Parameters, Sparse, causal_attention};

/// Sizes of a sequence network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SequenceShape {
    /// Embeddings: whatever an event or a candidate is made of has one.
    pub rows: usize,
    /// The attention layers.
    pub attention: AttentionShape,
}

/// Standard deviation of the embeddings' first values.
const EMBEDDING_SCALE: f32 = 0.05;
/// Parameters before those of the attention layers.
const OWN: usize = 2;

impl SequenceShape {
    /// (rows, columns) of each parameter: embeddings, their biases as candidates, and
    /// [`AttentionShape::parameters`].
    pub fn parameters(&self) -> Vec<[usize; 2]> {
        let mut shapes = vec![[self.rows, self.attention.width], [self.rows, 1]];
        shapes.extend(self.attention.parameters());
        shapes
    }

    /// Number of learned numbers.
    pub fn parameter_count(&self) -> usize {
        self.parameters().iter().map(|[rows, columns]| rows * columns).sum()
    }

    /// First values, the same on every engine.
    pub fn init(&self, seed: u64) -> Vec<Vec<f32>> {
        let mut normal = Normal::new(seed);
        let mut values = vec![normal.take(EMBEDDING_SCALE, self.rows * self.attention.width), vec![0.0; self.rows]];
        values.extend(self.attention.init(&mut normal));
        values
    }

    /// The network's state after each event, \[batch × length, width\].
    ///
    /// `tokens`: \[batch × length, rows\], what each event is made of; empty rows pad sequences at their end.
    /// `relations`: as for [`causal_attention`].
    pub fn states(
        &self,
        parameters: &Parameters,
        tokens: &Sparse,
        length: usize,
        relations: &Tensor<3>,
        dropout: &mut Dropout<'_>,
    ) -> Tensor<2> {
        let width = self.attention.width;
        let x = dropout.apply(tokens.matmul(parameters.get(0)));
        let places = x.dims()[0];
        let x = x.reshape([places / length, length, width]);
        let attention = &parameters.matrices[OWN..];
        causal_attention(self.attention, attention, x, relations, dropout).reshape([places, width])
    }

    /// Embedding \[candidates, width\] and bias \[candidates, 1\] of candidates \[candidates, rows\].
    pub fn candidates(&self, parameters: &Parameters, candidates: &Sparse) -> [Tensor<2>; 2] {
        [candidates.matmul(parameters.get(0)), candidates.matmul(parameters.get(1))]
    }
}

/// Score of every candidate in every state, \[states, candidates\]: s · e + b.
pub fn candidate_scores(states: Tensor<2>, [embeddings, biases]: [Tensor<2>; 2]) -> Tensor<2> {
    states.matmul(embeddings.transpose()) + biases.transpose()
}

/// Score of each state's own target, \[states, 1\].
pub fn target_scores(states: Tensor<2>, [embeddings, biases]: [Tensor<2>; 2]) -> Tensor<2> {
    (states * embeddings).sum_dim(1) + biases
}

/// Weighted mean over states of −log softmax of the target.
///
/// `targets`: \[states, 1\]. `others`: \[states, candidates\]. `all`: whether the target is among the others; else it
/// joins them. `weights`: \[states, 1\], not all 0.
pub fn softmax_loss(targets: Tensor<2>, others: Tensor<2>, all: bool, weights: Tensor<2>) -> Tensor<1> {
    let mut largest = others.clone().max_dim(1);
    if !all {
        largest = largest.max_pair(targets.clone());
    }
    let largest = largest.detach();
    let mut sum = (others - largest.clone()).exp().sum_dim(1);
    if !all {
        sum = sum + (targets.clone() - largest.clone()).exp();
    }
    let losses = sum.log() + largest - targets;
    (losses * weights.clone()).sum() / weights.sum()
}

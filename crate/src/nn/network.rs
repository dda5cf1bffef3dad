//! The pair-scoring network: score = a · log prior + MLP(features).

use burn::tensor::{Tensor, activation::relu};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

use super::Parameters;

/// Sizes of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shape {
    /// Inputs of a (user, domain) pair.
    pub features: usize,
    /// Width of both hidden layers.
    pub hidden: usize,
    /// Width of the domain embedding; 0 for a network that does not know which domain it scores.
    pub embedding: usize,
    /// Number of domains; matters only with an embedding.
    pub domains: usize,
}

/// Standard deviation of the output layer's first weights: the network starts next to the prior.
const OUTPUT_SCALE: f32 = 0.02;

impl Shape {
    /// (rows, columns) of each parameter: the prior's weight, three layers, and the embedding with its projection and
    /// bias where there is one.
    pub fn parameters(&self) -> Vec<[usize; 2]> {
        let Shape { features, hidden, embedding, domains } = *self;
        let mut shapes = vec![[1, 1], [features, hidden], [1, hidden], [hidden, hidden], [1, hidden], [hidden, 1]];
        if embedding > 0 {
            shapes.extend([[domains, embedding], [embedding, hidden], [1, domains]]);
        }
        shapes
    }

    /// Number of learned numbers.
    pub fn parameter_count(&self) -> usize {
        self.parameters().iter().map(|[rows, columns]| rows * columns).sum()
    }

    /// First values of all parameters: He's normal for layers (He et al. 2015), 1 for the prior's weight. From the
    /// project's own generator, so that every engine starts from the same numbers.
    pub fn init(&self, seed: u64) -> Vec<Vec<f32>> {
        let mut random = Pcg64Mcg::seed_from_u64(seed);
        let mut normal = |deviation: f32, count: usize| -> Vec<f32> {
            // Irwin–Hall: the sum of 12 uniforms less 6 is close to a standard normal, and exact everywhere.
            let mut one = || (0..12).map(|_| (random.next_u32() >> 8) as f32 / 16_777_216.0).sum::<f32>() - 6.0;
            (0..count).map(|_| deviation * one()).collect()
        };
        let he = |inputs: usize| (2.0 / inputs as f32).sqrt();
        self.parameters()
            .iter()
            .enumerate()
            .map(|(index, &[rows, columns])| match index {
                0 => vec![1.0],
                1 | 3 => normal(he(rows), rows * columns),
                5 => normal(OUTPUT_SCALE, rows),
                6 => normal(0.1, rows * columns),
                7 => normal(he(rows), rows * columns),
                _ => vec![0.0; rows * columns],
            })
            .collect()
    }
}

/// What the network looks at: `batch` instances with `candidates` domains each.
#[derive(Debug)]
pub struct Inputs {
    /// \[batch × candidates, features\].
    pub features: Tensor<2>,
    /// \[batch, candidates\]: natural logs of the prior's shares.
    pub log_prior: Tensor<2>,
    /// Inverted dropout, \[batch, 1, hidden\] for each hidden layer: one mask for all candidates of an instance, so that
    /// dropout does not reorder them by chance.
    pub dropout: Option<[Tensor<3>; 2]>,
}

impl Shape {
    /// Scores, \[batch, candidates\]. `parameters`: in the order of [`Shape::parameters`].
    pub fn scores(&self, parameters: &Parameters, inputs: Inputs) -> Tensor<2> {
        let [batch, candidates] = inputs.log_prior.dims();
        let hidden = self.hidden;
        let lists = [batch, candidates, hidden];
        let mut first = (inputs.features.matmul(parameters.get(1)) + parameters.get(2)).reshape(lists);
        if self.embedding > 0 {
            first = first + parameters.get(6).matmul(parameters.get(7)).unsqueeze::<3>();
        }
        let mut first = relu(first);
        let (mask, second_mask) = match inputs.dropout {
            Some([a, b]) => (Some(a), Some(b)),
            None => (None, None),
        };
        if let Some(mask) = mask {
            first = first * mask;
        }
        let second = first.reshape([batch * candidates, hidden]).matmul(parameters.get(3)) + parameters.get(4);
        let mut second = relu(second).reshape(lists);
        if let Some(mask) = second_mask {
            second = second * mask;
        }
        let network = second.reshape([batch * candidates, hidden]).matmul(parameters.get(5));
        let scores = network.reshape([batch, candidates]) + inputs.log_prior * parameters.get(0);
        if self.embedding > 0 { scores + parameters.get(8) } else { scores }
    }
}

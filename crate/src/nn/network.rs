//! The pair-scoring network: score = a · log prior + MLP(features), and the mean of several such networks.

use burn::tensor::{Tensor, activation::relu};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

use super::{Parameters, init::grow_rows};

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
    /// Networks that differ by their first weights and their dropout, and whose scores are averaged (deep ensembles,
    /// Lakshminarayanan et al. 2017).
    pub members: usize,
}

/// Standard deviation of the output layer's first weights: the network starts next to the prior.
const OUTPUT_SCALE: f32 = 0.02;

impl Shape {
    /// (rows, columns) of each parameter, member after member: the prior's weight, three layers, and the embedding with
    /// its projection and bias where there is one.
    pub fn parameters(&self) -> Vec<[usize; 2]> {
        self.member().repeat(self.members)
    }

    fn member(&self) -> Vec<[usize; 2]> {
        let Shape { features, hidden, embedding, domains, .. } = *self;
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
        let own = self.member().len();
        self.parameters()
            .iter()
            .enumerate()
            .map(|(index, &[rows, columns])| match index % own {
                0 => vec![1.0],
                1 | 3 => normal(he(rows), rows * columns),
                5 => normal(OUTPUT_SCALE, rows),
                6 => normal(0.1, rows * columns),
                7 => normal(he(rows), rows * columns),
                _ => vec![0.0; rows * columns],
            })
            .collect()
    }

    /// The values of this shape's parameters for a network of `domains` domains, at least as many: the embedding and the
    /// bias of each new one are the means of those that are there.
    pub fn grow(&self, domains: usize, values: &[Vec<f32>]) -> Vec<Vec<f32>> {
        let added = domains.saturating_sub(self.domains);
        let mut values = values.to_vec();
        for member in values.chunks_mut(self.member().len()) {
            for (index, width) in [(6, self.embedding), (8, 1)] {
                if let Some(rows) = member.get_mut(index) {
                    grow_rows(rows, width, added);
                }
            }
        }
        values
    }
}

/// What the network looks at: `batch` instances with `candidates` domains each.
#[derive(Debug)]
pub struct Inputs {
    /// \[batch × candidates, features\].
    pub features: Tensor<2>,
    /// \[batch, candidates\]: natural logs of the prior's shares.
    pub log_prior: Tensor<2>,
    /// Inverted dropout, \[batch, 1, hidden\] for each hidden layer, of each member or of none: one mask for all
    /// candidates of an instance, so that dropout does not reorder them by chance.
    pub dropout: Vec<[Tensor<3>; 2]>,
}

impl Shape {
    /// Mean of the members' scores, \[batch, candidates\]. `parameters`: in the order of [`Shape::parameters`].
    pub fn scores(&self, parameters: &Parameters, inputs: Inputs) -> Tensor<2> {
        let none = inputs.log_prior.zeros_like();
        let sum = self.member_scores(parameters, inputs).into_iter().fold(none, |sum, scores| sum + scores);
        sum.div_scalar(self.members.max(1) as f32)
    }

    /// Scores of each member, \[batch, candidates\].
    pub fn member_scores(&self, parameters: &Parameters, inputs: Inputs) -> Vec<Tensor<2>> {
        let Inputs { features, log_prior, dropout } = inputs;
        let mut dropout = dropout.into_iter();
        let first = (0..self.members).map(|member| member * self.member().len());
        first.map(|first| self.one(parameters, first, features.clone(), log_prior.clone(), dropout.next())).collect()
    }

    /// Scores of the member whose parameters begin at `first`.
    fn one(
        &self,
        parameters: &Parameters,
        first: usize,
        features: Tensor<2>,
        log_prior: Tensor<2>,
        dropout: Option<[Tensor<3>; 2]>,
    ) -> Tensor<2> {
        let parameter = |index: usize| parameters.get(first + index);
        let [batch, candidates] = log_prior.dims();
        let hidden = self.hidden;
        let lists = [batch, candidates, hidden];
        let mut first = (features.matmul(parameter(1)) + parameter(2)).reshape(lists);
        if self.embedding > 0 {
            first = first + parameter(6).matmul(parameter(7)).unsqueeze::<3>();
        }
        let mut first = relu(first);
        let (mask, second_mask) = dropout.map_or((None, None), |[a, b]| (Some(a), Some(b)));
        if let Some(mask) = mask {
            first = first * mask;
        }
        let second = first.reshape([batch * candidates, hidden]).matmul(parameter(3)) + parameter(4);
        let mut second = relu(second).reshape(lists);
        if let Some(mask) = second_mask {
            second = second * mask;
        }
        let network = second.reshape([batch * candidates, hidden]).matmul(parameter(5));
        let scores = network.reshape([batch, candidates]) + log_prior * parameter(0);
        if self.embedding > 0 { scores + parameter(8) } else { scores }
    }
}

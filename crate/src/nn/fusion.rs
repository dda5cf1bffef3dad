//! Graph convolution fused with a network of the pair's own features.
//!
//! ```text
//! g = score and hidden state of the graph convolution
//! d = σ(W₂ σ(W₁ x + b₁) + b₂)                x: the pair's own features
//! s = g_score + w · d + v · σ(J [g_hidden, d] + c)
//! ```
//!
//! v starts next to 0. Carried over from a trained graph convolution and a trained pair network, whose layers become W₁ and
//! W₂, it starts as the mean of both scores; started anew, w is next to 0, too.

use burn::tensor::{Tensor, activation::relu};
use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

use super::{
    Convolution, GraphInputs, Parameters,
    convolution::{Masks, OUTPUT_SCALE},
    init::normal,
};

/// Place of w behind the graph convolution's parameters.
const TOWER_OUTPUT: usize = 6;

/// Sizes of one network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fusion {
    /// The graph convolution.
    pub graph: Convolution,
    /// Numbers of a target that are its own features; they stand before the others.
    pub own: usize,
    /// Width of the layers beside the graph convolution; 0 for the graph convolution alone.
    pub tower: usize,
}

impl Fusion {
    /// (rows, columns) of each parameter: those of the graph convolution first, then W₁, b₁, W₂, b₂, J, c, w and v.
    pub fn parameters(&self) -> Vec<[usize; 2]> {
        let Fusion { graph, own, tower } = *self;
        let mut shapes = graph.parameters();
        if tower > 0 {
            shapes.extend([[own, tower], [1, tower], [tower, tower], [1, tower]]);
            shapes.extend([[graph.hidden + tower, tower], [1, tower], [tower, 1], [tower, 1]]);
        }
        shapes
    }

    /// Number of learned numbers.
    pub fn parameter_count(&self) -> usize {
        self.parameters().iter().map(|[rows, columns]| rows * columns).sum()
    }

    /// First values of all parameters. `carried`: those of a graph convolution alone, and of one member of a pair network
    /// without embedding ([`super::Shape`]) that is as wide as the tower.
    pub fn init(&self, seed: u64, carried: Option<[&[Vec<f32>]; 2]>) -> Vec<Vec<f32>> {
        let mut values = carried.map_or_else(|| self.graph.init(seed), |[graph, _]| graph.to_vec());
        // The tower must not start with the graph convolution's own numbers.
        let mut random = Pcg64Mcg::seed_from_u64(!seed);
        let beside = self.parameters().split_off(values.len());
        values.extend(beside.into_iter().map(|[rows, columns]| match (rows, columns) {
            (1, _) => vec![0.0; columns],
            (_, 1) => normal(&mut random, OUTPUT_SCALE, rows),
            _ => normal(&mut random, (2.0 / rows as f32).sqrt(), rows * columns),
        }));
        if let Some([graph, [prior, layers @ .., output]]) = carried {
            let halved = |weights: &[f32]| weights.iter().map(|weight| weight / 2.0).collect::<Vec<f32>>();
            values[0].iter_mut().zip(prior).for_each(|(graph, pair)| *graph = (*graph + pair) / 2.0);
            for index in self.graph.outputs() {
                values[index] = halved(&values[index]);
            }
            let beside = graph.len();
            values[beside..beside + layers.len()].clone_from_slice(layers);
            values[beside + TOWER_OUTPUT] = halved(output);
        }
        values
    }

    /// Hidden states of the graph convolution, \[batch × candidates, hidden\]. As [`Convolution::hidden`].
    pub fn hidden(&self, parameters: &Parameters, offset: usize, inputs: &GraphInputs, masks: Masks) -> Tensor<2> {
        self.graph.hidden(parameters, offset, inputs, masks)
    }

    /// Scores, \[batch, candidates\], of the network whose parameters stand from `offset` on.
    pub fn scores(&self, parameters: &Parameters, offset: usize, inputs: &GraphInputs, masks: Masks) -> Tensor<2> {
        let hidden = self.hidden(parameters, offset, inputs, masks.clone());
        let graph = self.graph.scores(parameters, offset, hidden.clone(), inputs.log_prior.clone());
        if self.tower == 0 {
            return graph;
        }
        let get = |index: usize| parameters.get(offset + self.graph.parameters().len() + index);
        let [batch, candidates] = inputs.log_prior.dims();
        let rows = batch * candidates;
        let masked = |layer: Tensor<2>, mask: Option<Tensor<3>>| match mask {
            Some(mask) if mask.dims()[2] == self.tower => {
                (layer.reshape([batch, candidates, self.tower]) * mask).reshape([rows, self.tower])
            }
            _ => layer,
        };
        let (first, second) = masks.map_or((None, None), |[first, second]| (Some(first), Some(second)));
        let own = inputs.targets.clone().narrow(1, 0, self.own);
        let own = masked(relu(own.matmul(get(0)) + get(1)), first);
        let own = masked(relu(own.matmul(get(2)) + get(3)), second);
        let both = Tensor::cat(vec![hidden, own.clone()], 1);
        let joint = relu(both.matmul(get(4)) + get(5));
        graph + (own.matmul(get(TOWER_OUTPUT)) + joint.matmul(get(7))).reshape([batch, candidates])
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::TensorData;

    use super::*;
    use crate::{
        graph::Csr,
        nn::{Inputs, Shape, Sparse, device, read},
    };

    const GRAPH: Convolution =
        Convolution { target: 3, node: 2, relations: 1, hidden: 4, message: 3, embedding: 2, domains: 2 };

    #[test]
    fn a_fusion_starts_as_the_mean_of_what_is_carried_over() {
        let device = pollster::block_on(device()).unwrap();
        let tensor = |shape: [usize; 2]| {
            let values: Vec<f32> = (0..shape[0] * shape[1]).map(|n| (n as f32 * 0.7).sin()).collect();
            Tensor::<2>::from_data(TensorData::new(values, shape), &device)
        };
        let edges = Csr::from_triplets(4, 3, vec![(0, 1, 1.0), (3, 2, 1.0)]);
        let inputs = GraphInputs {
            targets: tensor([4, 3]),
            nodes: tensor([3, 2]),
            edges: vec![Sparse::new(&edges, &device).unwrap()],
            log_prior: tensor([2, 2]),
        };
        let scores = |fusion: &Fusion, values: &[Vec<f32>]| {
            let parameters = Parameters::new(&fusion.parameters(), values, &device).unwrap();
            pollster::block_on(read(fusion.scores(&parameters, 0, &inputs, None))).unwrap()
        };
        let alone = Fusion { graph: GRAPH, own: 2, tower: 0 };
        let mut graph = alone.init(3, None);
        graph[0] = vec![0.7];
        graph[GRAPH.outputs()[1]] = vec![0.4, -0.3];
        let shape = Shape { features: 2, hidden: 5, embedding: 0, domains: 2, members: 1 };
        let mut pair = shape.init(4);
        pair[5].iter_mut().for_each(|weight| *weight *= 20.0);
        let parameters = Parameters::new(&shape.parameters(), &pair, &device).unwrap();
        let own = inputs.targets.clone().narrow(1, 0, 2);
        let of_pair = Inputs { features: own, log_prior: inputs.log_prior.clone(), dropout: Vec::new() };
        let of_pair = pollster::block_on(read(shape.scores(&parameters, of_pair))).unwrap();
        let fused = Fusion { tower: 5, ..alone };
        let mut carried = fused.init(9, Some([&graph, &pair]));
        // Without the joint layer's output, which starts next to 0.
        carried.last_mut().unwrap().fill(0.0);
        for ((graph, pair), fused) in scores(&alone, &graph).iter().zip(of_pair).zip(scores(&fused, &carried)) {
            assert!(((graph + pair) / 2.0 - fused).abs() < 1e-5, "{graph} and {pair} give {fused}");
        }
        carried.last_mut().unwrap().fill(1.0);
        let joint = scores(&fused, &carried);
        assert_ne!(joint, scores(&fused, &fused.init(9, Some([&graph, &pair]))));
    }
}

//! Graph convolution over (user, domain) pairs: score = a · log prior + MLP of what the pair and its neighbours hold.
//!
//! A *target* is a pair that is scored, a *node* a pair that was touched. Two layers of the relational graph convolution
//! of Schlichtkrull et al. (2018), σ(W₀ h_i + Σ_r Σ_j â^r_ij W_r h_j + b), σ = ReLU, each â^r row-normalised:
//!
//! ```text
//! n_j = σ(U x_j + c)                                    nodes, x_j with the first hop's sums already in it
//! t_i = σ(W x_i + E_d + b)                              targets, likewise; E_d: an embedding of the domain, if any
//! h_i = σ(V₀ t_i + Σ_r V_r Σ_j â^r_ij n_j + d) + t_i    the second hop, residual
//! s_i = a · log prior_i + w · h_i (+ b_d)
//! ```
//!
//! The first hop has no learned weights under its sum, so it is computed once for each window and comes in with x.

use burn::tensor::{Tensor, activation::relu};
use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

use super::{
    Parameters,
    init::{grow_rows, normal},
    sparse::Sparse,
};

/// Sizes of one network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Convolution {
    /// Inputs of a target.
    pub target: usize,
    /// Inputs of a node.
    pub node: usize,
    /// Kinds of edge.
    pub relations: usize,
    /// Width of the targets' layers.
    pub hidden: usize,
    /// Width of what nodes send.
    pub message: usize,
    /// Width of the domain embedding; 0 for a network that does not know which domain it scores.
    pub embedding: usize,
    /// Number of domains; matters only with an embedding.
    pub domains: usize,
}

/// What the network looks at: `batch` instances with `candidates` targets each.
#[derive(Debug)]
pub struct GraphInputs {
    /// \[batch × candidates, target\].
    pub targets: Tensor<2>,
    /// \[nodes, node\].
    pub nodes: Tensor<2>,
    /// Row-normalised \[batch × candidates, nodes\] matrix of each relation.
    pub edges: Vec<Sparse>,
    /// \[batch, candidates\]: natural logs of the prior's shares.
    pub log_prior: Tensor<2>,
}

/// Masks of inverted dropout, \[batch, 1, hidden\] for each layer, as [`super::Inputs::dropout`].
pub type Masks = Option<[Tensor<3>; 2]>;

/// Standard deviation of the output layer's first weights: the network starts next to the prior.
pub(super) const OUTPUT_SCALE: f32 = 0.02;
/// Parameters before those of the relations.
const FIXED: usize = 7;

impl Convolution {
    /// (rows, columns) of each parameter: the prior's weight; weights and bias of the targets, of the nodes and of the
    /// second hop's own part; the weights of each relation; the output; the embedding with its projection and bias.
    pub fn parameters(&self) -> Vec<[usize; 2]> {
        let Convolution { target, node, relations, hidden, message, embedding, domains } = *self;
        let mut shapes =
            vec![[1, 1], [target, hidden], [1, hidden], [node, message], [1, message], [hidden, hidden], [1, hidden]];
        shapes.extend(std::iter::repeat_n([message, hidden], relations));
        shapes.push([hidden, 1]);
        if embedding > 0 {
            shapes.extend([[domains, embedding], [embedding, hidden], [1, domains]]);
        }
        shapes
    }

    /// Number of learned numbers.
    pub fn parameter_count(&self) -> usize {
        self.parameters().iter().map(|[rows, columns]| rows * columns).sum()
    }

    /// First values of all parameters: He's normal for layers (He et al. 2015), 1 for the prior's weight.
    pub fn init(&self, seed: u64) -> Vec<Vec<f32>> {
        let mut random = Pcg64Mcg::seed_from_u64(seed);
        let he = |inputs: usize| (2.0 / inputs as f32).sqrt();
        let output = FIXED + self.relations;
        let shapes = self.parameters();
        let values = shapes.iter().enumerate().map(|(index, &[rows, columns])| match index {
            0 => vec![1.0],
            1 | 3 | 5 => normal(&mut random, he(rows), rows * columns),
            _ if index == output => normal(&mut random, OUTPUT_SCALE, rows),
            _ if (FIXED..output).contains(&index) => normal(&mut random, he(rows), rows * columns),
            _ if index == output + 1 => normal(&mut random, 0.1, rows * columns),
            _ if index == output + 2 => normal(&mut random, he(rows), rows * columns),
            _ => vec![0.0; rows * columns],
        });
        values.collect()
    }

    /// Places of the parameters, beside the prior's weight, that a score is linear in: the output, and the domains' bias.
    pub(super) fn outputs(&self) -> Vec<usize> {
        let output = FIXED + self.relations;
        if self.embedding > 0 { vec![output, output + 3] } else { vec![output] }
    }

    /// The values of one network with `added` more domains: the embedding and the bias of each are the means of those there.
    pub fn grow(&self, added: usize, values: &mut [Vec<f32>]) {
        let embedding = FIXED + self.relations + 1;
        for (index, width) in [(embedding, self.embedding), (embedding + 2, 1)] {
            if let Some(rows) = values.get_mut(index).filter(|_| self.embedding > 0) {
                grow_rows(rows, width, added);
            }
        }
    }

    /// Hidden states of the targets, \[batch × candidates, hidden\]. The network's parameters stand from `offset` on, in
    /// the order of [`Convolution::parameters`].
    pub fn hidden(&self, parameters: &Parameters, offset: usize, inputs: &GraphInputs, masks: Masks) -> Tensor<2> {
        let [batch, candidates] = inputs.log_prior.dims();
        let (rows, lists) = ([batch * candidates, self.hidden], [batch, candidates, self.hidden]);
        let get = |index: usize| parameters.get(offset + index);
        let mut own = inputs.targets.clone().matmul(get(1)) + get(2);
        if self.embedding > 0 {
            let output = FIXED + self.relations;
            let domains = get(output + 1).matmul(get(output + 2)).unsqueeze::<3>();
            own = (own.reshape(lists) + domains).reshape(rows);
        }
        let mut own = relu(own);
        let (first, second) = match masks {
            Some([first, second]) => (Some(first), Some(second)),
            None => (None, None),
        };
        if let Some(mask) = first {
            own = (own.reshape(lists) * mask).reshape(rows);
        }
        let messages = relu(inputs.nodes.clone().matmul(get(3)) + get(4));
        let mut sum = own.clone().matmul(get(5)) + get(6);
        for (relation, edges) in inputs.edges.iter().enumerate() {
            sum = sum + edges.matmul(messages.clone()).matmul(get(FIXED + relation));
        }
        let mut hop = relu(sum);
        if let Some(mask) = second {
            hop = (hop.reshape(lists) * mask).reshape(rows);
        }
        hop + own
    }

    /// Scores of hidden states, \[batch, candidates\].
    pub fn scores(&self, parameters: &Parameters, offset: usize, hidden: Tensor<2>, log_prior: Tensor<2>) -> Tensor<2> {
        let output = FIXED + self.relations;
        let shape = log_prior.dims();
        let network = hidden.matmul(parameters.get(offset + output)).reshape(shape);
        let scores = network + log_prior * parameters.get(offset);
        if self.embedding > 0 { scores + parameters.get(offset + output + 3) } else { scores }
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::TensorData;
    use rand::Rng;

    use super::*;
    use crate::{
        graph::Csr,
        nn::{Device, device, read},
    };

    const SHAPE: Convolution =
        Convolution { target: 3, node: 2, relations: 2, hidden: 4, message: 3, embedding: 2, domains: 3 };
    const BATCH: usize = 2;
    const NODES: usize = 5;

    fn random(seed: u64, count: usize) -> Vec<f32> {
        let mut random = Pcg64Mcg::seed_from_u64(seed);
        (0..count).map(|_| (random.next_u32() >> 8) as f32 / 8_388_608.0 - 1.0).collect()
    }

    /// rows × columns times columns × width, all row-major.
    fn product(a: &[f32], b: &[f32], columns: usize, width: usize) -> Vec<f32> {
        let dot = |row: &[f32], to: usize| row.iter().zip(b.iter().skip(to).step_by(width)).map(|(x, y)| x * y).sum();
        a.chunks(columns).flat_map(|row| (0..width).map(move |to| dot(row, to))).collect()
    }

    fn relu_plus(values: Vec<f32>, bias: &[f32]) -> Vec<f32> {
        values.iter().zip(bias.iter().cycle()).map(|(value, bias)| (value + bias).max(0.0)).collect()
    }

    #[test]
    fn the_network_is_what_its_formula_says() {
        let rows = BATCH * SHAPE.domains;
        let values: Vec<Vec<f32>> = (0..).zip(SHAPE.parameters()).map(|(n, [r, c])| random(n, r * c)).collect();
        let (targets, nodes, prior) = (random(90, rows * 3), random(91, NODES * 2), random(92, rows));
        let edges = [
            Csr::from_triplets(rows, NODES, vec![(0, 1, 0.5), (0, 4, 0.5), (3, 0, 1.0), (5, 2, 0.25), (5, 3, 0.75)]),
            Csr::from_triplets(rows, NODES, vec![(1, 1, 1.0), (0, 0, 1.0)]),
        ];
        let device: Device = pollster::block_on(device()).unwrap();
        let tensor = |values: &[f32], shape: [usize; 2]| {
            Tensor::<2>::from_data(TensorData::new(values.to_vec(), shape), &device)
        };
        let inputs = GraphInputs {
            targets: tensor(&targets, [rows, 3]),
            nodes: tensor(&nodes, [NODES, 2]),
            edges: edges.iter().map(|edges| crate::nn::Sparse::new(edges, &device).unwrap()).collect(),
            log_prior: tensor(&prior, [BATCH, SHAPE.domains]),
        };
        // Behind another network's parameters, as a second member stands.
        let both = [SHAPE.parameters(), SHAPE.parameters()].concat();
        let all: Vec<Vec<f32>> = values.iter().map(|one| vec![9.0; one.len()]).chain(values.iter().cloned()).collect();
        let parameters = Parameters::new(&both, &all, &device).unwrap();
        let hidden = SHAPE.hidden(&parameters, values.len(), &inputs, None);
        let scores = SHAPE.scores(&parameters, values.len(), hidden, inputs.log_prior.clone());
        let found = pollster::block_on(read(scores)).unwrap();

        let embedded = product(&values[10], &values[11], 2, 4);
        let mut own = product(&targets, &values[1], 3, 4);
        own.iter_mut().zip(embedded.iter().cycle()).for_each(|(value, domain)| *value += domain);
        let own = relu_plus(own, &values[2]);
        let messages = relu_plus(product(&nodes, &values[3], 2, 3), &values[4]);
        let mut sum = product(&own, &values[5], 4, 4);
        for (relation, edges) in edges.iter().enumerate() {
            let mut dense = vec![0.0; rows * NODES];
            for row in 0..rows {
                edges.entries(row).for_each(|(column, value)| dense[row * NODES + column as usize] = value);
            }
            let received = product(&product(&dense, &messages, NODES, 3), &values[7 + relation], 3, 4);
            sum.iter_mut().zip(received).for_each(|(sum, more)| *sum += more);
        }
        let hop: Vec<f32> = relu_plus(sum, &values[6]).iter().zip(&own).map(|(hop, own)| hop + own).collect();
        let network = product(&hop, &values[9], 4, 1);
        for (index, score) in found.iter().enumerate() {
            let expected = network[index] + values[0][0] * prior[index] + values[12][index % SHAPE.domains];
            assert!((score - expected).abs() < 1e-4, "{index}: {score} and {expected}");
        }
    }

    #[test]
    fn it_starts_next_to_the_prior() {
        let values = SHAPE.init(7);
        assert_eq!(values[0], [1.0]);
        assert!(values[9].iter().all(|weight| weight.abs() < 0.15));
        assert_eq!(values.iter().map(Vec::len).sum::<usize>(), SHAPE.parameter_count());
    }
}

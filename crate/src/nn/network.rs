//! The pair-scoring network: score = a · log prior + MLP(features).

use burn::tensor::{Device, Tensor, TensorData, activation::relu};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

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

/// Parameters on a device, in the order of [`Shape::parameters`].
#[derive(Debug, Clone)]
pub struct Network {
    shape: Shape,
    pub(super) parameters: Vec<Tensor<2>>,
}

impl Network {
    /// Puts parameters on a device.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] where the numbers don't fit the shape.
    pub fn new(shape: Shape, values: &[Vec<f32>], device: &Device) -> Result<Network> {
        Ok(Network { shape, parameters: tensors(shape, values, device)? })
    }

    /// Scores, \[batch, candidates\].
    pub fn scores(&self, inputs: Inputs) -> Tensor<2> {
        let [batch, candidates] = inputs.log_prior.dims();
        let hidden = self.shape.hidden;
        let parameter = |index: usize| self.parameters[index].clone();
        let lists = [batch, candidates, hidden];
        let mut first = (inputs.features.matmul(parameter(1)) + parameter(2)).reshape(lists);
        if self.shape.embedding > 0 {
            first = first + parameter(6).matmul(parameter(7)).unsqueeze::<3>();
        }
        let mut first = relu(first);
        let (mask, second_mask) = match inputs.dropout {
            Some([a, b]) => (Some(a), Some(b)),
            None => (None, None),
        };
        if let Some(mask) = mask {
            first = first * mask;
        }
        let second = first.reshape([batch * candidates, hidden]).matmul(parameter(3)) + parameter(4);
        let mut second = relu(second).reshape(lists);
        if let Some(mask) = second_mask {
            second = second * mask;
        }
        let network = second.reshape([batch * candidates, hidden]).matmul(parameter(5)).reshape([batch, candidates]);
        let scores = network + inputs.log_prior * parameter(0);
        if self.shape.embedding > 0 { scores + parameter(8) } else { scores }
    }

    /// The same network as leaves of a new graph of gradients.
    pub fn tracked(&self) -> Network {
        let parameters = self.parameters.iter().map(|p| p.clone().autodiff().require_grad()).collect();
        Network { shape: self.shape, parameters }
    }

    /// The parameters, read back from the device.
    ///
    /// # Errors
    /// [`Error::Device`] where the device was lost.
    pub async fn values(&self) -> Result<Vec<Vec<f32>>> {
        let mut values = Vec::with_capacity(self.parameters.len());
        for parameter in &self.parameters {
            values.push(read(parameter.clone()).await?);
        }
        Ok(values)
    }
}

pub(super) fn tensors(shape: Shape, values: &[Vec<f32>], device: &Device) -> Result<Vec<Tensor<2>>> {
    let shapes = shape.parameters();
    let fits = shapes.len() == values.len()
        && shapes.iter().zip(values).all(|([rows, columns], values)| rows.checked_mul(*columns) == Some(values.len()));
    if !fits {
        return Err(Error::Checkpoint { hint: "its numbers don't fit the shape of its network".into() });
    }
    let tensor =
        |(size, values): ([usize; 2], &Vec<f32>)| Tensor::from_data(TensorData::new(values.clone(), size), device);
    Ok(shapes.into_iter().zip(values).map(tensor).collect())
}

/// The numbers of a tensor, row-major. Never blocks, which a browser does not allow.
///
/// # Errors
/// [`Error::Device`] where the device was lost.
pub async fn read<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>> {
    let data = tensor.into_data_async().await.map_err(|error| Error::Device { hint: format!("{error:?}") })?;
    data.try_to_vec::<f32>().map_err(|error| Error::Device { hint: format!("{error:?}") })
}

//! Causal self-attention over padded sequences (Vaswani et al. 2017; SASRec, Kang & McAuley 2018), as matrix products and
//! softmax only, so that every engine runs it.
//!
//! Each layer is x + A(norm(x)), then x + F(norm(x)), with the root-mean-square norm (Zhang & Sennrich 2019) in front.
//! The attention logit of places i ≥ j is qᵢ·kⱼ / √d plus a learned bias per head on how i and j are related (distance,
//! time gap): the bias of T5 (Raffel et al. 2020), on any features of the pair. Sequences are padded at their end, so a
//! real place never sees padding.

use burn::tensor::{
    Tensor,
    activation::{relu, softmax},
};
use serde::{Deserialize, Serialize};

use super::{Dropout, Normal};

/// Sizes of a stack of attention layers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttentionShape {
    /// Width d of the vector at each place; a multiple of `heads`.
    pub width: usize,
    /// Attention heads of a layer.
    pub heads: usize,
    /// Layers.
    pub layers: usize,
    /// Width of a layer's feed-forward part.
    pub hidden: usize,
    /// Features of a pair of places that bias its attention.
    pub relations: usize,
}

/// Parameters of one layer.
const PER_LAYER: usize = 11;
/// Added to the logits of what lies in the future: e to this power is 0 in `f32`.
const FUTURE: f32 = -1e4;
const EPSILON: f32 = 1e-6;

impl AttentionShape {
    /// (rows, columns) of each parameter, layer by layer: norm, queries, keys, values, pair bias, output, norm, two
    /// layers with their biases; then the norm of the result.
    pub fn parameters(&self) -> Vec<[usize; 2]> {
        let AttentionShape { width, heads, layers, hidden, relations } = *self;
        let square = [width, width];
        let layer = [
            [1, width],
            square,
            square,
            square,
            [relations, heads],
            square,
            [1, width],
            [width, hidden],
            [1, hidden],
            [hidden, width],
            [1, width],
        ];
        let mut shapes: Vec<[usize; 2]> = std::iter::repeat_n(layer, layers).flatten().collect();
        shapes.push([1, width]);
        shapes
    }

    /// First values: norms 1, biases 0, weights normal with variance 1 / inputs; those that end a residual branch are
    /// smaller, so that a fresh stack is near the identity.
    pub fn init(&self, normal: &mut Normal) -> Vec<Vec<f32>> {
        let last = self.layers * PER_LAYER;
        let weight = |rows: usize| 1.0 / (rows as f32).sqrt();
        let branches = 1.0 / (2.0 * self.layers.max(1) as f32).sqrt();
        let values = self.parameters().into_iter().enumerate().map(|(index, [rows, columns])| {
            let count = rows * columns;
            match index % PER_LAYER {
                _ if index == last => vec![1.0; count],
                0 | 6 => vec![1.0; count],
                1..=3 | 7 => normal.take(weight(rows), count),
                5 | 9 => normal.take(weight(rows) * branches, count),
                _ => vec![0.0; count],
            }
        });
        values.collect()
    }
}

/// The stack's output, \[batch, length, width\], after its last norm.
///
/// `parameters`: as [`AttentionShape::parameters`]. `x`: \[batch, length, width\]. `relations`: \[1 or batch,
/// length × length, relations\], row-major in (i, j): what place j is to place i.
pub fn causal_attention(
    shape: AttentionShape,
    parameters: &[Tensor<2>],
    x: Tensor<3>,
    relations: &Tensor<3>,
    dropout: &mut Dropout<'_>,
) -> Tensor<3> {
    let [batch, length, width] = x.dims();
    let rows = [batch * length, width];
    let mut x = x.reshape(rows);
    let future = future(length, &x);
    for layer in parameters[..shape.layers * PER_LAYER].chunks(PER_LAYER) {
        let at = |index: usize| layer[index].clone();
        let input = norm(x.clone(), at(0));
        let bias = bias(relations, at(4), length, shape.heads) + future.clone();
        let attended = attend(
            shape,
            [input.clone().matmul(at(1)), input.clone().matmul(at(2))],
            input.matmul(at(3)),
            bias,
            length,
        );
        x = x + dropout.apply(attended.matmul(at(5)));
        let input = norm(x.clone(), at(6));
        let hidden = dropout.apply(relu(input.matmul(at(7)) + at(8)));
        x = x + dropout.apply(hidden.matmul(at(9)) + at(10));
    }
    norm(x, parameters[shape.layers * PER_LAYER].clone()).reshape([batch, length, width])
}

/// Root-mean-square norm of each row, times `gain` \[1, width\].
fn norm(x: Tensor<2>, gain: Tensor<2>) -> Tensor<2> {
    let scale = (x.clone().square().mean_dim(1) + EPSILON).sqrt().recip();
    x * scale * gain
}

/// \[1, 1, length, length\]: 0 where j ≤ i, else [`FUTURE`].
fn future(length: usize, like: &Tensor<2>) -> Tensor<4> {
    let place = |index: usize| (index / length, index % length);
    let values: Vec<f32> = (0..length * length).map(place).map(|(i, j)| if j > i { FUTURE } else { 0.0 }).collect();
    Tensor::from_data(burn::tensor::TensorData::new(values, [1, 1, length, length]), &like.device())
}

/// Pair features to \[1 or batch, heads, length, length\].
fn bias(relations: &Tensor<3>, weights: Tensor<2>, length: usize, heads: usize) -> Tensor<4> {
    let [batch, pairs, features] = relations.dims();
    let flat = relations.clone().reshape([batch * pairs, features]).matmul(weights);
    flat.reshape([batch, length, length, heads]).permute([0, 3, 1, 2])
}

/// Scaled dot-product attention of all heads, back in rows of `width`.
fn attend(
    shape: AttentionShape,
    [queries, keys]: [Tensor<2>; 2],
    values: Tensor<2>,
    bias: Tensor<4>,
    length: usize,
) -> Tensor<2> {
    let [rows, width] = queries.dims();
    let own = width / shape.heads;
    let split = |x: Tensor<2>| x.reshape([rows / length, length, shape.heads, own]).swap_dims(1, 2);
    let logits = split(queries).matmul(split(keys).swap_dims(2, 3)).div_scalar((own as f32).sqrt()) + bias;
    softmax(logits, 3).matmul(split(values)).swap_dims(1, 2).reshape([rows, width])
}

#[cfg(test)]
mod tests;

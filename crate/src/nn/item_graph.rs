//! Graph convolution over items, and users as pools of the items that they touched.
//!
//! ```text
//! x⁰ = C E                                    items made of the embeddings of themselves and of their attributes
//! xˡ = xˡ⁻¹ + tanh(Σ_r Â_r xˡ⁻¹ W_lr + b_l)    convolution, residual; Â_r: normalised transitions, one for each direction
//! u  = Σ_p P_p xᴸ V_p                         a user: items pooled with several decays
//! score = u · xᴸ_i + b_i
//! ```
//!
//! The layer is that of Schlichtkrull et al. (2018), after Kipf & Welling (2017), for two relations: what comes before an
//! item and what after it, which Wu et al. (2019, SR-GNN) tell apart likewise.

use burn::tensor::{Tensor, activation::tanh};
use serde::{Deserialize, Serialize};

use super::{Dropout, Normal, Parameters, Sparse};

/// Sizes of an item graph network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemGraphShape {
    /// Number of items.
    pub items: usize,
    /// Embeddings: of items and of their attributes.
    pub rows: usize,
    /// Width of the embeddings.
    pub width: usize,
    /// Convolutions: as many hops are seen.
    pub layers: usize,
    /// Pools of a user's items.
    pub pools: usize,
}

/// Standard deviation of the embeddings' first values.
const EMBEDDING_SCALE: f32 = 0.1;
/// Parameters before those of the layers.
const OWN: usize = 2;
/// Relations: what comes before an item, and what after it.
pub const DIRECTIONS: usize = 2;
/// Parameters of a layer.
const PER_LAYER: usize = DIRECTIONS + 1;

impl ItemGraphShape {
    /// (rows, columns) of each parameter: embeddings, item biases, weights by direction and bias of each layer, weights of
    /// each pool.
    pub fn parameters(&self) -> Vec<[usize; 2]> {
        let square = [self.width, self.width];
        let mut shapes = vec![[self.rows, self.width], [self.items, 1]];
        let layer = [square, square, [1, self.width]];
        shapes.extend(std::iter::repeat_n(layer, self.layers).flatten());
        shapes.extend(std::iter::repeat_n(square, self.pools));
        shapes
    }

    /// Number of learned numbers.
    pub fn parameter_count(&self) -> usize {
        self.parameters().iter().map(|[rows, columns]| rows * columns).sum()
    }

    /// First values, the same on every engine: pools begin as plain means.
    pub fn init(&self, seed: u64) -> Vec<Vec<f32>> {
        let mut normal = Normal::new(seed);
        let width = self.width;
        let mut values = vec![normal.take(EMBEDDING_SCALE, self.rows * width), vec![0.0; self.items]];
        for _ in 0..self.layers {
            let deviation = 1.0 / (width as f32).sqrt();
            values.extend((0..DIRECTIONS).map(|_| normal.take(deviation, width * width)));
            values.push(vec![0.0; width]);
        }
        for _ in 0..self.pools {
            let identity = |place: usize| if place.is_multiple_of(width + 1) { 1.0 / self.pools as f32 } else { 0.0 };
            values.push((0..width * width).map(identity).collect());
        }
        values
    }

    /// Embeddings of all items after the convolutions, \[items, width\].
    ///
    /// `made_of`: \[items, rows\]. `graph`: normalised, \[items, items\] for each direction.
    pub fn items(
        &self,
        parameters: &Parameters,
        made_of: &Sparse,
        graph: &[Sparse; DIRECTIONS],
        dropout: &mut Dropout<'_>,
    ) -> Tensor<2> {
        let mut x = dropout.apply(made_of.matmul(parameters.get(0)));
        for layer in 0..self.layers {
            let at = |index: usize| parameters.get(OWN + PER_LAYER * layer + index);
            let [before, after] = graph;
            let messages = before.matmul(x.clone().matmul(at(0))) + after.matmul(x.clone().matmul(at(1)));
            x = x + tanh(messages + at(2));
        }
        x
    }

    /// Embeddings of users, \[users, width\], from those of all items. `pools`: \[users, items\] each.
    pub fn users(&self, parameters: &Parameters, items: &Tensor<2>, pools: &[Sparse]) -> Option<Tensor<2>> {
        let first = OWN + PER_LAYER * self.layers;
        let pooled = pools.iter().enumerate();
        let pooled = pooled.map(|(index, pool)| pool.matmul(items.clone()).matmul(parameters.get(first + index)));
        pooled.reduce(|sum, one| sum + one)
    }

    /// Biases of the items, \[items, 1\].
    pub fn biases(&self, parameters: &Parameters) -> Tensor<2> {
        parameters.get(1)
    }
}

//! The sequence network that forecasts shares over domains: attention over the past with a query for the coming window,
//! on top of a prior.
//!
//! ```text
//! z    = state of the query place, s_j = state of past place j
//! α_j  = softmax_j(z·W_q (s_j·W_k)ᵀ / √d + b·r_j)       r_j: how place j is related to the query
//! m_c  = Σ_j α_j d_jc                                    d_j: shares of place j over domains
//! score_c = a · log(prior_c + e^g m_c) + o · (z·e_c + b_c)
//! ```
//!
//! The second term in the logarithm copies what the user did before, as pointer networks do (See et al. 2017; for repeated
//! behaviour RepeatNet, Ren et al. 2019): with its bias on time gaps it is a decayed count whose decay is learned. With
//! a = 1, g → −∞ and o = 0 the forecast is the prior, near which the network starts.

use burn::tensor::{Tensor, activation::softmax};
use serde::{Deserialize, Serialize};

use super::{Dropout, Normal, Parameters, SequenceShape, Sparse};

/// Sizes of a forecasting sequence network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForecasterShape {
    /// The network that reads the past; the first rows of its embeddings are the domains.
    pub sequence: SequenceShape,
    /// Number of domains.
    pub domains: usize,
}

/// What the network looks at: `batch` users, each with `length` places, of which the last but padding is the query.
#[derive(Debug)]
pub struct ForecasterInputs {
    /// \[batch × length, rows\]: as for [`SequenceShape::states`].
    pub tokens: Sparse,
    /// Places of each user.
    pub length: usize,
    /// \[batch, length × length, relations\].
    pub relations: Tensor<3>,
    /// Gathers the query places: \[batch, batch × length\].
    pub queries: Sparse,
    /// Relations of each place to the query, \[batch × length, relations\].
    pub recalled: Tensor<2>,
    /// 0 at places of the past, very negative elsewhere: \[batch, length\].
    pub hidden: Tensor<2>,
    /// \[batch, length, domains\]: shares of each place; rows sum to 1 or are 0.
    pub shares: Tensor<3>,
    /// \[batch, domains\]: the prior's shares, none of them 0.
    pub prior: Tensor<2>,
    /// Gathers the domains' rows: \[domains, rows\].
    pub domains: Sparse,
}

/// Parameters of its own, which come first: W_q, W_k, b, g, a, o.
pub const FORECASTER_PARAMETERS: usize = 6;
/// g at the start.
const COPY: f32 = -3.0;
/// o at the start.
const OUTPUT: f32 = 0.1;

impl ForecasterShape {
    /// (rows, columns) of each parameter: its own, then [`SequenceShape::parameters`].
    pub fn parameters(&self) -> Vec<[usize; 2]> {
        let attention = self.sequence.attention;
        let square = [attention.width, attention.width];
        let mut shapes = vec![square, square, [attention.relations, 1], [1, 1], [1, 1], [1, 1]];
        shapes.extend(self.sequence.parameters());
        shapes
    }

    /// Number of learned numbers.
    pub fn parameter_count(&self) -> usize {
        self.parameters().iter().map(|[rows, columns]| rows * columns).sum()
    }

    /// First values, the same on every engine.
    pub fn init(&self, seed: u64) -> Vec<Vec<f32>> {
        let attention = self.sequence.attention;
        let mut normal = Normal::new(seed ^ 0x5EED);
        let mut square = || normal.take(1.0 / (attention.width as f32).sqrt(), attention.width * attention.width);
        let mut values = vec![square(), square(), vec![0.0; attention.relations]];
        values.extend([COPY, 1.0, OUTPUT].map(|value| vec![value]));
        values.extend(self.sequence.init(seed));
        values
    }

    /// Scores, \[batch, domains\]: logarithms of shares up to a constant.
    pub fn scores(&self, parameters: &Parameters, inputs: &ForecasterInputs, dropout: &mut Dropout<'_>) -> Tensor<2> {
        let width = self.sequence.attention.width;
        let [batch, length] = inputs.hidden.dims();
        let sequence = parameters.from(FORECASTER_PARAMETERS);
        let states = self.sequence.states(&sequence, &inputs.tokens, length, &inputs.relations, dropout);
        let queries = inputs.queries.matmul(states.clone());
        let asked = queries.clone().matmul(parameters.get(0)).reshape([batch, 1, width]);
        let keys = states.matmul(parameters.get(1)).reshape([batch, length, width]);
        let alike = asked.matmul(keys.swap_dims(1, 2)).div_scalar((width as f32).sqrt());
        let bias = inputs.recalled.clone().matmul(parameters.get(2)).reshape([batch, length]) + inputs.hidden.clone();
        let weights = softmax(alike + bias.reshape([batch, 1, length]), 2);
        let copied = weights.matmul(inputs.shares.clone()).reshape([batch, self.domains]);
        let recalled = (inputs.prior.clone() + copied * parameters.get(3).exp()).log() * parameters.get(4);
        let [embeddings, biases] = self.sequence.candidates(&sequence, &inputs.domains);
        recalled + super::candidate_scores(queries, [embeddings, biases]) * parameters.get(5)
    }
}

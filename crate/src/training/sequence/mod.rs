//! The sequence model: causal self-attention over a user's last events, with the gaps between them and their kinds where
//! these are known.
//!
//! In: [`Sequences`](super::next_item::Sequences) and what the items are. Out: [`SequenceModel`], which scores every item
//! as the next one; from a log and its windows [`SequenceForecaster`], which forecasts the next window's shares.

mod next_item;
mod next_window;
mod objective;
mod options;
mod sampler;
mod tokens;
mod validation;
mod vocabulary;

pub use next_item::{SequenceData, SequenceModel};
pub use next_window::{SequenceForecaster, fit_forecaster};
pub use options::SequenceOptions;
pub(super) use sampler::Sampler;
pub(super) use validation::Validation;
pub use vocabulary::Vocabulary;

#[cfg(test)]
pub(super) mod tests;

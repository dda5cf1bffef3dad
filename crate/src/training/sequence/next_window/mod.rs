//! The sequence model of the next window's interest.

mod inputs;
mod model;
mod objective;
mod past;

pub use model::{SequenceForecaster, fit_forecaster};

#[cfg(test)]
mod tests;

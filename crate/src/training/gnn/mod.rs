//! The graph network: what a pair of user and domain looks like, and what its neighbours in the user–item–domain graph do.
//!
//! In: a log, its history and split, a prior. Out: [`Gnn`]. The graph of a window is built from what lies before it.

mod batch;
mod fit;
mod learner;
mod model;
mod objective;
mod options;
mod snapshot;

pub use fit::{FittedGnn, GnnRun, fit_gnn};
pub use model::Gnn;
pub use options::{GnnOptions, GraphOptions};

#[cfg(test)]
mod tests;

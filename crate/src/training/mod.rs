//! From a log and windows to a trained forecaster: counts by user and window, scored instances, the split into train,
//! validation and test windows, the decay + popularity prior, features of (user, domain) pairs, and the training loop.
//!
//! In: a sorted [`crate::event::Log`] and [`crate::interest::Windows`]. Out: [`Dnn`], which turns a user's past into
//! shares over domains. All features are computed here, on the CPU, from what lies before the window; only dense
//! matrices reach the device.

mod batch;
mod checkpoint;
mod cold_start;
mod descent;
mod dnn;
mod examples;
mod features;
mod first_place;
mod fit;
mod gnn;
mod history;
pub mod item_graph;
pub mod next_item;
mod observer;
pub mod online;
mod options;
mod prior;
mod ranking;
pub mod saved;
pub mod sequence;
mod split;
pub mod transfer;

pub use checkpoint::Checkpoint;
pub use cold_start::{ColdShares, ColdStart, Mixture, cold_instances, is_cold, recommend};
pub use descent::{Descended, Objective, Schedule, Start, Stopped, descend, time_step};
pub use dnn::Dnn;
pub use examples::KEPT;
pub use features::{Candidates, FeatureScale, Features, Related};
pub use first_place::FirstPlace;
pub use fit::{Fitted, Run, fit, measure};
pub use gnn::{FittedGnn, Gnn, GnnOptions, GnnRun, GraphOptions, fit_gnn};
pub use history::{Cell, History, Instance};
pub use observer::{Observer, Silent, TrainingPoint, TrainingProgress};
pub use options::{Cost, DnnOptions, Init};
pub(crate) use prior::decayed;
pub use prior::{Prior, PriorGrid};
pub use ranking::{Ranker, TOP, ndcg};
pub use split::Split;

#[cfg(test)]
mod tests;

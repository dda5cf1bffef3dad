//! Which model is better, and by how much: metrics of protocol INP, paired bootstrap, baselines beside the network, the
//! report of a training run, and the forecast of the next window.
//!
//! In: a log and [`TrainOptions`]. Out: [`TrainingReport`] and [`Models`], which forecast. [`compare`] does the same for
//! a protocol's own windows and split.

mod baselines;
mod blend;
mod bootstrap;
mod closed_form;
mod cold_users;
mod compare;
mod first_place;
mod fitting;
mod forecast;
mod instant;
mod metrics;
mod mixture;
mod model;
mod models;
mod name;
mod neighbours;
pub mod next_item;
mod outlook;
mod prequential;
mod report;
mod run;
mod run_state;
mod update;

pub use baselines::{Markov, Popularity, UserFrequency};
pub use blend::{Average, Blend};
pub use bootstrap::{Gain, bootstrap_differences, paired_bootstrap};
pub use closed_form::ClosedForm;
pub use cold_users::{ColdUsers, Trusted};
pub use compare::{CompareOptions, Compared, Scored, compare, score};
pub use first_place::Aim;
use fitting::BLENDED_SEEDS;
pub use forecast::{DomainShare, Forecast, forecast};
pub use instant::before_training;
pub use metrics::{
    BINS, CONFUSED, Catalogue, Confusion, ListMetrics, Metrics, Occasion, Outcome, ReliabilityBin, ReplayMetrics,
    SESSION_GAP, area_under_curve, calibration_error, confusion, list_metrics, metrics, occasions, reliability, replay,
};
pub use model::Model;
pub use models::{Models, SavedModels};
pub use name::ModelName;
pub use neighbours::{NeighbourWindows, Neighbours, Rows};
pub use outlook::Outlook;
pub use prequential::{Prequential, PrequentialWindow, ThreeWays, prequential};
pub use report::{LearningCurve, ModelGain, ModelReport, SplitReport, TrainOptions, TrainingReport};
pub use run::{Trained, estimate, measure_step, train};
use run_state::OfModel;
pub use run_state::RunState;
pub use update::{ModelUpdate, UpdateOutcome, UpdateReport, UpdatedModels, update};

#[cfg(test)]
mod tests;

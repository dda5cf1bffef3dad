//! What a training run is asked for and what it says (the page's types of the same names).

use serde::{Deserialize, Serialize};

use super::{Confusion, ListMetrics, Metrics, ModelName, ReliabilityBin};
use crate::{
    interest::WindowOptions,
    training::{Init, Stopped, TrainingPoint},
};

/// What is to be trained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TrainOptions {
    /// How time is cut.
    pub window: WindowOptions,
    /// The models wanted; the baselines always run beside them.
    pub models: Vec<ModelName>,
    /// Decides everything that is random.
    pub seed: u64,
    /// Passes over the train instances; by size of the log where it is not given.
    #[serde(default)]
    pub epochs: Option<usize>,
    /// What the pair network starts from: nothing, or the shipped base model.
    #[serde(default)]
    pub init: Init,
}

/// One model's results.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelReport {
    /// Which.
    pub model: ModelName,
    /// Whether it learns: whether it is more than one of the simple rules.
    pub trained: bool,
    /// On the validation windows, where choices were made.
    pub validation: Metrics,
    /// On the test windows.
    pub test: Metrics,
    /// What the test lists of domains are like.
    pub lists: ListMetrics,
    /// How sure the model was on test and how often it was right, by confidence.
    pub reliability: Vec<ReliabilityBin>,
    /// What it forecast on test instead of what came.
    pub confusion: Confusion,
    /// Against the best baseline; `None` for that baseline.
    pub gain: Option<ModelGain>,
    /// Learned numbers.
    pub parameters: usize,
    /// Seconds to fit and score.
    pub seconds: f64,
}

/// NDCG@10 on test minus that of the baseline that was best on validation, with its 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ModelGain {
    /// Mean over the instances.
    pub difference: f64,
    /// Lower end.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// The baseline.
    pub baseline: ModelName,
}

/// How the loss of one model fell.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LearningCurve {
    /// Which model.
    pub model: ModelName,
    /// By step.
    pub points: Vec<TrainingPoint>,
}

/// First and last window of each part of the split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SplitReport {
    /// Learned from.
    pub train_windows: [usize; 2],
    /// Chosen on.
    pub validation_windows: [usize; 2],
    /// Scored.
    pub test_windows: [usize; 2],
}

/// The whole run. The client adds why it chose the engine.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TrainingReport {
    /// `cpu` or `webgpu`.
    pub engine: &'static str,
    /// The windows' use.
    pub split: SplitReport,
    /// By model, baselines first.
    pub models: Vec<ModelReport>,
    /// The best on validation.
    pub best: ModelName,
    /// Whether a trained model beats the best baseline on test with an interval that leaves out 0.
    pub worth_it: bool,
    /// Of each model that learns by gradient.
    pub curves: Vec<LearningCurve>,
    /// How training ended.
    pub stopped: Stopped,
}

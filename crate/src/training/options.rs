//! Settings of the network and its training.

use serde::{Deserialize, Serialize};

use super::{History, Split};
use crate::nn::Shape;

/// Hyper-parameters. [`DnnOptions::for_size`] gives those that the prototype of PROTOCOL.md settled on, by size of log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DnnOptions {
    /// Networks whose scores are averaged.
    pub members: usize,
    /// Width of both hidden layers.
    pub hidden: usize,
    /// Passes over the train instances, at most.
    pub epochs: usize,
    /// Instances in a step.
    pub batch: usize,
    /// Learning rate at the start; it falls to 0 along a cosine.
    pub learning_rate: f64,
    /// AdamW's weight decay.
    pub weight_decay: f64,
    /// Share of hidden units that are silenced in a step.
    pub dropout: f64,
    /// Domains an instance is trained on: the best by prior.
    pub train_candidates: usize,
    /// Domains that are scored; the others keep their prior.
    pub candidates: usize,
    /// Width of the domain embedding; used only where all domains are candidates.
    pub embedding: usize,
    /// Temperature of the loss, at most 1: targets are shares to the power 1 / temperature, so that a window's largest domains
    /// count for more, and scores are divided by its root, which half undoes that for the shares that are forecast.
    #[serde(default = "unsharpened")]
    pub temperature: f64,
    /// Events a train instance needs in its window, and before it.
    pub min_events: u32,
    /// Epochs without a better validation after which training ends.
    pub patience: usize,
    /// What training starts from.
    #[serde(default)]
    pub init: Init,
    /// Whether it also sees what others like the user do ([`super::Related`]); else his own past and the domains'
    /// popularity alone.
    #[serde(default = "with_crowd")]
    pub crowd: bool,
}

/// Of models saved before there was a choice.
fn with_crowd() -> bool {
    true
}

/// Of models saved before there was a choice.
fn unsharpened() -> f64 {
    1.0
}

/// What the pair network's training starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Init {
    /// Numbers drawn anew.
    #[default]
    Scratch,
    /// The shipped base model ([`super::transfer::base`]).
    Base,
}

/// Up to so many domains, every domain is a candidate and gets an embedding.
const FEW_DOMAINS: usize = 64;
/// Beyond so many, a user has seen few of them.
const MANY_DOMAINS: usize = 1000;
/// Fewer steps than this don't move the network off the prior.
const MIN_STEPS: usize = 130;
const MAX_EPOCHS: usize = 40;

impl DnnOptions {
    /// Settings for a log of so many domains and train instances.
    pub fn for_size(domains: usize, instances: usize) -> DnnOptions {
        let mut options = DnnOptions {
            members: 4,
            hidden: 32,
            epochs: 14,
            batch: 128,
            learning_rate: 3e-3,
            weight_decay: 1e-3,
            dropout: 0.1,
            train_candidates: domains,
            candidates: domains,
            embedding: 4,
            temperature: 1.0,
            min_events: 2,
            patience: 6,
            init: Init::Scratch,
            crowd: true,
        };
        if domains > FEW_DOMAINS {
            options.epochs = 4;
            options.batch = 64;
            options.train_candidates = 32;
            options.temperature = 2.0 / 3.0;
            options.candidates = domains.min(110);
            options.embedding = 0;
        }
        if domains > MANY_DOMAINS {
            options.temperature = 1.0;
            options.epochs = 8;
            options.learning_rate = 2e-3;
            options.dropout = 0.2;
            options.train_candidates = 150;
            options.candidates = 150;
        }
        let steps = instances.div_ceil(options.batch).max(1);
        options.epochs = options.epochs.max(MIN_STEPS.div_ceil(steps)).min(MAX_EPOCHS);
        options
    }

    /// Settings for a log and its split, with another number of `epochs` where one is given.
    pub fn for_log(history: &History, split: &Split, epochs: Option<usize>) -> DnnOptions {
        let instances = history.instances(split.train.clone(), 2, 2).len();
        let mut options = DnnOptions::for_size(history.domains(), instances);
        options.epochs = epochs.unwrap_or(options.epochs);
        options
    }

    /// Shape of the network for so many pair features.
    pub fn shape(&self, features: usize, domains: usize) -> Shape {
        let fixed = self.embedding > 0 && self.candidates >= domains;
        let embedding = if fixed { self.embedding } else { 0 };
        Shape { features, hidden: self.hidden, embedding, domains, members: self.members }
    }
}

/// What a run is going to cost (`TrainingEstimate` of the page's types).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    /// Train instances.
    pub instances: usize,
    /// (user, domain) pairs that an epoch looks at.
    pub pairs: usize,
    /// Learned numbers.
    pub parameters: usize,
    /// Steps, at most.
    pub steps: usize,
    /// Memory of the largest batch, the log's counts and the network with its optimiser, in bytes.
    pub bytes: usize,
    /// Seconds, where a step was timed.
    pub seconds: Option<f64>,
}

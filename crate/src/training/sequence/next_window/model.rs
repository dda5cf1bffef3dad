//! The fitted forecaster.

use serde::{Deserialize, Serialize};

use super::{
    super::{SequenceOptions, Vocabulary, next_item::attention},
    inputs::Source,
    objective::NextWindow,
};
use crate::{
    Error, Result,
    event::Log,
    graph::Csr,
    nn::{Device, Dropout, FORECASTER_PARAMETERS, ForecasterShape, Parameters, SequenceShape, read},
    training::{
        Checkpoint, Descended, History, Instance, Objective, Observer, Prior, Ranker, Schedule, Split, Start,
        TrainingProgress, descend, split::MIN_EVENTS,
    },
};

/// Causal self-attention over a user's last sessions; forecasts shares over domains as a residual on the prior.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SequenceForecaster {
    options: SequenceOptions,
    vocabulary: Vocabulary,
    shape: ForecasterShape,
    prior: Prior,
    pub(super) parameters: Vec<Vec<f32>>,
}

/// Instances that are scored at a time.
const CHUNK: usize = 64;
/// Events a train instance needs in its window, and before it.
const MIN_TRAIN_EVENTS: u32 = 2;

impl SequenceForecaster {
    /// An untrained one, without its first values.
    pub fn new(log: &Log, history: &History, prior: &Prior, options: &SequenceOptions) -> SequenceForecaster {
        let none = Csr::from_triplets(history.domains(), 0, Vec::new());
        let vocabulary = Vocabulary::new(&none, log.kinds.len(), true);
        let sequence = SequenceShape { rows: vocabulary.rows(), attention: attention(options, &vocabulary) };
        SequenceForecaster {
            options: options.clone(),
            vocabulary,
            shape: ForecasterShape { sequence, domains: history.domains() },
            prior: prior.clone(),
            parameters: Vec::new(),
        }
    }

    /// The same network on a log that went on, whose new domains and kinds come after the known ones: these have learned
    /// nothing, so their scores are the prior's and what is copied. `prior`: of the log that went on.
    pub fn carried(&self, log: &Log, history: &History, prior: Prior) -> SequenceForecaster {
        let mut model = SequenceForecaster::new(log, history, &prior, &self.options);
        let from = self.vocabulary.places_in(&model.vocabulary);
        model.parameters.clone_from(&self.parameters);
        // The embeddings and their biases have a row for each domain, kind and gap.
        for values in model.parameters.iter_mut().skip(FORECASTER_PARAMETERS).take(2) {
            let width = values.len() / from.len().max(1);
            let mut grown = vec![0.0; model.shape.sequence.rows * width];
            for (old, &new) in values.chunks(width.max(1)).zip(&from) {
                grown[new * width..(new + 1) * width].copy_from_slice(old);
            }
            *values = grown;
        }
        model
    }

    /// Number of learned numbers.
    pub fn parameter_count(&self) -> usize {
        self.shape.parameter_count()
    }

    /// The prior it is a residual on.
    pub fn prior(&self) -> &Prior {
        &self.prior
    }

    /// The settings it was trained with.
    pub fn options(&self) -> &SequenceOptions {
        &self.options
    }

    pub(super) fn shape(&self) -> ForecasterShape {
        self.shape
    }

    pub(super) fn source<'a>(&'a self, log: &'a Log, history: &'a History) -> Source<'a> {
        Source { log, history, prior: &self.prior, vocabulary: &self.vocabulary, length: self.options.length }
    }

    /// Calls `visit` with the number of each (user, window) request and its shares over all domains, which sum to 1, from
    /// what lies before the window.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] for a log with other domains; [`Error::Device`], [`Error::Cancelled`].
    pub async fn each_shares(
        &self,
        (log, history): (&Log, &History),
        requests: &[(u32, usize)],
        device: &Device,
        observer: &mut impl Observer,
        mut visit: impl FnMut(usize, &[f64]),
    ) -> Result<()> {
        if history.domains() != self.shape.domains || self.prior.popularity.len() != self.shape.domains {
            return Err(Error::Checkpoint { hint: "it was trained on another log".into() });
        }
        let parameters = Parameters::new(&self.shape.parameters(), &self.parameters, device)?;
        let source = self.source(log, history);
        for (chunk, some) in requests.chunks(CHUNK).enumerate() {
            let inputs = source.inputs(some, device)?;
            let scores = read(self.shape.scores(&parameters, &inputs, &mut Dropout::none())).await?;
            for (index, scores) in scores.chunks(self.shape.domains).enumerate() {
                visit(chunk * CHUNK + index, &shares(scores));
            }
            let (stage, done, total) = ("evaluate", chunk * CHUNK, requests.len());
            observer.progress(TrainingProgress { stage, model: None, done, total, point: None });
            observer.pause().await;
            if observer.cancelled() {
                return Err(Error::Cancelled);
            }
        }
        Ok(())
    }
}

/// Softmax.
fn shares(scores: &[f32]) -> Vec<f64> {
    let largest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut shares: Vec<f64> = scores.iter().map(|&score| libm::exp(f64::from(score - largest))).collect();
    let total: f64 = shares.iter().sum();
    shares.iter_mut().for_each(|share| *share /= total);
    shares
}

/// Trains a forecaster on train instances only: soft cross-entropy against the window's shares. After every epoch NDCG@10
/// on validation decides which network is kept.
///
/// # Errors
/// [`Error::NotEnough`] without train or validation instances, and as [`descend`].
pub async fn fit_forecaster(
    (log, history): (&Log, &History),
    (split, prior): (&Split, &Prior),
    options: &SequenceOptions,
    (seed, resume): (u64, Option<Checkpoint>),
    device: &Device,
    observer: &mut impl Observer,
) -> Result<(SequenceForecaster, Descended)> {
    let ranker = Ranker::new(&history.sum(split.train.clone()));
    let train: Vec<Instance> = history.instances(split.train.clone(), MIN_TRAIN_EVENTS, MIN_TRAIN_EVENTS);
    let validation = history.instances(split.validation.clone(), MIN_EVENTS, MIN_EVENTS);
    if train.is_empty() || validation.is_empty() {
        let hint = format!("{} users and windows to learn from, {} to choose on", train.len(), validation.len());
        return Err(Error::NotEnough { what: "training", hint });
    }
    let model = SequenceForecaster::new(log, history, prior, options);
    let settings = postcard::to_allocvec(&("sequence", &model, split))
        .map_err(|error| Error::Checkpoint { hint: error.to_string() })?;
    let shapes = model.shape.parameters();
    let start = Start { shapes: &shapes, values: model.shape.init(seed), settings, resume };
    let mut objective = NextWindow::new(model, (log, history), &train, &validation, &ranker);
    // Few steps don't move a network off the prior.
    let epochs = options.epochs.max(MIN_STEPS.div_ceil(objective.steps())).min(MAX_EPOCHS.max(options.epochs));
    let schedule = Schedule {
        epochs,
        learning_rate: options.learning_rate,
        weight_decay: options.weight_decay,
        patience: options.patience,
        seed,
    };
    let descended = descend(&mut objective, start, &schedule, device, observer).await?;
    let model = SequenceForecaster { parameters: descended.values.clone(), ..objective.into_model() };
    Ok((model, descended))
}

const MIN_STEPS: usize = 130;
const MAX_EPOCHS: usize = 40;

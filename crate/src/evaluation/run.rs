//! A training run on any log, as the page asks for it.

use super::{
    BLENDED_SEEDS, Catalogue, ColdUsers, CompareOptions, LearningCurve, Model, ModelGain, ModelName, ModelReport,
    Models, RunState, Scored, SplitReport, TrainOptions, TrainingReport, compare, confusion, list_metrics,
    paired_bootstrap, reliability,
};
use crate::{
    Error, MEMORY, Result,
    event::Log,
    interest::Windows,
    memory::fits,
    nn,
    training::{
        Cost, DnnOptions, Features, GnnOptions, History, KEPT, Observer, Prior, Split, measure,
        sequence::{SequenceForecaster, SequenceOptions},
    },
};

/// A run's report and its models.
#[derive(Debug)]
pub struct Trained {
    /// For people.
    pub report: TrainingReport,
    /// For [`super::forecast`].
    pub models: Models,
}

/// A log cut up for training.
pub(super) struct Plan {
    history: History,
    split: Split,
    dnn: DnnOptions,
    instances: usize,
}

pub(super) fn plan(log: &Log, options: &TrainOptions) -> Result<Plan> {
    let history = History::new(log, Windows::of_log(log, &options.window)?)?;
    let split = Split::choose(&history)?;
    if options.epochs == Some(0) {
        return Err(Error::Parameter { name: "epochs", hint: "there must be at least one".into() });
    }
    let dnn = DnnOptions::for_log(&history, &split, options.epochs);
    let instances = history.instances(split.train.clone(), dnn.min_events, dnn.min_events).len();
    Ok(Plan { history, split, dnn, instances })
}

/// What a run is going to cost, from counts alone; `seconds` is left open: see [`measure_step`]. Steps and learned numbers
/// are those of all networks that are asked for together; memory is that of the largest.
///
/// # Errors
/// [`Error::NotEnough`] where the log is too small to train on; [`Error::Parameter`] for impossible options;
/// [`Error::Memory`] where the run will not fit into memory beside the log.
pub fn estimate(log: &Log, options: &TrainOptions) -> Result<Cost> {
    cost(&plan(log, options)?, log, options, MEMORY)
}

/// [`estimate`] of a plan where so many bytes may be used.
pub(super) fn cost(plan: &Plan, log: &Log, options: &TrainOptions, memory: usize) -> Result<Cost> {
    let Plan { history, split, dnn, instances } = plan;
    let instances = *instances;
    let domains = history.domains();
    let width = dnn.train_candidates.min(domains);
    let steps = |epochs: usize, batch: usize| epochs * instances.div_ceil(batch.max(1));
    let graph = GnnOptions::for_dnn(dnn.clone());
    let prior = Prior::new(history, split.train.clone(), 1.0, 1.0)?;
    let (mut parameters, mut taken, mut largest) = (0, 0, 0);
    for name in &options.models {
        let (own, own_steps) = match name {
            ModelName::Dnn | ModelName::Blend => {
                let count = if *name == ModelName::Blend { BLENDED_SEEDS } else { 1 };
                let shape = dnn.shape(Features::width(), domains);
                (count * shape.parameter_count(), count * steps(dnn.epochs, dnn.batch))
            }
            ModelName::Gnn => (graph.parameter_count(domains), steps(dnn.epochs, dnn.batch)),
            ModelName::DnnGnn => {
                let fused = graph.clone().fused();
                (fused.parameter_count(domains), steps(fused.passes(), dnn.batch))
            }
            ModelName::Sequence => {
                let sequence = SequenceOptions::next_window();
                let model = SequenceForecaster::new(log, history, &prior, &sequence);
                (model.parameter_count(), steps(options.epochs.unwrap_or(sequence.epochs), sequence.batch))
            }
            _ => continue,
        };
        (parameters, taken, largest) = (parameters + own, taken + own_steps, largest.max(own));
    }
    let rows = dnn.batch * dnn.candidates.min(domains).max(width);
    // A batch holds its features twice (host and device) and, with gradients, each hidden layer about six times.
    let numbers = rows * (2 * Features::width() + 12 * dnn.hidden) + 8 * largest + dnn.batch * 2 * domains;
    let kept = (instances * width * Features::width() * size_of::<f32>()).min(KEPT);
    let counts = history.windows().len() * domains * 4 + std::mem::size_of_val(history.cells());
    let bytes = numbers * size_of::<f32>() + kept + counts;
    let advice = "choose longer windows, fewer models, or load a part of the log";
    fits("training beside this log", bytes.saturating_add(log.bytes_in_memory()), memory, advice)?;
    Ok(Cost { instances, pairs: instances * width, parameters, steps: taken, bytes, seconds: None })
}

/// Milliseconds of one training step on this engine.
///
/// # Errors
/// As [`estimate`]; [`Error::Device`], [`Error::Cancelled`].
pub async fn measure_step(log: &Log, options: &TrainOptions, observer: &mut impl Observer) -> Result<f64> {
    let Plan { history, split, dnn, .. } = plan(log, options)?;
    let device = nn::device().await?;
    measure((log, &history), &split, &dnn, &device, observer).await
}

/// Trains and compares: the baselines, and what `options` asks for. A run that is cancelled after its first epoch ends
/// with the best network so far and says so in its report. `resume`: goes on where a run of the same log and options stood.
///
/// # Errors
/// [`Error::NotEnough`], [`Error::Parameter`], [`Error::Memory`] as [`estimate`]; [`Error::Cancelled`] before the first epoch
/// is done, [`Error::Device`], [`Error::Checkpoint`] for a `resume` of another log or other options.
pub async fn train(
    log: &Log,
    options: &TrainOptions,
    resume: Option<RunState>,
    observer: &mut impl Observer,
) -> Result<Trained> {
    let plan = plan(log, options)?;
    cost(&plan, log, options, MEMORY)?;
    let Plan { history, split, .. } = plan;
    let device = nn::device().await?;
    let mut names = ModelName::BASELINES.to_vec();
    for &name in &options.models {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let asked =
        CompareOptions { seed: options.seed, epochs: options.epochs, init: options.init, resume, ..Default::default() };
    let compared = compare((log, &history), &split, &names, asked, &device, observer).await?;
    let scored = compared.scored;
    let best = |some: &mut dyn Iterator<Item = &Scored>| {
        some.fold(None::<&Scored>, |best, one| match best {
            Some(best) if best.validation.ndcg10 >= one.validation.ndcg10 => Some(best),
            _ => Some(one),
        })
        .map(|scored| scored.model.name())
    };
    let trained = |scored: &Scored| !scored.model.name().is_baseline();
    let baseline = best(&mut scored.iter().filter(|one| !trained(one))).unwrap_or(ModelName::DecayPrior);
    let best = best(&mut scored.iter()).unwrap_or(baseline);
    let reference = scored.iter().find(|one| one.model.name() == baseline);
    let catalogue = Catalogue::of_domains(&history, split.train.clone());
    let reports: Vec<ModelReport> = scored
        .iter()
        .map(|one| ModelReport {
            model: one.model.name(),
            trained: trained(one),
            validation: one.validation,
            test: one.test,
            lists: list_metrics(one.outcomes.iter().map(|own| own.ranked.as_slice()), &catalogue),
            reliability: reliability(&one.outcomes),
            confusion: confusion(&one.outcomes, |id| log.domains.name(id).to_owned()),
            gain: reference.filter(|reference| reference.model.name() != one.model.name()).and_then(|reference| {
                let gain = paired_bootstrap(&one.outcomes, &reference.outcomes)?;
                Some(ModelGain { difference: gain.difference, low: gain.low, high: gain.high, baseline })
            }),
            parameters: one.model.parameter_count(),
            seconds: one.seconds,
        })
        .collect();
    let ends = |range: &std::ops::Range<usize>| [range.start, range.end - 1];
    let report = TrainingReport {
        engine: nn::engine(),
        split: SplitReport {
            train_windows: ends(&split.train),
            validation_windows: ends(&split.validation),
            test_windows: ends(&split.test),
        },
        best,
        worth_it: reports.iter().any(|one| one.trained && one.gain.is_some_and(|gain| gain.low > 0.0)),
        models: reports,
        curves: scored
            .iter()
            .filter(|one| !one.curve.is_empty())
            .map(|one| LearningCurve { model: one.model.name(), points: one.curve.clone() })
            .collect(),
        stopped: compared.stopped,
    };
    let models: Vec<Model> = scored.into_iter().map(|one| one.model).collect();
    let (train, social) = (split.train.clone(), !log.edges.is_empty());
    let parts = (train.clone(), split.validation.clone());
    let cold = match ColdUsers::choose((log, &history), parts, &models, social, &device, observer).await {
        // The models are there: a cancel only spares the choice.
        Err(Error::Cancelled) => ColdUsers::usual(&history, train, &models),
        other => other,
    }?;
    Ok(Trained { report, models: Models::new(log, options, models, best, cold) })
}

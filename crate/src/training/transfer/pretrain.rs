//! Training on several logs, and from there on one.

use serde::Serialize;

use super::{
    Base, Delta, Network, Source,
    lessons::{Curriculum, Lesson, Reader},
};
use crate::{
    Error, Result,
    nn::{Device, Shape},
    training::{Dnn, DnnOptions, FeatureScale, Features, Objective, Observer, Schedule, Start, TrainingPoint, descend},
};

/// Validation instances that an epoch is judged on, over all sources.
const CHOSEN_ON: usize = 3000;
/// Train instances that are kept of a log, in epochs of its steps.
const THINNED: usize = 2;

/// How a base model is trained.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pretraining {
    /// Networks whose scores are averaged.
    pub members: usize,
    /// Width of both hidden layers.
    pub hidden: usize,
    /// Passes over the logs, at most.
    pub epochs: usize,
    /// Steps that one log takes in an epoch, at most.
    pub steps_per_log: usize,
    /// Learning rate at the start.
    pub learning_rate: f64,
    /// AdamW's weight decay.
    pub weight_decay: f64,
    /// Share of hidden units that are silenced in a step.
    pub dropout: f64,
    /// What it is trained on, for people.
    pub trained_on: String,
    /// Decides everything that is random.
    pub seed: u64,
}

/// Trains one network on all sources; the epoch with the best mean NDCG@10 over their validation windows is kept.
///
/// # Errors
/// [`Error::NotEnough`] without sources or where one is too small; as [`descend`].
pub async fn pretrain(
    sources: &[Source<'_>],
    pretraining: &Pretraining,
    device: &Device,
    observer: &mut impl Observer,
) -> Result<Base> {
    let readers: Vec<Reader<'_>> = sources.iter().map(|&source| Reader::new(source)).collect::<Result<_>>()?;
    if readers.is_empty() {
        return Err(Error::NotEnough { what: "pre-training", hint: "there is no log to learn from".into() });
    }
    let width = Features::width();
    let Pretraining { hidden, members, .. } = *pretraining;
    let shape = Shape { features: width, hidden, embedding: 0, domains: 0, members };
    let mut lessons = Vec::with_capacity(readers.len());
    for reader in &readers {
        let most = [pretraining.steps_per_log * reader.source.options.batch * THINNED, CHOSEN_ON / readers.len()];
        let none = FeatureScale::identity(width);
        let mut lesson = Lesson::new(reader, shape, &none, most, observer).await?;
        lesson.dnn.options.dropout = pretraining.dropout;
        // Of the shares as they are: its shares must be right on a log that it never learned from.
        lesson.dnn.options.temperature = 1.0;
        lessons.push(lesson);
    }
    let scales: Vec<FeatureScale> = lessons.iter().map(|lesson| lesson.dnn.scale.clone()).collect();
    let common = FeatureScale::common(&scales, width);
    let parameters = shape.init(pretraining.seed);
    let mut curriculum = Curriculum::new(lessons, pretraining.steps_per_log);
    let Pretraining { epochs, learning_rate, weight_decay, seed, .. } = *pretraining;
    let schedule = Schedule { epochs, learning_rate, weight_decay, patience: epochs, seed };
    let shapes = shape.parameters();
    let start = Start { shapes: &shapes, values: parameters, settings: Vec::new(), resume: None };
    let descended = descend(&mut curriculum, start, &schedule, device, observer).await?;
    Ok(Base { shape, scale: common, parameters: descended.values, trained_on: pretraining.trained_on.clone(), seed })
}

/// A network that was carried to a log and trained on it.
#[derive(Debug)]
pub struct Adapted {
    /// The network on the log; its parameters are θ_new.
    pub dnn: Dnn,
    /// θ_pre: the base's parameters and, where the log's size asks for one, a domain embedding without effect.
    pub before: Vec<Vec<f32>>,
    /// What the training changed.
    pub delta: Delta,
    /// NDCG@10 on validation of the kept epoch.
    pub validation_ndcg10: f64,
    /// The learning curve.
    pub curve: Vec<TrainingPoint>,
}

/// How a network is trained on from a base.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FineTuning {
    /// Steps in an epoch, at most.
    pub steps: usize,
    /// What the learning rate of the source's options is multiplied by: less than 1 forgets less.
    pub rate: f64,
    /// Which epoch is kept.
    pub keep: Keep,
    /// Decides everything that is random.
    pub seed: u64,
}

/// Which epoch of a training is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Keep {
    /// The one with the best NDCG@10 on validation; θ_pre where none is better.
    Best,
    /// The last, for others decide what it is good for.
    Last,
}

/// Trains on a log from a base: θ_new = θ_pre + Δθ.
///
/// # Errors
/// [`Error::NotEnough`] where the log is too small; as [`descend`].
pub async fn fine_tune(
    base: &Base,
    source: Source<'_>,
    FineTuning { steps, rate, keep, seed }: FineTuning,
    device: &Device,
    observer: &mut impl Observer,
) -> Result<Adapted> {
    let reader = Reader::new(source)?;
    let DnnOptions { epochs, learning_rate, weight_decay, patience, .. } = *source.options;
    let (shape, before) = base.start(source.options, source.history.domains(), seed);
    let lesson = Lesson::new(&reader, shape, &base.scale, [usize::MAX; 2], observer).await?;
    let dnn = lesson.dnn.clone();
    let mut curriculum = Curriculum::new(vec![lesson], steps);
    let at_first = curriculum.validate(&before, device, observer).await?;
    let schedule = Schedule { epochs, learning_rate: learning_rate * rate, weight_decay, patience, seed };
    let shapes = shape.parameters();
    let start = Start { shapes: &shapes, values: before.clone(), settings: Vec::new(), resume: None };
    let descended = descend(&mut curriculum, start, &schedule, device, observer).await?;
    let better = descended.validation_ndcg10 > at_first;
    let after = match keep {
        Keep::Last => descended.checkpoint.parameters,
        Keep::Best if better => descended.values,
        Keep::Best => before.clone(),
    };
    let delta = Delta::between(&before, &after)?;
    Ok(Adapted {
        dnn: Dnn { parameters: after, ..dnn },
        before,
        delta,
        validation_ndcg10: descended.validation_ndcg10.max(at_first),
        curve: descended.curve,
    })
}

impl Adapted {
    /// θ_pre and θ_new as networks of their own.
    pub fn networks(&self) -> [Network; 2] {
        let shape = self.dnn.shape;
        [&self.before, &self.dnn.parameters].map(|parameters| Network { shape, parameters: parameters.clone() })
    }
}

impl Base {
    /// An untrained network: what training from scratch starts from.
    pub fn untrained(hidden: usize, members: usize, seed: u64) -> Base {
        let shape = Shape { features: Features::width(), hidden, embedding: 0, domains: 0, members };
        let scale = FeatureScale::identity(Features::width());
        Base { shape, scale, parameters: shape.init(seed), trained_on: "nothing".into(), seed }
    }
}

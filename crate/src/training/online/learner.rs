//! What a model must be able to do to be updated, and how the pair-scoring network does it.

use std::future::Future;

use burn::tensor::Tensor;
use rand_pcg::Pcg64Mcg;

use super::super::{
    Dnn, Features, History, Instance, Objective, Observer, Prior, Ranker, Schedule, Start, Stopped, descend,
    examples::Examples, fit::Listwise,
};
use crate::{
    Error, Result,
    event::Log,
    nn::{Device, Parameters},
};

/// How fast a model was trained: what an update's pace and cost are measured by.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pace {
    /// Passes of a whole training.
    pub epochs: usize,
    /// Instances in a step.
    pub batch: usize,
    /// Learning rate at the start of a whole training.
    pub learning_rate: f64,
    /// AdamW's weight decay.
    pub weight_decay: f64,
    /// Events that an instance to learn from needs in its window, and before it.
    pub min_events: u32,
    /// Domains that an instance is scored over while a whole training goes on.
    pub candidates: usize,
    /// Networks that learn from each instance.
    pub members: usize,
}

impl Pace {
    /// Domains that an instance is scored over in an update: the best by prior are those that matter most, and an instance
    /// costs as much as it has of them.
    pub fn update_candidates(&self) -> usize {
        self.candidates.min(UPDATE_CANDIDATES)
    }
}

const UPDATE_CANDIDATES: usize = 64;

/// How learning on went.
#[derive(Debug)]
pub struct Learned {
    /// The learned numbers after the last step.
    pub values: Vec<Vec<f32>>,
    /// NDCG@10 on those held out, before the first step and after the last; `None` where no one was.
    pub before: Option<f64>,
    /// See `before`.
    pub after: Option<f64>,
    /// Gradient steps taken.
    pub steps: usize,
}

/// A model that learns by gradient from (user, window) instances, and can go on learning.
pub trait Learner: Clone {
    /// How it was trained.
    fn pace(&self) -> Pace;

    /// The windows that its parameters come from are `0..learned()`.
    fn learned(&self) -> usize;

    /// The same parameters on a history that went on. What is counted rather than learned (popularity, what breaks ties)
    /// comes from windows `0..end`, which must be complete; `learned` is what [`Learner::learned`] is from now on. A
    /// domain that is new gets what the known ones have in the mean.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] where the history has fewer domains than the model knows; [`Error::NotEnough`] without
    /// events in the windows.
    fn carried(&self, history: &History, end: usize, learned: usize) -> Result<Self>;

    /// The learned numbers.
    fn values(&self) -> &[Vec<f32>];

    /// The model with other learned numbers of the same shapes, which come from the windows `0..learned`.
    fn with_values(&self, values: Vec<Vec<f32>>, learned: usize) -> Self;

    /// Goes down from the present numbers on the instances `train`; those of `held`, which may be empty, are forecast before
    /// and after.
    ///
    /// # Errors
    /// As [`descend`]; [`Error::Cancelled`] also where some steps were taken.
    fn learn(
        &self,
        data: (&Log, &History),
        train: Vec<Instance>,
        held: Vec<Instance>,
        schedule: &Schedule,
        device: &Device,
        observer: &mut impl Observer,
    ) -> impl Future<Output = Result<Learned>>;

    /// The same kind of model, learned from nothing on all of the windows `0..end` with the same settings. Nothing is
    /// left to choose on: all epochs are done, and the last one is kept.
    ///
    /// # Errors
    /// As [`descend`]; [`Error::NotEnough`] without instances.
    fn retrained(
        &self,
        data: (&Log, &History),
        end: usize,
        seed: u64,
        device: &Device,
        observer: &mut impl Observer,
    ) -> impl Future<Output = Result<Self>>;

    /// Calls `visit` with the number of each (user, window) request and its shares over all domains, which sum to 1.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] for another log's model, [`Error::Device`], [`Error::Cancelled`].
    fn each_shares(
        &self,
        data: (&Log, &History),
        requests: &[(u32, usize)],
        device: &Device,
        observer: &mut impl Observer,
        visit: impl FnMut(usize, &[f64]),
    ) -> impl Future<Output = Result<()>>;
}

/// Goes down an objective from `values`. Where it is to be `judged`, its validation is asked before and after only: nothing
/// is chosen by it, and asking costs.
///
/// # Errors
/// As [`descend`]; [`Error::Cancelled`] also where some steps were taken.
pub(in crate::training) async fn go_on(
    objective: &mut impl Objective,
    (shapes, values): (&[[usize; 2]], &[Vec<f32>]),
    judged: bool,
    schedule: &Schedule,
    device: &Device,
    observer: &mut impl Observer,
) -> Result<Learned> {
    let before = if judged { Some(objective.validate(values, device, observer).await?) } else { None };
    let start = Start { shapes, values: values.to_vec(), settings: Vec::new(), resume: None };
    let descended = descend(&mut Unjudged(&mut *objective), start, schedule, device, observer).await?;
    if descended.stopped == Stopped::Cancelled {
        return Err(Error::Cancelled);
    }
    let steps = descended.curve.last().map_or(0, |point| point.step);
    let values = descended.checkpoint.parameters;
    let after = if judged { Some(objective.validate(&values, device, observer).await?) } else { None };
    Ok(Learned { values, before, after, steps })
}

/// An objective on which no epoch is chosen.
struct Unjudged<'a, O>(&'a mut O);

impl<O: Objective> Objective for Unjudged<'_, O> {
    fn steps(&self) -> usize {
        self.0.steps()
    }

    fn begin_epoch(&mut self, random: &mut Pcg64Mcg) {
        self.0.begin_epoch(random);
    }

    fn loss(
        &mut self,
        parameters: &Parameters,
        step: usize,
        random: &mut Pcg64Mcg,
        device: &Device,
    ) -> Result<Tensor<1>> {
        self.0.loss(parameters, step, random, device)
    }

    async fn validate(&mut self, _: &[Vec<f32>], _: &Device, _: &mut impl Observer) -> Result<f64> {
        Ok(0.0)
    }
}

impl Learner for Dnn {
    fn pace(&self) -> Pace {
        let options = &self.options;
        Pace {
            epochs: options.epochs,
            batch: options.batch,
            learning_rate: options.learning_rate,
            weight_decay: options.weight_decay,
            min_events: options.min_events,
            candidates: options.train_candidates.min(self.prior.popularity.len()),
            members: self.shape.members,
        }
    }

    fn learned(&self) -> usize {
        self.learned
    }

    fn carried(&self, history: &History, end: usize, learned: usize) -> Result<Dnn> {
        let domains = history.domains();
        if self.prior.popularity.len() > domains || end > history.windows().len() {
            return Err(Error::Checkpoint { hint: "it was trained on another log".into() });
        }
        let prior = Prior::new(history, 0..end, self.prior.half_life, self.prior.weight)?;
        let mut dnn = Dnn { prior, train_end: end, learned, ..self.clone() };
        if dnn.shape.embedding > 0 {
            dnn.parameters = dnn.shape.grow(domains, &self.parameters);
            // With an embedding all domains are candidates, in the order of their ids.
            (dnn.options.candidates, dnn.options.train_candidates) = (domains, domains);
        }
        dnn.shape.domains = domains;
        Ok(dnn)
    }

    fn values(&self) -> &[Vec<f32>] {
        &self.parameters
    }

    fn with_values(&self, values: Vec<Vec<f32>>, learned: usize) -> Dnn {
        Dnn { parameters: values, learned, ..self.clone() }
    }

    async fn learn(
        &self,
        (log, history): (&Log, &History),
        train: Vec<Instance>,
        held: Vec<Instance>,
        schedule: &Schedule,
        device: &Device,
        observer: &mut impl Observer,
    ) -> Result<Learned> {
        let features = Features::new(log, history, &self.prior)?.with_crowd(self.options.crowd);
        let ranker = &Ranker::new(&history.sum(0..self.train_end));
        let scale = || Some(self.scale.clone());
        let Dnn { options, .. } = self;
        // An embedding needs all domains, in the order of their ids.
        let width = if self.shape.embedding > 0 { options.train_candidates } else { self.pace().update_candidates() };
        let train = Examples::new(&features, ranker, train, width, scale(), observer).await?;
        let validation = match held.is_empty() {
            true => None,
            false => Some(Examples::new(&features, ranker, held, options.candidates, scale(), observer).await?),
        };
        let judged = validation.is_some();
        let mut objective =
            Listwise { ranker, dnn: self.clone(), train: &train, validation: validation.as_ref(), order: Vec::new() };
        let from = (self.shape.parameters(), &self.parameters);
        go_on(&mut objective, (&from.0, from.1), judged, schedule, device, observer).await
    }

    async fn retrained(
        &self,
        (log, history): (&Log, &History),
        end: usize,
        seed: u64,
        device: &Device,
        observer: &mut impl Observer,
    ) -> Result<Dnn> {
        let mut dnn = self.carried(history, end, end)?;
        let prior = dnn.prior.clone();
        let features = Features::new(log, history, &prior)?.with_crowd(dnn.options.crowd);
        let ranker = &Ranker::new(&history.sum(0..end));
        let Pace { epochs, learning_rate, weight_decay, min_events, .. } = self.pace();
        let train = history.instances(0..end, min_events, min_events);
        if train.is_empty() {
            return Err(Error::NotEnough { what: "training", hint: "no user and window to learn from".into() });
        }
        let train = Examples::new(&features, ranker, train, dnn.options.train_candidates, None, observer).await?;
        dnn.scale = train.scale.clone();
        let schedule = Schedule { epochs, learning_rate, weight_decay, patience: usize::MAX, seed };
        let (shapes, values) = (dnn.shape.parameters(), dnn.shape.init(seed));
        let start = Start { shapes: &shapes, values, settings: Vec::new(), resume: None };
        let mut objective = Listwise { ranker, dnn, train: &train, validation: None, order: Vec::new() };
        let descended = descend(&mut objective, start, &schedule, device, observer).await?;
        Ok(objective.dnn.with_values(descended.checkpoint.parameters, end))
    }

    async fn each_shares(
        &self,
        data: (&Log, &History),
        requests: &[(u32, usize)],
        device: &Device,
        observer: &mut impl Observer,
        visit: impl FnMut(usize, &[f64]),
    ) -> Result<()> {
        Dnn::each_shares(self, data, requests, device, observer, visit).await
    }
}

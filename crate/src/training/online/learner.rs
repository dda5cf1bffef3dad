//! What a model must be able to do to be updated, and how the pair-scoring network does it.

use std::future::Future;

use super::super::{
    Descended, Dnn, Features, History, Instance, Objective, Observer, Prior, Ranker, Schedule, Start, descend,
    examples::Examples, fit::Listwise,
};
use crate::{Error, Result, event::Log, nn::Device};

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
    /// Domains that an instance is scored over while the model learns.
    pub candidates: usize,
}

/// How learning on went.
#[derive(Debug)]
pub struct Learned {
    /// NDCG@10 on those held out before the first step; `None` where no one was.
    pub before: Option<f64>,
    /// What came of it.
    pub descended: Descended,
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

    /// Goes down from the present numbers on the instances `train`; `held`, which may be empty, decides which epoch is
    /// best.
    ///
    /// # Errors
    /// As [`descend`].
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
        let train = Examples::new(&features, ranker, train, options.train_candidates, scale(), observer).await?;
        let validation = match held.is_empty() {
            true => None,
            false => Some(Examples::new(&features, ranker, held, options.candidates, scale(), observer).await?),
        };
        let (decides, values) = (validation.is_some(), self.parameters.clone());
        let mut objective =
            Listwise { ranker, dnn: self.clone(), train: &train, validation: validation.as_ref(), order: Vec::new() };
        let before = if decides { Some(objective.validate(&self.parameters, device, observer).await?) } else { None };
        let start = Start { shapes: &self.shape.parameters(), values, settings: Vec::new(), resume: None };
        Ok(Learned { before, descended: descend(&mut objective, start, schedule, device, observer).await? })
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

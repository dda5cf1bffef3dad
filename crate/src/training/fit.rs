//! Training of the pair-scoring network.

use burn::tensor::{Device, Tensor, TensorData};
use driftscope_kernels::Order;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;

use super::{
    Checkpoint, Dnn, DnnOptions, FeatureScale, Features, History, Init, Instance, Objective, Observer, Prior, Ranker,
    Schedule, Split, Start, Stopped, TrainingPoint,
    batch::{dropout, listwise},
    descend,
    examples::Examples,
    time_step,
    transfer::base,
};
use crate::{
    Error, Result,
    event::Log,
    nn::{Parameters, Shape},
};

/// A finished run.
#[derive(Debug)]
pub struct Fitted {
    /// The network with the best validation.
    pub dnn: Dnn,
    /// The run as it stood after its last epoch.
    pub checkpoint: Checkpoint,
    /// The learning curve.
    pub curve: Vec<TrainingPoint>,
    /// How it ended.
    pub stopped: Stopped,
}

/// What a run depends on besides the data.
#[derive(Debug, Clone)]
pub struct Run<'a> {
    /// Settings of the network and its training.
    pub options: &'a DnnOptions,
    /// Decides everything that is random.
    pub seed: u64,
    /// Where a run of the same log, options and seed stood, to go on from there.
    pub resume: Option<Checkpoint>,
}

/// The listwise loss of each member's scores.
pub(super) struct Listwise<'a> {
    pub ranker: &'a Ranker,
    pub dnn: Dnn,
    pub train: &'a Examples<'a>,
    pub validation: Option<&'a Examples<'a>>,
    pub order: Vec<u32>,
}

impl Objective for Listwise<'_> {
    fn steps(&self) -> usize {
        self.train.instances.len().div_ceil(self.dnn.options.batch)
    }

    fn begin_epoch(&mut self, random: &mut Pcg64Mcg) {
        self.order.clear();
        self.order.extend(0..self.train.instances.len() as u32);
        self.order.shuffle(random);
    }

    fn loss(
        &mut self,
        parameters: &Parameters,
        step: usize,
        random: &mut Pcg64Mcg,
        device: &Device,
    ) -> Result<Tensor<1>> {
        let Dnn { options, shape, .. } = &self.dnn;
        let places = self.order.chunks(options.batch).nth(step).unwrap_or_default();
        let some: Vec<&Instance> = places.iter().map(|&place| &self.train.instances[place as usize]).collect();
        let batch = self.train.batch(places);
        let mut inputs = batch.inputs(device);
        if options.dropout > 0.0 {
            let mut mask = || dropout(random, options.dropout, batch.len, options.hidden, device);
            inputs.dropout = (0..shape.members).map(|_| [mask(), mask()]).collect();
        }
        let targets = batch.targets(self.train.features().history(), &some, options.temperature);
        let targets = Tensor::<2>::from_data(TensorData::new(targets, [batch.len, batch.width]), device);
        let scores = shape.member_scores(parameters, inputs).into_iter();
        Ok(listwise(scores, targets, options.temperature))
    }

    async fn validate(&mut self, values: &[Vec<f32>], device: &Device, observer: &mut impl Observer) -> Result<f64> {
        let Some(validation) = self.validation else { return Ok(0.0) };
        let Dnn { shape, prior, .. } = &self.dnn;
        let parameters = Parameters::new(&shape.parameters(), values, device)?;
        validation.mean_ndcg((shape, &parameters), prior, self.ranker, device, observer).await
    }
}

/// Trains a network on train instances only; after every epoch NDCG@10 on validation decides which network is kept.
///
/// # Errors
/// [`Error::NotEnough`] without train or validation instances, and as [`descend`].
pub async fn fit(
    log: &Log,
    history: &History,
    split: &Split,
    prior: &Prior,
    Run { options, seed, resume }: Run<'_>,
    device: &Device,
    observer: &mut impl Observer,
) -> Result<Fitted> {
    let features = Features::new(log, history, prior)?.with_crowd(options.crowd);
    let ranker = Ranker::new(&history.sum(split.train.clone()));
    let train = history.instances(split.train.clone(), options.min_events, options.min_events);
    let validation = history.scored(&split.validation);
    if train.is_empty() || validation.is_empty() {
        let hint = format!("{} users and windows to learn from, {} to choose on", train.len(), validation.len());
        return Err(Error::NotEnough { what: "training", hint });
    }
    let (shape, values) = start(options, history.domains(), seed)?;
    let train = Examples::new(&features, &ranker, train, options.train_candidates, None, observer).await?;
    let scale = train.scale.clone();
    let validation =
        Examples::new(&features, &ranker, validation, options.candidates, Some(scale.clone()), observer).await?;
    let dnn = Dnn {
        options: DnnOptions { hidden: shape.hidden, members: shape.members, ..options.clone() },
        shape,
        scale,
        prior: prior.clone(),
        train_end: split.train.end,
        learned: split.train.end,
        parameters: Vec::new(),
        first: None,
    };
    let settings = postcard::to_allocvec(&dnn).map_err(|error| Error::Checkpoint { hint: error.to_string() })?;
    let shapes = shape.parameters();
    let start = Start { shapes: &shapes, values, settings, resume };
    let schedule = Schedule {
        epochs: options.epochs,
        learning_rate: options.learning_rate,
        weight_decay: options.weight_decay,
        patience: options.patience,
        seed,
    };
    let mut objective =
        Listwise { ranker: &ranker, dnn, train: &train, validation: Some(&validation), order: Vec::new() };
    let descended = descend(&mut objective, start, &schedule, device, observer).await?;
    let dnn = Dnn { parameters: descended.values, ..objective.dnn };
    Ok(Fitted { dnn, checkpoint: descended.checkpoint, curve: descended.curve, stopped: descended.stopped })
}

/// Shape and first values.
fn start(options: &DnnOptions, domains: usize, seed: u64) -> Result<(Shape, Vec<Vec<f32>>)> {
    if options.init == Init::Base {
        return Ok(base()?.start(options, domains, seed));
    }
    let shape = options.shape(Features::width(), domains);
    Ok((shape, shape.init(seed)))
}

/// Milliseconds of one training step on `device`, loss read back: the mean of a few after one to warm up.
///
/// # Errors
/// As [`fit`].
pub async fn measure(
    (log, history): (&Log, &History),
    split: &Split,
    options: &DnnOptions,
    device: &Device,
    observer: &mut impl Observer,
) -> Result<f64> {
    let prior = Prior::new(history, split.train.clone(), 4.0, 10.0)?;
    let features = Features::new(log, history, &prior)?.with_crowd(options.crowd);
    let ranker = Ranker::new(&history.sum(split.train.clone()));
    let mut train = history.instances(split.train.clone(), options.min_events, options.min_events);
    if train.is_empty() {
        return Err(Error::NotEnough { what: "training", hint: "no user and window to learn from".into() });
    }
    // The latest, which have the longest past.
    let from = train.len().saturating_sub(2 * options.batch);
    train.order_by_key(|instance| instance.window);
    let train = train.split_off(from);
    let shape = options.shape(Features::width(), history.domains());
    let shapes = shape.parameters();
    let dnn = Dnn {
        options: DnnOptions { dropout: 0.0, ..options.clone() },
        shape,
        scale: FeatureScale::identity(Features::width()),
        prior: prior.clone(),
        train_end: split.train.end,
        learned: split.train.end,
        parameters: Vec::new(),
        first: None,
    };
    let start = Start { shapes: &shapes, values: shape.init(0), settings: Vec::new(), resume: None };
    let train =
        Examples::new(&features, &ranker, train, options.train_candidates, Some(dnn.scale.clone()), observer).await?;
    let mut objective = Listwise { ranker: &ranker, dnn, train: &train, validation: None, order: Vec::new() };
    time_step(&mut objective, start, device, observer).await
}

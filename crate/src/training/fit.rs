//! Training of the pair-scoring network.

use burn::tensor::{Device, Tensor, TensorData, activation::log_softmax};
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;

use super::{
    Checkpoint, Dnn, DnnOptions, FeatureScale, Features, History, Instance, Objective, Observer, Prior, Ranker,
    Schedule, Split, Start, Stopped, TOP, TrainingPoint, TrainingProgress,
    batch::{Batch, dropout},
    descend, ndcg,
    split::MIN_EVENTS,
    time_step,
};
use crate::{Error, Result, event::Log, nn::Parameters};

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

/// Listwise soft cross-entropy (ListNet, Cao et al. 2007) of the scores against the window's shares.
struct Listwise<'a> {
    log: &'a Log,
    features: &'a Features<'a>,
    ranker: &'a Ranker,
    dnn: Dnn,
    train: &'a [Instance],
    validation: &'a [Instance],
    order: Vec<u32>,
}

impl Objective for Listwise<'_> {
    fn steps(&self) -> usize {
        self.train.len().div_ceil(self.dnn.options.batch)
    }

    fn begin_epoch(&mut self, random: &mut Pcg64Mcg) {
        self.order.clear();
        self.order.extend(0..self.train.len() as u32);
        self.order.shuffle(random);
    }

    fn loss(
        &mut self,
        parameters: &Parameters,
        step: usize,
        random: &mut Pcg64Mcg,
        device: &Device,
    ) -> Result<Tensor<1>> {
        let Dnn { options, shape, scale, .. } = &self.dnn;
        let chunk = self.order.chunks(options.batch).nth(step).unwrap_or_default();
        let some: Vec<&Instance> = chunk.iter().map(|&index| &self.train[index as usize]).collect();
        let requests = some.iter().map(|instance| (instance.user, instance.window));
        let batch = Batch::new(self.features, Some(scale), self.ranker, requests, options.train_candidates);
        let mut inputs = batch.inputs(device);
        if options.dropout > 0.0 {
            let mut mask = || dropout(random, options.dropout, batch.len, options.hidden, device);
            inputs.dropout = Some([mask(), mask()]);
        }
        let targets = TensorData::new(batch.targets(self.features.history(), &some), [batch.len, batch.width]);
        let targets = Tensor::<2>::from_data(targets, device);
        Ok((log_softmax(shape.scores(parameters, inputs), 1) * targets).sum().div_scalar(-(batch.len as f32)))
    }

    async fn validate(&mut self, values: &[Vec<f32>], device: &Device, observer: &mut impl Observer) -> Result<f64> {
        self.dnn.parameters = values.to_vec();
        let history = self.features.history();
        let requests: Vec<(u32, usize)> = self.validation.iter().map(|one| (one.user, one.window)).collect();
        let mut sum = 0.0;
        self.dnn
            .each_shares((self.log, history), &requests, device, observer, |index, shares| {
                sum += ndcg(&self.ranker.top(shares, TOP), history.truth(&self.validation[index]));
            })
            .await?;
        Ok(sum / self.validation.len() as f64)
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
    let features = Features::new(log, history, prior, split.train.clone())?;
    let ranker = Ranker::new(&history.sum(split.train.clone()));
    let train = history.instances(split.train.clone(), options.min_events, options.min_events);
    let validation = history.instances(split.validation.clone(), MIN_EVENTS, MIN_EVENTS);
    if train.is_empty() || validation.is_empty() {
        let hint = format!("{} users and windows to learn from, {} to choose on", train.len(), validation.len());
        return Err(Error::NotEnough { what: "training", hint });
    }
    let shape = options.shape(Features::width(), history.domains());
    let scale = scale(&features, &ranker, &train, options, observer).await?;
    let dnn = Dnn {
        options: options.clone(),
        shape,
        scale,
        prior: prior.clone(),
        train_end: split.train.end,
        parameters: Vec::new(),
    };
    let settings = postcard::to_allocvec(&dnn).map_err(|error| Error::Checkpoint { hint: error.to_string() })?;
    let shapes = shape.parameters();
    let start = Start { shapes: &shapes, values: shape.init(seed), settings, resume };
    let schedule = Schedule {
        epochs: options.epochs,
        learning_rate: options.learning_rate,
        weight_decay: options.weight_decay,
        patience: options.patience,
        seed,
    };
    let mut objective = Listwise {
        log,
        features: &features,
        ranker: &ranker,
        dnn,
        train: &train,
        validation: &validation,
        order: Vec::new(),
    };
    let descended = descend(&mut objective, start, &schedule, device, observer).await?;
    let dnn = Dnn { parameters: descended.values, ..objective.dnn };
    Ok(Fitted { dnn, checkpoint: descended.checkpoint, curve: descended.curve, stopped: descended.stopped })
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
    let features = Features::new(log, history, &prior, split.train.clone())?;
    let ranker = Ranker::new(&history.sum(split.train.clone()));
    let train = history.instances(split.train.clone(), options.min_events, options.min_events);
    if train.is_empty() {
        return Err(Error::NotEnough { what: "training", hint: "no user and window to learn from".into() });
    }
    let shape = options.shape(Features::width(), history.domains());
    let shapes = shape.parameters();
    let dnn = Dnn {
        options: DnnOptions { dropout: 0.0, ..options.clone() },
        shape,
        scale: FeatureScale::identity(Features::width()),
        prior: prior.clone(),
        train_end: split.train.end,
        parameters: Vec::new(),
    };
    let start = Start { shapes: &shapes, values: shape.init(0), settings: Vec::new(), resume: None };
    let (features, ranker) = (&features, &ranker);
    let mut objective = Listwise { log, features, ranker, dnn, train: &train, validation: &[], order: Vec::new() };
    time_step(&mut objective, start, device, observer).await
}

/// Means and deviations of the raw features, over all train instances.
async fn scale(
    features: &Features<'_>,
    ranker: &Ranker,
    train: &[Instance],
    options: &DnnOptions,
    observer: &mut impl Observer,
) -> Result<FeatureScale> {
    let width = Features::width();
    let (mut sum, mut squares, mut count) = (vec![0.0; width], vec![0.0; width], 0.0);
    for (index, some) in train.chunks(options.batch).enumerate() {
        let requests = some.iter().map(|instance| (instance.user, instance.window));
        let batch = Batch::new(features, None, ranker, requests, options.train_candidates);
        for row in batch.features.chunks(width) {
            for ((value, sum), square) in row.iter().zip(&mut sum).zip(&mut squares) {
                *sum += f64::from(*value);
                *square += f64::from(*value) * f64::from(*value);
            }
            count += 1.0;
        }
        let done = index * options.batch;
        observer.progress(TrainingProgress { stage: "features", model: None, done, total: train.len(), point: None });
        observer.pause().await;
        if observer.cancelled() {
            return Err(Error::Cancelled);
        }
    }
    Ok(FeatureScale::from_sums(&sum, &squares, count))
}

//! The training loop.

use burn::tensor::{Device, Tensor, TensorData, activation::log_softmax};
use rand::{SeedableRng, seq::SliceRandom};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

use super::{
    Checkpoint, Dnn, DnnOptions, FeatureScale, Features, History, Instance, Observer, Prior, Ranker, Split, TOP,
    TrainingPoint, TrainingProgress, batch::Batch, batch::dropout, checkpoint::VERSION, ndcg, split::MIN_EVENTS,
};
use crate::{
    Error, Result,
    event::Log,
    nn::{AdamW, Moments, Network, read},
};

/// Steps between two readings of the loss.
const READ_EVERY: usize = 20;
/// Largest norm of all gradients together.
const CLIP: f64 = 1.0;

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Stopped {
    /// All epochs were done.
    Finished,
    /// Validation got no better any more.
    Early,
    /// The person ended it; the best network so far is kept.
    Cancelled,
}

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

/// A log with what is counted and split of it.
#[derive(Debug, Clone, Copy)]
struct Data<'a> {
    log: &'a Log,
    history: &'a History,
    split: &'a Split,
}

/// Trains a network: listwise soft cross-entropy (ListNet, Cao et al. 2007) of the scores against the window's shares, on
/// train instances only; after every epoch NDCG@10 on validation decides which network is kept. The same seed gives the
/// same numbers bit for bit on the CPU engine, also across a [`Run::resume`].
///
/// # Errors
/// [`Error::NotEnough`] without train or validation instances, [`Error::Cancelled`] where no epoch was finished,
/// [`Error::Device`], [`Error::Checkpoint`].
pub async fn fit(
    log: &Log,
    history: &History,
    split: &Split,
    prior: &Prior,
    Run { options, seed, resume }: Run<'_>,
    device: &Device,
    observer: &mut impl Observer,
) -> Result<Fitted> {
    let data = Data { log, history, split };
    let features = Features::new(log, history, prior, split.train.clone())?;
    let ranker = Ranker::new(&history.sum(split.train.clone()));
    let train = history.instances(split.train.clone(), options.min_events, options.min_events);
    let validation = history.instances(split.validation.clone(), MIN_EVENTS, MIN_EVENTS);
    if train.is_empty() || validation.is_empty() {
        let hint = format!("{} users and windows to learn from, {} to choose on", train.len(), validation.len());
        return Err(Error::NotEnough { what: "training", hint });
    }
    let mut state = match resume {
        Some(checkpoint) => {
            checkpoint.dnn.check(history)?;
            if checkpoint.dnn.options != *options || checkpoint.dnn.prior != *prior || checkpoint.seed != seed {
                return Err(Error::Checkpoint { hint: "it was made with other settings".into() });
            }
            checkpoint
        }
        None => {
            let scale = scale(&features, &ranker, &train, options, observer).await?;
            start(data, prior, options, seed, scale, device, observer).await?
        }
    };
    let mut network = Network::new(state.dnn.shape, &state.dnn.parameters, device)?;
    let mut optimiser = AdamW::new(state.dnn.shape, &state.moments, options.weight_decay, CLIP, device)?;
    let steps_per_epoch = train.len().div_ceil(options.batch);
    let total = options.epochs * steps_per_epoch;
    let tracking = device.clone().autodiff();
    let mut stopped = Stopped::Finished;
    let mut step = state.epoch * steps_per_epoch;
    'run: while state.epoch < options.epochs {
        if state.waited >= options.patience {
            stopped = Stopped::Early;
            break;
        }
        let mut random = Pcg64Mcg::seed_from_u64(seed ^ (state.epoch as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut order: Vec<&Instance> = train.iter().collect();
        order.shuffle(&mut random);
        let mut points = Vec::new();
        let mut losses: Option<(Tensor<1>, usize)> = None;
        for (index, some) in order.chunks(options.batch).enumerate() {
            let requests = some.iter().map(|instance| (instance.user, instance.window));
            let batch = Batch::new(&features, Some(&state.dnn.scale), &ranker, requests, options.train_candidates);
            let mut inputs = batch.inputs(&tracking);
            if options.dropout > 0.0 {
                let mut mask = || dropout(&mut random, options.dropout, batch.len, options.hidden, &tracking);
                inputs.dropout = Some([mask(), mask()]);
            }
            let targets = TensorData::new(batch.targets(history, some), [batch.len, batch.width]);
            let targets = Tensor::<2>::from_data(targets, &tracking);
            let tracked = network.tracked();
            let loss = (log_softmax(tracked.scores(inputs), 1) * targets).sum().div_scalar(-(batch.len as f32));
            let gradients = loss.backward();
            optimiser.step(&mut network, &tracked, &gradients, cosine(options.learning_rate, step, total));
            step += 1;
            let loss = loss.inner();
            let (sum, count) = match losses.take() {
                Some((sum, count)) => (sum + loss, count + 1),
                None => (loss, 1),
            };
            if count == READ_EVERY || index + 1 == steps_per_epoch {
                let mean = f64::from(read(sum).await?.first().copied().unwrap_or(f32::NAN)) / count as f64;
                if !mean.is_finite() {
                    return Err(Error::Device { hint: "the loss is no longer a number".into() });
                }
                let point = TrainingPoint { epoch: state.epoch, step, loss: mean, validation_ndcg10: None };
                points.push(point);
                observer.progress(TrainingProgress { stage: "train", done: step, total, point: Some(point) });
            } else {
                losses = Some((sum, count));
            }
            observer.pause().await;
            if observer.cancelled() {
                stopped = Stopped::Cancelled;
                break 'run;
            }
        }
        let mut dnn = Dnn { parameters: network.values().await?, ..state.dnn.clone() };
        let score = match validate(&dnn, data, &validation, &ranker, device, observer).await {
            Ok(score) => score,
            Err(Error::Cancelled) => {
                stopped = Stopped::Cancelled;
                break 'run;
            }
            Err(error) => return Err(error),
        };
        if let Some(point) = points.last_mut() {
            point.validation_ndcg10 = Some(score);
            observer.progress(TrainingProgress { stage: "train", done: step, total, point: Some(*point) });
        }
        state.curve.append(&mut points);
        std::mem::swap(&mut state.dnn, &mut dnn);
        state.moments = optimiser.moments().await?;
        state.epoch += 1;
        if score > state.best_ndcg {
            (state.best_ndcg, state.waited) = (score, 0);
            state.best.clone_from(&state.dnn.parameters);
        } else {
            state.waited += 1;
        }
        observer.checkpoint(&state);
    }
    if state.epoch == 0 {
        return Err(Error::Cancelled);
    }
    let dnn = Dnn { parameters: state.best.clone(), ..state.dnn.clone() };
    Ok(Fitted { dnn, curve: state.curve.clone(), checkpoint: state, stopped })
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
    const TIMED: usize = 3;
    let prior = Prior::new(history, split.train.clone(), 4.0, 10.0)?;
    let features = Features::new(log, history, &prior, split.train.clone())?;
    let ranker = Ranker::new(&history.sum(split.train.clone()));
    let train = history.instances(split.train.clone(), options.min_events, options.min_events);
    let some: Vec<&Instance> = train.iter().take(options.batch).collect();
    if some.is_empty() {
        return Err(Error::NotEnough { what: "training", hint: "no user and window to learn from".into() });
    }
    let shape = options.shape(Features::width(), history.domains());
    let mut network = Network::new(shape, &shape.init(0), device)?;
    let mut optimiser = AdamW::new(shape, &Moments::zero(shape), options.weight_decay, CLIP, device)?;
    let tracking = device.clone().autodiff();
    let mut begin = 0.0;
    for step in 0..=TIMED {
        let requests = some.iter().map(|instance| (instance.user, instance.window));
        let batch = Batch::new(&features, None, &ranker, requests, options.train_candidates);
        let targets = TensorData::new(batch.targets(history, &some), [batch.len, batch.width]);
        let targets = Tensor::<2>::from_data(targets, &tracking);
        let tracked = network.tracked();
        let loss = (log_softmax(tracked.scores(batch.inputs(&tracking)), 1) * targets).sum().neg();
        optimiser.step(&mut network, &tracked, &loss.backward(), 1e-4);
        read(loss.inner()).await?;
        network.values().await?;
        observer.pause().await;
        if observer.cancelled() {
            return Err(Error::Cancelled);
        }
        if step == 0 {
            begin = observer.seconds();
        }
    }
    Ok((observer.seconds() - begin) * 1000.0 / TIMED as f64)
}

/// The state before the first epoch: the network as initialised counts as the first best.
async fn start(
    data: Data<'_>,
    prior: &Prior,
    options: &DnnOptions,
    seed: u64,
    scale: FeatureScale,
    device: &Device,
    observer: &mut impl Observer,
) -> Result<Checkpoint> {
    let shape = options.shape(Features::width(), data.history.domains());
    let parameters = shape.init(seed);
    let dnn = Dnn {
        options: options.clone(),
        shape,
        scale,
        prior: prior.clone(),
        train_end: data.split.train.end,
        parameters: parameters.clone(),
    };
    // What a wasm engine needs to find out early: whether the network fits the device at all.
    Network::new(shape, &parameters, device)?.values().await?;
    observer.pause().await;
    Ok(Checkpoint {
        version: VERSION,
        seed,
        epoch: 0,
        moments: Moments::zero(shape),
        best: dnn.parameters.clone(),
        dnn,
        best_ndcg: -1.0,
        waited: 0,
        curve: Vec::new(),
    })
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
        observer.progress(TrainingProgress { stage: "features", done, total: train.len(), point: None });
        observer.pause().await;
        if observer.cancelled() {
            return Err(Error::Cancelled);
        }
    }
    Ok(FeatureScale::from_sums(&sum, &squares, count))
}

async fn validate(
    dnn: &Dnn,
    data: Data<'_>,
    validation: &[Instance],
    ranker: &Ranker,
    device: &Device,
    observer: &mut impl Observer,
) -> Result<f64> {
    let requests: Vec<(u32, usize)> = validation.iter().map(|instance| (instance.user, instance.window)).collect();
    let mut sum = 0.0;
    let (log, history) = (data.log, data.history);
    dnn.each_shares((log, history), &requests, device, observer, |index, shares| {
        sum += ndcg(&ranker.top(shares, TOP), history.truth(&validation[index]));
    })
    .await?;
    Ok(sum / validation.len() as f64)
}

/// Learning rate of a step, from `first` to 0 along half a cosine (Loshchilov & Hutter 2017).
fn cosine(first: f64, step: usize, total: usize) -> f64 {
    let progress = step as f64 / total.max(1) as f64;
    0.5 * first * (1.0 + libm::cos(std::f64::consts::PI * progress))
}

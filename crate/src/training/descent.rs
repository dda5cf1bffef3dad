//! The one training loop: AdamW down an objective, epoch by epoch, with early stopping, checkpoints and cancel.

use std::future::Future;

use burn::tensor::{Device, Tensor};
use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

use super::{Checkpoint, Observer, TrainingPoint, TrainingProgress};
use crate::{
    Error, Result,
    nn::{AdamW, Moments, Parameters, read},
};

/// Steps between two readings of the loss.
const READ_EVERY: usize = 20;
/// Largest norm of all gradients together.
const CLIP: f64 = 1.0;

/// What is minimised, and what decides which epoch is kept.
pub trait Objective {
    /// Steps in an epoch, at least 1.
    fn steps(&self) -> usize;

    /// Called before each epoch: the place to shuffle.
    fn begin_epoch(&mut self, random: &mut Pcg64Mcg);

    /// The mean loss of step `step` of the epoch, a tensor of one number, as a function of `parameters`, which track
    /// their gradients; inputs go on `device`, which does too.
    ///
    /// # Errors
    /// Whatever keeps the loss from being computed.
    fn loss(
        &mut self,
        parameters: &Parameters,
        step: usize,
        random: &mut Pcg64Mcg,
        device: &Device,
    ) -> Result<Tensor<1>>;

    /// How good the parameters are on validation, larger is better (NDCG@10).
    ///
    /// # Errors
    /// [`Error::Cancelled`], [`Error::Device`].
    fn validate(
        &mut self,
        values: &[Vec<f32>],
        device: &Device,
        observer: &mut impl Observer,
    ) -> impl Future<Output = Result<f64>>;
}

/// How long and how fast to go down.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Schedule {
    /// Epochs, at most.
    pub epochs: usize,
    /// Learning rate at the start; it falls to 0 along half a cosine.
    pub learning_rate: f64,
    /// AdamW's weight decay.
    pub weight_decay: f64,
    /// Epochs without a better validation after which training ends.
    pub patience: usize,
    /// Decides everything that is random.
    pub seed: u64,
}

/// Where to start, and what a checkpoint must have been made with to go on from.
#[derive(Debug)]
pub struct Start<'a> {
    /// (rows, columns) of each parameter.
    pub shapes: &'a [[usize; 2]],
    /// First values.
    pub values: Vec<Vec<f32>>,
    /// Everything that the run depends on besides log and seed, as bytes (postcard of model name, options, scale, …).
    pub settings: Vec<u8>,
    /// Where a run of the same log, settings and seed stood.
    pub resume: Option<Checkpoint>,
}

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
pub struct Descended {
    /// Parameters with the best validation.
    pub values: Vec<Vec<f32>>,
    /// Their NDCG@10 on validation.
    pub validation_ndcg10: f64,
    /// The run as it stood after its last epoch.
    pub checkpoint: Checkpoint,
    /// The learning curve.
    pub curve: Vec<TrainingPoint>,
    /// How it ended.
    pub stopped: Stopped,
}

impl Descended {
    /// The epoch with the best validation, counted from 1.
    pub fn best_epoch(&self) -> usize {
        let best = self.curve.iter().find(|point| point.validation_ndcg10 == Some(self.validation_ndcg10));
        best.map_or(1, |point| point.epoch + 1)
    }
}

/// Minimises an objective. After every epoch validation decides which parameters are kept. The same seed gives the same
/// numbers bit for bit on the CPU engine, also across a resume.
///
/// # Errors
/// [`Error::Cancelled`] where no epoch was finished, [`Error::Device`] where the device is lost or the loss is no number,
/// [`Error::Checkpoint`] for a checkpoint of another run, and what the objective gives.
pub async fn descend(
    objective: &mut impl Objective,
    start: Start<'_>,
    schedule: &Schedule,
    device: &Device,
    observer: &mut impl Observer,
) -> Result<Descended> {
    let Start { shapes, values, settings, resume } = start;
    let mut state = match resume {
        Some(checkpoint) if checkpoint.settings == settings && checkpoint.seed == schedule.seed => checkpoint,
        Some(_) => return Err(Error::Checkpoint { hint: "it was made with other settings or another log".into() }),
        None => Checkpoint::start(schedule.seed, settings, values, Moments::zero(shapes)),
    };
    let mut parameters = Parameters::new(shapes, &state.parameters, device)?;
    // What a wasm engine needs to find out early: whether the network fits the device at all.
    parameters.values().await?;
    observer.pause().await;
    let mut optimiser = AdamW::new(shapes, &state.moments, schedule.weight_decay, CLIP, device)?;
    let steps = objective.steps().max(1);
    let total = schedule.epochs * steps;
    let tracking = device.clone().autodiff();
    let mut stopped = Stopped::Finished;
    let mut taken = state.epoch * steps;
    'run: while state.epoch < schedule.epochs {
        if state.waited >= schedule.patience {
            stopped = Stopped::Early;
            break;
        }
        let seed = schedule.seed ^ (state.epoch as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut random = Pcg64Mcg::seed_from_u64(seed);
        objective.begin_epoch(&mut random);
        let mut points = Vec::new();
        let mut losses: Option<(Tensor<1>, usize)> = None;
        for step in 0..steps {
            let tracked = parameters.tracked();
            let loss = objective.loss(&tracked, step, &mut random, &tracking)?;
            let gradients = loss.backward();
            optimiser.step(&mut parameters, &tracked, &gradients, cosine(schedule.learning_rate, taken, total));
            taken += 1;
            let loss = loss.inner();
            let (sum, count) = match losses.take() {
                Some((sum, count)) => (sum + loss, count + 1),
                None => (loss, 1),
            };
            if count == READ_EVERY || step + 1 == steps {
                let mean = f64::from(read(sum).await?.first().copied().unwrap_or(f32::NAN)) / count as f64;
                if !mean.is_finite() {
                    return Err(Error::Device { hint: "the loss is no longer a number".into() });
                }
                let point = TrainingPoint { epoch: state.epoch, step: taken, loss: mean, validation_ndcg10: None };
                points.push(point);
                observer.progress(TrainingProgress {
                    stage: "train",
                    model: None,
                    done: taken,
                    total,
                    point: Some(point),
                });
            } else {
                losses = Some((sum, count));
            }
            observer.pause().await;
            if observer.cancelled() {
                stopped = Stopped::Cancelled;
                break 'run;
            }
        }
        let values = parameters.values().await?;
        let score = match objective.validate(&values, device, observer).await {
            Ok(score) => score,
            Err(Error::Cancelled) => {
                stopped = Stopped::Cancelled;
                break 'run;
            }
            Err(error) => return Err(error),
        };
        if let Some(point) = points.last_mut() {
            point.validation_ndcg10 = Some(score);
            observer.progress(TrainingProgress {
                stage: "train",
                model: None,
                done: taken,
                total,
                point: Some(*point),
            });
        }
        state.curve.append(&mut points);
        state.parameters = values;
        state.moments = optimiser.moments().await?;
        state.epoch += 1;
        if score > state.best_ndcg {
            (state.best_ndcg, state.waited) = (score, 0);
            state.best.clone_from(&state.parameters);
        } else {
            state.waited += 1;
        }
        observer.checkpoint(state.to_bytes()?);
    }
    if state.epoch == 0 {
        return Err(Error::Cancelled);
    }
    Ok(Descended {
        values: state.best.clone(),
        validation_ndcg10: state.best_ndcg,
        curve: state.curve.clone(),
        checkpoint: state,
        stopped,
    })
}

/// Milliseconds of one step, loss and parameters read back: the mean of a few after one to warm up.
///
/// # Errors
/// As [`descend`].
pub async fn time_step(
    objective: &mut impl Objective,
    start: Start<'_>,
    device: &Device,
    observer: &mut impl Observer,
) -> Result<f64> {
    const TIMED: usize = 3;
    let mut parameters = Parameters::new(start.shapes, &start.values, device)?;
    let mut optimiser = AdamW::new(start.shapes, &Moments::zero(start.shapes), 1e-3, CLIP, device)?;
    let tracking = device.clone().autodiff();
    let mut random = Pcg64Mcg::seed_from_u64(0);
    objective.begin_epoch(&mut random);
    let steps = objective.steps().max(1);
    let mut begin = 0.0;
    for step in 0..=TIMED {
        let tracked = parameters.tracked();
        let loss = objective.loss(&tracked, step % steps, &mut random, &tracking)?;
        optimiser.step(&mut parameters, &tracked, &loss.backward(), 1e-4);
        read(loss.inner()).await?;
        parameters.values().await?;
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

/// Learning rate of a step, from `first` to 0 along half a cosine (Loshchilov & Hutter 2017).
fn cosine(first: f64, step: usize, total: usize) -> f64 {
    let progress = step as f64 / total.max(1) as f64;
    0.5 * first * (1.0 + libm::cos(std::f64::consts::PI * progress))
}

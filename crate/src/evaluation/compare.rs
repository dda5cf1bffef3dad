//! Models side by side on one split.

use super::{Metrics, Model, ModelName, Outcome, metrics};
use crate::{
    Error, Result,
    event::Log,
    nn::Device,
    training::{Checkpoint, Fitted, History, Instance, Observer, Ranker, Run, Split, Stopped, TOP, TrainingPoint, fit},
};

/// A model with its scores.
#[derive(Debug)]
pub struct Scored {
    /// The model.
    pub model: Model,
    /// On validation.
    pub validation: Metrics,
    /// On test.
    pub test: Metrics,
    /// Each test instance, by user, then window.
    pub outcomes: Vec<Outcome>,
    /// Seconds to fit and score it.
    pub seconds: f64,
}

/// All models, and how the network's training went.
#[derive(Debug)]
pub struct Compared {
    /// In the order asked for.
    pub scored: Vec<Scored>,
    /// The learning curve.
    pub curve: Vec<TrainingPoint>,
    /// How training ended.
    pub stopped: Stopped,
    /// To go on with the training.
    pub checkpoint: Option<Checkpoint>,
}

/// Fits `names` on the split and scores them on validation and test. Choices are made on validation only.
///
/// # Errors
/// [`Error::NotEnough`] where a part of the split is empty; [`Error::Cancelled`], [`Error::Device`].
pub async fn compare(
    (log, history): (&Log, &History),
    split: &Split,
    names: &[ModelName],
    run: Run<'_>,
    device: &Device,
    observer: &mut impl Observer,
) -> Result<Compared> {
    let ranker = Ranker::new(&history.sum(split.train.clone()));
    let part = |windows: &std::ops::Range<usize>| history.instances(windows.clone(), 5, 5);
    let (validation, test) = (part(&split.validation), part(&split.test));
    if validation.is_empty() || test.is_empty() {
        let hint = format!("{} users and windows to choose on, {} to score", validation.len(), test.len());
        return Err(Error::NotEnough { what: "an evaluation", hint });
    }
    let train = split.train.clone();
    let mut out = Compared { scored: Vec::new(), curve: Vec::new(), stopped: Stopped::Finished, checkpoint: None };
    for &name in names {
        let begin = observer.seconds();
        let model = match name {
            ModelName::Persistent => Model::persistent(history, train.clone())?,
            ModelName::MovingAverage => Model::moving_average(history, train.clone(), &validation, &ranker)?,
            ModelName::DecayPrior => {
                Model::DecayPrior(Model::decay_prior(history, train.clone(), &validation, &ranker)?)
            }
            ModelName::Dnn => {
                let prior = Model::decay_prior(history, train.clone(), &validation, &ranker)?;
                let Fitted { dnn, checkpoint, curve, stopped } =
                    fit(log, history, split, &prior, run.clone(), device, observer).await?;
                (out.curve, out.stopped, out.checkpoint) = (curve, stopped, Some(checkpoint));
                Model::Dnn(dnn)
            }
            other => {
                let hint = format!("{} does not forecast interests", other.name());
                return Err(Error::Parameter { name: "model", hint });
            }
        };
        // A cancelled training has kept its best network: that one is scored to the end.
        let mut calm = Uncancelled(&mut *observer, name == ModelName::Dnn && out.stopped == Stopped::Cancelled);
        let chosen = score((log, history), &model, &ranker, &validation, device, &mut calm).await?;
        let outcomes = score((log, history), &model, &ranker, &test, device, &mut calm).await?;
        out.scored.push(Scored {
            model,
            validation: metrics(&chosen),
            test: metrics(&outcomes),
            outcomes,
            seconds: observer.seconds() - begin,
        });
    }
    Ok(out)
}

/// Ranks the domains for each instance.
///
/// # Errors
/// As [`Model::each_shares`].
pub async fn score(
    (log, history): (&Log, &History),
    model: &Model,
    ranker: &Ranker,
    instances: &[Instance],
    device: &Device,
    observer: &mut impl Observer,
) -> Result<Vec<Outcome>> {
    let requests: Vec<(u32, usize)> = instances.iter().map(|instance| (instance.user, instance.window)).collect();
    let mut outcomes = Vec::with_capacity(instances.len());
    model
        .each_shares((log, history), &requests, device, observer, |index, shares| {
            outcomes.push(Outcome::new(history, &instances[index], ranker.top(shares, TOP)));
        })
        .await?;
    Ok(outcomes)
}

/// Passes everything on but a cancellation that was obeyed already.
struct Uncancelled<'a, O>(&'a mut O, bool);

impl<O: Observer> Observer for Uncancelled<'_, O> {
    fn progress(&mut self, progress: crate::training::TrainingProgress) {
        self.0.progress(progress);
    }

    fn checkpoint(&mut self, checkpoint: &Checkpoint) {
        self.0.checkpoint(checkpoint);
    }

    fn cancelled(&mut self) -> bool {
        !self.1 && self.0.cancelled()
    }

    fn seconds(&mut self) -> f64 {
        self.0.seconds()
    }

    async fn pause(&mut self) {
        self.0.pause().await;
    }
}

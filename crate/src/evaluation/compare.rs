//! Models side by side on one split.

use super::{
    Aim, Metrics, Model, ModelName, Outcome, RunState,
    fitting::{FittedModel, Fitting},
    metrics,
    run_state::{Done, OfModel},
};
use crate::{
    Error, Result,
    event::Log,
    nn::Device,
    training::{History, Init, Instance, Observer, Ranker, Split, Stopped, TrainingPoint, TrainingProgress},
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
    /// Each validation instance, by user, then window.
    pub chosen: Vec<Outcome>,
    /// Each test instance, by user, then window.
    pub outcomes: Vec<Outcome>,
    /// Seconds to fit and score it.
    pub seconds: f64,
    /// The learning curve; empty for a model that does not learn by gradient.
    pub curve: Vec<TrainingPoint>,
    /// How its training ended.
    pub stopped: Stopped,
}

/// All models, and how the run ended.
#[derive(Debug)]
pub struct Compared {
    /// In the order asked for; a run that was cancelled leaves out what it did not come to.
    pub scored: Vec<Scored>,
    /// `Cancelled` where the person ended it; `Early` where validation ended some training.
    pub stopped: Stopped,
}

/// What a comparison depends on besides the data.
#[derive(Debug, Clone, Default)]
pub struct CompareOptions {
    /// Decides everything that is random.
    pub seed: u64,
    /// Passes over the train instances, instead of what fits the size of the log.
    pub epochs: Option<usize>,
    /// What the pair network starts from.
    pub init: Init,
    /// Whether the graph of `gnn` and `dnn+gnn` holds the log's social edges (PROTOCOL.md, rule 5: report it apart).
    pub social: bool,
    /// Whether `dnn+gnn` starts anew instead of from the graph convolution that was trained alone.
    pub no_carry_over: bool,
    /// What the first place of the networks and their blend is to be good for.
    pub aim: Aim,
    /// Where a run of the same log, models, seed and epochs stood, to go on from there.
    pub resume: Option<RunState>,
}

/// Fits `names` on the split and scores them on validation and test. Choices are made on validation only. A cancel keeps
/// what is fitted, the best network of the training under way among it.
///
/// # Errors
/// [`Error::NotEnough`] where a part of the split is empty; [`Error::Cancelled`] where nothing was learned yet;
/// [`Error::Parameter`] for a model that does not forecast interests; [`Error::Device`], [`Error::Checkpoint`].
pub async fn compare(
    (log, history): (&Log, &History),
    split: &Split,
    names: &[ModelName],
    CompareOptions { seed, epochs, init, social, no_carry_over, aim, resume }: CompareOptions,
    device: &Device,
    observer: &mut impl Observer,
) -> Result<Compared> {
    let ranker = &Ranker::new(&history.sum(split.train.clone()));
    let (validation, test) = (history.scored(&split.validation), history.scored(&split.test));
    if validation.is_empty() || test.is_empty() {
        let hint = format!("{} users and windows to choose on, {} to score", validation.len(), test.len());
        return Err(Error::NotEnough { what: "an evaluation", hint });
    }
    let fitting = Fitting {
        log,
        history,
        split,
        validation: &validation,
        ranker,
        seed,
        epochs,
        init,
        crowd: false,
        social,
        no_carry_over,
        device,
    };
    let mut before = resume.unwrap_or_default();
    let mut state = RunState::default();
    let mut out = Compared { scored: Vec::new(), stopped: Stopped::Finished };
    for &name in names {
        let cancelled = out.stopped == Stopped::Cancelled;
        if cancelled && !name.is_baseline() {
            continue;
        }
        let begin = observer.seconds();
        let (FittedModel { model, curve, stopped }, earlier) = match before.take_done(name) {
            Some(done) => done,
            None => {
                let resume = before.take_current(name);
                let learned = out.scored.iter().any(|one| !one.model.name().is_baseline());
                let mut watched = OfModel { observer: Calm(&mut *observer, cancelled), name, state: &mut state };
                match fitting.fit(name, resume, &mut watched).await {
                    Ok(fitted) => (fitted, 0.0),
                    Err(Error::Cancelled) if learned => {
                        out.stopped = Stopped::Cancelled;
                        continue;
                    }
                    Err(error) => return Err(error),
                }
            }
        };
        if stopped == Stopped::Cancelled || (stopped == Stopped::Early && out.stopped == Stopped::Finished) {
            out.stopped = stopped;
        }
        // A cancelled training has kept its best network: that one is scored to the end.
        let mut calm = Calm(&mut *observer, out.stopped == Stopped::Cancelled);
        let mut model = model;
        let mut chosen = score((log, history), &model, ranker, &validation, device, &mut calm).await?;
        // A model of a resumed run may have its rule already.
        if model.has_first()
            && model.first().is_none()
            && let Some(rule) = aim.choose(history, split.train.clone(), &validation, &chosen)
        {
            for (one, instance) in chosen.iter_mut().zip(&validation) {
                *one = one.decided(history, instance, &rule);
            }
            model = model.with_first(Some(rule));
        }
        let outcomes = score((log, history), &model, ranker, &test, device, &mut calm).await?;
        let seconds = earlier + observer.seconds() - begin;
        state.current = None;
        state.done.push(Done { model: model.clone(), curve: curve.clone(), stopped, seconds });
        out.scored.push(Scored {
            model,
            validation: metrics(&chosen),
            test: metrics(&outcomes),
            chosen,
            outcomes,
            seconds,
            curve,
            stopped,
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
            outcomes.push(Outcome::new(history, &instances[index], ranker, shares));
        })
        .await?;
    Ok(outcomes)
}

/// Passes everything on but, where the flag is set, a cancellation that was obeyed already.
struct Calm<'a, O>(&'a mut O, bool);

impl<O: Observer> Observer for Calm<'_, O> {
    fn progress(&mut self, progress: TrainingProgress) {
        self.0.progress(progress);
    }

    fn checkpoint(&mut self, bytes: Vec<u8>) {
        self.0.checkpoint(bytes);
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

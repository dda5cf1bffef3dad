//! The update itself.

use std::ops::Range;

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

use super::{
    super::{History, Instance, Observer, Schedule, Stopped, TrainingProgress, split::MIN_EVENTS},
    CrowdDrift, Learned, Learner, Pace, crowd_drift,
    replay::{replay, sample},
};
use crate::{Error, Result, event::Log, nn::Device};

/// How an update learns.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct UpdateOptions {
    /// Passes over the new and the replayed instances, at most.
    pub passes: usize,
    /// Cost as a share of that of a whole training, estimated from the numbers of instances and passes.
    pub budget: f64,
    /// Older instances for each new one.
    pub replay: f64,
    /// Windows that they are drawn from, as a share of all older ones (at least one), and after how many windows back
    /// their odds halve. Few windows, since what everyone did before a window has to be computed for each.
    pub replay_windows: f64,
    /// See `replay_windows`.
    pub replay_half_life: f64,
    /// Learning rate without drift, as a share of that of a whole training.
    pub rate: f64,
    /// Share of the newest window's users that are held out to decide whether the update is kept.
    pub held_out: f64,
    /// Decides everything that is random.
    pub seed: u64,
}

impl Default for UpdateOptions {
    fn default() -> Self {
        UpdateOptions {
            passes: 4,
            budget: 0.06,
            replay: 1.0,
            replay_windows: 0.1,
            replay_half_life: 4.0,
            rate: 0.2,
            held_out: 0.2,
            seed: 1,
        }
    }
}

impl UpdateOptions {
    fn check(&self) -> Result<()> {
        let positive =
            [self.budget, self.replay_half_life, self.replay_windows, self.rate].iter().all(|&value| value > 0.0);
        let fine = self.passes > 0 && positive && self.replay >= 0.0 && (0.0..1.0).contains(&self.held_out);
        if fine {
            return Ok(());
        }
        let hint = "passes, budget, half-life and rate lie above 0, replay is not negative, held out is below 1".into();
        Err(Error::Parameter { name: "update", hint })
    }
}

/// What an update of one model did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WindowsUpdate {
    /// First new window and the one after the last: equal where none is.
    pub windows: [usize; 2],
    /// New instances learned from, and older ones beside them.
    pub instances: usize,
    /// See `instances`.
    pub replayed: usize,
    /// Whether the crowd's interest drifts; `None` where no window is new.
    pub drift: Option<CrowdDrift>,
    /// Learning rate of the first step; 0 where none was taken.
    pub learning_rate: f64,
    /// Gradient steps taken.
    pub steps: usize,
    /// Held-out users of the newest window.
    pub held_out: usize,
    /// NDCG@10 on them before and after; `None` where there are none. They decide whether the steps are kept, so the
    /// second is a little flattered.
    pub before: Option<f64>,
    /// See `before`.
    pub after: Option<f64>,
    /// Whether the steps were kept.
    pub kept: bool,
    /// Seconds for all of it.
    pub seconds: f64,
}

/// An updated model with its report.
#[derive(Debug, Clone)]
pub struct Updated<M> {
    /// The model, which counts and has learned from all windows up to the newest complete one.
    pub model: M,
    /// What was done.
    pub report: WindowsUpdate,
}

/// Takes the windows `new`, complete and ending with the newest, into a model. Where they hold nothing to learn from, the
/// model is only carried along. A cancel leaves nothing changed.
///
/// # Errors
/// [`Error::Parameter`] for options out of range; [`Error::Checkpoint`] for a model of another log;
/// [`Error::Cancelled`], [`Error::Device`].
pub async fn update<M: Learner>(
    model: &M,
    (log, history): (&Log, &History),
    new: Range<usize>,
    options: &UpdateOptions,
    device: &Device,
    observer: &mut impl Observer,
) -> Result<Updated<M>> {
    options.check()?;
    let begin = observer.seconds();
    let carried = model.carried(history, new.end, new.end)?;
    let mut report = WindowsUpdate {
        windows: [new.start, new.end],
        instances: 0,
        replayed: 0,
        drift: (!new.is_empty()).then(|| crowd_drift(history, new.clone())),
        learning_rate: 0.0,
        steps: 0,
        held_out: 0,
        before: None,
        after: None,
        kept: false,
        seconds: 0.0,
    };
    let pace = carried.pace();
    let mut random = Pcg64Mcg::seed_from_u64(options.seed ^ (new.end as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    let Lesson { train, held, passes } = lesson(history, &new, options, pace, &mut random, &mut report);
    if report.instances == 0 {
        report.seconds = observer.seconds() - begin;
        return Ok(Updated { model: carried, report });
    }
    let factor = report.drift.map_or(1.0, |drift| drift.factor());
    let schedule = Schedule {
        epochs: passes,
        learning_rate: pace.learning_rate * options.rate * factor,
        weight_decay: pace.weight_decay,
        patience: usize::MAX,
        seed: random.next_u64(),
    };
    report.learning_rate = schedule.learning_rate;
    report.held_out = held.len();
    let mut watched = Unsaved(observer);
    let Learned { before, descended: learned } =
        carried.learn((log, history), train, held, &schedule, device, &mut watched).await?;
    report.before = before;
    if learned.stopped == Stopped::Cancelled {
        return Err(Error::Cancelled);
    }
    report.steps = learned.curve.last().map_or(0, |point| point.step);
    // Without anyone to decide, the last pass is kept.
    let (values, after) = match report.before {
        Some(_) => (learned.values, Some(learned.validation_ndcg10)),
        None => (learned.checkpoint.parameters, None),
    };
    report.after = after;
    report.kept = after >= report.before;
    let model = if report.kept { carried.with_values(values, new.end) } else { carried };
    report.seconds = observer.seconds() - begin;
    Ok(Updated { model, report })
}

/// What checking a forecast costs, in units of one instance's share of a gradient step.
const CHECK: f64 = 0.5;
/// Held-out users, at most: more would decide little better and cost more.
const MOST_HELD: usize = 150;

/// What computing an instance's features costs in the same units: so much for each candidate, and the walk through the
/// user's past (fitted to times measured on the protocol's logs).
fn features_cost(history: &History, pace: Pace) -> f64 {
    let events: f64 = history.cells().iter().map(|cell| f64::from(cell.events)).sum();
    1.5 + 0.4 * events / history.users().max(1) as f64 / pace.candidates.max(1) as f64
}

/// What one update learns from.
struct Lesson {
    train: Vec<Instance>,
    held: Vec<Instance>,
    passes: usize,
}

fn lesson(
    history: &History,
    new: &Range<usize>,
    options: &UpdateOptions,
    pace: Pace,
    random: &mut Pcg64Mcg,
    report: &mut WindowsUpdate,
) -> Lesson {
    let newest = new.end.saturating_sub(1);
    let mut held = history.instances(newest..new.end, MIN_EVENTS, MIN_EVENTS);
    let count = ((held.len() as f64 * options.held_out) as usize).min(MOST_HELD);
    sample(&mut held, count, random);
    if count == 0 {
        held.clear();
    }
    held.sort_unstable_by_key(|instance| instance.user);
    let is_held = |instance: &Instance| held.binary_search_by_key(&instance.user, |one| one.user).is_ok();
    let all = history.instances(0..new.end, pace.min_events, pace.min_events);
    let features = features_cost(history, pace);
    let allowed = options.budget * all.len() as f64 * (features + pace.epochs as f64);
    let (mut fresh, older): (Vec<_>, Vec<_>) = all.into_iter().partition(|instance| new.contains(&instance.window));
    fresh.retain(|instance| instance.window != newest || !is_held(instance));
    // As many passes as the budget allows; where it does not allow one, fewer instances.
    let whole = fresh.len() as f64 * (1.0 + options.replay);
    let checks = held.len() as f64;
    let fits = ((allowed - features * (whole + checks)) / (whole + CHECK * checks)) as usize;
    let passes = fits.clamp(1, options.passes);
    let share = (allowed - (features + CHECK) * checks) / (whole * (features + 1.0));
    let keep = (fresh.len() as f64 * share.clamp(0.0, 1.0)).ceil() as usize;
    sample(&mut fresh, keep, random);
    let count = (fresh.len() as f64 * options.replay) as usize;
    let windows = (new.start as f64 * options.replay_windows).ceil().max(1.0) as usize;
    let old = replay(older, count, windows, options.replay_half_life, random);
    (report.instances, report.replayed) = (fresh.len(), old.len());
    fresh.extend(old);
    Lesson { train: fresh, held, passes }
}

/// Passes everything on but checkpoints: an update is too short to be resumed.
struct Unsaved<'a, O>(&'a mut O);

impl<O: Observer> Observer for Unsaved<'_, O> {
    fn progress(&mut self, progress: TrainingProgress) {
        self.0.progress(progress);
    }

    fn cancelled(&mut self) -> bool {
        self.0.cancelled()
    }

    fn seconds(&mut self) -> f64 {
        self.0.seconds()
    }

    async fn pause(&mut self) {
        self.0.pause().await;
    }
}

//! The update itself.

use driftscope_kernels::Order;
use std::ops::Range;

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

use super::{
    super::{History, Instance, Observer, Schedule, TrainingProgress, split::MIN_EVENTS},
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
    /// Share of the newest window's users that are held out to find out whether the update does damage.
    pub held_out: f64,
    /// Decides everything that is random.
    pub seed: u64,
}

impl Default for UpdateOptions {
    fn default() -> Self {
        UpdateOptions {
            passes: 8,
            budget: 0.09,
            replay: 1.0,
            replay_windows: 0.1,
            replay_half_life: 4.0,
            rate: 0.5,
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
    /// NDCG@10 on them before and after; `None` where there are none.
    pub before: Option<f64>,
    /// See `before`.
    pub after: Option<f64>,
    /// Whether the steps were kept: whether they did no damage to the forecasts of those held out.
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
    let learned = carried.learn((log, history), train, held, &schedule, device, &mut watched).await?;
    let Learned { values, before, after, steps } = learned;
    (report.before, report.after, report.steps) = (before, after, steps);
    report.kept = after.zip(before).is_none_or(|(after, before)| after > before - DAMAGE);
    let model = if report.kept { carried.with_values(values, new.end) } else { carried };
    report.seconds = observer.seconds() - begin;
    Ok(Updated { model, report })
}

/// Loss of NDCG@10 on those held out from which on an update counts as damage. Some hundred users move it by a few
/// thousandths by chance alone: dropping whatever is below 0 dropped half of all updates (7 of 14 on three real logs).
const DAMAGE: f64 = 0.01;
/// Held-out users, at most: enough to notice damage.
const MOST_HELD: usize = 60;

/// What things cost, in units of one network's gradient of one (instance, domain) pair; fitted to processor times on the
/// protocol's logs.
#[derive(Debug, Clone, Copy)]
struct Costs {
    /// An instance's features for so many domains: so much for each, and the walk through the user's past.
    features: f64,
    /// The walk through the user's past.
    walk: f64,
    /// What everyone did before a window: for each that instances come from.
    window: f64,
}

impl Costs {
    /// As of window `end`.
    fn of(history: &History, end: usize) -> Costs {
        let events: f64 = history.sum(0..end).into_iter().map(|events| events as f64).sum();
        Costs { features: 1.5, walk: 0.4 * events / history.users().max(1) as f64, window: 0.25 * events }
    }

    /// Of `count` instances over so many candidates each, looked at `passes` times by so many networks.
    fn learning(&self, count: f64, candidates: f64, passes: f64, members: f64) -> f64 {
        count * (self.features * candidates + self.walk + passes * members * candidates)
    }
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
    held.order_by_key(|instance| instance.user);
    let is_held = |instance: &Instance| held.binary_search_by_key(&instance.user, |one| one.user).is_ok();
    let all = history.instances(0..new.end, pace.min_events, pace.min_events);
    let costs = Costs::of(history, new.end);
    let (members, candidates) = (pace.members as f64, pace.update_candidates() as f64);
    let whole = costs.learning(all.len() as f64, pace.candidates as f64, pace.epochs as f64, members);
    let allowed = options.budget * (whole + costs.window * new.end.saturating_sub(1) as f64);
    let (mut fresh, older): (Vec<_>, Vec<_>) = all.into_iter().partition(|instance| new.contains(&instance.window));
    fresh.retain(|instance| instance.window != newest || !is_held(instance));
    // As many passes as the budget allows; where it does not allow one, fewer instances. Forecasting before and after
    // costs about as much as one pass.
    let windows = (new.start as f64 * options.replay_windows).ceil().max(1.0) as usize;
    let fixed = costs.window * (new.len() + windows) as f64
        + costs.learning(held.len() as f64, pace.candidates as f64, 1.0, members);
    let count = fresh.len() as f64 * (1.0 + options.replay);
    let one_pass = costs.learning(count, candidates, 1.0, members);
    let beyond = (allowed - fixed - one_pass) / (count * members * candidates);
    let passes = ((1.0 + beyond.max(0.0)) as usize).min(options.passes);
    let share = ((allowed - fixed) / one_pass).clamp(0.0, 1.0);
    // Less than half a step's worth of new instances teaches nothing, whatever it would save.
    let keep = ((fresh.len() as f64 * share).ceil() as usize).max(pace.batch / 2);
    sample(&mut fresh, keep, random);
    let count = (fresh.len() as f64 * options.replay) as usize;
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

//! Prequential evaluation: predict a window, then learn from it, window by window (Dawid 1984; Gama, Sebastião &
//! Rodrigues 2013).

use driftscope_kernels::Order;
use std::ops::Range;

use serde::Serialize;

use super::{Gain, Outcome, paired_bootstrap};
use crate::{
    Result,
    event::Log,
    nn::Device,
    training::{
        History, Instance, Observer, Ranker,
        online::{Learner, UpdateOptions, WindowsUpdate, update},
    },
};

/// One model, three ways to go on with it, window by window.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Prequential {
    /// By window, in order.
    pub windows: Vec<PrequentialWindow>,
    /// Mean NDCG@10 over all instances of all windows.
    pub overall: ThreeWays,
    /// Updated minus frozen, with its 95 % interval.
    pub over_frozen: Option<Gain>,
    /// Updated minus retrained, likewise.
    pub over_retrained: Option<Gain>,
    /// What updating costs as a share of what retraining costs: seconds of the observer's clock, and gradient steps.
    pub seconds_share: f64,
    /// See `seconds_share`.
    pub steps_share: f64,
}

/// What happened in one window.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PrequentialWindow {
    /// Its number.
    pub window: usize,
    /// Instances forecast.
    pub instances: usize,
    /// NDCG@10.
    pub ndcg10: ThreeWays,
    /// What the update before it did.
    pub update: WindowsUpdate,
    /// Seconds of the whole training before it.
    pub retrain_seconds: f64,
    /// Its gradient steps.
    pub retrain_steps: usize,
}

/// NDCG@10 of the three.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ThreeWays {
    /// Its learned numbers stay as they are; what is counted goes on being counted.
    pub frozen: f64,
    /// Updated with each window that is over.
    pub updated: f64,
    /// Trained anew, with the same settings, on everything before each window.
    pub retrained: f64,
}

/// Outcomes of the three on the same instances.
#[derive(Debug, Default)]
struct Outcomes {
    frozen: Vec<Outcome>,
    updated: Vec<Outcome>,
    retrained: Vec<Outcome>,
}

impl Outcomes {
    fn means(&self) -> ThreeWays {
        let mean = |some: &[Outcome]| some.iter().map(|one| one.ndcg10).sum::<f64>() / some.len() as f64;
        ThreeWays { frozen: mean(&self.frozen), updated: mean(&self.updated), retrained: mean(&self.retrained) }
    }

    fn append(&mut self, mut other: Outcomes) {
        self.frozen.append(&mut other.frozen);
        self.updated.append(&mut other.updated);
        self.retrained.append(&mut other.retrained);
    }
}

/// Forecasts each of `windows`, scored as protocol INP does, from what lies before it: by `model` as it is, by `model`
/// updated window after window, and by one trained anew each time.
///
/// # Errors
/// As [`update`] and [`Learner::retrained`].
pub async fn prequential<M: Learner>(
    model: &M,
    (log, history): (&Log, &History),
    windows: Range<usize>,
    options: &UpdateOptions,
    device: &Device,
    observer: &mut impl Observer,
) -> Result<Prequential> {
    let mut updated = model.clone();
    let mut all = Outcomes::default();
    let mut report = Vec::new();
    let pace = model.pace();
    for window in windows {
        let instances = history.instances(window..window + 1, 5, 5);
        let data = (log, history);
        let frozen = model.carried(history, window, model.learned())?;
        let step = update(&updated, data, updated.learned()..window, options, device, observer).await?;
        updated = step.model;
        let begin = observer.seconds();
        let retrained = updated.retrained(data, window, options.seed, device, observer).await?;
        let retrain_seconds = observer.seconds() - begin;
        let learned_from = history.instances(0..window, pace.min_events, pace.min_events);
        let outcomes = Outcomes {
            frozen: score(&frozen, data, window, &instances, device, observer).await?,
            updated: score(&updated, data, window, &instances, device, observer).await?,
            retrained: score(&retrained, data, window, &instances, device, observer).await?,
        };
        report.push(PrequentialWindow {
            window,
            instances: instances.len(),
            ndcg10: outcomes.means(),
            update: step.report,
            retrain_seconds,
            retrain_steps: learned_from.len().div_ceil(pace.batch) * pace.epochs,
        });
        all.append(outcomes);
    }
    let overall = all.means();
    for some in [&mut all.frozen, &mut all.updated, &mut all.retrained] {
        // The bootstrap draws users with all that is theirs.
        some.order_by_key(|outcome| outcome.user);
    }
    let sum = |of: &dyn Fn(&PrequentialWindow) -> f64| report.iter().map(of).sum::<f64>();
    Ok(Prequential {
        overall,
        over_frozen: paired_bootstrap(&all.updated, &all.frozen),
        over_retrained: paired_bootstrap(&all.updated, &all.retrained),
        seconds_share: sum(&|one| one.update.seconds) / sum(&|one| one.retrain_seconds),
        steps_share: sum(&|one| one.update.steps as f64) / sum(&|one| one.retrain_steps as f64),
        windows: report,
    })
}

async fn score<M: Learner>(
    model: &M,
    (log, history): (&Log, &History),
    window: usize,
    instances: &[Instance],
    device: &Device,
    observer: &mut impl Observer,
) -> Result<Vec<Outcome>> {
    let ranker = Ranker::new(&history.sum(0..window));
    let requests: Vec<(u32, usize)> = instances.iter().map(|instance| (instance.user, instance.window)).collect();
    let mut outcomes = Vec::with_capacity(instances.len());
    model
        .each_shares((log, history), &requests, device, observer, |index, shares| {
            outcomes.push(Outcome::new(history, &instances[index], &ranker, shares));
        })
        .await?;
    Ok(outcomes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        evaluation::{CompareOptions, Model, ModelName, compare},
        interest::Windows,
        nn,
        synth::{ClassShares, SampleOptions, Synth, SynthOptions},
        training::{Silent, Split},
    };

    const DAY: u32 = 86_400;
    const START: u32 = 1_704_067_200;

    /// People of steady interests, drawn anew in each of the stretches, given in days.
    fn log(stretches: &[u32]) -> Log {
        let (mut log, mut day) = (Log::new(), 0);
        for (&days, seed) in stretches.iter().zip(1..) {
            let options = SynthOptions {
                start: START + day * DAY,
                sessions_per_day: 0.6,
                classes: ClassShares {
                    movers: 0.0,
                    gradual: 0.0,
                    sparse: 0.0,
                    bots: 0.0,
                    bursts: 0.0,
                    taken_over: 0.0,
                },
                ..SynthOptions::mixed(SampleOptions { users: 200, days, seed })
            };
            log = log.extended(&Synth::new(options).unwrap().log(|_| Ok(())).unwrap()).unwrap();
            day += days;
        }
        log
    }

    fn run(log: &Log, windows: Range<usize>) -> Prequential {
        let history = History::new(log, Windows::fixed(START.into(), 7 * DAY, windows.end).unwrap()).unwrap();
        let (data, device) = ((log, &history), pollster::block_on(nn::device()).unwrap());
        let split =
            Split { train: 0..windows.start - 1, validation: windows.start - 1..windows.start, test: windows.clone() };
        let asked = CompareOptions { seed: 5, ..CompareOptions::default() };
        let mut silent = Silent;
        let fitted = compare(data, &split, &[ModelName::Dnn], asked, &device, &mut silent);
        let fitted = pollster::block_on(fitted).unwrap();
        let Model::Dnn(dnn) = &fitted.scored[0].model else { panic!("no network") };
        let (options, mut silent) = (UpdateOptions::default(), Silent);
        pollster::block_on(prequential(dnn, data, windows, &options, &device, &mut silent)).unwrap()
    }

    #[test]
    fn where_people_become_restless_updating_beats_standing_still() {
        // Nine steady weeks, then new interests every other week.
        let found = run(&log(&[63, 14, 14, 14]), 9..15);
        let gain = found.over_frozen.unwrap();
        assert!(gain.low > 0.0, "{gain:?}, {:?}", found.overall);
        // Of few instances the last step of a pass is not full.
        assert!(found.steps_share <= 0.15, "{}", found.steps_share);
        assert!(found.windows.iter().any(|one| one.update.drift.is_some_and(|drift| drift.found)));
        let sum: f64 = found.windows.iter().map(|one| one.ndcg10.updated * one.instances as f64).sum();
        let count: usize = found.windows.iter().map(|one| one.instances).sum();
        assert!((sum / count as f64 - found.overall.updated).abs() < 1e-12);
    }

    #[test]
    fn where_nothing_changes_updating_costs_nothing() {
        let found = run(&log(&[77]), 8..11);
        let gain = found.over_frozen.unwrap();
        assert!(gain.difference > -0.003, "{gain:?}");
    }
}

//! New events into the models of a session.

use serde::{Deserialize, Serialize};

use super::{Blend, Model, ModelName, Models, Neighbours, baselines::Popularity};
use crate::{
    Result,
    event::Log,
    interest::Windows,
    nn::{self, Device},
    training::{
        History, Observer, Prior,
        online::{CrowdDrift, Learner, UpdateOptions, WindowsUpdate, crowd_drift, update as learn},
        transfer::base,
    },
};

/// What came in, and what the models made of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UpdateReport {
    /// Events that are new, and those that the log held already.
    pub events: usize,
    /// See `events`.
    pub repeated: usize,
    /// Users that are new.
    pub users: usize,
    /// Items that are new.
    pub items: usize,
    /// Names of the domains that are new.
    pub domains: Vec<String>,
    /// Windows that are complete now and were not before.
    pub windows: usize,
    /// Whether the crowd's interest moved more in these than it usually does; `None` where there is none.
    pub drift: Option<CrowdDrift>,
    /// By model, in their order.
    pub models: Vec<ModelUpdate>,
    /// Seconds for all of it.
    pub seconds: f64,
}

impl UpdateReport {
    /// Of the log before, what came in, and the log after; nothing was trained.
    fn of((log, more, extended): (&Log, &Log, &Log), seconds: f64) -> UpdateReport {
        UpdateReport {
            events: extended.len() - log.len(),
            repeated: more.len() - (extended.len() - log.len()),
            users: extended.users.len() - log.users.len(),
            items: extended.items.len() - log.items.len(),
            domains: extended.domains.iter().skip(log.domains.len()).map(str::to_owned).collect(),
            windows: 0,
            drift: None,
            models: Vec::new(),
            seconds,
        }
    }
}

/// What one model made of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelUpdate {
    /// Which.
    pub model: ModelName,
    /// How it went on.
    pub outcome: UpdateOutcome,
    /// How it went on learning, for one that learned.
    pub learning: Option<WindowsUpdate>,
}

/// How a model goes on with a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum UpdateOutcome {
    /// It only counts, and goes on counting.
    Counted,
    /// It took the new windows into what it learned.
    Learned,
    /// What it learned stays as it was; what it looks at goes on.
    Kept,
}

/// A longer log, its models and what was done.
#[derive(Debug)]
pub struct UpdatedModels {
    /// [`Log::extended`].
    pub log: Log,
    /// The models for it, where there were any.
    pub models: Option<Models>,
    /// For people.
    pub report: UpdateReport,
}

/// Takes the events of `more` into `log` and its models. What a model counts goes on with the log; what it learned goes on
/// learning by [`training::online::update`](learn) from the complete windows that it has not learned from, those that it
/// was chosen and tested on among them. Windows are found again by their time, so events from before the log's
/// first one do no harm. Without models the log alone goes on. A cancel leaves everything as it was.
///
/// # Errors
/// [`Error::Checkpoint`](crate::Error::Checkpoint) for models of another log, [`Error::Parameter`](crate::Error::Parameter)
/// for options out of range, [`Error::Cancelled`](crate::Error::Cancelled), [`Error::Device`](crate::Error::Device).
pub async fn update(
    log: &Log,
    more: &Log,
    models: Option<&Models>,
    options: &UpdateOptions,
    observer: &mut impl Observer,
) -> Result<UpdatedModels> {
    let begin = observer.seconds();
    let Some(models) = models else {
        let extended = log.extended(more)?;
        let report = UpdateReport::of((log, more, &extended), observer.seconds() - begin);
        return Ok(UpdatedModels { log: extended, models: None, report });
    };
    models.check(log)?;
    let before = Windows::of_log(log, &models.window)?;
    let extended = log.extended(more)?;
    let history = History::new(&extended, Windows::of_log(&extended, &models.window)?)?;
    let end = history.complete_windows();
    // The windows that end by the time that the first `count` of the old ones end.
    let found_again = |count: usize| {
        let ends = history.windows().bounds().get(1..).unwrap_or_default();
        let time = before.bounds().get(count).or(before.bounds().last()).copied().unwrap_or_default();
        if count == 0 { 0 } else { ends.partition_point(|&end| end <= time).min(end) }
    };
    let known = found_again(before.len() - usize::from(before.last_partial()));
    let device = nn::device().await?;
    let mut out = Vec::with_capacity(models.models.len());
    let mut reports = Vec::with_capacity(models.models.len());
    for model in &models.models {
        let data = (&extended, &history);
        let name = model.name();
        let (model, outcome, learning) = go_on(model, data, end, &found_again, options, &device, observer).await?;
        reports.push(ModelUpdate { model: name, outcome, learning });
        out.push(model);
    }
    let report = UpdateReport {
        windows: end - known,
        drift: (known < end).then(|| crowd_drift(&history, known..end)),
        models: reports,
        ..UpdateReport::of((log, more, &extended), observer.seconds() - begin)
    };
    let cold = models.cold.carried(&history, end)?;
    let models = Some(models.replaced(&extended, out, cold));
    Ok(UpdatedModels { log: extended, models, report })
}

/// A model on the longer log, and how it went on.
type Continued = (Model, UpdateOutcome, Option<WindowsUpdate>);

/// One model on a history that went on, complete up to window `end`.
async fn go_on(
    model: &Model,
    data: (&Log, &History),
    end: usize,
    found_again: &impl Fn(usize) -> usize,
    options: &UpdateOptions,
    device: &Device,
    observer: &mut impl Observer,
) -> Result<Continued> {
    let Model::Blend(blend) = model else {
        return go_on_unblended(model, data, end, found_again, options, device, observer).await;
    };
    // A blend's weights stay; it has learned where a member has, of which the first is reported.
    let mut members = Vec::with_capacity(blend.members.len());
    let (mut outcome, mut learning) = (UpdateOutcome::Kept, None);
    for (member, picks) in &blend.members {
        let (member, own, learned) = go_on_unblended(member, data, end, found_again, options, device, observer).await?;
        if own == UpdateOutcome::Learned {
            (outcome, learning) = (own, learning.or(learned));
        }
        members.push((member, *picks));
    }
    Ok((Model::Blend(Blend { members, ..blend.clone() }), outcome, learning))
}

async fn go_on_unblended(
    model: &Model,
    (log, history): (&Log, &History),
    end: usize,
    found_again: &impl Fn(usize) -> usize,
    options: &UpdateOptions,
    device: &Device,
    observer: &mut impl Observer,
) -> Result<Continued> {
    let prior = |half_life: f64, weight: f64| Prior::new(history, 0..end, half_life, weight);
    let again = |own: &Prior| prior(own.half_life, own.weight);
    let (model, outcome) = match model {
        Model::Dnn(dnn) => {
            let new = found_again(dnn.learned())..end;
            let updated = learn(dnn, (log, history), new, options, device, observer).await?;
            return Ok((Model::Dnn(updated.model), UpdateOutcome::Learned, Some(updated.report)));
        }
        // Nothing was trained: what the log's own past says of it is asked anew.
        Model::Base(_) => {
            (Model::Base(base()?.zero_shot((log, history), end, device, observer).await?.dnn), UpdateOutcome::Kept)
        }
        Model::Gnn(gnn) | Model::DnnGnn(gnn) => {
            let new = found_again(gnn.learned())..end;
            let updated = learn(gnn, (log, history), new, options, device, observer).await?;
            let fused = matches!(model, Model::DnnGnn(_));
            let model = if fused { Model::DnnGnn(updated.model) } else { Model::Gnn(updated.model) };
            return Ok((model, UpdateOutcome::Learned, Some(updated.report)));
        }
        Model::Sequence(own) => (Model::Sequence(own.carried(log, history, again(own.prior())?)), UpdateOutcome::Kept),
        Model::Blend(_) => (model.clone(), UpdateOutcome::Kept),
        Model::ClosedForm(own) => {
            (Model::ClosedForm(own.again(again(&own.prior)?, history, 0..end)), UpdateOutcome::Counted)
        }
        Model::Neighbours(own) => {
            let counted = Neighbours { prior: again(&own.prior)?, ..own.clone() };
            (Model::Neighbours(counted), UpdateOutcome::Counted)
        }
        Model::Persistent { .. } => {
            (Model::Persistent { popularity: prior(1.0, 1.0)?.popularity }, UpdateOutcome::Counted)
        }
        Model::MovingAverage { windows, .. } => {
            let popularity = prior(1.0, 1.0)?.popularity;
            (Model::MovingAverage { popularity, windows: *windows }, UpdateOutcome::Counted)
        }
        Model::DecayPrior(own) => (Model::DecayPrior(again(own)?), UpdateOutcome::Counted),
        Model::Popularity(own) => {
            let popularity = Popularity { train: prior(1.0, 1.0)?.popularity, last: own.last };
            (Model::Popularity(popularity), UpdateOutcome::Counted)
        }
        Model::UserFrequency(_) => (Model::user_frequency(history, 0..end)?, UpdateOutcome::Counted),
        Model::Markov(own) => {
            let counted = again(&own.prior)?;
            (Model::Markov(own.carried(history, end, counted)), UpdateOutcome::Counted)
        }
    };
    Ok((model, outcome, None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Error,
        evaluation::{TrainOptions, forecast, train},
        event::Event,
        interest::{Scope, WindowLength, WindowOptions},
        synth::{SampleOptions, Synth},
        training::{Init, Silent, TrainingProgress},
    };

    fn trained(log: &Log, models: &[ModelName]) -> Models {
        let window = WindowOptions { length: WindowLength::Week, time_zone: "UTC".into() };
        let options = TrainOptions { window, models: models.to_vec(), seed: 2, epochs: Some(2), init: Init::Scratch };
        pollster::block_on(train(log, &options, None, &mut Silent)).unwrap().models
    }

    /// The first eight weeks of a log, and what comes after.
    fn parts() -> (Log, Log) {
        let log = Synth::sample(SampleOptions { users: 150, days: 77, seed: 4 }).unwrap().log(|_| Ok(())).unwrap();
        let border = log.span().unwrap().0 + 56 * 86_400;
        let part = |late: bool| log.retained(|_, event| (event.time >= border) == late);
        (part(false), part(true))
    }

    #[test]
    fn the_models_of_a_session_go_on_with_the_log() {
        let (log, mut more) = parts();
        let (domain, user) = (more.domains.intern("Falconry"), more.users.intern("falconer"));
        let item = more.items.intern("glove", domain);
        let time = more.span().unwrap().1;
        more.push(Event { user, item, time, kind: 0, platform: 0 });
        more.sort();
        let models = trained(&log, &[ModelName::Dnn, ModelName::DnnGnn]);
        let options = UpdateOptions::default();
        let updated = pollster::block_on(update(&log, &more, Some(&models), &options, &mut Silent)).unwrap();
        let updated_models = updated.models.unwrap();
        let report = &updated.report;
        assert_eq!((report.events, report.repeated), (more.len(), 0));
        assert_eq!(report.domains, ["Falconry"]);
        assert!(report.users > 0 && report.windows >= 2 && report.drift.is_some());
        let learning: Vec<_> =
            report.models.iter().filter_map(|one| Some((one.model, one.learning.clone()?))).collect();
        let [(ModelName::Dnn, dnn), (ModelName::DnnGnn, fused)] = learning.as_slice() else { panic!("{learning:?}") };
        assert!([dnn, fused].iter().all(|learning| learning.steps > 0 && learning.before.is_some()));
        let baselines = [ModelName::Persistent, ModelName::MovingAverage, ModelName::DecayPrior];
        for model in baselines.into_iter().chain([ModelName::Dnn, ModelName::DnnGnn]) {
            let (longer, scope) = (&updated.log, &Scope::Everyone);
            assert!(pollster::block_on(forecast(longer, &models, scope, Some(model), &mut Silent)).is_err());
            let mut silent = Silent;
            let next = forecast(longer, &updated_models, scope, Some(model), &mut silent);
            let next = pollster::block_on(next).unwrap();
            assert_eq!(next.domains.len(), updated.log.domains.len());
            assert!((next.domains.iter().map(|domain| domain.share).sum::<f64>() - 1.0).abs() < 1e-6);
        }
        let back = Models::from_bytes(&updated_models.to_bytes().unwrap()).unwrap();
        assert_eq!(back, updated_models);
        // The same file once more changes nothing.
        let again = pollster::block_on(update(&updated.log, &more, Some(&back), &options, &mut Silent)).unwrap();
        assert_eq!((again.report.events, again.report.repeated), (0, more.len()));
        assert_eq!((again.report.windows, again.report.drift), (0, None));
        assert_eq!(again.models, Some(back));
    }

    #[test]
    fn events_from_before_the_log_shift_no_window() {
        let (log, more) = parts();
        let models = trained(&log, &[ModelName::Dnn]);
        let update = |log: &Log, more: &Log| {
            pollster::block_on(update(log, more, Some(&models), &UpdateOptions::default(), &mut Silent)).unwrap()
        };
        let mut early = more.clone();
        let (user, time) = (0, log.span().unwrap().0 - 20 * 86_400);
        early.push(Event { user, item: 0, time, kind: 0, platform: 0 });
        early.sort();
        let (plain, shifted) = (update(&log, &more).report, update(&log, &early).report);
        assert_eq!(plain.windows, shifted.windows);
        let windows = |report: &UpdateReport| {
            let learning = report.models.iter().find_map(|one| one.learning.clone()).unwrap();
            (learning.windows[1] - learning.windows[0], learning.held_out)
        };
        assert_eq!(windows(&plain), windows(&shifted));
    }

    struct Stop;

    impl Observer for Stop {
        fn progress(&mut self, _: TrainingProgress) {}

        fn cancelled(&mut self) -> bool {
            true
        }

        fn seconds(&mut self) -> f64 {
            0.0
        }

        async fn pause(&mut self) {}
    }

    #[test]
    fn it_can_be_cancelled_and_refuses_another_logs_models() {
        let (log, more) = parts();
        let models = trained(&log, &[ModelName::Dnn]);
        let options = UpdateOptions::default();
        let cancelled = pollster::block_on(update(&log, &more, Some(&models), &options, &mut Stop));
        assert!(matches!(cancelled, Err(Error::Cancelled)));
        let mut other = more.clone();
        other.domains.intern("another");
        let refused = pollster::block_on(update(&other, &log, Some(&models), &options, &mut Silent));
        assert!(matches!(refused, Err(Error::Checkpoint { .. })));
    }
}

use super::*;
use crate::{
    Error,
    event::{Event, Log},
    interest::{Scope, WindowLength, WindowOptions},
    training::{Init, Observer, Silent, Stopped, TrainingProgress},
};

fn outcome(user: u32, ndcg10: f64, label: Option<u32>, previous: Option<u32>, ranked: &[u32]) -> Outcome {
    Outcome {
        user,
        ndcg10,
        label,
        previous,
        ranked: ranked.to_vec(),
        confidence: 0.5,
        runner_up: 0.0,
        squared_error: 0.5,
    }
}

#[test]
fn metrics_of_a_worked_example() {
    // Class 0: true twice, hit once, predicted twice. Class 1: true once, never hit. Class 2 is only ever predicted.
    let outcomes = [
        outcome(0, 1.0, Some(0), Some(0), &[0, 1, 2]),
        outcome(0, 0.5, Some(0), Some(1), &[2, 1, 0]),
        outcome(1, 0.25, Some(1), None, &[0, 3, 4, 1]),
        outcome(1, 0.25, None, Some(1), &[1]),
    ];
    let m = metrics(&outcomes);
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
    close(m.ndcg10, 0.5);
    close(m.accuracy, 1.0 / 3.0);
    close(m.accuracy_top3, 2.0 / 3.0);
    close(m.macro_precision, (0.5 + 0.0) / 2.0);
    close(m.macro_recall, (0.5 + 0.0) / 2.0);
    close(m.macro_f1, (2.0 / (2.0 + 1.0 + 1.0)) / 2.0);
    close(m.accuracy_stable, 1.0);
    close(m.accuracy_transfer, 0.0);
    assert_eq!((m.instances, m.labelled, m.stable, m.transfer), (4, 3, 1, 1));
}

#[test]
fn the_bootstrap_draws_users_not_instances() {
    let constant = |shift: f64| -> Vec<Outcome> {
        (0..40).map(|i| outcome(i / 2, f64::from(i % 7) / 10.0 + shift, None, None, &[])).collect()
    };
    let gain = paired_bootstrap(&constant(0.1), &constant(0.0)).unwrap();
    assert!((gain.difference - 0.1).abs() < 1e-12 && (gain.high - gain.low) < 1e-9, "{gain:?}");
    // One of 20 users differs, in all its 2 of 40 instances: the normal approximation's interval is .05 ± .096, cut at 0.
    let mut one = constant(0.0);
    one[0].ndcg10 += 1.0;
    one[1].ndcg10 += 1.0;
    let gain = paired_bootstrap(&one, &constant(0.0)).unwrap();
    assert!((gain.difference - 0.05).abs() < 1e-12 && gain.low == 0.0 && (0.1..=0.2).contains(&gain.high), "{gain:?}");
    assert!(paired_bootstrap(&[], &[]).is_none());
}

/// 50 users who change between two domains of their own from day to day.
fn log(days: u32) -> Log {
    let mut log = Log::new();
    let kind = log.kinds.intern("view").unwrap();
    for user in 0..50 {
        log.users.intern(&format!("u{user}"));
        for day in 0..days {
            for n in 0..6 {
                let domain = if (day + user) % 2 == 0 { user % 8 } else { (user * 3 + 1) % 8 };
                let domain = log.domains.intern(&format!("d{}", if n == 5 { (user + day) % 8 } else { domain }));
                let item = log.items.intern(&format!("i{domain}"), domain);
                log.push(Event { user, item, time: day * 86_400 + 10_000 + n * 14_000, kind, platform: 0 });
            }
        }
    }
    log.sort();
    log
}

fn options(models: &[ModelName]) -> TrainOptions {
    let window = WindowOptions { length: WindowLength::Day, time_zone: "UTC".into() };
    TrainOptions { window, models: models.to_vec(), seed: 4, epochs: Some(12), init: Init::Scratch }
}

#[test]
fn a_run_that_does_not_fit_into_memory_is_refused_before_it_begins() {
    let log = log(14);
    let options = options(&[ModelName::Dnn]);
    let plan = run::plan(&log, &options).unwrap();
    let needed = run::cost(&plan, &log, &options, usize::MAX).unwrap().bytes + log.bytes_in_memory();
    assert!(run::cost(&plan, &log, &options, needed).is_ok());
    let refused = run::cost(&plan, &log, &options, needed - 1).unwrap_err();
    assert!(matches!(refused, Error::Memory { needed: n, .. } if n == needed as u64), "{refused}");
}

#[test]
fn a_whole_run_reports_and_forecasts() {
    let log = log(14);
    let options = options(&[ModelName::Dnn]);
    let cost = estimate(&log, &options).unwrap();
    let trained = pollster::block_on(train(&log, &options, None, &mut Silent)).unwrap();
    let report = &trained.report;
    let names: Vec<_> = report.models.iter().map(|m| m.model).collect();
    assert_eq!(names, [ModelName::Persistent, ModelName::MovingAverage, ModelName::DecayPrior, ModelName::Dnn]);
    let dnn = &report.models[3];
    assert_eq!((report.best, report.worth_it, dnn.parameters), (ModelName::Dnn, true, cost.parameters));
    assert!(dnn.gain.is_some_and(|gain| gain.low > 0.0 && gain.baseline != ModelName::Dnn));
    assert_eq!(report.models.iter().filter(|m| m.gain.is_none()).count(), 1);
    assert_eq!(report.split.test_windows, [12, 13]);
    // Validation may end the training before all epochs are done, at the end of one.
    let steps = report.curves[0].points.last().unwrap().step;
    assert!(steps <= cost.steps && steps % (cost.steps / 12) == 0, "{steps} of {}", cost.steps);
    assert_eq!(report.stopped == Stopped::Early, steps < cost.steps);

    let bytes = trained.models.to_bytes().unwrap();
    let models = Models::from_bytes(&bytes).unwrap();
    assert_eq!(models, trained.models);
    assert_eq!(models.to_bytes().unwrap(), bytes);
    for name in names {
        let all = pollster::block_on(forecast(&log, &models, &Scope::Everyone, Some(name), &mut Silent)).unwrap();
        assert_eq!((all.users, all.window), (50, [14 * 86_400, 15 * 86_400]));
        let mut silent = Silent;
        let unsaved = forecast(&log, &trained.models, &Scope::Everyone, Some(name), &mut silent);
        assert_eq!(all, pollster::block_on(unsaved).unwrap());
        assert!((all.domains.iter().map(|d| d.share).sum::<f64>() - 1.0).abs() < 1e-9);
        assert!((all.domains.iter().map(|d| d.now).sum::<f64>() - 1.0).abs() < 1e-9);
        assert!(all.domains.is_sorted_by(|a, b| a.share >= b.share));
    }
    // On day 14 user 6 comes back to domain 6, which the last day did not show.
    let one = pollster::block_on(forecast(&log, &models, &Scope::User { user: 6 }, None, &mut Silent)).unwrap();
    assert_eq!((one.domains[0].name.as_str(), one.users, one.model), ("d6", 1, ModelName::Dnn));
    assert!(one.domains[0].share > one.domains[0].now);

    assert_eq!((all_of(&log, &models, Scope::Everyone).cold_users, one.cold_users), (0, 0));
    let other = super::tests::log(15).filtered(|_, event| event.user < 3);
    assert_eq!(
        (all_of(&other, &models, Scope::Everyone).users, all_of(&other, &models, Scope::Everyone).cold_users),
        (3, 0)
    );
    assert!(pollster::block_on(forecast(&other, &models, &Scope::User { user: 99 }, None, &mut Silent)).is_err());
}

fn all_of(log: &Log, models: &Models, scope: Scope) -> Forecast {
    pollster::block_on(forecast(log, models, &scope, None, &mut Silent)).unwrap()
}

#[test]
fn users_with_few_events_or_none_are_forecast_as_newcomers() {
    // 30 users who come for the first time, twice, on the day before their first full day, and go for what others go for
    // on the same platform; one more comes on the last day, and one never.
    let mut log = log(14);
    for platform in ["", "app", "web"] {
        log.platforms.intern(platform);
    }
    let kind = log.kinds.intern("view").unwrap();
    let both = ["d1", "d2"].map(|name| log.domains.get(name).unwrap());
    let items = both.map(|domain| log.items.intern(&format!("new{domain}"), domain));
    let come = |log: &mut Log, number: u32, day: u32, days: u32| {
        let user = log.users.intern(&format!("new{number}"));
        let (platform, side) = (1 + (number % 2) as u8, (number % 2) as usize);
        for (day, n) in
            (day..day + days).flat_map(|day| (0..if day == 8 + number / 10 { 2 } else { 6 }).map(move |n| (day, n)))
        {
            log.push(Event { user, item: items[side], time: day * 86_400 + 1_000 + n, kind, platform });
        }
        user
    };
    for number in 0..50 {
        come(&mut log, number, 8 + number / 10, 2);
    }
    let newest = come(&mut log, 51, 13, 1);
    let never = log.users.intern("never");
    log.sort();
    let trained = pollster::block_on(train(&log, &options(&[]), None, &mut Silent)).unwrap().models;
    let instant = pollster::block_on(before_training(&log, &options(&[]).window, &mut Silent)).unwrap();
    for models in [trained, instant] {
        let few = all_of(&log, &models, Scope::User { user: newest });
        assert_eq!((few.users, few.cold_users, few.domains[0].name.as_str()), (1, 1, "d2"));
        let none = all_of(&log, &models, Scope::User { user: never });
        assert_eq!((none.users, none.cold_users), (1, 1));
        assert!((none.domains.iter().map(|d| d.share).sum::<f64>() - 1.0).abs() < 1e-9);
        assert!(none.domains.iter().all(|d| d.share > 0.0 && d.now == 0.0));
        // Beside others, one without a past says nothing of the mean.
        let all = all_of(&log, &models, Scope::Everyone);
        assert_eq!(all.users, log.users.len() - 1);
        assert!(all.cold_users >= 1);
    }
}

#[test]
fn a_log_is_forecast_before_any_training() {
    let log = log(14);
    let window = options(&[]).window;
    let models = pollster::block_on(before_training(&log, &window, &mut Silent)).unwrap();
    let models = Models::from_bytes(&models.to_bytes().unwrap()).unwrap();
    let all = pollster::block_on(forecast(&log, &models, &Scope::Everyone, None, &mut Silent)).unwrap();
    assert_eq!((all.model, all.users, all.window), (ModelName::Base, 50, [14 * 86_400, 15 * 86_400]));
    assert!((all.domains.iter().map(|d| d.share).sum::<f64>() - 1.0).abs() < 1e-9);
    // Two days: nothing to choose on, and still a forecast.
    let short = log.filtered(|_, event| event.time < 2 * 86_400);
    let models = pollster::block_on(before_training(&short, &window, &mut Silent)).unwrap();
    assert!(pollster::block_on(forecast(&short, &models, &Scope::Everyone, None, &mut Silent)).is_ok());
}

#[test]
fn training_may_start_from_the_base_model() {
    let log = log(14);
    let asked = |init| TrainOptions { init, epochs: Some(1), ..options(&[ModelName::Dnn, ModelName::Base]) };
    let run = |init| pollster::block_on(train(&log, &asked(init), None, &mut Silent)).unwrap();
    let (scratch, carried) = (run(Init::Scratch), run(Init::Base));
    let dnn = |trained: &Trained| trained.models.get(Some(ModelName::Dnn)).unwrap().clone();
    assert_ne!(dnn(&scratch), dnn(&carried));
    assert_eq!(scratch.models.get(Some(ModelName::Base)).unwrap(), carried.models.get(Some(ModelName::Base)).unwrap());
    assert_eq!(carried.report.models.len(), 5);
}

#[test]
fn saved_models_of_another_log_are_refused() {
    let log = log(14);
    let trained = pollster::block_on(train(&log, &options(&[]), None, &mut Silent)).unwrap();
    let mut other = log.clone();
    other.domains = ["x", "y"].into_iter().chain(log.domains.iter().skip(2)).collect();
    assert_eq!(other.domains.len(), log.domains.len());
    match pollster::block_on(forecast(&other, &trained.models, &Scope::Everyone, None, &mut Silent)) {
        Err(Error::Checkpoint { hint }) => assert!(hint.contains("another log"), "{hint}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_log_that_stops_inside_a_window_is_forecast_for_that_window() {
    let full = log(14);
    let cut = full.filtered(|_, event| event.time < 13 * 86_400 + 30_000);
    let trained = pollster::block_on(train(&cut, &options(&[]), None, &mut Silent)).unwrap();
    assert_eq!(trained.report.split.test_windows[1], 12);
    assert!(!trained.report.worth_it && trained.report.curves.is_empty());
    let forecast = pollster::block_on(forecast(&cut, &trained.models, &Scope::Everyone, None, &mut Silent)).unwrap();
    assert_eq!(forecast.window, [13 * 86_400, 14 * 86_400]);
    assert!(matches!(trained.models.get(Some(ModelName::Dnn)), Err(Error::State { .. })));
}

#[test]
fn reports_have_the_shape_of_the_pages_types() {
    let trained = pollster::block_on(train(&log(8), &options(&[]), None, &mut Silent)).unwrap();
    let json = serde_json::to_value(&trained.report).unwrap();
    assert_eq!(json["models"][1]["model"], "moving_average");
    assert_eq!(json["stopped"], "finished");
    assert!(json["split"]["trainWindows"].is_array() && json["worthIt"].is_boolean());
    assert!(json["models"][0]["validation"]["accuracyTop3"].is_number());
    let asked = r#"{"window":{"length":"day","timeZone":"UTC"},"models":["decay_prior"],"seed":1,"engine":"auto"}"#;
    assert_eq!(serde_json::from_str::<TrainOptions>(asked).unwrap().models, [ModelName::DecayPrior]);
}

#[test]
fn logs_and_options_that_cannot_be_trained_on_say_so() {
    let dnn = options(&[ModelName::Dnn]);
    assert!(matches!(estimate(&log(3), &dnn), Err(Error::NotEnough { .. })));
    let none = TrainOptions { epochs: Some(0), ..dnn.clone() };
    assert!(matches!(estimate(&log(14), &none), Err(Error::Parameter { .. })));
    let milliseconds = pollster::block_on(measure_step(&log(14), &dnn, &mut Silent)).unwrap();
    assert!(milliseconds > 0.0);
}

/// Keeps the checkpoint of each epoch.
struct Keep(Vec<RunState>);

impl Observer for Keep {
    fn progress(&mut self, _: TrainingProgress) {}

    fn checkpoint(&mut self, bytes: Vec<u8>) {
        self.0.push(RunState::from_bytes(&bytes).unwrap());
    }

    fn cancelled(&mut self) -> bool {
        false
    }

    fn seconds(&mut self) -> f64 {
        0.0
    }

    async fn pause(&mut self) {}
}

#[test]
fn a_run_goes_on_from_any_checkpoint_to_the_same_report() {
    let log = log(14);
    let options = TrainOptions { epochs: Some(4), ..options(&[ModelName::Dnn]) };
    let mut kept = Keep(Vec::new());
    let whole = pollster::block_on(train(&log, &options, None, &mut kept)).unwrap();
    let epochs: Vec<usize> = kept.0.iter().filter_map(RunState::current).map(|(_, epoch)| epoch).collect();
    assert_eq!(epochs, [1, 2, 3, 4]);
    for (index, state) in kept.0.into_iter().enumerate() {
        let mut later = Keep(Vec::new());
        let again = pollster::block_on(train(&log, &options, Some(state), &mut later)).unwrap();
        assert_eq!((again.models, again.report.curves), (whole.models.clone(), whole.report.curves.clone()));
        assert_eq!(later.0.len(), 3 - index);
    }
}

/// Cancels from the second epoch on.
struct SecondEpoch(bool);

impl Observer for SecondEpoch {
    fn progress(&mut self, progress: TrainingProgress) {
        self.0 |= progress.point.is_some_and(|point| point.epoch > 0);
    }

    fn cancelled(&mut self) -> bool {
        self.0
    }

    fn seconds(&mut self) -> f64 {
        0.0
    }

    async fn pause(&mut self) {}
}

#[test]
fn a_cancelled_run_keeps_its_best_network() {
    let trained =
        pollster::block_on(train(&log(14), &options(&[ModelName::Dnn]), None, &mut SecondEpoch(false))).unwrap();
    assert_eq!(trained.report.stopped, Stopped::Cancelled);
    assert_eq!(trained.report.models.len(), 4);
    assert!(trained.models.get(Some(ModelName::Dnn)).is_ok());
}

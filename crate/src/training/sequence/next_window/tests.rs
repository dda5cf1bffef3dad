use pollster::block_on;

use super::{super::tests::Keep, past::past, *};
use crate::{
    Error,
    event::{Event, Log},
    interest::Windows,
    nn::Device,
    training::{Checkpoint, History, Prior, PriorGrid, Ranker, Silent, Split, TOP, ndcg, sequence::SequenceOptions},
};

const DAY: u32 = 86_400;
const WINDOWS: u32 = 8;
const DOMAINS: u32 = 5;

/// Everyone's interest moves on to the next domain every day, from a domain of their own: no share of the past says so.
fn moving() -> Log {
    let mut log = Log::new();
    let kind = log.kinds.intern("view").unwrap();
    let domains: Vec<u32> = (0..DOMAINS).map(|domain| log.domains.intern(&domain.to_string())).collect();
    let items: Vec<u32> = domains.iter().map(|&domain| log.items.intern(&format!("item {domain}"), domain)).collect();
    for user in 0..60 {
        log.users.intern(&user.to_string());
        for window in 0..WINDOWS {
            for event in 0..6 {
                let item = items[((user + window) % DOMAINS) as usize];
                log.push(Event { user, item, time: DAY * (10 + window) + 7_000 * event + user, kind, platform: 0 });
            }
        }
    }
    log.sort();
    log
}

fn history(log: &Log) -> History {
    History::new(log, Windows::fixed(i64::from(10 * DAY), DAY, WINDOWS as usize).unwrap()).unwrap()
}

fn options() -> SequenceOptions {
    SequenceOptions {
        length: 8,
        width: 16,
        heads: 2,
        layers: 1,
        dropout: 0.0,
        epochs: 12,
        batch: 32,
        learning_rate: 1e-2,
        weight_decay: 0.0,
        negatives: 0,
        popularity: 0.0,
        content: false,
        patience: 12,
    }
}

struct Fit {
    log: Log,
    history: History,
    split: Split,
    prior: Prior,
}

impl Fit {
    fn new() -> Fit {
        let log = moving();
        let history = history(&log);
        let split = Split::last(WINDOWS as usize, 1, 1).unwrap();
        let validation = history.instances(split.validation.clone(), 5, 5);
        let ranker = Ranker::new(&history.sum(split.train.clone()));
        let grid = PriorGrid::default();
        let prior = Prior::choose(&history, split.train.clone(), &validation, &ranker, grid).unwrap();
        Fit { log, history, split, prior }
    }

    fn run(
        &self,
        options: &SequenceOptions,
        resume: Option<Checkpoint>,
        watch: &mut Keep,
    ) -> crate::Result<SequenceForecaster> {
        let (data, how) = ((&self.log, &self.history), (&self.split, &self.prior));
        block_on(fit_forecaster(data, how, options, (2, resume), &Device::flex(), watch)).map(|fitted| fitted.0)
    }

    fn shares(&self, model: &SequenceForecaster, history: &History, requests: &[(u32, usize)]) -> Vec<Vec<f64>> {
        let mut out = Vec::new();
        let (device, mut watch) = (Device::flex(), Silent);
        let run = model.each_shares((&self.log, history), requests, &device, &mut watch, |_, shares| {
            out.push(shares.to_vec());
        });
        block_on(run).unwrap();
        out
    }
}

#[test]
fn an_interest_that_moves_on_is_followed_where_the_prior_fails() {
    let fit = Fit::new();
    let model = fit.run(&options(), None, &mut Keep::default()).unwrap();
    let ranker = Ranker::new(&fit.history.sum(fit.split.train.clone()));
    let test = fit.history.instances(fit.split.test.clone(), 5, 5);
    let requests: Vec<(u32, usize)> = test.iter().map(|one| (one.user, one.window)).collect();
    let score = |shares: Vec<Vec<f64>>| -> f64 {
        let scored = shares.iter().zip(&test).map(|(s, one)| ndcg(&ranker.top(s, TOP), fit.history.truth(one)));
        scored.sum::<f64>() / test.len() as f64
    };
    let found = fit.shares(&model, &fit.history, &requests);
    assert!(found.iter().all(|shares| (shares.iter().sum::<f64>() - 1.0).abs() < 1e-6));
    let prior = requests.iter().map(|&(user, window)| fit.prior.shares(&fit.history, user, window)).collect();
    let (model, prior) = (score(found), score(prior));
    assert!(model > 0.98 && prior < 0.7, "{model} {prior}");
}

#[test]
fn a_forecast_sees_only_what_lies_before_its_window() {
    let fit = Fit::new();
    let model = fit.run(&SequenceOptions { epochs: 1, ..options() }, None, &mut Keep::default()).unwrap();
    let early = fit.log.filtered(|_, event| event.time < 14 * DAY);
    let short = History::new(&early, fit.history.windows().clone()).unwrap();
    let requests: Vec<(u32, usize)> = (0..60).map(|user| (user, 4)).collect();
    let cut = Fit { log: early, history: history(&fit.log), split: fit.split.clone(), prior: fit.prior.clone() };
    assert_eq!(fit.shares(&model, &fit.history, &requests), cut.shares(&model, &short, &requests));
}

#[test]
fn the_past_is_cut_into_sessions_and_counted() {
    let log = moving();
    let sessions = past(&log, &history(&log), 3, 2, 4);
    // Six events a day, 7000 s apart, are six sessions of less than an hour: the last four of day 1.
    assert_eq!(sessions.len(), 4);
    assert!(sessions.iter().all(|session| session.domains == [(4, 1.0)] && session.events == 1.0));
    assert_eq!(sessions[3].time, 11 * DAY + 35_000 + 3);
    let weeks = History::new(&log, Windows::fixed(i64::from(10 * DAY), 4 * DAY, 2).unwrap()).unwrap();
    let sessions = past(&log, &weeks, 3, 1, 100);
    assert_eq!(sessions.iter().map(|session| session.events).sum::<f32>(), 24.0);
    assert!(sessions.len() < 24 && sessions.windows(2).all(|pair| pair[0].time < pair[1].time));
}

#[test]
fn a_cancelled_run_goes_on_to_the_same_forecaster_which_bytes_bring_back() {
    let fit = Fit::new();
    let settings = SequenceOptions { dropout: 0.2, epochs: 13, ..options() };
    let mut whole = Keep::default();
    let model = fit.run(&settings, None, &mut whole).unwrap();
    let mut half = Keep { stop: Some(2), ..Keep::default() };
    fit.run(&settings, None, &mut half).unwrap();
    assert!(half.checkpoints == whole.checkpoints[..2]);
    let checkpoint = Checkpoint::from_bytes(&half.checkpoints[1]).unwrap();
    assert!(fit.run(&settings, Some(checkpoint), &mut Keep::default()).unwrap() == model);
    let bytes = postcard::to_allocvec(&model).unwrap();
    assert!(postcard::from_bytes::<SequenceForecaster>(&bytes).unwrap() == model);
    let other = Checkpoint::from_bytes(&half.checkpoints[1]).unwrap();
    let refused = fit.run(&SequenceOptions { width: 8, ..settings }, Some(other), &mut Keep::default());
    assert!(matches!(refused, Err(Error::Checkpoint { .. })));
}

#[test]
fn a_forecaster_is_carried_over_to_a_log_with_new_domains_and_kinds() {
    let fit = Fit::new();
    let model = fit.run(&SequenceOptions { epochs: 2, ..options() }, None, &mut Keep::default()).unwrap();
    let mut log = fit.log.clone();
    let domain = log.domains.intern("new");
    let kind = log.kinds.intern("purchase").unwrap();
    let (user, item) = (log.users.intern("newcomer"), log.items.intern("new item", domain));
    for event in 0..6 {
        log.push(Event { user, item, time: DAY * 15 + event, kind, platform: 0 });
    }
    log.sort();
    let longer = history(&log);
    let shares = [fit.prior.popularity.clone(), vec![0.0]].concat();
    let carried = model.carried(&log, &longer, Prior { popularity: shares, ..fit.prior.clone() });
    let grown = Fit { log, history: history(&fit.log), split: fit.split.clone(), prior: fit.prior.clone() };
    // Before the newcomer came, everyone's shares are as they were; the new domain's are next to none.
    let requests: Vec<(u32, usize)> = (0..60).map(|user| (user, 5)).collect();
    let [before, after] = [fit.shares(&model, &fit.history, &requests), grown.shares(&carried, &longer, &requests)];
    for (before, after) in before.iter().zip(&after) {
        assert!(before.iter().zip(after).all(|(a, b)| (a - b).abs() < 1e-5), "{before:?} {after:?}");
        assert!(after[5] < 1e-5);
    }
    let newcomer = grown.shares(&carried, &longer, &[(60, 6)]);
    assert!(newcomer[0][5] > 0.05, "{newcomer:?}");
}

use super::*;
use crate::{
    Error,
    event::{Event, Log},
    interest::Windows,
    nn,
};

const STEP: u32 = 86_400;

/// `users` people over `windows` days with `domains` domains. Each alternates between two domains of his own, day by
/// day: what comes next is what was *not* seen last, which decayed counts cannot say but a network can.
fn alternating(users: u32, windows: u32, domains: u32) -> Log {
    let mut log = Log::new();
    let kind = log.kinds.intern("view").unwrap();
    for domain in 0..domains {
        log.domains.intern(&format!("d{domain}"));
    }
    for user in 0..users {
        log.users.intern(&format!("u{user}"));
        let pair = [user % domains, (user * 7 + 3) % domains];
        for window in 0..windows {
            for n in 0..6 {
                let other = (user + window * 5 + n * 3) % domains;
                let domain = if n < 5 { pair[(window as usize + user as usize) % 2] } else { other };
                let item = log.items.intern(&format!("i{domain}-{}", n % 3), domain);
                log.push(Event { user, item, time: window * STEP + n * 900, kind, platform: 0 });
            }
        }
    }
    log.sort();
    log
}

struct Case {
    log: Log,
    history: History,
    split: Split,
    prior: Prior,
    options: DnnOptions,
}

fn case(domains: u32) -> Case {
    let log = alternating(60, 12, domains);
    let history = History::new(&log, Windows::fixed(0, STEP, 12).unwrap()).unwrap();
    let split = Split::choose(&history).unwrap();
    let validation = history.instances(split.validation.clone(), 5, 5);
    let ranker = Ranker::new(&history.sum(split.train.clone()));
    let prior = Prior::choose(&history, split.train.clone(), &validation, &ranker, PriorGrid::default()).unwrap();
    let mut options = DnnOptions::for_size(domains as usize, 500);
    (options.epochs, options.batch, options.patience) = (6, 32, 9);
    Case { log, history, split, prior, options }
}

fn run(case: &Case, seed: u64, resume: Option<Checkpoint>, observer: &mut impl Observer) -> crate::Result<Fitted> {
    pollster::block_on(async {
        let device = nn::device().await?;
        let Case { log, history, split, prior, options } = case;
        fit(log, history, split, prior, Run { options, seed, resume }, &device, observer).await
    })
}

/// Cancels after so many steps, and counts the steps that came after.
struct CancelAfter {
    steps: usize,
    seen: usize,
}

impl Observer for CancelAfter {
    fn progress(&mut self, progress: TrainingProgress) {
        if progress.stage == "train" {
            self.seen = progress.done;
        }
    }

    fn cancelled(&mut self) -> bool {
        self.seen >= self.steps
    }

    fn seconds(&mut self) -> f64 {
        0.0
    }

    async fn pause(&mut self) {}
}

#[test]
fn the_network_learns_what_the_prior_cannot_say() {
    // With and without the domain embedding.
    for domains in [10, 80] {
        let case = case(domains);
        let fitted = run(&case, 3, None, &mut Silent).unwrap();
        let first = fitted.curve.first().unwrap().loss;
        let last = fitted.curve.last().unwrap().loss;
        assert!(last < 0.8 * first, "{domains} domains: loss {first} to {last}");
        let validation = case.history.instances(case.split.validation.clone(), 5, 5);
        let ranker = Ranker::new(&case.history.sum(case.split.train.clone()));
        let before: f64 = validation
            .iter()
            .map(|i| {
                let shares = case.prior.shares(&case.history, i.user, i.window);
                ndcg(&ranker.top(&shares, TOP), case.history.truth(i))
            })
            .sum::<f64>()
            / validation.len() as f64;
        let after = fitted.curve.iter().filter_map(|point| point.validation_ndcg10).fold(0.0, f64::max);
        assert!(after > before + 0.1, "{domains} domains: NDCG@10 {before} to {after}");
        assert_eq!(fitted.stopped, Stopped::Finished);
    }
}

#[test]
fn the_same_seed_gives_the_same_bits_and_another_seed_does_not() {
    let case = case(10);
    let one = run(&case, 5, None, &mut Silent).unwrap();
    let two = run(&case, 5, None, &mut Silent).unwrap();
    assert_eq!(one.checkpoint, two.checkpoint);
    let other = run(&case, 6, None, &mut Silent).unwrap();
    assert_ne!(one.dnn.parameters(), other.dnn.parameters());
}

#[test]
fn a_run_that_was_stopped_and_resumed_ends_where_a_whole_one_does() {
    let case = case(10);
    let whole = run(&case, 5, None, &mut Silent).unwrap();
    let steps = whole.curve.last().unwrap().step;
    let part = run(&case, 5, None, &mut CancelAfter { steps: steps / 2, seen: 0 }).unwrap();
    assert_eq!(part.stopped, Stopped::Cancelled);
    let bytes = part.checkpoint.to_bytes().unwrap();
    let back = Checkpoint::from_bytes(&bytes).unwrap();
    assert_eq!(back, part.checkpoint);
    assert!(back.epoch() > 0 && back.epoch() < case.options.epochs);
    let resumed = run(&case, 5, Some(back), &mut Silent).unwrap();
    assert_eq!(resumed.checkpoint, whole.checkpoint);
    assert_eq!(resumed.dnn, whole.dnn);
}

#[test]
fn cancelling_before_the_first_epoch_is_done_is_an_error() {
    let case = case(10);
    assert!(matches!(run(&case, 5, None, &mut CancelAfter { steps: 0, seen: 0 }), Err(Error::Cancelled)));
}

#[test]
fn a_checkpoint_that_does_not_fit_is_refused() {
    let case = case(10);
    let fitted = run(&case, 5, None, &mut CancelAfter { steps: 20, seen: 0 }).unwrap();
    let bytes = fitted.checkpoint.to_bytes().unwrap();
    assert!(matches!(Checkpoint::from_bytes(&bytes[..bytes.len() / 2]), Err(Error::Checkpoint { .. })));
    let other_seed = run(&case, 6, Some(fitted.checkpoint.clone()), &mut Silent);
    assert!(matches!(other_seed, Err(Error::Checkpoint { .. })));
    let other_log = run(&self::case(11), 5, Some(fitted.checkpoint), &mut Silent);
    assert!(matches!(other_log, Err(Error::Checkpoint { .. })));
}

#[test]
fn features_look_only_at_the_past() {
    let case = case(10);
    let window = 5;
    // The same log without anything from the window on; totals of later windows are gone with it.
    let cut = case.log.filtered(|_, event| event.time < window as u32 * STEP);
    let history = History::new(&cut, Windows::fixed(0, STEP, 12).unwrap()).unwrap();
    let of = |log: &Log, history: &History| {
        // Statistics of domains come from windows that both logs share.
        let prior = Prior::new(history, 0..window, 2.0, 3.0).unwrap();
        let features = Features::new(log, history, &prior).unwrap();
        let ranker = Ranker::new(&history.sum(0..window));
        let mut out = Vec::new();
        for user in 0..20 {
            let candidates = features.candidates(user, window, &ranker, 4);
            assert_eq!(candidates.domains.len(), 4);
            features.append(user, window, &candidates, &mut out);
        }
        out
    };
    let whole = of(&case.log, &case.history);
    assert_eq!(whole.len(), 20 * 4 * Features::width());
    assert!(whole.iter().all(|value| value.is_finite()));
    assert_eq!(whole, of(&cut, &history));
}

#[test]
fn without_the_crowd_only_what_others_say_of_the_user_is_gone() {
    let case = case(10);
    let ranker = Ranker::new(&case.history.sum(0..5));
    let of = |with_crowd: bool| {
        let features = Features::new(&case.log, &case.history, &case.prior).unwrap().with_crowd(with_crowd);
        let candidates = features.candidates(3, 5, &ranker, 10);
        let mut out = Vec::new();
        features.append(3, 5, &candidates, &mut out);
        out
    };
    let (with, without) = (of(true), of(false));
    let width = Features::width();
    let differ: std::collections::BTreeSet<usize> =
        (0..with.len()).filter(|&at| with[at] != without[at]).map(|at| at % width).collect();
    // Four shares and their ratios to the prior, side by side.
    assert!(differ.len() > 4 && differ.last().unwrap() - differ.first().unwrap() < 8, "{differ:?}");
    assert!((0..without.len()).filter(|at| differ.contains(&(at % width))).all(|at| without[at] == 0.0));
}

#[test]
fn decayed_counts_halve_every_half_life() {
    let case = case(10);
    let sum = |half_life: f64| -> f64 {
        prior::decayed(&case.history, 0, 3, half_life).iter().map(|&(_, events)| events).sum()
    };
    // Six events in each of the windows 0, 1, 2.
    assert!((sum(1.0) - 6.0 * (1.0 + 0.5 + 0.25)).abs() < 1e-9);
    assert!((sum(2.0) - 6.0 * (1.0 + 0.5_f64.sqrt() + 0.5)).abs() < 1e-9);
    let shares = case.prior.shares(&case.history, 0, 3);
    assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
}

#[test]
fn ndcg_has_linear_gain_and_ties_go_to_the_popular() {
    let cell = |domain, events| Cell { window: 0, domain, events };
    let truth = [cell(0, 3), cell(2, 1)];
    // (1 · 1 + 3 / log2 3) / (3 + 1 / log2 3), by hand.
    let expected = (1.0 + 3.0 / 3_f64.log2()) / (3.0 + 1.0 / 3_f64.log2());
    assert!((ndcg(&[2, 0, 1], &truth) - expected).abs() < 1e-12);
    assert!((ndcg(&[0, 2], &truth) - 1.0).abs() < 1e-12);
    let ranker = Ranker::new(&[5, 9, 9, 1]);
    assert_eq!(ranker.top(&[0.5, 0.5, 0.5, f64::NAN], 10), [1, 2, 0, 3]);
    assert_eq!(ranker.top(&[0.1, 0.2, 0.2, 0.9], 2), [3, 1]);
}

#[test]
fn a_log_that_is_too_small_says_what_is_missing() {
    let log = alternating(60, 3, 10);
    let history = History::new(&log, Windows::fixed(0, STEP, 3).unwrap()).unwrap();
    let few_windows = Split::choose(&history).unwrap_err();
    assert!(matches!(&few_windows, Error::NotEnough { hint, .. } if hint.contains("3 whole windows")), "{few_windows}");
    let log = alternating(4, 12, 10);
    let history = History::new(&log, Windows::fixed(0, STEP, 12).unwrap()).unwrap();
    let few_users = Split::choose(&history).unwrap_err();
    assert!(matches!(&few_users, Error::NotEnough { hint, .. } if hint.contains("4 users and windows")), "{few_users}");
    let mut unsorted = Log::new();
    unsorted.domains.intern("d");
    assert!(History::new(&unsorted, Windows::fixed(0, STEP, 3).unwrap()).is_err());
}

#[test]
fn instances_need_events_before_and_know_the_label_before() {
    let case = case(10);
    let all = case.history.instances(0..12, 5, 5);
    assert!(all.iter().all(|instance| instance.window > 0));
    assert_eq!(all.len(), 60 * 11);
    let first = &all[0];
    assert_eq!((first.user, first.window, first.label, first.previous), (0, 1, Some(3), Some(0)));
}

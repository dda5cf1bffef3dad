use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;

use super::{
    super::{DnnOptions, PriorGrid, Ranker, Run, Silent, Split, TrainingProgress, fit},
    replay::replay,
    *,
};
use crate::{
    Error,
    event::{Event, Log},
    interest::Windows,
    nn,
    training::{Dnn, History, Instance, Observer, Prior, TOP, ndcg},
};

const STEP: u32 = 86_400;

/// What a user does in a window: five events in one of his own two domains and one anywhere. Before window `change` he
/// stays with the domain of the window before, three times out of four; from then on he takes the other one.
fn restless(users: u32, windows: u32, domains: u32, change: u32) -> Log {
    let mut log = Log::new();
    let kind = log.kinds.intern("view").unwrap();
    for domain in 0..domains {
        log.domains.intern(&format!("d{domain}"));
    }
    for user in 0..users {
        log.users.intern(&format!("u{user}"));
        let pair = [user % domains, (user * 7 + 3) % domains];
        let mut side = 0;
        for window in 0..windows {
            let moves = window >= change || (user * 5 + window * 3) % 4 == 0;
            side = if moves { 1 - side } else { side };
            for n in 0..6 {
                let domain = if n < 5 { pair[side] } else { (user * 3 + window * 5 + n) % domains };
                let item = log.items.intern(&format!("i{domain}-{}", n % 3), domain);
                log.push(Event { user, item, time: window * STEP + n * 900, kind, platform: 0 });
            }
        }
    }
    log.sort();
    log
}

fn history(log: &Log, windows: usize) -> History {
    History::new(log, Windows::fixed(0, STEP, windows).unwrap()).unwrap()
}

/// A network that learned from the first ten windows.
fn trained(log: &Log, history: &History) -> Dnn {
    let split = Split { train: 0..9, validation: 9..10, test: 10..11 };
    let validation = history.instances(split.validation.clone(), 5, 5);
    let ranker = Ranker::new(&history.sum(split.train.clone()));
    let prior = Prior::choose(history, split.train.clone(), &validation, &ranker, PriorGrid::default()).unwrap();
    let mut options = DnnOptions::for_size(history.domains(), 500);
    (options.epochs, options.batch) = (8, 32);
    let run = Run { options: &options, seed: 3, resume: None };
    let device = pollster::block_on(nn::device()).unwrap();
    let mut silent = Silent;
    let fitted = fit(log, history, &split, &prior, run, &device, &mut silent);
    pollster::block_on(fitted).unwrap().dnn
}

fn updated(model: &Dnn, log: &Log, history: &History, end: usize, options: &UpdateOptions) -> Updated<Dnn> {
    let device = pollster::block_on(nn::device()).unwrap();
    let new = model.learned()..end;
    pollster::block_on(update(model, (log, history), new, options, &device, &mut Silent)).unwrap()
}

/// Mean NDCG@10 over the instances of some windows.
fn quality(model: &Dnn, log: &Log, history: &History, windows: std::ops::Range<usize>) -> f64 {
    let device = pollster::block_on(nn::device()).unwrap();
    let instances = history.instances(windows.clone(), 5, 5);
    let ranker = Ranker::new(&history.sum(0..windows.start));
    let requests: Vec<(u32, usize)> = instances.iter().map(|instance| (instance.user, instance.window)).collect();
    let (mut sum, mut silent) = (0.0, Silent);
    let run = model.each_shares((log, history), &requests, &device, &mut silent, |index, shares| {
        sum += ndcg(&ranker.top(shares, TOP), history.truth(&instances[index]));
    });
    pollster::block_on(run).unwrap();
    sum / instances.len() as f64
}

/// The budget of a small log is too small to learn a new world by.
fn generous() -> UpdateOptions {
    UpdateOptions { budget: 0.5, passes: 8, rate: 0.5, ..UpdateOptions::default() }
}

#[test]
fn where_habits_change_the_updated_model_beats_the_frozen_one_clearly() {
    let log = restless(80, 18, 12, 10);
    let history = history(&log, 18);
    let frozen = trained(&log, &history);
    let mut model = frozen.clone();
    let (mut with, mut without) = (0.0, 0.0);
    for window in 11..18 {
        let step = updated(&model, &log, &history, window, &generous());
        assert!(step.report.steps > 0 && step.report.replayed > 0);
        model = step.model;
        with += quality(&model, &log, &history, window..window + 1) / 7.0;
        let carried = frozen.carried(&history, window, frozen.learned()).unwrap();
        assert_eq!(carried.parameters(), frozen.parameters());
        without += quality(&carried, &log, &history, window..window + 1) / 7.0;
    }
    assert!(with > without + 0.05, "updated {with}, frozen {without}");
}

#[test]
fn where_nothing_changes_nothing_is_forgotten() {
    let log = restless(80, 18, 12, 99);
    let history = history(&log, 18);
    let frozen = trained(&log, &history);
    let mut model = frozen.clone();
    let (mut with, mut without) = (0.0, 0.0);
    for window in 11..18 {
        model = updated(&model, &log, &history, window, &UpdateOptions::default()).model;
        with += quality(&model, &log, &history, window..window + 1) / 7.0;
        let carried = frozen.carried(&history, window, frozen.learned()).unwrap();
        without += quality(&carried, &log, &history, window..window + 1) / 7.0;
    }
    assert!(with > without - 0.005, "updated {with}, frozen {without}");
    // The oldest windows, which were learned by heart at first, are still forecast well: both count the same.
    let carried = frozen.carried(&history, 17, 17).unwrap();
    let (before, after) = (quality(&carried, &log, &history, 2..9), quality(&model, &log, &history, 2..9));
    assert!(after > before - 0.05, "{before} to {after}");
}

#[test]
fn an_update_that_hurts_those_held_out_is_dropped() {
    let log = restless(80, 14, 12, 99);
    let history = history(&log, 14);
    let model = trained(&log, &history);
    // A rate at which the network falls apart.
    let options = UpdateOptions { rate: 300.0, passes: 1, ..generous() };
    let Updated { model: same, report } = updated(&model, &log, &history, 13, &options);
    assert!(!report.kept && report.steps > 0);
    assert!(report.after.unwrap() < report.before.unwrap());
    assert_eq!(same.parameters(), model.parameters());
    assert_eq!(same.learned(), 13);
}

#[test]
fn the_same_seed_gives_the_same_bits_and_bytes_give_the_same_model() {
    let log = restless(60, 13, 12, 99);
    let history = history(&log, 13);
    let model = trained(&log, &history);
    let one = updated(&model, &log, &history, 13, &generous());
    let two = updated(&model, &log, &history, 13, &generous());
    assert_eq!(one.model, two.model);
    assert_ne!(one.model.parameters(), model.parameters());
    let other = updated(&model, &log, &history, 13, &UpdateOptions { seed: 9, ..generous() });
    assert_ne!(one.model, other.model);
    let bytes = postcard::to_allocvec(&one.model).unwrap();
    let back: Dnn = postcard::from_bytes(&bytes).unwrap();
    assert_eq!(back, one.model);
    // Once taken in, the windows are not new any more.
    let again = updated(&back, &log, &history, 13, &generous());
    assert_eq!((again.report.steps, again.report.drift), (0, None));
    assert_eq!(again.model, back);
}

/// Wants to stop when `left` more questions were asked.
struct Impatient {
    left: usize,
}

impl Observer for Impatient {
    fn progress(&mut self, _: TrainingProgress) {}

    fn checkpoint(&mut self, _: Vec<u8>) {
        panic!("an update keeps no checkpoints");
    }

    fn cancelled(&mut self) -> bool {
        self.left = self.left.saturating_sub(1);
        self.left == 0
    }

    fn seconds(&mut self) -> f64 {
        0.0
    }

    async fn pause(&mut self) {}
}

#[test]
fn it_can_be_cancelled_at_any_time() {
    let log = restless(60, 13, 12, 99);
    let history = history(&log, 13);
    let model = trained(&log, &history);
    let device = pollster::block_on(nn::device()).unwrap();
    let (mut asked, options) = (1, generous());
    loop {
        let mut observer = Impatient { left: asked };
        let run = update(&model, (&log, &history), 9..13, &options, &device, &mut observer);
        match pollster::block_on(run) {
            Err(Error::Cancelled) => asked += 7,
            Ok(_) => break,
            Err(other) => panic!("{other}"),
        }
    }
    assert!(asked > 20, "asked only {asked} times");
}

#[test]
fn new_users_and_domains_are_learned_too() {
    for domains in [12, 80] {
        let log = restless(60, 16, domains, 99);
        let model = trained(&log, &history(&log, 16));
        // Everyone new goes for one new domain, from window 11 on.
        let mut more = Log::new();
        let kind = more.kinds.intern("view").unwrap();
        let (domain, other) = (more.domains.intern("new"), more.domains.intern("d1"));
        let items = [more.items.intern("n", domain), more.items.intern("i1-0", other)];
        for user in 0..40 {
            let user = more.users.intern(&format!("new{user}"));
            for window in 11..16 {
                for n in 0..6 {
                    let time = window * STEP + n * 60;
                    more.push(Event { user, item: items[usize::from(n == 0)], time, kind, platform: 0 });
                }
            }
        }
        more.sort();
        let log = log.extended(&more).unwrap();
        let history = history(&log, 16);
        assert!(model.check(&history).is_err());
        let carried = model.carried(&history, 15, model.learned()).unwrap();
        let Updated { model, report } = updated(&model, &log, &history, 15, &generous());
        let known = quality(&carried, &log, &history, 15..16);
        let learned = quality(&model, &log, &history, 15..16);
        assert!(report.kept && learned > known - 0.005, "{domains} domains: {known} to {learned}");
        let device = pollster::block_on(nn::device()).unwrap();
        let (request, mut silent) = ([(log.users.get("new7").unwrap(), 15)], Silent);
        let run = model.each_shares((&log, &history), &request, &device, &mut silent, |_, shares| {
            assert_eq!(shares.len(), domains as usize + 1);
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-6);
            let best = (0..shares.len()).max_by(|&a, &b| shares[a].total_cmp(&shares[b]));
            assert_eq!(best, Some(log.domains.get("new").unwrap() as usize));
        });
        pollster::block_on(run).unwrap();
        assert!(model.carried(&self::history(&restless(9, 16, 10, 99), 16), 15, 15).is_err());
    }
}

#[test]
fn a_crowd_that_moves_is_noticed_and_raises_the_rate() {
    // Of 100 events a window, 60 to 64 in the first domain, then 20.
    let mut log = Log::new();
    let kind = log.kinds.intern("view").unwrap();
    let user = log.users.intern("crowd");
    let items = ["a", "b"].map(|name| {
        let domain = log.domains.intern(name);
        log.items.intern(name, domain)
    });
    let first = [60, 62, 61, 64, 60, 63, 61, 62, 20];
    for (window, &share) in first.iter().enumerate() {
        for n in 0..100 {
            let time = window as u32 * STEP + n;
            log.push(Event { user, item: items[usize::from(n >= share)], time, kind, platform: 0 });
        }
    }
    log.sort();
    let history = history(&log, first.len());
    let calm = crowd_drift(&history, 6..8);
    assert!(!calm.found && calm.factor() == 1.0, "{calm:?}");
    let moved = crowd_drift(&history, 7..9);
    // scipy.spatial.distance.jensenshannon([.62, .38], [.2, .8], base=2)
    assert!((moved.distance - 0.369_479_9).abs() < 1e-6, "{moved:?}");
    assert!(moved.found && moved.factor() == 4.0, "{moved:?}");
    let early = crowd_drift(&history, 3..9);
    assert!(early.score.is_nan() && !early.found && early.factor() == 1.0, "{early:?}");
}

#[test]
fn replay_prefers_what_is_recent_and_leaves_nothing_out_for_ever() {
    let older: Vec<Instance> = (0..1000)
        .map(|n| Instance { user: n, window: (n % 10) as usize, cells: 0..0, label: None, previous: None })
        .collect();
    let mut drawn = [0; 10];
    for seed in 0..400 {
        let draw = || replay(older.clone(), 50, 3, 3.0, &mut Pcg64Mcg::seed_from_u64(seed));
        let some = draw();
        assert_eq!(some.len(), 50);
        let users = |some: &[Instance]| some.iter().map(|one| one.user).collect::<Vec<u32>>();
        assert_eq!(users(&some), users(&draw()));
        let mut windows: Vec<usize> = some.iter().map(|one| one.window).collect();
        windows.sort_unstable();
        windows.dedup();
        assert!(windows.len() <= 3);
        windows.into_iter().for_each(|window| drawn[window] += 1);
    }
    assert!(drawn.iter().all(|&times| times > 10), "{drawn:?}");
    assert!(drawn[9] > 2 * drawn[4] && drawn[4] > drawn[0], "{drawn:?}");
    assert!(replay(Vec::new(), 5, 3, 3.0, &mut Pcg64Mcg::seed_from_u64(1)).is_empty());
}

#[test]
fn options_out_of_range_are_refused() {
    let log = restless(30, 13, 12, 99);
    let history = history(&log, 13);
    let model = trained(&log, &history);
    let device = pollster::block_on(nn::device()).unwrap();
    let wrong = [
        UpdateOptions { passes: 0, ..UpdateOptions::default() },
        UpdateOptions { rate: f64::NAN, ..UpdateOptions::default() },
        UpdateOptions { held_out: 1.0, ..UpdateOptions::default() },
    ];
    for options in wrong {
        let mut silent = Silent;
        let run = update(&model, (&log, &history), 9..12, &options, &device, &mut silent);
        assert!(matches!(pollster::block_on(run), Err(Error::Parameter { .. })), "{options:?}");
    }
}

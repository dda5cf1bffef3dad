use super::*;
use crate::{
    event::{Event, Log},
    interest::Windows,
    nn,
    training::{DnnOptions, History, Prior, PriorGrid, Ranker, Silent, Split, TOP, ndcg},
};

const DAY: u32 = 86_400;

/// `users` people over `windows` days with `domains` domains; each alternates between two domains of his own. What comes
/// next is what was not seen last: no decayed count says so, and it is the same rule whatever the domains are.
fn alternating(users: u32, windows: u32, domains: u32) -> Log {
    let mut log = Log::new();
    let kind = log.kinds.intern("view").unwrap();
    for domain in 0..domains {
        log.domains.intern(&format!("of{domains}-{domain}"));
    }
    for user in 0..users {
        log.users.intern(&format!("u{user}"));
        let pair = [user % domains, (user * 7 + 3) % domains];
        for window in 0..windows {
            for n in 0..6 {
                let other = (user + window * 5 + n * 3) % domains;
                let domain = if n < 5 { pair[((window + user) % 2) as usize] } else { other };
                let item = log.items.intern(&format!("i{domain}-{}", n % 3), domain);
                log.push(Event { user, item, time: window * DAY + n * 900, kind, platform: 0 });
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

impl Case {
    fn new(users: u32, windows: u32, domains: u32) -> Case {
        let log = alternating(users, windows, domains);
        let history = History::new(&log, Windows::fixed(0, DAY, windows as usize).unwrap()).unwrap();
        let split = Split::last(windows as usize, 1, 1).unwrap();
        let validation = history.instances(split.validation.clone(), 5, 5);
        let ranker = Ranker::new(&history.sum(split.train.clone()));
        let prior = Prior::choose(&history, split.train.clone(), &validation, &ranker, PriorGrid::default()).unwrap();
        let mut options = DnnOptions::for_size(domains as usize, 400);
        (options.epochs, options.batch, options.embedding) = (4, 32, 0);
        Case { log, history, split, prior, options }
    }

    fn source(&self) -> Source<'_> {
        let Case { log, history, split, prior, options } = self;
        Source { log, history, split, prior, options }
    }

    /// NDCG@10 on the test window.
    fn test(&self, dnn: &crate::training::Dnn) -> f64 {
        let instances = self.history.instances(self.split.test.clone(), 5, 5);
        let ranker = Ranker::new(&self.history.sum(self.split.train.clone()));
        let requests: Vec<(u32, usize)> = instances.iter().map(|one| (one.user, one.window)).collect();
        let mut sum = 0.0;
        let each = |index: usize, shares: &[f64]| {
            sum += ndcg(&ranker.top(shares, TOP), self.history.truth(&instances[index]));
        };
        let device = pollster::block_on(nn::device()).unwrap();
        let data = (&self.log, &self.history);
        pollster::block_on(dnn.each_shares(data, &requests, &device, &mut Silent, each)).unwrap();
        sum / instances.len() as f64
    }

    fn test_prior(&self) -> f64 {
        let instances = self.history.instances(self.split.test.clone(), 5, 5);
        let ranker = Ranker::new(&self.history.sum(self.split.train.clone()));
        let score = |one: &crate::training::Instance| {
            let shares = self.prior.shares(&self.history, one.user, one.window);
            ndcg(&ranker.top(&shares, TOP), self.history.truth(one))
        };
        instances.iter().map(score).sum::<f64>() / instances.len() as f64
    }
}

fn pretrained(cases: &[Case], seed: u64) -> Base {
    let sources: Vec<Source<'_>> = cases.iter().map(Case::source).collect();
    let settings = Pretraining {
        members: 1,
        hidden: 16,
        epochs: 5,
        steps_per_log: 20,
        learning_rate: 5e-3,
        weight_decay: 1e-3,
        dropout: 0.0,
        trained_on: "alternating".into(),
        seed,
    };
    let device = pollster::block_on(nn::device()).unwrap();
    pollster::block_on(pretrain(&sources, &settings, &device, &mut Silent)).unwrap()
}

#[test]
fn what_was_learned_on_two_logs_forecasts_on_a_third_with_other_domains() {
    let base = pretrained(&[Case::new(60, 12, 10), Case::new(50, 10, 30)], 1);
    let target = Case::new(60, 8, 80);
    let device = pollster::block_on(nn::device()).unwrap();
    let found = pollster::block_on(base.zero_shot_on(target.source(), &device, &mut Silent)).unwrap();
    let (prior, zero_shot) = (target.test_prior(), target.test(&found.dnn));
    assert!(found.trust.0 > 0.0 && zero_shot > prior + 0.1, "{prior} to {zero_shot}, {:?}", found.trust);
    // The same from the past alone, with nothing of the test window.
    let end = target.split.test.start;
    let data = (&target.log, &target.history);
    let past = pollster::block_on(base.zero_shot(data, end, &device, &mut Silent)).unwrap();
    assert!(target.test(&past.dnn) > prior + 0.1);
    let cut = target.log.filtered(|_, event| event.time < end as u32 * DAY);
    let history = History::new(&cut, Windows::fixed(0, DAY, 8).unwrap()).unwrap();
    assert_eq!(pollster::block_on(base.zero_shot((&cut, &history), end, &device, &mut Silent)).unwrap(), past);
}

#[test]
fn a_base_that_misleads_is_not_trusted() {
    let mut base = pretrained(&[Case::new(60, 12, 10)], 2);
    // What it scored highest it now scores lowest.
    base.parameters[5].iter_mut().for_each(|weight| *weight *= -3.0);
    let target = Case::new(60, 8, 80);
    let device = pollster::block_on(nn::device()).unwrap();
    let found = pollster::block_on(base.zero_shot_on(target.source(), &device, &mut Silent)).unwrap();
    assert_eq!(found.trust, Trust(0.0));
    assert!((target.test(&found.dnn) - target.test_prior()).abs() < 1e-9);
}

#[test]
fn fine_tuning_is_the_base_and_a_change_that_can_be_taken_back() {
    let base = pretrained(&[Case::new(60, 12, 10), Case::new(50, 10, 30)], 3);
    let device = pollster::block_on(nn::device()).unwrap();
    // With and without a domain embedding beside what is carried over.
    for embedding in [0, 4] {
        let mut target = Case::new(60, 8, 40);
        target.options.embedding = embedding;
        let tuning = FineTuning { steps: 1, rate: 0.5, keep: Keep::Best, seed: 3 };
        let run =
            |base: &Base| pollster::block_on(fine_tune(base, target.source(), tuning, &device, &mut Silent)).unwrap();
        let adapted = run(&base);
        assert_eq!(adapted.before[..6], base.parameters()[..]);
        assert_eq!(adapted.delta.apply(&adapted.before).unwrap(), adapted.dnn.parameters());
        assert_eq!(adapted.delta.take_back(adapted.dnn.parameters()).unwrap(), adapted.before);
        // As files, too.
        let [before, after] = adapted.networks().map(|one| Network::from_bytes(&one.to_bytes().unwrap()).unwrap());
        let delta = Delta::from_bytes(&adapted.delta.to_bytes().unwrap()).unwrap();
        assert_eq!((before.changed(&delta).unwrap(), after.restored(&delta).unwrap()), (after, before));
        assert!(adapted.curve.last().unwrap().step <= target.options.epochs);
        let scratch = run(&Base::untrained(16, 1, 3));
        assert!(adapted.validation_ndcg10 > scratch.validation_ndcg10 + 0.02, "embedding {embedding}");
        assert!(target.test(&adapted.dnn) > target.test(&scratch.dnn) + 0.02, "embedding {embedding}");
        assert_eq!(run(&base).delta, adapted.delta);
    }
}

#[test]
fn a_base_comes_back_from_its_file_and_only_for_the_features_of_this_build() {
    let base = pretrained(&[Case::new(40, 6, 10)], 4);
    let bytes = base.to_bytes().unwrap();
    assert_eq!(Base::from_bytes(&bytes).unwrap(), base);
    assert_eq!(pretrained(&[Case::new(40, 6, 10)], 4).to_bytes().unwrap(), bytes);
    let mut narrow = base.clone();
    narrow.shape.features -= 1;
    assert!(matches!(Base::from_bytes(&narrow.to_bytes().unwrap()), Err(crate::Error::Checkpoint { .. })));
    let mut short = base;
    short.parameters.pop();
    assert!(Base::from_bytes(&short.to_bytes().unwrap()).is_err());
}

#[test]
fn the_shipped_base_fits_this_build_and_forecasts() {
    let base = base().expect("evaluate pretrain must be run again: the features have changed");
    let target = Case::new(40, 8, 30);
    let device = pollster::block_on(nn::device()).unwrap();
    let data = (&target.log, &target.history);
    let found = pollster::block_on(base.zero_shot(data, 7, &device, &mut Silent)).unwrap();
    assert!(target.test(&found.dnn) > target.test_prior() - 0.02);
}

#[test]
fn too_little_to_learn_from_says_so() {
    let device = pollster::block_on(nn::device()).unwrap();
    let settings = Pretraining {
        members: 1,
        hidden: 8,
        epochs: 1,
        steps_per_log: 1,
        learning_rate: 1e-3,
        weight_decay: 0.0,
        dropout: 0.0,
        trained_on: String::new(),
        seed: 0,
    };
    let none = pollster::block_on(pretrain(&[], &settings, &device, &mut Silent));
    assert_eq!(none.unwrap_err().code(), "not_enough");
    let mut empty = Case::new(20, 6, 10);
    empty.split.validation = 6..6;
    let tuning = FineTuning { steps: 1, rate: 1.0, keep: Keep::Best, seed: 0 };
    let base = Base::untrained(8, 1, 0);
    let refused = pollster::block_on(fine_tune(&base, empty.source(), tuning, &device, &mut Silent));
    assert_eq!(refused.unwrap_err().code(), "not_enough");
}

use chacha20::{ChaCha20Rng, rand_core::SeedableRng};

use super::*;
use crate::{
    interest::{WindowLength, WindowOptions, evolution},
    synth::{SampleOptions, Synth},
};

fn sample(users: u32) -> Log {
    Synth::sample(SampleOptions { users, days: 84, seed: 1 }).unwrap().log(|_| Ok(())).unwrap()
}

fn weeks() -> InterestOptions {
    InterestOptions {
        window: WindowOptions { length: WindowLength::Week, time_zone: "UTC".into() },
        half_life: None,
        weigh_kinds: false,
    }
}

const BOTH: Totals = Totals { rows: true, columns: true };

#[test]
fn what_is_shown_is_what_the_heat_map_says() {
    let log = sample(40);
    let whole = evolution(&log, &Scope::Everyone, &weeks()).unwrap();
    let shown = anonymous_evolution(&log, &Scope::Everyone, &weeks(), 5, BOTH).unwrap();
    let columns = shown.windows.len();
    let (mut same, mut hidden) = (0, 0);
    for (row, name) in shown.domains.iter().enumerate().filter(|(_, name)| *name != OTHER) {
        let of = whole.domains.iter().position(|domain| domain.name == *name).unwrap();
        for column in 0..columns {
            let (events, cell) = (whole.weights[of * columns + column], shown.events[row * columns + column]);
            if cell.is_nan() {
                hidden += 1
            } else {
                assert_eq!(cell, events)
            }
            same += usize::from(cell == events);
        }
    }
    assert!(same > 0 && hidden > 0, "{same} and {hidden}");
    assert!(shown.few > 0);
    // Fewer users need to stand behind a cell: less is hidden.
    let loose = anonymous_evolution(&log, &Scope::Everyone, &weeks(), 2, BOTH).unwrap();
    assert!(loose.few + loose.complements < shown.few + shown.complements);
}

#[test]
fn domains_of_few_users_lose_their_name() {
    let mut log = sample(300);
    let domain = log.domains.intern("A rare one");
    let item = log.items.intern("a rare item", domain);
    let first = log.get(0).unwrap();
    log.push(crate::event::Event { item, ..first });
    log.sort();
    let shown = anonymous_evolution(&log, &Scope::Everyone, &weeks(), 5, BOTH).unwrap();
    assert!(!shown.domains.iter().any(|name| name == "A rare one") && shown.merged == 1);
    assert_eq!(shown.domains.last().map(String::as_str), Some(OTHER));
    assert!(shown.domain_totals.last().unwrap().is_nan());
}

#[test]
fn noise_leaves_counts_recognisable_and_is_as_large_as_announced() {
    let log = sample(300);
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    for delta in [0.0, 1e-6] {
        let loss = PrivacyLoss { epsilon: 2.0, delta };
        let private = PrivateOptions { loss, cells_per_user: 0, secret_domains: false };
        let mut ledger = Ledger::new(loss).unwrap();
        let refused = private_evolution(&log, &Scope::Everyone, &weeks(), &private, &mut ledger, &mut rng);
        assert!(refused.is_err() && ledger.releases() == 0);
        let private = PrivateOptions { cells_per_user: 60, ..private };
        let noisy = private_evolution(&log, &Scope::Everyone, &weeks(), &private, &mut ledger, &mut rng).unwrap();
        assert!((ledger.spent() / 2.0 - 1.0).abs() < 1e-6, "{}", ledger.spent());
        let mut exact: FxHashMap<(String, usize), f64> = FxHashMap::default();
        each_users_cells(&log, &Scope::Everyone, &weeks(), |cells| {
            for cell in cells {
                *exact.entry((log.domains.name(cell.domain).to_owned(), cell.window)).or_default() += 1.0;
            }
        })
        .unwrap();
        let columns = noisy.windows.len();
        let within = noisy.users.iter().enumerate().filter(|&(index, &users)| {
            let exact = exact.get(&(noisy.domains[index / columns].clone(), index % columns)).copied().unwrap_or(0.0);
            // What did not count for the bound on cells lowers a count by a share.
            (users - exact * (1.0 - noisy.uncounted)).abs() <= noisy.bound + 0.3 * exact
        });
        assert!(within.count() as f64 >= 0.93 * noisy.users.len() as f64);
        // The budget is used up.
        assert!(private_evolution(&log, &Scope::Everyone, &weeks(), &private, &mut ledger, &mut rng).is_err());
    }
}

#[test]
fn what_one_user_alone_did_does_not_come_out() {
    let mut log = sample(300);
    let domain = log.domains.intern("Only one was here");
    let item = log.items.intern("the one item", domain);
    let first = log.get(0).unwrap();
    log.push(crate::event::Event { item, ..first });
    log.sort();
    let loss = PrivacyLoss { epsilon: 4.0, delta: 1e-5 };
    let private = PrivateOptions { loss, cells_per_user: 100, secret_domains: true };
    for seed in 0..20 {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let mut ledger = Ledger::new(loss).unwrap();
        let released = private_evolution(&log, &Scope::Everyone, &weeks(), &private, &mut ledger, &mut rng).unwrap();
        assert!(!released.domains.iter().any(|name| name == "Only one was here"));
        assert!(released.users.iter().any(|users| *users >= released.threshold));
        assert!(ledger.spent() <= 4.0 * (1.0 + 1e-9), "{}", ledger.spent());
    }
    let without_delta = PrivateOptions { loss: PrivacyLoss { epsilon: 1.0, delta: 0.0 }, ..private };
    let mut ledger = Ledger::new(loss).unwrap();
    let mut rng = ChaCha20Rng::seed_from_u64(1);
    assert!(private_evolution(&log, &Scope::Everyone, &weeks(), &without_delta, &mut ledger, &mut rng).is_err());
}

#[test]
fn noise_is_what_the_promise_asks_for() {
    let loss = PrivacyLoss { epsilon: 0.5, delta: 0.0 };
    let private = PrivateOptions { loss, cells_per_user: 6, secret_domains: false };
    let plan = Plan::new(&private).unwrap();
    assert_eq!((plan.noise, plan.threshold), (Noise::Laplace(Ratio { numerator: 12 * 1024, denominator: 1024 }), 0.0));
    let loss = PrivacyLoss { epsilon: 0.5, delta: 1e-6 };
    let plan = Plan::new(&PrivateOptions { loss, secret_domains: true, ..private }).unwrap();
    let Noise::Gaussian(variance) = plan.noise else { panic!("{:?}", plan.noise) };
    let Spending::Concentrated(rho) = plan.release.cost else { panic!("{:?}", plan.release) };
    assert!(variance.value() >= 3.0 / rho && variance.value() <= 3.0 / rho + 1.0 / 1024.0);
    assert_eq!((plan.release.slip, plan.threshold), (5e-7, 1.0 + plan.noise.bound(5e-7 / 6.0)));
}

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::*;
use crate::{event::Event, interest::WindowLength, training::Silent};

const DAY: u32 = 86_400;

fn daily() -> WindowOptions {
    WindowOptions { length: WindowLength::Day, time_zone: "UTC".into() }
}

/// Users come every day with a probability of their own, and some stay away for good. Whoever has bought lately buys again.
fn log(users: u32, seed: u64) -> (Log, Vec<f64>) {
    let mut rng = Pcg64Mcg::seed_from_u64(seed);
    let mut log = Log::new();
    let domain = log.domains.intern("d");
    let item = log.items.intern("i", domain);
    let [view, purchase] = ["view", "purchase"].map(|kind| log.kinds.intern(kind).unwrap());
    let mut habits = Vec::new();
    for user in 0..users {
        log.users.intern(&format!("u{user}"));
        let habit: f64 = if rng.random_bool(0.5) { 0.9 } else { 0.25 };
        let buyer = rng.random_bool(0.3);
        habits.push(habit);
        for day in 0..20 {
            if rng.random::<f64>() < habit || day == 0 {
                let time = 1_700_006_400 + day * DAY + rng.random_range(0..DAY / 2);
                log.push(Event { user, item, time, kind: view, platform: 0 });
                if buyer && rng.random_bool(0.6) {
                    log.push(Event { user, item, time: time + 60, kind: purchase, platform: 0 });
                }
            }
        }
    }
    // The last day is over.
    log.push(Event { user: 0, item, time: 1_700_006_400 + 20 * DAY - 1, kind: view, platform: 0 });
    log.sort();
    (log, habits)
}

#[test]
fn habits_foretell_who_stays_away_and_who_buys_better_than_recency_does() {
    for seed in [1, 2] {
        let (log, habits) = log(600, seed);
        let found = pollster::block_on(prospects(&log, &daily(), &mut Silent)).unwrap();
        for foretold in [found.churn.unwrap(), found.purchase.unwrap()] {
            println!("{foretold:?}");
            assert!(foretold.gain.unwrap().low > 0.0 && foretold.auc[0] > foretold.auc[1], "{foretold:?}");
            assert!(foretold.calibration_error[0] < 0.05, "{foretold:?}");
        }
        assert_eq!(found.window, [1_700_006_400 + 20 * i64::from(DAY), 1_700_006_400 + 21 * i64::from(DAY)]);
        // The truth is 1 − habit; nineteen days tell it well, whatever happened yesterday.
        let error = |(risk, habit): (&f64, &f64)| (risk - (1.0 - habit)).abs();
        let mean = found.churn_risk.iter().zip(&habits).map(error).sum::<f64>() / habits.len() as f64;
        assert!(mean < 0.08, "{mean}");
        assert_eq!(pollster::block_on(prospects(&log, &daily(), &mut Silent)).unwrap(), found);
    }
}

#[test]
fn what_cannot_be_foretold_says_so() {
    let (log, _) = log(60, 3);
    let short = WindowOptions { length: WindowLength::Week, time_zone: "UTC".into() };
    let refused = pollster::block_on(prospects(&log, &short, &mut Silent));
    assert!(matches!(refused, Err(Error::NotEnough { .. })), "{refused:?}");
    let views = log.filtered(|_, event| event.kind == 0);
    let found = pollster::block_on(prospects(&views, &daily(), &mut Silent)).unwrap();
    assert!(found.churn.is_some() && found.purchase.is_none());
    assert!(found.purchase_chance.iter().all(|chance| chance.is_nan()));
}

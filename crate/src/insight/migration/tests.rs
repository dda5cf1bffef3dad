use rand::{RngExt, SeedableRng, seq::SliceRandom};
use rand_pcg::Pcg64Mcg;

use super::*;
use crate::{
    event::Event,
    interest::{WindowLength, WindowOptions},
    training::Silent,
};

const DAY: u32 = 86_400;
const DOMAINS: u32 = 16;
const DAYS: usize = 14;

/// By user and day: the domains of his events.
type Days = Vec<Vec<Vec<u32>>>;

fn log(users: &Days) -> Log {
    let mut log = Log::new();
    let kind = log.kinds.intern("view").unwrap();
    for domain in 0..DOMAINS {
        let domain = log.domains.intern(&format!("d{domain}"));
        log.items.intern(&format!("i{domain}"), domain);
    }
    for (user, days) in (0u32..).zip(users) {
        log.users.intern(&format!("u{user}"));
        for (day, domains) in (0u32..).zip(days) {
            for (n, &item) in (0u32..).zip(domains) {
                log.push(Event { user, item, time: 1_700_006_400 + day * DAY + n * 600, kind, platform: 0 });
            }
        }
    }
    log.sort();
    log
}

fn found(users: &Days, level: f64) -> Migration {
    let window = WindowOptions { length: WindowLength::Day, time_zone: "UTC".into() };
    let interest = InterestOptions { window, half_life: Some(3.0), weigh_kinds: true };
    let options = MigrationOptions { interest, level, top: 1000 };
    pollster::block_on(migration(&log(users), &Scope::Everyone, &options, &mut Silent)).unwrap()
}

/// Users who each take what comes, some of it more often; what is `own` comes beside it, by day.
fn crowd(count: usize, rng: &mut Pcg64Mcg, mut own: impl FnMut(usize, &mut Pcg64Mcg) -> Vec<u32>) -> Days {
    (0..count)
        .map(|_| {
            let favourite = rng.random_range(4..DOMAINS);
            let day = |day| {
                let mut events = own(day, rng);
                events.extend((0..4).map(|_| match rng.random_bool(0.5) {
                    true => favourite,
                    false => rng.random_range(4..DOMAINS),
                }));
                events
            };
            (0..DAYS).map(day).collect()
        })
        .collect()
}

fn shuffled(mut users: Days, rng: &mut Pcg64Mcg) -> Days {
    users.iter_mut().for_each(|days| days.shuffle(rng));
    users
}

#[test]
fn planted_transfers_are_found_and_the_share_of_false_ones_is_what_was_asked_for() {
    let mut rng = Pcg64Mcg::seed_from_u64(1);
    let (mut hits, mut shares) = (0, Vec::new());
    for _ in 0..20 {
        // A quarter moves from 0 to 1, and one from 2 to 3.
        let mut users = crowd(60, &mut rng, |day, _| vec![u32::from(day >= 7); 8]);
        users.extend(crowd(60, &mut rng, |day, _| vec![2 + u32::from(day >= 6); 8]));
        let still = crowd(120, &mut rng, |_, _| Vec::new());
        users.extend(shuffled(still, &mut rng));
        let found = found(&users, 0.1);
        let pair = |flow: &NetFlow| (flow.from, flow.to);
        let mut first: Vec<_> = found.flows.iter().take(2).map(pair).collect();
        first.sort_unstable();
        hits += usize::from(first == [(0, 1), (2, 3)]);
        assert!(found.flows.iter().all(|flow| flow.q <= 0.1 && flow.mass > 0.0));
        // What leaves 0 or 2, or comes to 1 or 3, is a part of the moves; flows among all others are not there.
        let wrong =
            found.flows.iter().filter(|flow| ![0, 2].contains(&flow.from) && ![1, 3].contains(&flow.to)).count();
        shares.push(wrong as f64 / found.flows.len().max(1) as f64);
    }
    let mean = shares.iter().sum::<f64>() / shares.len() as f64;
    println!("both first in {hits} of 20, mean share of false flows {mean:.4}");
    assert_eq!(hits, 20);
    assert!(mean <= 0.1, "{shares:?}");
}

#[test]
fn noise_is_not_sold_as_a_flow() {
    let mut rng = Pcg64Mcg::seed_from_u64(2);
    let mut alarms = [0; 3];
    for _ in 0..40 {
        let movers = crowd(80, &mut rng, |day, _| vec![u32::from(day >= 7); 6]);
        let mut users = shuffled(movers, &mut rng);
        // Half of them leave early: their last windows are as any others.
        users.iter_mut().take(40).for_each(|days| days.truncate(9));
        let found = found(&users, 0.2);
        let kinds = [found.flows.len(), found.leads.len(), found.exits.len()];
        alarms.iter_mut().zip(kinds).for_each(|(alarms, reported)| *alarms += usize::from(reported > 0));
    }
    println!("of 40 shuffled logs at level .2 with a flow, lead, exit: {alarms:?}");
    // Where all findings are false, the share is 1 as soon as there is one: that may be in a fifth of the logs, 8 of 40.
    assert!(alarms.iter().all(|&alarms| alarms <= 12), "{alarms:?}");
}

#[test]
fn early_signs_and_exits_are_found() {
    let mut rng = Pcg64Mcg::seed_from_u64(3);
    // A first look at 3 comes the day before 0 is given up for 1.
    let mut users = crowd(70, &mut rng, |day, rng| match day {
        0..6 => vec![0; 8],
        6 => vec![0, 0, 0, 0, 3, 3, 3, 3],
        _ => vec![1; 7 + usize::from(rng.random_bool(0.5))],
    });
    // Others leave after a day with 2.
    let leaving = crowd(50, &mut rng, |day, _| if day == 8 { vec![2; 6] } else { vec![0; 6] });
    users.extend(leaving.into_iter().map(|days| days[..9].to_vec()));
    let found = found(&users, 0.05);
    assert_eq!((found.leads[0].sign, found.leads[0].loss), (3, 0), "{:?}", found.leads);
    assert_eq!((found.exits[0].domain, found.left, found.users), (2, 50, 120));
    assert!(found.exits[0].share > 0.5 && found.exits[0].usual < 0.1, "{:?}", found.exits);
    assert_eq!(found.tested[1], found.flows.len());
    let name = |id| found.domains.iter().find(|domain| domain.id == id).unwrap().name.clone();
    assert_eq!((name(3), name(2)), ("d3".to_owned(), "d2".to_owned()));
}

#[test]
fn an_impossible_level_is_refused() {
    let window = WindowOptions { length: WindowLength::Day, time_zone: "UTC".into() };
    let interest = InterestOptions { window, half_life: None, weigh_kinds: true };
    let log = log(&vec![vec![vec![1]; 3]; 3]);
    for level in [0.0, 1.0, f64::NAN] {
        let options = MigrationOptions { interest: interest.clone(), level, top: 10 };
        let refused = pollster::block_on(migration(&log, &Scope::Everyone, &options, &mut Silent));
        assert_eq!(refused.unwrap_err().code(), "parameter");
    }
}

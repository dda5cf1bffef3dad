use super::*;
use crate::{event::Event, interest::Windows, training::Silent};

const DAY: u32 = 86_400;
const DOMAINS: u32 = 8;

/// 240 users, each with a hidden taste 0..4. Old ones are active all ten days in their taste's first domain, then in its
/// second. New ones have two events in the first domain the day before their first full day, which lies in the second.
/// `tell`: what gives the taste away: the platform, friends of the same taste, or the first domain.
fn log(tell: &str) -> Log {
    let mut log = Log::new();
    let kind = log.kinds.intern("view").unwrap();
    for domain in 0..DOMAINS {
        log.domains.intern(&format!("d{domain}"));
        log.items.intern(&format!("i{domain}"), domain);
        log.items.intern(&format!("j{domain}"), domain);
    }
    for platform in ["", "p0", "p1", "p2", "p3"] {
        log.platforms.intern(platform);
    }
    for user in 0..240 {
        log.users.intern(&format!("u{user}"));
        let taste = user % 4;
        let platform = if tell == "platform" { 1 + taste as u8 } else { 1 };
        let mut push = |day: u32, n: u32, domain: u32| {
            log.push(Event { user, item: 2 * domain + n % 2, time: day * DAY + 600 * n, kind, platform });
        };
        if user < 120 {
            for day in 0..10 {
                (0..6).for_each(|n| push(day, n, 2 * taste + u32::from((day + user / 4) % 2 == 1)));
            }
        } else {
            let day = 5 + user / 4 % 5;
            let first = if tell == "domain" { 2 * taste } else { 0 };
            (0..2).for_each(|n| push(day - 1, n, first));
            (0..6).for_each(|n| push(day, n, 2 * taste + 1));
        }
    }
    if tell == "friends" {
        log.edges = (120..240).flat_map(|user| [(user, user % 4), (user, user % 4 + 8)]).collect();
    }
    log.sort();
    log
}

fn score(log: &Log, history: &History, model: &ColdStart, instances: &[Instance]) -> f64 {
    let ranker = Ranker::new(&history.sum(0..6));
    let mut cold = model.on(log, history).unwrap();
    let scored = instances.iter().map(|one| {
        let shares = cold.of(one.user, one.window);
        assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
        ndcg(&ranker.top(&shares, TOP), history.truth(one))
    });
    scored.sum::<f64>() / instances.len() as f64
}

fn choose(log: &Log, history: &History, validation: &[Instance], social: bool) -> ColdStart {
    pollster::block_on(ColdStart::choose((log, history), 0..6, validation, social, &mut Silent)).unwrap()
}

#[test]
fn whatever_gives_a_new_user_away_is_found_and_used() {
    for tell in ["platform", "domain", "friends", "nothing"] {
        let log = log(tell);
        let history = History::new(&log, Windows::fixed(0, DAY, 10).unwrap()).unwrap();
        let (validation, test) = (cold_instances(&history, 6..8), cold_instances(&history, 8..10));
        assert!(validation.len() > 30 && test.len() > 30, "{} {}", validation.len(), test.len());
        let model = choose(&log, &history, &validation, true);
        let Mixture { platform, paths, friends } = model.mixture();
        let found = score(&log, &history, &model, &test);
        let crowd = ColdStart { mixture: Mixture::default(), ..model.clone() };
        let blind = score(&log, &history, &crowd, &test);
        println!("{tell}: {:?}, {found} against {blind}", model.mixture());
        match tell {
            "platform" => assert!(platform > 0.0 && found > blind + 0.1),
            "domain" => assert!(paths > 0.0 && found > blind + 0.1),
            "friends" => assert!(friends > 0.0 && found > blind + 0.1),
            _ => assert!(friends == 0.0 && found < blind + 0.1),
        }
        let without = choose(&log, &history, &validation, false);
        assert_eq!(without.mixture().friends, 0.0);
    }
}

#[test]
fn cold_instances_are_those_that_inp_leaves_out() {
    let log = log("nothing");
    let history = History::new(&log, Windows::fixed(0, DAY, 10).unwrap()).unwrap();
    let key = |one: &Instance| (one.user, one.window);
    let cold: Vec<_> = cold_instances(&history, 0..10).iter().map(key).collect();
    let warm: Vec<_> = history.instances(0..10, 5, 5).iter().map(key).collect();
    let all: Vec<_> = history.instances(0..10, 5, 0).iter().map(key).collect();
    // Old users begin in window 0, which nothing lies before.
    assert_eq!((cold.len(), warm.len(), all.len()), (120, 120 * 9, 120 * 11));
    assert!(cold.iter().all(|one| !warm.contains(one)));
}

#[test]
fn nothing_of_the_window_or_later_is_looked_at() {
    let log = log("domain");
    let windows = || Windows::fixed(0, DAY, 10).unwrap();
    let history = History::new(&log, windows()).unwrap();
    let cut = log.filtered(|_, event| event.time < 8 * DAY);
    let past = History::new(&cut, windows()).unwrap();
    let model = ColdStart::usual(&history, 0..6).unwrap();
    let of = |log: &Log, history: &History| {
        let mut cold = model.on(log, history).unwrap();
        (0..240).map(|user| cold.of(user, 8)).collect::<Vec<_>>()
    };
    assert_eq!(of(&log, &history), of(&cut, &past));
}

#[test]
fn a_user_without_any_event_gets_a_forecast_and_items() {
    let mut log = log("friends");
    let stranger = log.users.intern("stranger");
    log.edges.push((stranger, 2));
    log.sort();
    let history = History::new(&log, Windows::fixed(0, DAY, 10).unwrap()).unwrap();
    let model = ColdStart::usual(&history, 0..6).unwrap();
    let shares = model.on(&log, &history).unwrap().of(stranger, 9);
    let items = recommend(&log, &shares, stranger, i64::from(9 * DAY), 5);
    // The friend is of taste 2: domains 4 and 5.
    assert!([4, 5].contains(&log.items.domain(items[0])), "{items:?}");
    assert_eq!(items.len(), 5);
    let again = recommend(&log, &shares, 2, i64::from(9 * DAY), 50);
    let touched: Vec<u32> = log.slice(log.user_events(2)).map(|event| event.item).collect();
    assert!(again.iter().all(|item| !touched.contains(item)));
}

use proptest::prelude::*;

use super::*;
use crate::event::{Event, Log};

const DAY: u32 = 86_400;

/// A log from (user, domain, day); item `n` is in domain `n`.
fn log_of(events: &[(u32, u32, u32)]) -> Log {
    let mut log = Log::new();
    log.kinds.intern("view");
    log.platforms.intern("");
    for &(user, domain, day) in events {
        while log.users.len() <= user as usize {
            log.users.intern(&format!("User {}", log.users.len()));
        }
        while log.domains.len() <= domain as usize {
            let id = log.domains.intern(&format!("d{}", log.domains.len()));
            log.items.intern(&format!("i{id}"), id);
        }
        log.push(Event { user, item: domain, time: 1_600_000_000 + day * DAY, kind: 0, platform: 0 });
    }
    log.sort();
    log
}

fn daily(half_life: Option<f64>) -> InterestOptions {
    let window = WindowOptions { length: WindowLength::Day, time_zone: "UTC".into() };
    InterestOptions { window, half_life, weigh_kinds: true }
}

#[test]
fn evolution_counts_weights_events_and_users() {
    let log = log_of(&[(0, 0, 0), (0, 1, 0), (0, 1, 2), (1, 1, 0), (1, 1, 2), (1, 2, 2)]);
    let map = evolution(&log, &Scope::Everyone, &daily(None)).unwrap();
    assert_eq!(map.domains.iter().map(|d| (d.id, d.events)).collect::<Vec<_>>(), [(1, 4), (0, 1), (2, 1)]);
    assert_eq!(map.weights, [2.0, 0.0, 2.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
    assert_eq!((map.events, map.active_users), (vec![3.0, 0.0, 3.0], vec![2.0, 0.0, 2.0]));
    assert_eq!(map.shares[0], 2.0 / 3.0);
    let decayed = evolution(&log, &Scope::User { user: 0 }, &daily(Some(1.0))).unwrap();
    assert_eq!(decayed.weights, [1.0, 0.5, 1.25, 1.0, 0.5, 0.25]);
    assert!(evolution(&log, &Scope::User { user: 2 }, &daily(None)).is_err());
    assert!(evolution(&log, &Scope::Everyone, &daily(Some(0.0))).is_err());
}

#[test]
fn kinds_weigh_unless_told_otherwise() {
    let mut log = log_of(&[(0, 0, 0)]);
    let kind = log.kinds.intern("purchase").unwrap();
    log.push(Event { user: 0, item: 0, time: 1_600_000_001, kind, platform: 0 });
    log.sort();
    for (weigh_kinds, expected) in [(true, 4.0), (false, 2.0)] {
        let options = InterestOptions { weigh_kinds, ..daily(None) };
        assert_eq!(evolution(&log, &Scope::Everyone, &options).unwrap().weights, [expected]);
    }
}

#[test]
fn a_planted_move_is_one_flow_and_gaps_are_bridged() {
    let log = log_of(&[(0, 3, 0), (0, 3, 1), (0, 5, 7), (1, 3, 0), (1, 3, 4)]);
    let flows = transfer(&log, &Scope::Everyone, &daily(None), None, 10).unwrap();
    assert_eq!(flows.flows, [Flow { from: 3, to: 5, mass: 1.0, users: 1 }]);
    assert_eq!(flows.stayed, [Stay { domain: 3, mass: 2.0 }]);
    assert_eq!((flows.users, flows.others.flows), (2, 0));
    let pair = transfer(&log, &Scope::Everyone, &daily(None), Some(Between { from: 0, to: 7 }), 10).unwrap();
    assert_eq!((pair.flows[0].mass, pair.users), (1.0, 1));
    for (from, to) in [(1, 1), (3, 2), (0, 8)] {
        assert!(transfer(&log, &Scope::Everyone, &daily(None), Some(Between { from, to }), 10).is_err());
    }
}

#[test]
fn drift_is_undefined_without_an_earlier_window() {
    let log = log_of(&[(0, 0, 1), (0, 0, 2), (0, 1, 4)]);
    let found = drift(&log, &Scope::User { user: 0 }, &daily(None)).unwrap();
    let text: Vec<String> = found.distance.iter().map(|d| format!("{d:.1}")).collect();
    assert_eq!(text, ["NaN", "0.0", "NaN", "1.0"]);
    assert_eq!(format!("{:?}", found.mean_user_distance), format!("{:?}", found.distance));
}

#[test]
fn an_abrupt_and_a_gradual_change_are_both_found_and_noise_is_not() {
    let mut events = Vec::new();
    for day in 0..12u32 {
        // Ten events a day: user 0 jumps with day 6, user 1 slides from day 4 to day 8, user 2 alternates a little.
        for n in 0..10 {
            let sliding = (day.saturating_sub(3) * 2).min(10);
            events.push((0, u32::from(day >= 6), day));
            events.push((1, u32::from(n < sliding), day));
            events.push((2, u32::from(n < 4 + day % 3), day));
        }
    }
    let log = log_of(&events);
    let found = |user| drift(&log, &Scope::User { user }, &daily(None)).unwrap().change_points;
    assert_eq!(found(0).iter().map(|c| c.window).collect::<Vec<_>>(), [6]);
    assert!(found(1).iter().any(|c| (5..=7).contains(&c.window)), "{:?}", found(1));
    assert_eq!(found(2), []);
}

#[test]
fn users_are_searched_sorted_and_paged() {
    let log = log_of(&[(0, 0, 0), (1, 1, 0), (1, 2, 1), (1, 2, 3), (2, 0, 0), (2, 0, 1), (10, 0, 0), (10, 1, 0)]);
    let page = |text: &str, offset, limit| users(&log, &UserQuery { text: text.into(), offset, limit });
    let ids = |page: &UserPage| page.rows.iter().map(|row| row.id).collect::<Vec<_>>();
    assert_eq!(ids(&page("", 0, 9)), [1, 2, 10, 0]);
    assert_eq!((page("", 1, 2).total, ids(&page("", 1, 2))), (4, vec![2, 10]));
    assert_eq!(ids(&page("uSER 1", 0, 9)), [1, 10]);
    assert_eq!((page("none", 0, 9).total, ids(&page("", 9, usize::MAX))), (0, vec![]));
    let row = &page("User 10", 0, 1).rows[0];
    assert_eq!((row.top_domain.as_str(), row.events), ("d0", 2));
}

#[test]
fn every_page_of_the_users_is_the_part_of_the_whole_list() {
    let events: Vec<_> = (0..40u32).flat_map(|user| (0..=(user * 7) % 11).map(move |day| (user, 0, day))).collect();
    let log = log_of(&events);
    let page = |offset, limit| users(&log, &UserQuery { text: String::new(), offset, limit }).rows;
    let whole = page(0, usize::MAX);
    assert_eq!(whole.len(), 40);
    for offset in 0..45 {
        let end = (offset + 6).min(40);
        assert_eq!(page(offset, 6), whole.get(offset..end).unwrap_or_default(), "from {offset}");
    }
}

#[test]
fn the_nearest_users_have_the_nearest_profiles() {
    // User 0 has half d0, half d1; user 1 the same; 2 a quarter of d0; 3 only d2; 4 has d0 early and d1 late, as often as 1.
    let log = log_of(&[
        (0, 0, 0),
        (0, 1, 1),
        (1, 0, 0),
        (1, 1, 0),
        (2, 0, 0),
        (2, 2, 0),
        (2, 2, 0),
        (2, 2, 0),
        (3, 2, 0),
        (4, 0, 0),
        (4, 1, 4),
        (4, 0, 0),
        (4, 1, 4),
    ]);
    let near = nearest_users(&log, 0, &daily(None), 9).unwrap();
    assert_eq!(near.iter().map(|one| one.user.id).collect::<Vec<_>>(), [4, 1, 2]);
    assert_eq!((near[0].distance, near[1].distance), (0.0, 0.0));
    let expected = jensen_shannon(&[(0, 0.5), (1, 0.5)], &[(0, 0.25), (2, 0.75)]);
    assert!((near[2].distance - expected).abs() < 1e-12);
    assert_eq!(near[2].shared, [SharedDomain { name: "d0".into(), own: 0.5, theirs: 0.25 }]);
    assert_eq!(nearest_users(&log, 0, &daily(None), 1).unwrap()[0].user.id, 4);
    // With a half-life of one window, user 0's last window is 4 after its d0 and 3 after its d1: 1/3 and 2/3.
    let faded = nearest_users(&log, 0, &daily(Some(1.0)), 9).unwrap();
    let at = |id| faded.iter().find(|one| one.user.id == id).unwrap().distance;
    let own = [(0, 1.0 / 3.0), (1, 2.0 / 3.0)];
    assert!((at(1) - jensen_shannon(&own, &[(0, 0.5), (1, 0.5)])).abs() < 1e-12);
    assert!((at(4) - jensen_shannon(&own, &[(0, 1.0 / 17.0), (1, 16.0 / 17.0)])).abs() < 1e-12);
    assert_eq!(nearest_users(&log, 5, &daily(None), 1).unwrap_err().code(), "parameter");
}

#[test]
fn the_suggested_window_follows_span_and_density_and_ignores_strays() {
    let span = |days: u32, per_window: u32, step: u32| {
        let events: Vec<_> =
            (0..days).step_by(step as usize).flat_map(|day| (0..per_window).map(move |n| (n % 2, 0, day))).collect();
        suggested_window(&log_of(&events))
    };
    assert_eq!(span(9, 10, 1), WindowLength::Day);
    assert_eq!(span(100, 10, 1), WindowLength::Week);
    assert_eq!(span(365, 10, 7), WindowLength::Days28);
    assert_eq!(span(3000, 10, 30), WindowLength::Weeks13);
    assert_eq!(span(365, 2, 40), WindowLength::Days28);
    assert_eq!(span(700, 2, 40), WindowLength::Weeks13);
    let mut events: Vec<_> = (0..1000).map(|n| (0, 0, n % 9)).collect();
    events.push((0, 0, 4000));
    assert_eq!(suggested_window(&log_of(&events)), WindowLength::Day);
    assert_eq!(suggested_window(&Log::new()), WindowLength::Day);
}

#[test]
fn an_empty_log_is_an_error_and_a_summary() {
    let mut log = Log::new();
    log.sort();
    assert_eq!(drift(&log, &Scope::Everyone, &daily(None)).unwrap_err().code(), "not_enough");
    let summary = summary(&log, false);
    assert_eq!((summary.events, summary.users, summary.first_time), (0, 0, 0));
}

fn events() -> impl Strategy<Value = Vec<(u32, u32, u32)>> {
    prop::collection::vec((0u32..4, 0u32..6, 0u32..9), 1..120)
}

proptest! {
    #[test]
    fn mass_is_conserved(events in events(), half_life in prop::option::of(0.3f64..4.0), top in 0usize..8) {
        let log = log_of(&events);
        let options = daily(half_life);
        let windows = Windows::of_log(&log, &options.window).unwrap();
        let mut profiler = Profiler::new(&log, &windows, &options).unwrap();
        let (mut steps, mut variation) = (0.0, 0.0);
        for user in 0..log.users.len() as u32 {
            let mut earlier: Option<Vec<(u32, f64)>> = None;
            profiler.each(user, |profile| {
                assert!((profile.shares.iter().map(|&(_, share)| share).sum::<f64>() - 1.0).abs() < 1e-12);
                if let Some(p) = &earlier {
                    steps += 1.0;
                    variation += transfer::paired(p, profile.shares).map(|(_, p, q)| (p - q).abs() / 2.0).sum::<f64>();
                }
                earlier = Some(profile.shares.to_vec());
            });
        }
        let result = super::transfer(&log, &Scope::Everyone, &options, None, top).unwrap();
        let moved = result.flows.iter().map(|flow| flow.mass).sum::<f64>() + result.others.mass;
        let stayed: f64 = result.stayed.iter().map(|stay| stay.mass).sum();
        prop_assert!((moved - variation).abs() < 1e-9);
        prop_assert!((moved + stayed - steps).abs() < 1e-9);
        prop_assert!(result.flows.len() <= top && result.flows.iter().all(|flow| flow.from != flow.to));
    }

    #[test]
    fn a_scope_of_all_users_is_everyone(events in events(), half_life in prop::option::of(0.3f64..4.0)) {
        let log = log_of(&events);
        let all = Scope::Users { users: (0..log.users.len() as u32).rev().collect() };
        let options = daily(half_life);
        prop_assert_eq!(evolution(&log, &all, &options).unwrap(), evolution(&log, &Scope::Everyone, &options).unwrap());
        let drift = drift(&log, &all, &options).unwrap();
        prop_assert!(drift.distance.iter().all(|d| d.is_nan() || (0.0..=1.0).contains(d)));
    }
}

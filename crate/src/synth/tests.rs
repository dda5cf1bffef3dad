use super::*;
use crate::interest::{self, InterestOptions, Profiler, Scope, WindowLength, WindowOptions, Windows};

fn options(users: u32, seed: u64) -> SampleOptions {
    SampleOptions { users, days: 100, seed }
}

fn weekly() -> InterestOptions {
    let window = WindowOptions { length: WindowLength::Week, time_zone: "UTC".into() };
    InterestOptions { window, half_life: None, weigh_kinds: false }
}

#[test]
fn the_same_seed_makes_the_same_log_and_another_one_another() {
    let events = |seed| Synth::sample(options(40, seed)).unwrap().events().collect::<Vec<_>>();
    assert_eq!(events(5), events(5));
    assert_ne!(events(5), events(6));
}

#[test]
fn planted_flows_of_clean_movers_are_recovered_exactly() {
    let synth = Synth::new(SynthOptions::clean_movers(options(400, 3))).unwrap();
    let log = synth.log(|_| Ok(())).unwrap();
    let found = interest::transfer(&log, &Scope::Everyone, &weekly(), None, usize::MAX).unwrap();
    let truth = synth.truth();
    assert_eq!(found.flows.len(), truth.flows.len());
    for flow in &found.flows {
        let planted = truth.flows[&(flow.from, flow.to)];
        assert_eq!(flow.users, planted);
        assert!((flow.mass - f64::from(planted)).abs() < 1e-9, "{flow:?}, planted {planted}");
    }
}

#[test]
fn change_windows_of_movers_are_found_and_stable_users_raise_few_alarms() {
    let synth = Synth::sample(options(2000, 23)).unwrap();
    let log = synth.log(|_| Ok(())).unwrap();
    let windows = Windows::of_log(&log, &weekly().window).unwrap();
    let mut profiler = Profiler::new(&log, &windows, &weekly()).unwrap();
    let (mut planted, mut hit, mut gradual, mut slid, mut stable, mut alarms) = (0, 0, 0, 0, 0, 0);
    for (user, truth) in (0u32..).zip(synth.truth().users) {
        let found = interest::user_change_points(&mut profiler, user, log.domains.len());
        let near = |change: u32, slack: usize| {
            windows
                .index_of(change)
                .is_some_and(|window| found.iter().any(|point| point.window.abs_diff(window) <= slack))
        };
        match truth.class {
            UserClass::Mover => {
                planted += truth.changes.len();
                hit += truth.changes.iter().filter(|&&change| near(change, 1)).count();
            }
            UserClass::Gradual => {
                gradual += 1;
                // A slide takes 2 to 4 weeks: its turning point is known to that precision.
                slid += usize::from(near(truth.changes[0], 2));
            }
            UserClass::Stable => {
                stable += 1;
                alarms += usize::from(!found.is_empty());
            }
            UserClass::Sparse | UserClass::Bot | UserClass::Burst | UserClass::TakenOver => {}
        }
    }
    println!("movers {hit}/{planted}, gradual {slid}/{gradual}, stable users with an alarm {alarms}/{stable}");
    assert!(planted > 1000 && hit * 100 >= planted * 95, "{hit} of {planted}");
    assert!(slid * 100 >= gradual * 80, "{slid} of {gradual}");
    assert!(alarms * 100 <= stable * 2, "{alarms} of {stable}");
}

#[test]
fn every_class_behaves_as_it_is_called() {
    let synth = Synth::sample(options(1500, 2)).unwrap();
    for user in 0..synth.users() {
        let (truth, events) = (synth.user_truth(user), synth.user_events(user));
        assert!(events.windows(2).all(|pair| pair[0].time <= pair[1].time));
        let fastest = events.windows(100).any(|run| run[99].time - run[0].time < 60);
        assert_eq!(fastest, truth.class == UserClass::Bot, "user {user}");
        if truth.class == UserClass::Sparse {
            assert!(events.len() <= 4);
        }
    }
    let classes: std::collections::BTreeSet<_> = synth.truth().users.iter().map(|user| user.class).collect();
    assert_eq!(classes.len(), 5);
}

#[test]
fn friends_share_interests_and_purchases_follow_carts() {
    let synth = Synth::sample(options(600, 4)).unwrap();
    let log = synth.log(|_| Ok(())).unwrap();
    let first = |user| synth.user_truth(user).domains.first().copied();
    let alike = log.edges.iter().filter(|&&(a, b)| first(a) == first(b)).count();
    assert!(log.edges.len() > 600 && alike * 10 > log.edges.len() * 7, "{alike} of {}", log.edges.len());
    let counts = interest::summary(&log, false).kinds;
    assert!(counts.iter().all(|kind| kind.events > 0));
    let of = |name: &str| counts.iter().find(|kind| kind.name == name).unwrap().events;
    assert!(of("view") > of("cart") && of("cart") > of("purchase"));
}

#[test]
fn the_csv_holds_every_event_and_no_stray_comma() {
    let synth = Synth::sample(options(30, 1)).unwrap();
    let (mut events, mut items, mut edges) = (Vec::new(), Vec::new(), Vec::new());
    let count = write_csv(&synth, &mut events).unwrap();
    write_items_csv(&synth, &mut items).unwrap();
    write_edges_csv(&synth, &mut edges).unwrap();
    for (bytes, fields, rows) in [(&events, 6, count as usize), (&items, 3, synth.catalogue().items() as usize)] {
        let text = std::str::from_utf8(bytes).unwrap();
        assert_eq!(text.lines().count(), rows + 1);
        assert!(text.lines().all(|line| line.split(',').count() == fields && !line.contains('"')));
    }
    assert!(edges.starts_with(b"user,friend\n"));
}

#[test]
fn titles_are_unique_within_a_catalogue() {
    let catalogue = Catalogue::new(300);
    let titles: std::collections::HashSet<_> = (0..catalogue.items()).map(|item| catalogue.title(item)).collect();
    assert_eq!(titles.len(), catalogue.items() as usize);
}

#[test]
fn impossible_parameters_are_refused() {
    for (users, days) in [(0, 100), (10, 0), (10, 100_000)] {
        assert_eq!(Synth::sample(SampleOptions { users, days, seed: 0 }).unwrap_err().code(), "parameter");
    }
    let cancelled = Synth::sample(options(5, 0)).unwrap().log(|_| Err(crate::Error::Cancelled));
    assert_eq!(cancelled.unwrap_err().code(), "cancelled");
}

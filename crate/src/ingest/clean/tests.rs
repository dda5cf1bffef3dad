//! Whole cleanings, of logs with planted faults.

use std::collections::BTreeSet;

use crate::{
    Error,
    event::{Event, Log, NONE},
    ingest::{CleaningOptions, Effect, MissingDomain, QualityReport, RawLog, RuleName, RuleReport},
    synth::{SampleOptions, Synth, UserClass},
};

use super::{Cleaner, clean};

/// A log with named users, items (`NONE`: no domain) and kinds: (user, item, domain, kind, time).
fn log(events: &[(u32, u32, u32, &str, u32)]) -> Log {
    let mut log = Log::new();
    log.platforms.intern("");
    for &(user, item, domain, kind, time) in events {
        let user = log.users.intern(&format!("u{user}"));
        let domain = if domain == NONE { NONE } else { log.domains.intern(&format!("d{domain}")) };
        let item = log.items.intern(&format!("i{item}"), domain);
        let kind = log.kinds.intern(kind).unwrap_or_default();
        log.push(Event { user, item, time, kind, platform: 0 });
    }
    log
}

fn rule(report: &QualityReport, rule: RuleName) -> &RuleReport {
    report.rules.iter().find(|r| r.rule == rule).expect("every rule reports")
}

fn touched(report: &QualityReport) -> Vec<(RuleName, u64)> {
    report.rules.iter().filter(|rule| rule.touched > 0).map(|rule| (rule.rule, rule.touched)).collect()
}

fn only(rules: &[RuleName]) -> CleaningOptions {
    CleaningOptions { rules: RuleName::ALL.map(|rule| (rule, rules.contains(&rule))).into(), ..Default::default() }
}

fn adds_up(report: &QualityReport) {
    assert_eq!(report.rows_accepted + report.rows_rejected, report.rows_read);
    for file in &report.files {
        assert_eq!(file.rows_accepted + file.rows_rejected, file.rows_read, "{}", file.name);
    }
    let taken = report.rules.iter().filter(|rule| rule.enabled && rule.effect == Effect::Reject);
    assert_eq!(taken.map(|rule| rule.touched).sum::<u64>(), report.rows_rejected);
}

/// Cleans a sample; returns the users found to be bots, and those who are.
fn bots(options: SampleOptions) -> (BTreeSet<u32>, BTreeSet<u32>) {
    let synth = Synth::sample(options).unwrap();
    let truth = synth.truth();
    let raw = RawLog::from_log(synth.log(|_| Ok(())).unwrap(), "sample");
    let cleaned = clean(&raw, &CleaningOptions::default()).unwrap();
    let verdicts = &cleaned.verdicts;
    let events = || (0u32..).zip(raw.log.iter());
    let rejected = |rule| events().filter(move |&(index, _)| verdicts.rule(index) == Some(rule));
    let found: BTreeSet<u32> = rejected(RuleName::BotRate).map(|(_, event)| event.user).collect();
    let planted =
        (0u32..).zip(&truth.users).filter(|(_, user)| user.class == UserClass::Bot).map(|(user, _)| user).collect();
    // Machines look at one thing twice within a second now and then; people hardly ever do.
    let copies = rejected(RuleName::ExactDuplicate).filter(|(_, event)| !found.contains(&event.user)).count();
    assert!(copies <= raw.log.len() / 10_000, "{copies} copies");
    let report = &cleaned.report;
    assert_eq!(rule(report, RuleName::TimeOutOfRange).touched, 0, "{options:?}");
    adds_up(report);
    assert_eq!(cleaned.log.len() as u64, report.rows_accepted);
    assert!(found.iter().all(|&bot| cleaned.log.users.get(&synth.user_name(bot)).is_none()));
    (found, planted)
}

#[test]
fn all_bots_of_a_sample_are_found_and_nobody_else() {
    let mut all = 0;
    for (seed, (users, days)) in (1..).zip([(2000, 100), (1, 10), (20, 400), (300, 14), (1000, 365)]) {
        let (found, planted) = bots(SampleOptions { users, days, seed });
        assert_eq!(found, planted);
        all += found.len();
    }
    assert!(all > 20, "{all} bots");
}

#[test]
fn baskets_and_bursts_at_one_time_are_no_bots() {
    let mut events: Vec<_> = (0..160).map(|item| (1, item, 1, "purchase", 1_000_000_007)).collect();
    events.extend((0..160).map(|item| (1, item, 1, "purchase", 1_000_000_047)));
    events.extend((0..70).map(|second| (2, second, 1, "view", 1_000_000_003 + second)));
    events.extend((0..70).map(|second| (3, second, 1, "view", 1_000_000_003 + second / 2)));
    let report = clean(&RawLog::from_log(log(&events), "log"), &CleaningOptions::default()).unwrap().report;
    // One view a second is just what the limit allows; two a second are not.
    assert_eq!(touched(&report), [(RuleName::BotRate, 70)]);
}

#[test]
fn rates_are_also_seen_where_the_clock_tells_minutes_and_not_where_it_tells_days() {
    let bots = |step: u32, each: u32, moments: u32| {
        let mut events: Vec<_> =
            (0..each * moments).map(|n| (1, n, 1, "view", 86_400 * 12_000 + n / each * step)).collect();
        events.push((2, 1, 1, "view", 86_400 * 12_001 + step));
        let report = clean(&RawLog::from_log(log(&events), "log"), &CleaningOptions::default()).unwrap().report;
        let coarse = report.notes.iter().any(|note| note.code == "bots.coarse_times");
        (rule(&report, RuleName::BotRate).touched, coarse)
    };
    assert_eq!(bots(60, 100, 12), (1200, false));
    assert_eq!(bots(60, 500, 2), (0, false));
    assert_eq!(bots(86_400, 500, 12), (0, true));
}

#[test]
fn rules_apply_in_order_and_those_that_are_off_say_what_they_would_take() {
    let t = 1_500_000_001;
    let events = [
        (1, 1, 1, "view", t),
        (1, 1, 1, "view", t),
        (1, 1, 1, "wink", t + 1),
        (2, 1, 1, "view", t + 90),
        (2, 2, NONE, "view", t + 2),
        (2, 1, 1, "buy", t + 3),
        (3, 3, 1, "view", t + 4),
    ];
    let raw = RawLog::from_log(log(&events), "log.csv");
    let cleaned = clean(&raw, &CleaningOptions::default()).unwrap();
    let expected = [
        (RuleName::ExactDuplicate, 1),
        (RuleName::UnknownKind, 1),
        (RuleName::MissingDomain, 1),
        (RuleName::SparseItem, 2),
        (RuleName::SparseUser, 3),
    ];
    assert_eq!(touched(&cleaned.report), expected);
    assert_eq!(cleaned.log.len(), 6);
    assert_eq!(rule(&cleaned.report, RuleName::MissingDomain).effect, Effect::Repair);
    assert_eq!(cleaned.log.domains.name(cleaned.log.items.domain(cleaned.log.items.find("i2").unwrap())), "unknown");
    let example = &rule(&cleaned.report, RuleName::ExactDuplicate).examples[0];
    assert_eq!((example.file.as_str(), example.line), ("log.csv", 2));
    assert_eq!(example.text, "u1 · i1 · d1 · view · 2017-07-14T02:40:01Z");

    let mut options = only(&RuleName::ALL);
    options.missing_domain = MissingDomain::Reject;
    options.min_events_per_user = 2;
    let cleaned = clean(&raw, &options).unwrap();
    // The only view of i3 goes as a sparse item, so its user has nothing left to be sparse with; user 1 has one event left.
    let expected = [
        (RuleName::ExactDuplicate, 1),
        (RuleName::UnknownKind, 1),
        (RuleName::MissingDomain, 1),
        (RuleName::SparseItem, 1),
        (RuleName::SparseUser, 1),
    ];
    assert_eq!(touched(&cleaned.report), expected);
    adds_up(&cleaned.report);
    assert_eq!(cleaned.log.users.iter().collect::<Vec<_>>(), ["u2"]);
    assert_eq!((cleaned.log.kinds.len(), cleaned.log.items.len(), cleaned.log.domains.len()), (2, 1, 1));
    let verdicts: Vec<_> = (0..events.len() as u32).map(|event| cleaned.verdicts.rule(event)).collect();
    use RuleName::{ExactDuplicate, MissingDomain as NoDomain, SparseItem, SparseUser, UnknownKind};
    let expected =
        [Some(SparseUser), Some(ExactDuplicate), Some(UnknownKind), None, Some(NoDomain), None, Some(SparseItem)];
    assert_eq!(verdicts, expected);
}

#[test]
fn fingerprints_tell_copies_from_rows_that_differ_in_a_column_that_is_not_kept() {
    let row = (1, 1, 1, "purchase", 1_500_000_000);
    let mut raw = RawLog::from_log(log(&[row, row, row, row]), "log");
    raw.fingerprints = vec![5, 9, 5, 9];
    let cleaned = clean(&raw, &CleaningOptions::default()).unwrap();
    assert_eq!([0, 1, 2, 3].map(|event| cleaned.verdicts.rule(event).is_some()), [false, false, true, true]);
    raw.fingerprints = vec![1, 2, 3, 4];
    assert_eq!(clean(&raw, &CleaningOptions::default()).unwrap().log.len(), 4);
}

#[test]
fn domains_can_be_left_to_be_derived() {
    let raw = RawLog::from_log(log(&[(1, 1, NONE, "view", 9), (2, 2, NONE, "view", 9)]), "log");
    let options = CleaningOptions { missing_domain: MissingDomain::Derive, ..Default::default() };
    let cleaned = clean(&raw, &options).unwrap();
    assert_eq!((cleaned.log.without_domain(), cleaned.log.domains.len()), (2, 0));
    assert_eq!(touched(&cleaned.report)[0], (RuleName::MissingDomain, 2));
    assert!(cleaned.report.notes.iter().any(|note| note.code == "domains.none"));
}

#[test]
fn unless_told_otherwise_domains_are_derived_where_there_are_none_at_all() {
    let auto = CleaningOptions::default();
    let none = log(&[(1, 1, NONE, "view", 9), (2, 2, NONE, "view", 9)]);
    assert_eq!(auto.missing_domain_in(&none), Some(MissingDomain::Derive));
    assert_eq!(clean(&RawLog::from_log(none, "log"), &auto).unwrap().log.without_domain(), 2);
    let some = log(&[(1, 1, 1, "view", 9), (2, 2, NONE, "view", 9)]);
    assert_eq!(auto.missing_domain_in(&some), Some(MissingDomain::Unknown));
    assert_eq!(clean(&RawLog::from_log(some, "log"), &auto).unwrap().log.without_domain(), 0);
}

#[test]
fn weights_of_kinds_are_set_by_name() {
    let raw = RawLog::from_log(log(&[(1, 1, 1, "view", 9), (1, 2, 1, "cart", 10)]), "log");
    let options = CleaningOptions { kind_weights: [("cart".into(), 0.5)].into(), ..Default::default() };
    let kinds = clean(&raw, &options).unwrap().log.kinds;
    assert_eq!(kinds.iter().collect::<Vec<_>>(), [("view", 1.0), ("cart", 0.5)]);
}

#[test]
fn a_log_of_which_nothing_is_left_says_which_rule_took_most() {
    let raw = RawLog::from_log(log(&[(1, 1, 1, "view", 9), (1, 2, 1, "view", 10), (2, 3, NONE, "view", 10)]), "log");
    let mut options = only(&[RuleName::MissingDomain, RuleName::SparseUser]);
    options.missing_domain = MissingDomain::Reject;
    let error = clean(&raw, &options).unwrap_err();
    assert!(
        matches!(&error, Error::NotEnough { hint, .. } if hint.contains("sparse_user") && hint.contains("2 of 3")),
        "{error}"
    );
    let error = clean(&RawLog::default(), &CleaningOptions::default()).unwrap_err();
    assert!(matches!(error, Error::NotEnough { .. }));
}

#[test]
fn wrong_options_are_refused() {
    let raw = RawLog::default();
    let refused = |options: CleaningOptions| matches!(Cleaner::new(&raw, &options), Err(Error::Parameter { .. }));
    assert!(refused(CleaningOptions { time_range: Some((5.0, 4.0)), ..Default::default() }));
    assert!(refused(CleaningOptions { time_range: Some((f64::NAN, 4.0)), ..Default::default() }));
    assert!(refused(CleaningOptions { max_events_per_minute: 0, ..Default::default() }));
    assert!(refused(CleaningOptions { kind_weights: [("view".into(), -1.0)].into(), ..Default::default() }));
    assert!(!refused(CleaningOptions::default()));
}

#[test]
fn a_given_range_is_inclusive_and_progress_ends_at_its_total() {
    let raw = RawLog::from_log(log(&[(1, 1, 1, "view", 9), (1, 2, 1, "view", 10), (1, 3, 1, "view", 12)]), "log");
    let options = CleaningOptions { time_range: Some((10.0, 12.0)), ..Default::default() };
    let mut cleaner = Cleaner::new(&raw, &options).unwrap();
    let mut last = 0;
    while cleaner.step() {
        let (done, total) = cleaner.progress();
        assert!(done > last && done < total);
        last = done;
    }
    assert_eq!(cleaner.progress().0, cleaner.progress().1);
    assert_eq!(cleaner.finish().unwrap().log.times(), [10, 12]);
}

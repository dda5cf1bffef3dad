//! The rules against their definitions, written down a second time without regard to speed.

use std::collections::{BTreeMap, HashSet};

use proptest::prelude::*;

use crate::{
    event::{Event, EventKind, Log, NONE},
    ingest::{CleaningOptions, MissingDomain, RawLog, RuleName},
};

use super::clean;

/// Verdicts of all rules in order, by definition.
fn verdicts(raw: &RawLog, options: &CleaningOptions) -> Vec<Option<RuleName>> {
    let log = &raw.log;
    let events: Vec<Event> = log.iter().collect();
    let mut verdicts = vec![None; events.len()];
    for rule in RuleName::ALL.into_iter().filter(|&rule| options.enabled(rule)) {
        let left: Vec<usize> = (0..events.len()).filter(|&index| verdicts[index].is_none()).collect();
        let count = |chosen: &dyn Fn(&Event) -> bool| left.iter().filter(|&&other| chosen(&events[other])).count();
        let mut seen = HashSet::new();
        let mut rejected: Vec<usize> = Vec::new();
        for &index in &left {
            let Event { user, item, time, kind, platform } = events[index];
            let takes = match rule {
                RuleName::TimeOutOfRange => {
                    options.time_range.is_some_and(|(a, b)| f64::from(time) < a || f64::from(time) > b)
                }
                RuleName::ExactDuplicate => !seen.insert((user, item, time, kind, platform, raw.fingerprints[index])),
                RuleName::BotRate => left.iter().any(|&end| {
                    let mut moments: BTreeMap<u32, u32> = BTreeMap::new();
                    let end = events[end].time;
                    for &other in &left {
                        let other = &events[other];
                        if other.user == user && other.time <= end && other.time + 60 > end {
                            *moments.entry(other.time).or_default() += 1;
                        }
                    }
                    let cap = options.max_events_per_minute.div_ceil(10);
                    moments.values().map(|&count| count.min(cap)).sum::<u32>() > options.max_events_per_minute
                }),
                RuleName::UnknownKind => EventKind::from_word(log.kinds.name(kind)).is_none(),
                RuleName::MissingDomain => {
                    options.missing_domain == MissingDomain::Reject && log.items.domain(item) == NONE
                }
                RuleName::SparseItem => {
                    let name = log.items.name(item);
                    count(&|other| log.items.name(other.item) == name) < options.min_events_per_item as usize
                }
                RuleName::SparseUser => count(&|other| other.user == user) < options.min_events_per_user as usize,
                _ => false,
            };
            if takes {
                rejected.push(index);
            }
        }
        rejected.into_iter().for_each(|index| verdicts[index] = Some(rule));
    }
    verdicts
}

/// A log of these rows, and two before them that make its clock one of seconds.
fn raw(rows: &[(u8, u8, u16, u8)]) -> RawLog {
    let rows = [&[(0, 1, 0, 0), (0, 1, 1, 0)], rows].concat();
    let mut log = Log::new();
    log.platforms.intern("");
    let mut fingerprints = Vec::new();
    for (user, item, time, kind) in rows {
        let domain = if item % 7 == 0 { NONE } else { log.domains.intern(["a", "b"][usize::from(kind % 2)]) };
        let event = Event {
            user: log.users.intern(&format!("u{}", user % 3)),
            item: log.items.intern(&format!("i{}", item % 12), domain),
            time: 1_600_000_000 + u32::from(time) % 150,
            kind: log.kinds.intern(["view", "buy", "blink"][usize::from(kind % 3)]).unwrap_or_default(),
            platform: 0,
        };
        log.push(event);
        fingerprints.push(u16::from(kind / 128));
    }
    RawLog { fingerprints, ..RawLog::from_log(log, "log") }
}

proptest! {
    #[test]
    fn every_event_gets_the_verdict_of_the_definition(
        rows in prop::collection::vec(any::<(u8, u8, u16, u8)>(), 1..120),
        on in prop::array::uniform12(any::<bool>()),
        range in (0u32..40, 100u32..150),
        rate in 1u32..15,
        least in (0u32..6, 0u32..4),
        reject: bool,
    ) {
        let raw = raw(&rows);
        let options = CleaningOptions {
            rules: RuleName::ALL.into_iter().zip(on).collect(),
            time_range: Some((f64::from(1_600_000_000 + range.0), f64::from(1_600_000_000 + range.1))),
            max_events_per_minute: rate,
            min_events_per_user: least.0,
            min_events_per_item: least.1,
            missing_domain: if reject { MissingDomain::Reject } else { MissingDomain::Unknown },
            ..CleaningOptions::default()
        };
        let expected = verdicts(&raw, &options);
        let accepted = expected.iter().filter(|verdict| verdict.is_none()).count();
        let Ok(cleaned) = clean(&raw, &options) else {
            prop_assert_eq!(accepted, 0);
            return Ok(());
        };
        let found: Vec<_> = (0..raw.log.len() as u32).map(|event| cleaned.verdicts.rule(event)).collect();
        for rule in cleaned.report.rules.iter().filter(|rule| rule.enabled && (reject || rule.rule != RuleName::MissingDomain)) {
            prop_assert_eq!(rule.touched, expected.iter().filter(|&&verdict| verdict == Some(rule.rule)).count() as u64);
            let first: Vec<u64> = (1..).zip(&expected).filter(|(_, v)| **v == Some(rule.rule)).map(|(line, _)| line).take(5).collect();
            prop_assert_eq!(rule.examples.iter().map(|example| example.line).collect::<Vec<_>>(), first);
        }
        prop_assert_eq!(found, expected);
        prop_assert_eq!(cleaned.log.len(), accepted);
        prop_assert_eq!(cleaned.report.rows_accepted, accepted as u64);
        prop_assert_eq!(cleaned.report.rows_accepted + cleaned.report.rows_rejected, raw.log.len() as u64);
    }

    #[test]
    fn a_rule_that_is_off_counts_what_it_would_take(
        rows in prop::collection::vec(any::<(u8, u8, u16, u8)>(), 1..80), rate in 1u32..15,
    ) {
        let raw = raw(&rows);
        let switched = |on: bool, rule| CleaningOptions {
            rules: RuleName::ALL.map(|other| (other, on && other == rule)).into(),
            max_events_per_minute: rate,
            ..CleaningOptions::default()
        };
        for (place, rule) in RuleName::ALL.into_iter().enumerate().skip(5) {
            let off = clean(&raw, &switched(false, rule)).unwrap();
            prop_assert_eq!(off.report.rows_rejected, 0);
            if let Ok(on) = clean(&raw, &switched(true, rule)) {
                prop_assert_eq!(on.report.rules[place].touched, off.report.rules[place].touched);
                prop_assert_eq!(&on.report.rules[place].examples, &off.report.rules[place].examples);
            }
        }
    }
}

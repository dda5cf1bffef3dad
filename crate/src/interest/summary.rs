//! A log in a few numbers.

use serde::{Deserialize, Serialize};

use super::{SECONDS_PER_DAY, WindowLength, WindowOptions, Windows};
use crate::event::{Log, NONE};

/// What a log holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LogSummary {
    /// Number of events.
    pub events: usize,
    /// Users with at least one event.
    pub users: usize,
    /// Items with at least one event; an item in several domains counts once.
    pub items: usize,
    /// Domains with at least one event.
    pub domains: usize,
    /// Social edges.
    pub edges: usize,
    /// Event kinds by id.
    pub kinds: Vec<KindSummary>,
    /// Platforms that have events, by id.
    pub platforms: Vec<PlatformSummary>,
    /// Unix seconds of the first event; 0 for an empty log.
    pub first_time: u32,
    /// Unix seconds of the last event; 0 for an empty log.
    pub last_time: u32,
    /// Whether the domains were derived from co-occurrence.
    pub domains_derived: bool,
    /// The window length that suits the log.
    pub suggested_window: WindowLength,
    /// Estimate of what the log takes in memory.
    pub bytes_in_memory: usize,
}

/// A kind of event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KindSummary {
    /// Its name.
    pub name: String,
    /// Weight of one event.
    pub weight: f32,
    /// Number of events.
    pub events: usize,
}

/// A platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlatformSummary {
    /// Its name; empty for events that name none.
    pub name: String,
    /// Number of events.
    pub events: usize,
}

/// Counts what a sorted log holds. `domains_derived` is passed on, since a log does not know where its domains come from.
pub fn summary(log: &Log, domains_derived: bool) -> LogSummary {
    let (mut kinds, mut platforms) = ([0usize; 256], [0usize; 256]);
    let mut items = vec![false; log.items.len()];
    let mut domains = vec![false; log.domains.len()];
    for event in log.iter() {
        kinds[usize::from(event.kind)] += 1;
        platforms[usize::from(event.platform)] += 1;
        mark(&mut items, log.items.base(event.item));
        mark(&mut domains, log.domain_of(&event));
    }
    let count = |marks: &[bool]| marks.iter().filter(|&&seen| seen).count();
    let (first_time, last_time) = log.span().unwrap_or_default();
    LogSummary {
        events: log.len(),
        users: (0..log.users.len() as u32).filter(|&user| !log.user_events(user).is_empty()).count(),
        items: count(&items),
        domains: count(&domains),
        edges: log.edges.len(),
        kinds: log
            .kinds
            .iter()
            .zip(kinds)
            .map(|((name, weight), events)| KindSummary { name: name.to_owned(), weight, events })
            .collect(),
        platforms: (0u32..)
            .zip(platforms)
            .filter(|&(_, events)| events > 0)
            .map(|(id, events)| PlatformSummary { name: log.platforms.name(id).to_owned(), events })
            .collect(),
        first_time,
        last_time,
        domains_derived,
        suggested_window: suggested_window(log),
        bytes_in_memory: log.bytes_in_memory(),
    }
}

fn mark(marks: &mut [bool], id: u32) {
    if let Some(slot) = marks.get_mut(id as usize) {
        *slot = true;
    }
}

/// Events by one user in one window below which a profile says little.
const THIN_PROFILE: f64 = 3.0;
/// Windows that a longer length must leave, for movement to be seen.
const ENOUGH_WINDOWS: usize = 6;

/// Days up to two weeks, weeks up to 120 days, 28 days up to two years, else 13 weeks, by the span of the middle 99 % of the
/// events (a few strays must not decide). The next longer one where users have fewer than [`THIN_PROFILE`] events in a window
/// on average and [`ENOUGH_WINDOWS`] remain.
pub fn suggested_window(log: &Log) -> WindowLength {
    const LENGTHS: [WindowLength; 4] =
        [WindowLength::Day, WindowLength::Week, WindowLength::Days28, WindowLength::Weeks13];
    let Some((first, last)) = middle_span(log.times()) else { return WindowLength::Day };
    let days = i64::from(last - first) / SECONDS_PER_DAY;
    let mut choice = [14, 120, 731].iter().position(|&limit| days <= limit).unwrap_or(3);
    while let Some(&longer) = LENGTHS.get(choice + 1) {
        let cut = |length| Windows::covering(first, last, &WindowOptions { length, time_zone: "UTC".into() });
        let (Ok(now), Ok(then)) = (cut(LENGTHS[choice]), cut(longer)) else { break };
        if then.len() < ENOUGH_WINDOWS || events_per_profile(log, &now) >= THIN_PROFILE {
            break;
        }
        choice += 1;
    }
    LENGTHS[choice]
}

/// Times between which the middle 99 % of (a regular sample of) the events lie.
fn middle_span(times: &[u32]) -> Option<(u32, u32)> {
    let mut sample: Vec<u32> = times.iter().step_by(times.len() / 1_000_000 + 1).copied().collect();
    let last = sample.len().checked_sub(1)?;
    let cut = sample.len() / 200;
    let low = *sample.select_nth_unstable(cut).1;
    let high = *sample.select_nth_unstable(last - cut).1;
    Some((low.min(high), high))
}

fn events_per_profile(log: &Log, windows: &Windows) -> f64 {
    let (mut events, mut profiles) = (0u64, 0u64);
    let mut last = (NONE, 0);
    for event in log.iter() {
        let Some(window) = windows.index_of(event.time) else { continue };
        events += 1;
        profiles += u64::from(last != (event.user, window));
        last = (event.user, window);
    }
    if profiles == 0 { THIN_PROFILE } else { events as f64 / profiles as f64 }
}

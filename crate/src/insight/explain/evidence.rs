//! A user's own events, in groups that a person can grasp: a domain in a stretch of time.

use driftscope_kernels::Order;
use rustc_hash::FxHashMap;
use serde::Serialize;

use crate::{
    evaluation::Outlook,
    event::{Log, NONE},
};

/// Domains whose events are told apart; the others' form one group.
const DOMAINS: usize = 5;
/// A domain's events are told apart by how many windows ago they were: in the last one, in the three before, earlier.
const STRETCHES: [usize; 2] = [1, 4];
/// Half-life in windows of an event's weight where the domains to tell apart are chosen.
const HALF_LIFE: f64 = 4.0;
/// Items that are named.
const ITEMS: usize = 3;

/// What a group of the user's events does to the forecast.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventEvidence {
    /// Id of their domain; `None` for the events of all domains that have no group of their own.
    pub domain: Option<u32>,
    /// Its name; empty without a domain.
    pub name: String,
    /// How many events.
    pub events: u32,
    /// Unix seconds of the first.
    pub first_time: u32,
    /// Unix seconds of the last.
    pub last_time: u32,
    /// Some of the items, most often touched first: titles, or names where there are none.
    pub items: Vec<String>,
    /// Forecast share with the events, less that without them: positive where they speak for the domain.
    pub effect: f64,
}

/// A group of events, by their places in the log, in order of time.
pub(super) struct Group {
    domain: Option<u32>,
    pub events: Vec<usize>,
}

/// Places of the user's events before the window that have a domain, in order of time.
pub(super) fn past(log: &Log, start: i64, user: u32) -> Vec<usize> {
    let own = log.user_events(user);
    let events = own.clone().zip(log.slice(own));
    events
        .take_while(|(_, event)| i64::from(event.time) < start)
        .filter(|(_, event)| log.domain_of(event) != NONE)
        .map(|(index, _)| index)
        .collect()
}

/// Splits a past by domain and time. The domain asked about always has groups of its own.
pub(super) fn groups(log: &Log, outlook: &Outlook<'_>, past: &[usize], asked: u32) -> Vec<Group> {
    let windows = outlook.windows();
    let next = windows.len() - 1;
    let ago = |time: u32| next - windows.index_of(time).unwrap_or(0).min(next);
    let seen: Vec<(usize, u32, usize)> = past
        .iter()
        .filter_map(|&index| Some((index, log.get(index)?)))
        .map(|(index, event)| (index, log.domain_of(&event), ago(event.time)))
        .collect();
    let mut weights: FxHashMap<u32, f64> = FxHashMap::default();
    for &(_, domain, ago) in &seen {
        *weights.entry(domain).or_default() += libm::exp2(-(ago as f64) / HALF_LIFE);
    }
    let mut ranked: Vec<(u32, f64)> = weights.into_iter().collect();
    ranked.order_by(|a, b| (b.0 == asked).cmp(&(a.0 == asked)).then(b.1.total_cmp(&a.1)).then(a.0.cmp(&b.0)));
    let mut out = Vec::new();
    for &(domain, _) in ranked.iter().take(DOMAINS) {
        for stretch in 0..=STRETCHES.len() {
            let within = |ago: usize| STRETCHES.iter().filter(|&&limit| ago > limit).count() == stretch;
            let own = seen.iter().filter(|&&(_, d, ago)| d == domain && within(ago)).map(|&(index, ..)| index);
            out.push(Group { domain: Some(domain), events: own.collect() });
        }
    }
    let apart: Vec<u32> = ranked.iter().take(DOMAINS).map(|&(domain, _)| domain).collect();
    let others = seen.iter().filter(|(_, domain, _)| !apart.contains(domain)).map(|&(index, ..)| index);
    out.push(Group { domain: None, events: others.collect() });
    out.retain(|group| !group.events.is_empty());
    out
}

impl Group {
    /// The group in words, with the effect of its deletion.
    pub fn evidence(&self, log: &Log, effect: f64) -> EventEvidence {
        let times = self.events.iter().filter_map(|&index| log.times().get(index).copied());
        EventEvidence {
            domain: self.domain,
            name: self.domain.map_or_else(String::new, |domain| log.domains.name(domain).to_owned()),
            events: self.events.len() as u32,
            first_time: times.clone().min().unwrap_or_default(),
            last_time: times.max().unwrap_or_default(),
            items: named(log, self.events.iter().filter_map(|&index| Some(log.get(index)?.item)), ITEMS),
            effect,
        }
    }
}

/// Titles, or names, of the items that occur most often; among equals the one met first.
pub(super) fn named(log: &Log, items: impl Iterator<Item = u32>, count: usize) -> Vec<String> {
    let mut counts: Vec<(u32, u32)> = Vec::new();
    let mut places: FxHashMap<u32, usize> = FxHashMap::default();
    for item in items.map(|item| log.items.base(item)) {
        let place = *places.entry(item).or_insert(counts.len());
        match counts.get_mut(place) {
            Some((_, count)) => *count += 1,
            None => counts.push((item, 1)),
        }
    }
    counts.order_by_key(|&(_, count)| std::cmp::Reverse(count));
    counts.iter().take(count).map(|&(item, _)| title(log, item)).collect()
}

/// Title of an item, or its name.
pub(super) fn title(log: &Log, item: u32) -> String {
    log.items.title(item).unwrap_or_else(|| log.items.name(item)).to_owned()
}

//! What may give an odd user away.

use std::collections::BTreeMap;

use super::Sign;
use crate::{
    event::{Event, Log, NONE},
    interest::jensen_shannon,
};

/// Seconds without an event that end a visit.
const VISIT_GAP: u32 = 1800;
/// Gaps within visits that it takes to speak of regularity.
const GAPS: usize = 30;
/// Events that a visit, and all others, must have for a comparison.
const VISIT: usize = 8;
const OTHERS: f64 = 20.0;

/// One observation about a user.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Observed {
    /// On the scale on which users are compared: larger is odder.
    pub scaled: f64,
    /// As people read it.
    pub value: f64,
    /// When: Unix seconds; `None` where it holds for all of the user's time.
    pub time: Option<u32>,
}

/// What was observed, by sign; nothing where there are too few events.
pub(super) type Observations = [Option<Observed>; Sign::ALL.len()];

/// Looks at one user. O(events).
pub(super) fn observe(log: &Log, user: u32) -> Observations {
    let events: Vec<Event> = log.slice(log.user_events(user)).collect();
    let busiest = |seconds| busiest(&events, seconds);
    let rate =
        |(count, time): (usize, u32)| Observed { scaled: (count as f64).ln(), value: count as f64, time: Some(time) };
    [busiest(60).map(rate), busiest(3600).map(rate), regularity(&events), jump(log, &events)]
}

/// Most events within so many seconds, and when they began.
fn busiest(events: &[Event], seconds: u32) -> Option<(usize, u32)> {
    let (mut start, mut best) = (0, None);
    for (end, event) in events.iter().enumerate() {
        while event.time - events[start].time >= seconds {
            start += 1;
        }
        let count = end + 1 - start;
        if best.is_none_or(|(most, _)| count > most) {
            best = Some((count, events[start].time));
        }
    }
    best
}

/// How even the gaps between a visit's events are: their mean in standard deviations.
fn regularity(events: &[Event]) -> Option<Observed> {
    let gaps = events.windows(2).map(|pair| pair[1].time - pair[0].time);
    let gaps: Vec<f64> = gaps.filter(|gap| (1..VISIT_GAP).contains(gap)).map(f64::from).collect();
    if gaps.len() < GAPS {
        return None;
    }
    let count = gaps.len() as f64;
    let mean = gaps.iter().sum::<f64>() / count;
    let deviation = (gaps.iter().map(|gap| (gap - mean) * (gap - mean)).sum::<f64>() / count).sqrt();
    // A clock of whole seconds cannot tell gaps apart any better.
    let value = mean / deviation.max(0.3);
    Some(Observed { scaled: value.ln(), value, time: None })
}

/// The visit that is least like all others of the user: Jensen–Shannon distance of its domains to theirs, times the
/// logarithm of how much larger it is than the median visit. Whoever moves on is like himself afterwards.
fn jump(log: &Log, events: &[Event]) -> Option<Observed> {
    let visits: Vec<&[Event]> = events.chunk_by(|a, b| b.time - a.time < VISIT_GAP).collect();
    let mut sizes: Vec<usize> = visits.iter().map(|visit| visit.len()).collect();
    sizes.sort_unstable();
    let median = *sizes.get(sizes.len() / 2)? as f64;
    let all = counts(log, events);
    let mut best: Option<Observed> = None;
    for visit in visits.into_iter().filter(|visit| visit.len() >= VISIT) {
        let own = counts(log, visit);
        let mut others = all.clone();
        for (domain, count) in &own {
            others.entry(*domain).and_modify(|all| *all -= count);
        }
        others.retain(|_, count| *count > 0.0);
        if own.is_empty() || others.values().sum::<f64>() < OTHERS {
            continue;
        }
        let value = jensen_shannon(&shares(&own), &shares(&others));
        let scaled = value * (1.0 + visit.len() as f64 / median).ln();
        if best.is_none_or(|best| scaled > best.scaled) {
            best = Some(Observed { scaled, value, time: visit.first().map(|event| event.time) });
        }
    }
    best
}

fn counts(log: &Log, events: &[Event]) -> BTreeMap<u32, f64> {
    let mut counts = BTreeMap::new();
    for domain in events.iter().map(|event| log.domain_of(event)).filter(|&domain| domain != NONE) {
        *counts.entry(domain).or_default() += 1.0;
    }
    counts
}

fn shares(counts: &BTreeMap<u32, f64>) -> Vec<(u32, f64)> {
    let total: f64 = counts.values().sum();
    counts.iter().map(|(&domain, &count)| (domain, count / total)).collect()
}

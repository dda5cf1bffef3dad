//! A user's events before a window, gone through once: running numbers of each candidate domain and of the user.

use rustc_hash::FxHashMap;

use super::Features;
use crate::event::{EventKind, NONE};

/// Half-lives of the decayed counts, in windows: 8, 4, … 1/16, and ∞.
pub(super) const DECAYS: usize = 9;
/// Half-lives in events of the user's own, which tell time where people are active in bursts.
pub(super) const EVENT_DECAYS: [f64; 3] = [4.0, 16.0, 64.0];
/// Kinds of event that are counted apart where a log has several: favourite, cart, and purchase or rating.
pub(super) const KINDS: usize = 3;

const DAY: u32 = 86_400;
const HOUR: u32 = 3_600;

/// Running numbers of one candidate domain.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    /// Events by half-life in windows.
    pub decayed: [f64; DECAYS],
    /// Events by half-life in events.
    pub recent: [f64; EVENT_DECAYS.len()],
    /// Events of each kind, with half-lives of one window and an eighth.
    pub kinds: [[f64; 2]; KINDS],
    /// Times of the first and the last event.
    pub first: u32,
    pub last: u32,
    pub events: u32,
    /// Distinct days (hours, where windows are short) and windows with an event.
    pub days: u32,
    pub windows: u32,
    pub last_window: u32,
    /// Windows in a row with an event, up to the one before.
    pub streak: u32,
    /// Distinct items, and events of the commonest of them.
    pub items: u32,
    pub largest: u32,
    /// The user's events, and other domains of his, since the last event here.
    pub events_since: u32,
    pub domains_since: u32,
}

/// Running numbers of the user.
#[derive(Debug, Default)]
pub(super) struct Person {
    /// Start of the window.
    pub start: f64,
    pub decayed: [f64; DECAYS],
    pub recent: [f64; EVENT_DECAYS.len()],
    pub events: f64,
    /// Active windows.
    pub windows: f64,
    /// Windows since the latest and the first event.
    pub recency: f64,
    pub age: f64,
    /// The last two active windows.
    pub last_window: Option<u32>,
    pub earlier_window: Option<u32>,
    /// Events in the last active window.
    pub last_events: f64,
    /// Distinct domains.
    pub breadth: f64,
}

/// What counts as another day: an hour where windows are short.
pub(super) fn day(step: f64) -> u32 {
    if step < 3.0 * f64::from(DAY) { HOUR } else { DAY }
}

/// Slot of each kind of a log with several, by what its name means.
pub(super) fn kind_slots<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> Vec<Option<usize>> {
    if names.len() < 2 {
        return vec![None; names.len()];
    }
    let slot = |name| match EventKind::from_word(name)? {
        EventKind::Favourite => Some(0),
        EventKind::Cart => Some(1),
        EventKind::Purchase | EventKind::Rating => Some(2),
        EventKind::View | EventKind::Search => None,
    };
    names.map(slot).collect()
}

impl Features<'_> {
    /// Goes through the user's events before the window; `slots`: place in `seen` by domain.
    pub(super) fn walk(&self, user: u32, window: usize, slots: &FxHashMap<u32, usize>, seen: &mut [Seen]) -> Person {
        let windows = self.history.windows();
        let start = windows.start(window);
        let mut person = Person { start: start as f64, ..Person::default() };
        let mut items: Vec<(usize, u32)> = Vec::new();
        let mut domains: Vec<u32> = Vec::new();
        let mut earliest = None;
        for event in self.log.slice(self.log.user_events(user)) {
            if i64::from(event.time) >= start {
                break;
            }
            let domain = self.log.domain_of(&event);
            let Some(index) = windows.index_of(event.time).filter(|_| domain != NONE) else { continue };
            let index = index as u32;
            if person.last_window != Some(index) {
                person.windows += 1.0;
                person.earlier_window = person.last_window.replace(index);
                person.last_events = 0.0;
            }
            person.last_events += 1.0;
            person.events += 1.0;
            earliest.get_or_insert(event.time);
            let age = (person.start - f64::from(event.time)) / self.step;
            person.recency = age;
            let powers = powers(age);
            add(&mut person.decayed, &powers);
            domains.push(domain);
            let Some(&slot) = slots.get(&domain) else { continue };
            let Some(own) = seen.get_mut(slot) else { continue };
            add(&mut own.decayed, &powers);
            if let Some(kind) = self.kinds.get(usize::from(event.kind)).copied().flatten() {
                own.kinds[kind][0] += powers[ONE_WINDOW];
                own.kinds[kind][1] += powers[ONE_WINDOW + 3];
            }
            if own.events == 0 {
                own.first = event.time;
            }
            if own.events == 0 || own.last / self.day != event.time / self.day {
                own.days += 1;
            }
            if own.events == 0 || own.last_window != index {
                own.windows += 1;
                own.streak = if own.events > 0 && own.last_window + 1 == index { own.streak + 1 } else { 1 };
                own.last_window = index;
            }
            own.last = event.time;
            own.events += 1;
            items.push((slot, self.log.items.base(event.item)));
        }
        items.sort_unstable();
        for same in items.chunk_by(|a, b| a == b) {
            let own = &mut seen[same[0].0];
            own.items += 1;
            own.largest = own.largest.max(same.len() as u32);
        }
        for own in seen.iter_mut().filter(|own| own.events > 0 && own.last_window + 1 < window as u32) {
            own.streak = 0;
        }
        backwards(&domains, slots, seen, &mut person);
        person.age = earliest.map_or(0.0, |time| (person.start - f64::from(time)) / self.step);
        person
    }
}

/// What the order of the events says, whatever their times: `domains` of the user's events, earliest first.
fn backwards(domains: &[u32], slots: &FxHashMap<u32, usize>, seen: &mut [Seen], person: &mut Person) {
    let mut met: FxHashMap<u32, ()> = FxHashMap::default();
    let factors = EVENT_DECAYS.map(|half_life| libm::exp2(-1.0 / half_life));
    let mut powers = [1.0; EVENT_DECAYS.len()];
    for (since, &domain) in domains.iter().rev().enumerate() {
        let others = met.len() as u32;
        let new = met.insert(domain, ()).is_none();
        add(&mut person.recent, &powers);
        if let Some(own) = slots.get(&domain).and_then(|&slot| seen.get_mut(slot)) {
            add(&mut own.recent, &powers);
            if new {
                (own.events_since, own.domains_since) = (since as u32, others);
            }
        }
        for (power, factor) in powers.iter_mut().zip(factors) {
            *power *= factor;
        }
    }
    person.breadth = met.len() as f64;
}

/// Place of the half-life of one window.
const ONE_WINDOW: usize = 3;

/// What an event of that age (in windows) still counts at each half-life.
fn powers(age: f64) -> [f64; DECAYS] {
    let mut powers = [1.0; DECAYS];
    let mut power = libm::exp2(-age / 8.0);
    for slot in &mut powers[..DECAYS - 1] {
        *slot = power;
        power *= power;
    }
    powers
}

fn add<const N: usize>(sums: &mut [f64; N], powers: &[f64; N]) {
    for (sum, power) in sums.iter_mut().zip(powers) {
        *sum += power;
    }
}

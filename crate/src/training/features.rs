//! What the network sees of a (user, domain) pair: numbers from the user's events before the window, and what everyone's
//! events say about the domain.

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::{History, Prior};
use crate::{
    Result,
    event::{Log, NONE},
};

/// Half-lives of the decayed counts, in windows: 8, 4, … 1/8, and ∞.
const DECAYS: usize = 8;
/// Kinds of event that get a feature of their own, at most.
const KINDS: usize = 4;
const PAIR: usize = DECAYS + 4 + 19 + KINDS;
const USER: usize = 8;
const DAY: u32 = 86_400;
const HOUR: u32 = 3_600;

/// Computes features from a log. Holds per-domain statistics of the train windows only.
#[derive(Debug)]
pub struct Features<'a> {
    log: &'a Log,
    history: &'a History,
    prior: &'a Prior,
    /// Share of train users that touched the domain, and share of its (user, window) pairs that the same user had
    /// touched in an earlier window.
    reach: Vec<f64>,
    repeat: Vec<f64>,
    /// Feature slot by kind id.
    kinds: Vec<Option<usize>>,
    /// Length of a window in seconds.
    step: f64,
    /// What counts as another day: an hour where windows are short.
    day: u32,
}

/// Running numbers of one candidate domain.
#[derive(Debug, Clone, Default)]
struct Seen {
    decayed: [f64; DECAYS],
    kinds: [f64; KINDS],
    first: u32,
    last: u32,
    events: u32,
    days: u32,
    windows: u32,
    last_window: u32,
    streak: u32,
    items: u32,
    largest: u32,
}

impl<'a> Features<'a> {
    /// Features for a sorted log whose history and prior are given; `train`: the windows that statistics come from.
    ///
    /// # Errors
    /// None at present; a log and history that don't belong together give meaningless numbers.
    pub fn new(
        log: &'a Log,
        history: &'a History,
        prior: &'a Prior,
        train: std::ops::Range<usize>,
    ) -> Result<Features<'a>> {
        let domains = history.domains();
        let (mut users, mut pairs, mut again) = (vec![0_u32; domains], vec![0_u32; domains], vec![0_u32; domains]);
        let mut seen: FxHashMap<u32, ()> = FxHashMap::default();
        for user in 0..history.users() as u32 {
            seen.clear();
            for cell in history.past(user, train.end) {
                let domain = cell.domain as usize;
                pairs[domain] += 1;
                match seen.insert(cell.domain, ()) {
                    None => users[domain] += 1,
                    Some(()) => again[domain] += 1,
                }
            }
        }
        let all = history.users().max(1) as f64;
        let mut by_count: Vec<(u64, u8)> = (0..log.kinds.len().min(256)).map(|kind| (0, kind as u8)).collect();
        for event in log.iter() {
            if let Some(slot) = by_count.get_mut(usize::from(event.kind)) {
                slot.0 += 1;
            }
        }
        by_count.sort_unstable_by_key(|&(events, kind)| (std::cmp::Reverse(events), kind));
        let mut kinds = vec![None; by_count.len()];
        if by_count.len() > 1 {
            for (slot, &(_, kind)) in by_count.iter().take(KINDS).enumerate() {
                kinds[usize::from(kind)] = Some(slot);
            }
        }
        let step = (history.windows().end(0) - history.windows().start(0)) as f64;
        Ok(Features {
            log,
            history,
            prior,
            reach: users.iter().map(|&n| f64::from(n) / all).collect(),
            repeat: again.iter().zip(&pairs).map(|(&a, &p)| f64::from(a) / f64::from(p.max(1))).collect(),
            kinds,
            step,
            day: if step < 3.0 * f64::from(DAY) { HOUR } else { DAY },
        })
    }

    /// Number of features of a pair.
    pub const fn width() -> usize {
        1 + PAIR + USER
    }

    /// The prior that the features start from.
    pub fn prior(&self) -> &Prior {
        self.prior
    }

    /// The history that the features look at.
    pub fn history(&self) -> &History {
        self.history
    }

    /// Appends `candidates × width` raw numbers, row-major. `shares`: the prior's shares over all domains. Looks only at
    /// what lies before `window`.
    pub fn append(&self, user: u32, window: usize, candidates: &[u32], shares: &[f64], out: &mut Vec<f32>) {
        let slots: FxHashMap<u32, usize> =
            candidates.iter().enumerate().map(|(slot, &domain)| (domain, slot)).collect();
        let mut seen = vec![Seen::default(); candidates.len()];
        let person = self.walk(user, window, &slots, &mut seen);
        let before = window.checked_sub(1).map(|last| self.history.totals(last));
        let last_total: f64 = before.map_or(0.0, |events| events.iter().map(|&n| f64::from(n)).sum());
        let earlier = window.checked_sub(2).map(|last| self.history.totals(last));
        let (mut in_last, mut in_earlier) = (vec![0.0; seen.len()], vec![0.0; seen.len()]);
        for cell in self.history.past(user, window) {
            let Some(&slot) = slots.get(&cell.domain) else { continue };
            if cell.window == person.last_window {
                in_last[slot] = f64::from(cell.events);
            } else if cell.window == person.earlier_window {
                in_earlier[slot] = f64::from(cell.events);
            }
        }
        let tail = person.features(shares);
        for (slot, (&domain, seen)) in candidates.iter().zip(&seen).enumerate() {
            let index = domain as usize;
            let mut push = |value: f64| out.push(value as f32);
            let popularity = self.prior.popularity[index];
            push(ln(shares[index] + 1e-6));
            for count in seen.decayed {
                push(log1p(count));
            }
            for decay in [0, 2, 4, DECAYS - 1] {
                push(ln((seen.decayed[decay] + popularity + 1e-4) / (person.decayed[decay] + 1.0)));
            }
            let there = f64::from(u8::from(seen.events > 0));
            let age = |time: u32| (person.start - f64::from(time)) / self.step;
            let recency = if seen.events > 0 { age(seen.last) } else { 2.0 * person.age + 1.0 };
            let gaps = f64::from(seen.days.saturating_sub(1));
            let gap = if gaps > 0.0 { f64::from(seen.last - seen.first) / self.step / gaps } else { person.age + 1.0 };
            let last = before.map_or(0.0, |events| f64::from(events[index])) + 0.5;
            let then = earlier.map_or(last, |events| f64::from(events[index]) + 0.5);
            let now = last / (last_total + 1.0);
            push(log1p(in_last[slot]));
            push(log1p(in_earlier[slot]));
            push(in_last[slot] / person.last_events.max(1.0));
            push(there);
            push(ln(recency + 0.01));
            push(ln(recency - person.recency + 0.01));
            push(f64::from(seen.windows) / person.windows.max(1.0));
            push(log1p(f64::from(seen.days)));
            push(ln(gap + 0.01));
            push(ln((recency + 0.01) / (gap + 0.01)) * there);
            push(log1p(f64::from(seen.items)));
            push(log1p(f64::from(seen.largest)));
            push(log1p(f64::from(seen.streak)));
            push(ln(popularity + 1e-5));
            push(ln(now));
            push(ln(now / (popularity + 1e-5)));
            push(ln(last / then));
            push(self.repeat[index]);
            push(ln(self.reach[index] + 1e-4));
            for count in seen.kinds {
                push(log1p(count));
            }
            for value in tail {
                push(value);
            }
        }
    }

    /// Goes through the user's events before the window.
    fn walk(&self, user: u32, window: usize, slots: &FxHashMap<u32, usize>, seen: &mut [Seen]) -> Person {
        let windows = self.history.windows();
        let mut person = Person { start: windows.start(window) as f64, ..Person::default() };
        let mut items: Vec<(usize, u32)> = Vec::new();
        let mut domains: Vec<u32> = Vec::new();
        let mut earliest = None;
        let mut current = u32::MAX;
        for event in self.log.slice(self.log.user_events(user)) {
            if i64::from(event.time) >= windows.start(window) {
                break;
            }
            let domain = self.log.domain_of(&event);
            let Some(index) = windows.index_of(event.time).filter(|_| domain != NONE) else { continue };
            let index = index as u32;
            if index != current {
                person.windows += 1.0;
                person.earlier_window = person.last_window;
                (person.last_window, person.last_events, current) = (index, 0.0, index);
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
                own.kinds[kind] += powers[3];
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
        domains.sort_unstable();
        domains.dedup();
        person.breadth = domains.len() as f64;
        person.age = earliest.map_or(0.0, |time| (person.start - f64::from(time)) / self.step);
        person
    }
}

/// Running numbers of the user.
#[derive(Debug)]
struct Person {
    start: f64,
    decayed: [f64; DECAYS],
    events: f64,
    windows: f64,
    /// Windows since the latest and the first event.
    recency: f64,
    age: f64,
    last_window: u32,
    earlier_window: u32,
    last_events: f64,
    breadth: f64,
}

impl Default for Person {
    fn default() -> Self {
        Person {
            start: 0.0,
            decayed: [0.0; DECAYS],
            events: 0.0,
            windows: 0.0,
            recency: 0.0,
            age: 0.0,
            last_window: u32::MAX,
            earlier_window: u32::MAX,
            last_events: 0.0,
            breadth: 0.0,
        }
    }
}

impl Person {
    fn features(&self, shares: &[f64]) -> [f64; USER] {
        let entropy: f64 = shares.iter().filter(|&&share| share > 0.0).map(|&share| -share * ln(share)).sum();
        let largest = shares.iter().copied().fold(0.0, f64::max);
        [
            log1p(self.events),
            ln(self.recency + 0.01),
            log1p(self.windows),
            log1p(self.last_events),
            entropy,
            largest,
            log1p(self.breadth),
            log1p(self.age),
        ]
    }
}

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

fn add(sums: &mut [f64; DECAYS], powers: &[f64; DECAYS]) {
    for (sum, power) in sums.iter_mut().zip(powers) {
        *sum += power;
    }
}

// The same code on every engine: std's would call the platform's own.
fn ln(value: f64) -> f64 {
    libm::log(value)
}

fn log1p(value: f64) -> f64 {
    libm::log1p(value)
}

/// Means and deviations of the train instances' features.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeatureScale {
    mean: Vec<f64>,
    inverse: Vec<f64>,
}

/// Standardised features beyond this are cut.
const LIMIT: f64 = 6.0;

impl FeatureScale {
    /// Leaves rows of so many features as they are, but for the cut.
    pub(super) fn identity(width: usize) -> FeatureScale {
        FeatureScale { mean: vec![0.0; width], inverse: vec![1.0; width] }
    }

    /// From sums and sums of squares over `count` rows. A feature that never varies becomes 0.
    pub(super) fn from_sums(sum: &[f64], squares: &[f64], count: f64) -> FeatureScale {
        let mean: Vec<f64> = sum.iter().map(|sum| sum / count).collect();
        let inverse = squares
            .iter()
            .zip(&mean)
            .map(|(square, mean)| {
                let variance = square / count - mean * mean;
                if variance > 1e-9 { 1.0 / variance.sqrt() } else { 0.0 }
            })
            .collect();
        FeatureScale { mean, inverse }
    }

    /// Standardises rows in place.
    pub fn apply(&self, rows: &mut [f32]) {
        for row in rows.chunks_mut(self.mean.len().max(1)) {
            for ((value, mean), inverse) in row.iter_mut().zip(&self.mean).zip(&self.inverse) {
                *value = ((f64::from(*value) - mean) * inverse).clamp(-LIMIT, LIMIT) as f32;
            }
        }
    }

    /// Number of features that it was made for.
    pub fn width(&self) -> usize {
        self.mean.len()
    }
}

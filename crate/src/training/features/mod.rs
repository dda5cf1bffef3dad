//! What the network sees of a (user, domain) pair: numbers from the user's events before the window, and what everyone's
//! events before it say about the domain and the user. None depends on which domains a log has, or how many.

mod crowd;
mod habits;
mod past;
mod scale;

use driftscope_kernels::Order;
use std::cell::OnceCell;

use rustc_hash::FxHashMap;

use self::{
    crowd::Crowd,
    habits::{Fades, Habits},
    past::{DECAYS, EVENT_DECAYS, KINDS, Person, Seen},
};
pub use self::{crowd::Related, scale::FeatureScale};
use super::{History, Prior, Ranker};
use crate::{Result, event::Log};

/// Numbers of a pair, and of a user, which all his pairs share.
const PAIR: usize = 1 + DECAYS + 4 + 2 * EVENT_DECAYS.len() + 2 + 22 + 2 * KINDS + 5 + 2 + 2 * Related::COUNT + 1;
const USER: usize = 8 + 3 + habits::HALF_LIVES.len() - 1;

/// Computes features from a log.
#[derive(Debug)]
pub struct Features<'a> {
    log: &'a Log,
    history: &'a History,
    prior: &'a Prior,
    /// Feature slot by kind id.
    kinds: Vec<Option<usize>>,
    /// Length of a window in seconds.
    step: f64,
    /// What counts as another day.
    day: u32,
    /// Events of all users in each window.
    sums: Vec<f64>,
    fades: Fades,
    with_crowd: bool,
    /// By window, made when first needed.
    crowds: Vec<OnceCell<Crowd>>,
}

/// A user's candidates in a window, with all that their features are made of.
#[derive(Debug)]
pub struct Candidates {
    /// Domains.
    pub domains: Vec<u32>,
    /// The prior's shares over all domains.
    pub shares: Vec<f64>,
    /// Nothing without the crowd.
    related: Option<Related>,
}

/// How much the crowd's shares count for beside the prior's in the choice of candidates.
const BY_PROFILE: f64 = 0.5;
const BY_ITEM: f64 = 0.2;

impl<'a> Features<'a> {
    /// Features for a sorted log whose history and prior are given.
    ///
    /// # Errors
    /// None at present; a log and history that don't belong together give meaningless numbers.
    pub fn new(log: &'a Log, history: &'a History, prior: &'a Prior) -> Result<Features<'a>> {
        let step = (history.windows().end(0) - history.windows().start(0)) as f64;
        let count = history.windows().len();
        Ok(Features {
            log,
            history,
            prior,
            kinds: past::kind_slots(log.kinds.iter().map(|(name, _)| name).collect::<Vec<_>>().into_iter()),
            step,
            day: past::day(step),
            sums: (0..count).map(|window| history.totals(window).iter().map(|&n| f64::from(n)).sum()).collect(),
            fades: Fades::new(),
            with_crowd: true,
            crowds: (0..count).map(|_| OnceCell::new()).collect(),
        })
    }

    /// With or without what others like the user do. Without it those numbers are 0, and the prior alone picks
    /// candidates.
    pub fn with_crowd(self, with_crowd: bool) -> Features<'a> {
        Features { with_crowd, ..self }
    }

    /// Number of features of a pair.
    pub const fn width() -> usize {
        PAIR + USER
    }

    /// The prior that the features start from.
    pub fn prior(&self) -> &Prior {
        self.prior
    }

    /// The history that the features look at.
    pub fn history(&self) -> &History {
        self.history
    }

    /// All domains in order of their ids where `width` allows, else the best `width` by prior and crowd.
    pub fn candidates(&self, user: u32, window: usize, ranker: &Ranker, width: usize) -> Candidates {
        let shares = self.prior.shares(self.history, user, window);
        let crowd = self.with_crowd.then(|| self.crowd(window));
        let related = crowd.map(|crowd| crowd.related(self.log, self.history, self.prior.half_life, user, window));
        let domains = match &related {
            _ if width >= shares.len() => (0..shares.len() as u32).collect(),
            None => ranker.top(&shares, width),
            Some(related) => {
                let crowd = related.by_profile().iter().zip(related.by_item());
                let with_crowd = |(share, (&profile, &item)): (&f64, (&f32, &f32))| {
                    share + BY_PROFILE * f64::from(profile) + BY_ITEM * f64::from(item)
                };
                ranker.top(&shares.iter().zip(crowd).map(with_crowd).collect::<Vec<f64>>(), width)
            }
        };
        Candidates { domains, shares, related }
    }

    fn crowd(&self, window: usize) -> &Crowd {
        self.crowds[window].get_or_init(|| match self.with_crowd {
            true => Crowd::new(self.log, self.history, self.prior.half_life, window),
            false => Crowd::of_domains(self.history, window),
        })
    }

    /// B(p) of the prior, for one domain.
    fn background(&self, window: usize, domain: u32) -> f64 {
        let popularity = self.prior.popularity[domain as usize];
        match window.checked_sub(1).filter(|&last| self.sums[last] > 0.0) {
            Some(last) => {
                0.5 * popularity + 0.5 * f64::from(self.history.totals(last)[domain as usize]) / self.sums[last]
            }
            None => popularity,
        }
    }

    /// Appends `candidates × width` raw numbers, row-major. Looks only at what lies before `window`.
    pub fn append(&self, user: u32, window: usize, candidates: &Candidates, out: &mut Vec<f32>) {
        let Candidates { domains, shares, related } = candidates;
        let slots: FxHashMap<u32, usize> = domains.iter().enumerate().map(|(slot, &domain)| (domain, slot)).collect();
        let mut seen = vec![Seen::default(); domains.len()];
        let person = self.walk(user, window, &slots, &mut seen);
        let habits = Habits::new(self, user, window);
        let crowd = self.crowd(window);
        let totals =
            |back: usize| window.checked_sub(back).map(|window| (self.history.totals(window), self.sums[window]));
        let (last, earlier) = (totals(1), totals(2));
        let (mut in_last, mut in_earlier) = (vec![0.0; seen.len()], vec![0.0; seen.len()]);
        for cell in self.history.past(user, window) {
            let Some(&slot) = slots.get(&cell.domain) else { continue };
            if person.last_window == Some(cell.window) {
                in_last[slot] = f64::from(cell.events);
            } else if person.earlier_window == Some(cell.window) {
                in_earlier[slot] = f64::from(cell.events);
            }
        }
        let ranks = ranks(domains, shares);
        let largest = shares.iter().copied().fold(0.0, f64::max);
        let tail = user_features(&person, &habits, shares, largest);
        for (slot, (&domain, seen)) in domains.iter().zip(&seen).enumerate() {
            let index = domain as usize;
            let begin = out.len();
            let mut push = |value: f64| out.push(value as f32);
            let past = crowd.domains[index];
            let share = shares[index];
            push(ln(share + 1e-6));
            for count in seen.decayed {
                push(log1p(count));
            }
            for decay in [0, 2, 4, DECAYS - 1] {
                push(ln((seen.decayed[decay] + past.popularity + 1e-4) / (person.decayed[decay] + 1.0)));
            }
            for (own, all) in seen.recent.iter().zip(person.recent) {
                push(log1p(*own));
                push(ln((own + past.popularity + 1e-4) / (all + 1.0)));
            }
            let there = f64::from(u8::from(seen.events > 0));
            let (events_since, domains_since) = if seen.events > 0 {
                (f64::from(seen.events_since), f64::from(seen.domains_since))
            } else {
                (2.0 * person.events + 1.0, person.breadth + 1.0)
            };
            push(log1p(events_since));
            push(log1p(domains_since));
            let age = |time: u32| (person.start - f64::from(time)) / self.step;
            let recency = if seen.events > 0 { age(seen.last) } else { 2.0 * person.age + 1.0 };
            let gaps = f64::from(seen.days.saturating_sub(1));
            let gap = if gaps > 0.0 { f64::from(seen.last - seen.first) / self.step / gaps } else { person.age + 1.0 };
            let count = last.map_or(0.0, |(events, _)| f64::from(events[index])) + 0.5;
            let then = earlier.map_or(count, |(events, _)| f64::from(events[index]) + 0.5);
            let now = count / (last.map_or(0.0, |last| last.1) + 1.0);
            push(log1p(in_last[slot]));
            push(log1p(in_earlier[slot]));
            push(in_last[slot] / person.last_events.max(1.0));
            push(there);
            push(ln(recency + 0.01));
            push(ln(recency - person.recency + 0.01));
            push(f64::from(seen.windows) / person.windows.max(1.0));
            push(log1p(f64::from(seen.windows)));
            push(log1p(f64::from(seen.days)));
            push(ln(gap + 0.01));
            push(ln((recency + 0.01) / (gap + 0.01)) * there);
            push(log1p(f64::from(seen.items)));
            push(log1p(f64::from(seen.largest)));
            push(log1p(f64::from(seen.streak)));
            push(ln(past.popularity + 1e-5));
            push(ln(now));
            push(ln(now / (past.popularity + 1e-5)));
            push(ln(count / then));
            push(past.repeat);
            push(past.repeat * there);
            push(past.keep);
            push(ln(past.reach + 1e-4));
            for kind in seen.kinds {
                push(log1p(kind[0]));
                push(log1p(kind[1]));
            }
            let is = |top: Option<u32>| f64::from(u8::from(top == Some(domain)));
            push(is(habits.tops[0]));
            push(is(habits.tops[1]));
            push(habits.wins(domain) / (person.windows + 1.0));
            push(log1p(f64::from(ranks[slot])));
            push(ln((share + 1e-6) / (largest + 1e-6)));
            let habitual = habits.share(domain, self.prior.weight, self.background(window, domain));
            push(ln(habitual + 1e-6));
            push(ln((habitual + 1e-6) / (share + 1e-6)));
            for number in 0..Related::COUNT {
                let theirs = related.as_ref().map(|related| f64::from(related.shares[number][index]));
                push(theirs.map_or(0.0, |theirs| ln(theirs + 1e-4)));
                push(theirs.map_or(0.0, |theirs| ln((theirs + 1e-4) / (share + 1e-4))));
            }
            push(past.keep * is(habits.tops[0]));
            for value in tail {
                push(value);
            }
            debug_assert_eq!(out.len() - begin, Features::width());
        }
    }
}

/// Rank of each candidate by share, from 0; among equals the earlier candidate first.
fn ranks(domains: &[u32], shares: &[f64]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..domains.len() as u32).collect();
    let share = |slot: &u32| shares[domains[*slot as usize] as usize];
    order.order_by(|a, b| share(b).total_cmp(&share(a)));
    let mut ranks = vec![0; domains.len()];
    for (rank, &slot) in order.iter().enumerate() {
        ranks[slot as usize] = rank as u32;
    }
    ranks
}

fn user_features(person: &Person, habits: &Habits, shares: &[f64], largest: f64) -> [f64; USER] {
    let entropy: f64 = shares.iter().filter(|&&share| share > 0.0).map(|&share| -share * ln(share)).sum();
    let mut out = [0.0; USER];
    let first = [
        log1p(person.events),
        ln(person.recency + 0.01),
        log1p(person.windows),
        log1p(person.last_events),
        entropy,
        largest,
        log1p(person.breadth),
        log1p(person.age),
        habits.novelty,
        habits.overlap,
        habits.change,
    ];
    let weights = &habits.weights[1..];
    for (slot, value) in out.iter_mut().zip(first.iter().chain(weights)) {
        *slot = *value;
    }
    out
}

// The same code on every engine: std's would call the platform's own.
fn ln(value: f64) -> f64 {
    libm::log(value)
}

fn log1p(value: f64) -> f64 {
    libm::log1p(value)
}

//! Forecasts for people about whom little is known: users with 0 to 4 events.
//!
//! score(u, p)\[c\] = E(u, p)\[c\] + a · Σ_k λ_k · D_k(u, p)\[c\], with E the user's decayed counts as in [`Prior`], and
//! distributions D over domains, of which each user has those that something is known for:
//!
//! - *crowd*: B(p), the popularity;
//! - *platform*: the shares of everyone's events on the platform of the user's last event;
//! - *paths*: Σ_d e(d) · P(c | d), what people who touched d (weighted by the user's own shares e) touched in their next
//!   active window, smoothed towards the crowd;
//! - *friends*: the mean profile of those the user follows and those who follow the user.
//!
//! The λ of a distribution that a user lacks goes to the crowd. A back-off mixture (Jelinek & Mercer 1980); half-life, a and
//! λ are picked on validation instances of such users. Everything comes from events before the window.

mod known;

use driftscope_kernels::Order;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use self::known::{Known, Parts};
use super::{History, Instance, Observer, Prior, Ranker, TOP, ndcg, prior::decayed, split::MIN_EVENTS};
use crate::{Error, Result, event::Log};

/// What each distribution counts for, of a total of 1; the rest is the crowd's.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Mixture {
    /// Share of the platform's distribution.
    pub platform: f64,
    /// Share of the paths from the user's own domains.
    pub paths: f64,
    /// Share of the friends' profiles.
    pub friends: f64,
}

/// The back-off model, chosen and ready.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ColdStart {
    prior: Prior,
    mixture: Mixture,
    social: bool,
}

/// Events before the window that make a user a known one (PROTOCOL.md, INP).
pub const KNOWN: u32 = MIN_EVENTS;

const HALF_LIVES: [f64; 2] = [2.0, 8.0];
const WEIGHTS: [f64; 5] = [0.3, 1.0, 3.0, 10.0, 30.0];
const SHARES: [f64; 5] = [0.0, 0.2, 0.4, 0.6, 0.8];

/// The instances of protocol COLD: at least five events in the window, as in INP, but fewer than five before it, maybe
/// none. By user, then window.
pub fn cold_instances(history: &History, windows: Range<usize>) -> Vec<Instance> {
    let all = history.instances(windows, MIN_EVENTS, 0);
    all.into_iter().filter(|one| one.window > 0 && is_cold(history, one.user, one.window)).collect()
}

/// Instances that the mixture is chosen on, at most: the choice takes time for each.
const CHOSEN_ON: usize = 600;

/// Users with fewer than [`KNOWN`] events before `window`.
pub fn is_cold(history: &History, user: u32, window: usize) -> bool {
    history.past(user, window).iter().map(|cell| cell.events).sum::<u32>() < KNOWN
}

impl ColdStart {
    /// Picks half-life, weight and mixture by NDCG@10 on `instances`, such as [`cold_instances`] of the validation windows;
    /// among equals the simplest. `social`: whether the log's edges may be used (they carry no date).
    ///
    /// # Errors
    /// [`Error::NotEnough`] where the train windows hold no event or there is no instance; [`Error::Cancelled`].
    pub async fn choose(
        (log, history): (&Log, &History),
        train: Range<usize>,
        instances: &[Instance],
        social: bool,
        observer: &mut impl Observer,
    ) -> Result<ColdStart> {
        let ranker = Ranker::new(&history.sum(train.clone()));
        let lists: Vec<&Instance> =
            by_window(instances.iter().step_by(instances.len().div_ceil(CHOSEN_ON).max(1))).collect();
        let mut best: Option<(f64, ColdStart)> = None;
        for half_life in HALF_LIVES {
            let prior = Prior::new(history, train.clone(), half_life, 1.0)?;
            let mut known = Known::new(log, history, &prior, social);
            let mut parts: Vec<Parts> = Vec::with_capacity(lists.len());
            for one in &lists {
                parts.push(known.parts(one.user, one.window));
                breathe(observer).await?;
            }
            let usable = Mixture {
                platform: f64::from(u8::from(parts.iter().any(|parts| parts.platform.is_some()))),
                paths: f64::from(u8::from(parts.iter().any(|parts| parts.paths.is_some()))),
                friends: f64::from(u8::from(parts.iter().any(|parts| parts.friends.is_some()))),
            };
            for mixture in mixtures(usable) {
                for weight in WEIGHTS {
                    let ndcgs = parts.iter().zip(&lists).map(|(parts, one)| {
                        ndcg(&ranker.top(&parts.shares(weight, &mixture), TOP), history.truth(one))
                    });
                    let total: f64 = ndcgs.sum();
                    if best.as_ref().is_none_or(|(most, _)| total > *most) {
                        let prior = Prior { weight, ..prior.clone() };
                        best = Some((total, ColdStart { prior, mixture, social }));
                    }
                    breathe(observer).await?;
                }
            }
        }
        let none = Error::NotEnough { what: "a cold start", hint: "no new user to choose on".into() };
        best.filter(|_| !lists.is_empty()).map(|(_, model)| model).ok_or(none)
    }

    /// A mixture that nothing was chosen for: for logs without new users in their validation windows.
    ///
    /// # Errors
    /// As [`Prior::new`].
    pub fn usual(history: &History, train: Range<usize>) -> Result<ColdStart> {
        let mixture = Mixture { platform: 0.2, paths: 0.4, friends: 0.2 };
        Ok(ColdStart { prior: Prior::new(history, train, 8.0, 3.0)?, mixture, social: true })
    }

    /// The same on a log that went on, with its popularity from windows `0..end`.
    ///
    /// # Errors
    /// As [`Prior::new`].
    pub fn carried(&self, history: &History, end: usize) -> Result<ColdStart> {
        let prior = Prior::new(history, 0..end, self.prior.half_life, self.prior.weight)?;
        Ok(ColdStart { prior, ..self.clone() })
    }

    /// Half-life, weight and crowd.
    pub fn prior(&self) -> &Prior {
        &self.prior
    }

    /// The shares of the distributions.
    pub fn mixture(&self) -> Mixture {
        self.mixture
    }

    /// Whether it can forecast for a log: one with as many domains as it was made from.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] where it can't.
    pub fn check(&self, history: &History) -> Result<()> {
        if self.prior.popularity.len() == history.domains() {
            return Ok(());
        }
        Err(Error::Checkpoint { hint: "it was made from another log".into() })
    }

    /// The forecaster for a log.
    ///
    /// # Errors
    /// As [`ColdStart::check`].
    pub fn on<'a>(&'a self, log: &'a Log, history: &'a History) -> Result<ColdShares<'a>> {
        self.check(history)?;
        Ok(ColdShares { model: self, known: Known::new(log, history, &self.prior, self.social) })
    }
}

/// A back-off model on a log.
#[derive(Debug)]
pub struct ColdShares<'a> {
    model: &'a ColdStart,
    known: Known<'a>,
}

impl ColdShares<'_> {
    /// Shares over all domains, which sum to 1; for any user, also one without an event. What everyone did before a window
    /// is counted once while requests stay with it.
    pub fn of(&mut self, user: u32, window: usize) -> Vec<f64> {
        self.known.parts(user, window).shares(self.model.prior.weight, &self.model.mixture)
    }
}

async fn breathe(observer: &mut impl Observer) -> Result<()> {
    observer.pause().await;
    if observer.cancelled() { Err(Error::Cancelled) } else { Ok(()) }
}

/// Instances window by window, so that what everyone did before it is counted once.
fn by_window<'a>(instances: impl Iterator<Item = &'a Instance>) -> impl Iterator<Item = &'a Instance> {
    let mut order: Vec<&Instance> = instances.collect();
    order.order_by_key(|one| one.window);
    order.into_iter()
}

/// All mixtures of the grid, the simplest first; those of which something cannot be used leave it at 0.
fn mixtures(usable: Mixture) -> Vec<Mixture> {
    let values = |usable: f64| if usable > 0.0 { SHARES.as_slice() } else { &SHARES[..1] };
    let mut all = Vec::new();
    for &friends in values(usable.friends) {
        for &paths in values(usable.paths) {
            for &platform in values(usable.platform) {
                if platform + paths + friends <= 1.0 {
                    all.push(Mixture { platform, paths, friends });
                }
            }
        }
    }
    all
}

/// Items for a user by the forecast of his domains: each item's score is its domain's share times the item's share of the
/// domain's events before `end` (Unix seconds), without those that the user has touched before. Best first.
pub fn recommend(log: &Log, shares: &[f64], user: u32, end: i64, count: usize) -> Vec<u32> {
    let mut events: rustc_hash::FxHashMap<u32, u32> = rustc_hash::FxHashMap::default();
    let mut totals = vec![0_u32; shares.len()];
    for event in log.iter().filter(|event| i64::from(event.time) < end) {
        let Some(total) = totals.get_mut(log.domain_of(&event) as usize) else { continue };
        *total += 1;
        *events.entry(event.item).or_default() += 1;
    }
    for event in log.slice(log.user_events(user)).filter(|event| i64::from(event.time) < end) {
        events.remove(&event.item);
    }
    let score = |(item, count): (u32, u32)| {
        let domain = log.items.domain(item) as usize;
        let total = totals.get(domain).copied().unwrap_or(0).max(1);
        (shares.get(domain).copied().unwrap_or(0.0) * f64::from(count) / f64::from(total), item)
    };
    let mut scored: Vec<(f64, u32)> = events.into_iter().map(score).collect();
    scored.order_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    scored.into_iter().take(count).map(|(_, item)| item).collect()
}

fn own_shares(history: &History, user: u32, window: usize, half_life: f64) -> Vec<(u32, f64)> {
    let mut own = decayed(history, user, window, half_life);
    let total: f64 = own.iter().map(|&(_, events)| events).sum();
    own.iter_mut().for_each(|(_, share)| *share /= total);
    own
}

#[cfg(test)]
mod tests;

//! What a synthetic log looks like.

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// Parameters of the page's sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SampleOptions {
    /// Number of users, at least 1.
    pub users: u32,
    /// Days that the log covers, 10 to 3,650.
    pub days: u32,
    /// Same seed, same log.
    pub seed: u64,
}

/// Shares of the users of each class; the rest is stable.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClassShares {
    /// Users who move from one domain to a second and a third, each time at once.
    pub movers: f64,
    /// Users who slide from one domain to another over several weeks.
    pub gradual: f64,
    /// Users with one to four events.
    pub sparse: f64,
    /// Machines with implausible rates.
    pub bots: f64,
    /// Users who stay, but for one burst of orders.
    pub bursts: f64,
    /// Users who stay, but for one large visit of somebody else.
    pub taken_over: f64,
}

/// The way of a planted segment through the domains.
#[derive(Debug, Clone, PartialEq)]
pub struct Itinerary {
    /// Domains by number in the catalogue, in the order of interest; all users of the segment go from one to the next.
    pub domains: Vec<u32>,
    /// Parts of the span, 0 to 1, between which each user has all his changes.
    pub changes: (f64, f64),
}

/// All parameters of a synthetic log.
#[derive(Debug, Clone, PartialEq)]
pub struct SynthOptions {
    /// Number of users, days and the seed.
    pub sample: SampleOptions,
    /// Unix seconds of the first midnight (UTC).
    pub start: u32,
    /// Mean number of sessions of an ordinary user in a day; a session has some 4 to 5 events.
    pub sessions_per_day: f64,
    /// Items of each domain.
    pub items_per_domain: u32,
    /// Share of an ordinary user's events that fall in any other domain, by what is popular at the time.
    pub noise: f64,
    /// Who the users are.
    pub classes: ClassShares,
    /// Where not empty, all movers, gradual and stable users belong to one of these segments, each with the same probability.
    pub segments: Vec<Itinerary>,
}

impl SynthOptions {
    /// A lively mixture: what the page shows.
    pub fn mixed(sample: SampleOptions) -> Self {
        SynthOptions {
            sample,
            start: 1_704_067_200,
            sessions_per_day: 0.4,
            items_per_domain: 80,
            noise: 0.15,
            classes: ClassShares { movers: 0.35, gradual: 0.15, sparse: 0.1, bots: 0.01, bursts: 0.0, taken_over: 0.0 },
            segments: Vec::new(),
        }
    }

    /// Movers only, without noise: what flows must be recovered exactly from.
    pub fn clean_movers(sample: SampleOptions) -> Self {
        let classes = ClassShares { movers: 1.0, gradual: 0.0, sparse: 0.0, bots: 0.0, bursts: 0.0, taken_over: 0.0 };
        SynthOptions { noise: 0.0, sessions_per_day: 1.0, classes, ..SynthOptions::mixed(sample) }
    }

    /// The mixture with planted segments instead of movers, gradual and stable users.
    pub fn segmented(sample: SampleOptions, segments: Vec<Itinerary>) -> Self {
        SynthOptions { segments, ..SynthOptions::mixed(sample) }
    }

    pub(super) fn check(&self) -> Result<()> {
        let SampleOptions { users, days, .. } = self.sample;
        let wrong = |name, hint: &str| Err(Error::Parameter { name, hint: hint.into() });
        let ClassShares { movers, gradual, sparse, bots, bursts, taken_over } = self.classes;
        let shares = [movers, gradual, sparse, bots, bursts, taken_over];
        if users == 0 || users > 50_000_000 {
            return wrong("users", "choose 1 to 50,000,000 users");
        }
        if !(10..=3650).contains(&days) {
            return wrong("days", "choose 10 to 3,650 days");
        }
        if u64::from(self.start) + u64::from(days) * 86_400 > u64::from(u32::MAX) {
            return wrong("start", "the log must end before 2106");
        }
        if !(1..=1_000_000).contains(&self.items_per_domain) {
            return wrong("items per domain", "choose 1 to 1,000,000");
        }
        if !(self.sessions_per_day > 0.0 && self.sessions_per_day <= 50.0) {
            return wrong("sessions per day", "choose a number above 0, at most 50");
        }
        if !(0.0..=1.0).contains(&self.noise)
            || shares.iter().any(|share| !(0.0..=1.0).contains(share))
            || shares.iter().sum::<f64>() > 1.0 + 1e-9
        {
            return wrong(
                "shares",
                "noise and the shares of the classes lie in 0 to 1, and the classes sum to at most 1",
            );
        }
        let sound = |way: &Itinerary| {
            let (from, to) = way.changes;
            !way.domains.is_empty() && (0.0..=1.0).contains(&from) && (from..=1.0).contains(&to)
        };
        if !self.segments.iter().all(sound) {
            return wrong("segments", "each names a domain, and its changes lie between two parts of the span");
        }
        Ok(())
    }
}

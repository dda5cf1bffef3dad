//! What a user does, event by event.

use rand::RngExt;
use rand_distr::{Distribution, Poisson, Zipf};
use rand_pcg::Pcg64Mcg;

use super::{Catalogue, SynthOptions, UserClass, UserTruth, plan::popular_domain};
use crate::event::EventKind;

/// One synthetic event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SynthEvent {
    /// Number of the user.
    pub user: u32,
    /// Number of the item in the [`Catalogue`].
    pub item: u32,
    /// Unix seconds.
    pub time: u32,
    /// What the user did.
    pub kind: EventKind,
    /// Number of the platform, from 0.
    pub platform: u8,
}

/// Relative number of sessions by hour of the day.
const HOURS: [u32; 24] = [2, 1, 1, 1, 1, 2, 4, 7, 9, 9, 8, 8, 10, 10, 8, 8, 8, 9, 11, 14, 17, 16, 11, 5];
const DAY: u32 = 86_400;

/// Draws a user's events.
pub(super) struct Behaviour<'a> {
    options: &'a SynthOptions,
    catalogue: &'a Catalogue,
    truth: &'a UserTruth,
    user: u32,
    rank: Zipf<f64>,
    rng: Pcg64Mcg,
    events: Vec<SynthEvent>,
}

impl<'a> Behaviour<'a> {
    pub fn new(
        options: &'a SynthOptions,
        catalogue: &'a Catalogue,
        truth: &'a UserTruth,
        user: u32,
        rank: Zipf<f64>,
        rng: Pcg64Mcg,
    ) -> Self {
        Behaviour { options, catalogue, truth, user, rank, rng, events: Vec::new() }
    }

    /// All events of the user by time.
    pub fn run(mut self) -> Vec<SynthEvent> {
        match self.truth.class {
            UserClass::Bot => self.crawl(),
            UserClass::Sparse => self.glance(),
            UserClass::Burst => {
                self.live();
                self.burst();
            }
            UserClass::TakenOver => {
                self.live();
                self.intrude();
            }
            UserClass::Mover | UserClass::Gradual | UserClass::Stable => self.live(),
        }
        let end = self.options.start + self.options.sample.days * DAY;
        self.events.retain(|event| event.time < end);
        self.events.sort_by_key(|event| event.time);
        self.events
    }

    fn live(&mut self) {
        // People differ: some come four times as often as others.
        let habit = self.rng.random_range(0.5..2.0f64);
        for day in 0..self.options.sample.days {
            let weekend = if day % 7 >= 5 { 1.3 } else { 0.88 };
            let mean = self.options.sessions_per_day * habit * weekend;
            let sessions = Poisson::new(mean).map_or(0.0, |sessions| sessions.sample(&mut self.rng)) as u32;
            for _ in 0..sessions {
                let start = self.time_of_day(day);
                self.session(start);
            }
        }
    }

    fn time_of_day(&mut self, day: u32) -> u32 {
        let mut left = self.rng.random_range(0..HOURS.iter().sum());
        let hour = HOURS.iter().position(|&share| {
            let here = left < share;
            left = left.saturating_sub(share);
            here
        });
        self.options.start + day * DAY + hour.unwrap_or(0) as u32 * 3600 + self.rng.random_range(0..3600)
    }

    /// Two to five items in a row, each through the funnel; mostly of one interest.
    fn session(&mut self, start: u32) {
        let Some(domain) = self.truth.domain_at(start, &mut self.rng) else { return };
        let platform = if self.rng.random_bool(0.85) { self.truth.platform } else { self.rng.random_range(0..3) };
        let span = f64::from(self.options.sample.days * DAY);
        let at = f64::from(start - self.options.start) / span;
        let mut time = start;
        if self.rng.random_bool(0.3) {
            let item = self.pick(domain);
            self.push(item, &mut time, EventKind::Search, platform);
        }
        for _ in 0..self.rng.random_range(2..=5) {
            let stray = self.rng.random::<f64>() < self.options.noise;
            let domain = if stray { popular_domain(self.catalogue, at, &mut self.rng) } else { domain };
            let item = self.pick(domain);
            self.funnel(item, &mut time, platform);
        }
    }

    fn funnel(&mut self, item: u32, time: &mut u32, platform: u8) {
        self.push(item, time, EventKind::View, platform);
        if self.rng.random_bool(0.06) {
            self.push(item, time, EventKind::Favourite, platform);
        }
        if self.rng.random_bool(0.15) {
            self.push(item, time, EventKind::Cart, platform);
            if self.rng.random_bool(0.45) {
                self.push(item, time, EventKind::Purchase, platform);
            }
        }
    }

    fn glance(&mut self) {
        for _ in 0..self.rng.random_range(1..=4) {
            let day = self.rng.random_range(0..self.options.sample.days);
            let mut time = self.time_of_day(day);
            let Some(domain) = self.truth.domain_at(time, &mut self.rng) else { return };
            let item = self.pick(domain);
            self.push(item, &mut time, EventKind::View, self.truth.platform);
        }
    }

    /// Bursts of two to five views a second for several minutes, over everything.
    fn crawl(&mut self) {
        for _ in 0..self.rng.random_range(2..=4) {
            let day = self.rng.random_range(0..self.options.sample.days);
            let start = self.time_of_day(day);
            for second in 0..self.rng.random_range(120..300) {
                for _ in 0..self.rng.random_range(2..=5) {
                    let item = self.rng.random_range(0..self.catalogue.items());
                    let (user, platform) = (self.user, self.truth.platform);
                    self.events.push(SynthEvent { user, item, time: start + second, kind: EventKind::View, platform });
                }
            }
        }
    }

    /// Forty to eighty orders of a few things within minutes.
    fn burst(&mut self) {
        let mut time = self.late();
        let Some(domain) = self.truth.domain_at(time, &mut self.rng) else { return };
        let items: Vec<u32> = (0..3).map(|_| self.pick(domain)).collect();
        for order in 0..self.rng.random_range(40..80) {
            let (user, platform, item) = (self.user, self.truth.platform, items[order % items.len()]);
            self.events.push(SynthEvent { user, item, time, kind: EventKind::Purchase, platform });
            time += self.rng.random_range(2..15);
        }
    }

    /// A visit of twenty to forty views and orders in two other domains, at an ordinary pace, from another platform.
    fn intrude(&mut self) {
        let mut time = self.late();
        let own = self.truth.domain_at(time, &mut self.rng).unwrap_or(0);
        let count = self.catalogue.domains();
        let others = [(own + self.rng.random_range(1..count)) % count, (own + self.rng.random_range(1..count)) % count];
        let platform = (self.truth.platform + 1) % 3;
        for _ in 0..self.rng.random_range(20..=40) {
            let domain = others[self.rng.random_range(0..2)];
            let item = self.pick(domain);
            let kind = if self.rng.random_bool(0.3) { EventKind::Purchase } else { EventKind::View };
            self.push(item, &mut time, kind, platform);
        }
    }

    /// A time in the second half.
    fn late(&mut self) -> u32 {
        let days = self.options.sample.days;
        let day = self.rng.random_range(days / 2..days - 1);
        self.time_of_day(day)
    }

    fn pick(&mut self, domain: u32) -> u32 {
        self.catalogue.item(domain, self.rank.sample(&mut self.rng) as u32 - 1)
    }

    fn push(&mut self, item: u32, time: &mut u32, kind: EventKind, platform: u8) {
        self.events.push(SynthEvent { user: self.user, item, time: *time, kind, platform });
        *time += self.rng.random_range(8..180);
    }
}

//! Logs with the statistics of real shops, of any number of domains: what the base model is trained on.
//!
//! [`super::Synth`] plants clear journeys through 24 domains, one interest at a time. Real people hold several interests at
//! once, come back to most of them, forget some, and try what is popular or near to what they know. Each of that is here, with
//! the reason beside the parameter; [`CrowdOptions::draw`] draws a shop at random from wide ranges, so that a network that
//! learns on many of them must read how a shop works off the features.

use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Poisson};
use rand_pcg::Pcg64Mcg;

use crate::{
    Error, Result,
    event::{Event, Log},
};

const DAY: u32 = 86_400;
/// Unix seconds of the first window.
const START: u32 = 1_500_000_000;

/// Parameters of a crowd's log.
#[derive(Debug, Clone, PartialEq)]
pub struct CrowdOptions {
    /// Number of users.
    pub users: u32,
    /// Number of domains: 28 in a review site, thousands in a marketplace.
    pub domains: u32,
    /// Number of windows.
    pub windows: u32,
    /// Length of a window in seconds.
    pub window: u32,
    /// Mean events of a user in an active window; people differ by a log-normal factor, as activity is heavy-tailed.
    pub events: f64,
    /// Probability that a user is active in a window after one in which he was; people pause.
    pub returning: f64,
    /// Mean events of a visit: they share a domain, since a visit has an aim.
    pub visit: f64,
    /// Probability that a visit tries a domain anew rather than comes back to a known one.
    pub explore: f64,
    /// Half-life in windows of what a user comes back to; people differ around it by a factor of up to three.
    pub half_life: f64,
    /// Part of the memory that does not fade: staples, bought over years.
    pub lasting: f64,
    /// Exponent of Zipf's law of the domains' popularity.
    pub skew: f64,
    /// Spread of the change of a domain's log-popularity from window to window: fashions and seasons.
    pub fashion: f64,
    /// Number of tastes: groups of domains that the same people like.
    pub tastes: u32,
    /// How much more often a user tries a domain of his taste.
    pub taste_weight: f64,
    /// Spread of how habitual a domain is: milk is bought again, a washing machine is not.
    pub habit: f64,
    /// Items of each domain.
    pub items: u32,
    /// Whether events have kinds (view, favourite, cart, purchase) or are all purchases.
    pub kinds: bool,
    /// Same seed, same log.
    pub seed: u64,
}

impl CrowdOptions {
    /// A shop at random, with `users` users.
    pub fn draw(users: u32, seed: u64) -> CrowdOptions {
        let mut rng = Pcg64Mcg::seed_from_u64(seed);
        let mut log_uniform = |low: f64, high: f64| libm::exp(rng.random_range(libm::log(low)..libm::log(high)));
        let domains = log_uniform(20.0, 1500.0);
        let events = log_uniform(5.0, 40.0);
        let visit = log_uniform(1.2, 6.0);
        let half_life = log_uniform(0.5, 12.0);
        let explore = log_uniform(0.05, 0.5);
        let lasting = log_uniform(0.02, 0.6);
        let length = [DAY, 7 * DAY, 28 * DAY, 91 * DAY][rng.random_range(0..4)];
        CrowdOptions {
            users,
            domains: domains as u32,
            windows: rng.random_range(9..=20),
            window: length,
            events,
            returning: rng.random_range(0.5..0.98),
            visit,
            explore,
            half_life,
            lasting,
            skew: rng.random_range(0.5..1.2),
            fashion: rng.random_range(0.0..0.25),
            tastes: rng.random_range(3..=20),
            taste_weight: rng.random_range(1.0..12.0),
            habit: rng.random_range(0.0..1.5),
            items: rng.random_range(5..=60),
            kinds: rng.random_bool(0.5),
            seed,
        }
    }

    fn check(&self) -> Result<()> {
        let wrong = |name, hint: &str| Err(Error::Parameter { name, hint: hint.into() });
        if self.users == 0 || self.domains < 2 || self.windows < 2 || self.items == 0 || self.tastes == 0 {
            return wrong("crowd", "there must be users, items, a taste, and two domains and windows at least");
        }
        if u64::from(START) + u64::from(self.windows) * u64::from(self.window) > u64::from(u32::MAX) {
            return wrong("windows", "the log must end before 2106");
        }
        let sound = self.events > 0.0 && self.visit >= 1.0 && self.half_life > 0.0 && self.taste_weight >= 0.0;
        let shares = [self.returning, self.explore, self.lasting].iter().all(|share| (0.0..=1.0).contains(share));
        if !sound || !shares {
            return wrong("crowd", "shares lie in 0 to 1, and rates and half-lives above 0");
        }
        Ok(())
    }
}

/// Makes the log. Windows start at [`crowd_start`].
///
/// # Errors
/// [`Error::Parameter`] where an option is out of its range.
pub fn crowd(options: &CrowdOptions) -> Result<Log> {
    options.check()?;
    let shop = Shop::new(options);
    let mut log = Log::new();
    for domain in 0..options.domains {
        log.domains.intern(&format!("domain{domain:04}"));
        for item in 0..options.items {
            log.items.intern(&format!("item{domain:04}-{item}"), domain);
        }
    }
    let kinds: &[&str] = if options.kinds { &["view", "favourite", "cart", "purchase"] } else { &["purchase"] };
    let kinds: Vec<u8> = kinds.iter().filter_map(|kind| log.kinds.intern(kind)).collect();
    log.platforms.intern("");
    for user in 0..options.users {
        log.users.intern(&format!("user{user:05}"));
        Person::new(options, &shop, user).live(&kinds, &mut log);
    }
    log.sort();
    Ok(log)
}

/// Unix seconds of the start of a crowd's first window.
pub fn crowd_start() -> i64 {
    i64::from(START)
}

/// A standard normal number: the sum of 12 uniforms less 6 (Irwin–Hall).
fn normal(rng: &mut Pcg64Mcg) -> f64 {
    (0..12).map(|_| rng.random::<f64>()).sum::<f64>() - 6.0
}

/// What all users share.
struct Shop {
    taste: Vec<u32>,
    habit: Vec<f64>,
    /// windows × domains: popularity as it goes with fashion.
    popularity: Vec<Vec<f64>>,
}

impl Shop {
    fn new(options: &CrowdOptions) -> Shop {
        let mut rng = Pcg64Mcg::seed_from_u64(options.seed ^ 0x5348_4f50);
        let count = options.domains as usize;
        let taste = (0..count).map(|_| rng.random_range(0..options.tastes)).collect();
        let habit = (0..count).map(|_| libm::exp(options.habit * normal(&mut rng))).collect();
        let mut ranks: Vec<f64> = (1..=count).map(|rank| -options.skew * libm::log(rank as f64)).collect();
        let mut popularity = Vec::with_capacity(options.windows as usize);
        for _ in 0..options.windows {
            popularity.push(ranks.iter().map(|&log| libm::exp(log)).collect());
            for log in &mut ranks {
                *log += options.fashion * normal(&mut rng);
            }
        }
        Shop { taste, habit, popularity }
    }
}

/// A domain that a user knows: how strongly, and when that was last brought up to date.
struct Known {
    domain: u32,
    fading: f64,
    lasting: f64,
    window: u32,
    item: u32,
}

struct Person<'a> {
    options: &'a CrowdOptions,
    shop: &'a Shop,
    user: u32,
    rng: Pcg64Mcg,
    taste: u32,
    rate: f64,
    half_life: f64,
    explore: f64,
    known: Vec<Known>,
}

impl<'a> Person<'a> {
    fn new(options: &'a CrowdOptions, shop: &'a Shop, user: u32) -> Person<'a> {
        let number = (u64::from(user) + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut rng = Pcg64Mcg::seed_from_u64(options.seed ^ number);
        let taste = rng.random_range(0..options.tastes);
        let rate = options.events * libm::exp(0.7 * normal(&mut rng) - 0.25);
        let half_life = options.half_life * libm::exp(0.5 * normal(&mut rng));
        let explore = (options.explore * libm::exp(0.5 * normal(&mut rng))).min(1.0);
        Person { options, shop, user, rng, taste, rate, half_life, explore, known: Vec::new() }
    }

    fn live(mut self, kinds: &[u8], log: &mut Log) {
        let first = self.rng.random_range(0..self.options.windows.div_ceil(2));
        let mut active = true;
        for window in first..self.options.windows {
            if active {
                self.be_active(window, kinds, log);
            }
            // Whoever pauses comes back half as likely as whoever was there goes on.
            let stay = if active { self.options.returning } else { self.options.returning / 2.0 };
            active = self.rng.random_bool(stay);
        }
    }

    fn be_active(&mut self, window: u32, kinds: &[u8], log: &mut Log) {
        let visits = self.rate / self.options.visit;
        let visits = Poisson::new(visits.max(0.05)).map_or(0.0, |visits| visits.sample(&mut self.rng)) as u32;
        let mut times: Vec<u32> = (0..visits).map(|_| self.rng.random_range(0..self.options.window)).collect();
        times.sort_unstable();
        for time in times {
            self.visit(window, START + window * self.options.window + time, kinds, log);
        }
    }

    fn visit(&mut self, window: u32, mut time: u32, kinds: &[u8], log: &mut Log) {
        let index = match self.rng.random_bool(self.explore) || self.known.is_empty() {
            true => self.try_one(window),
            false => self.come_back(window),
        };
        let end = START + (window + 1) * self.options.window;
        loop {
            let item = self.item(index);
            let Some(known) = self.known.get_mut(index) else { return };
            known.fading += 1.0;
            known.lasting += self.options.lasting;
            known.item = item;
            let item = known.domain * self.options.items + item;
            let kind = match kinds {
                // Three in four look, some keep, fewer buy.
                [view, favourite, cart, purchase] => match self.rng.random_range(0..40) {
                    0..30 => *view,
                    30..33 => *favourite,
                    33..37 => *cart,
                    _ => *purchase,
                },
                _ => kinds.first().copied().unwrap_or_default(),
            };
            log.push(Event { user: self.user, item, time, kind, platform: 0 });
            time += self.rng.random_range(20..300);
            if time >= end || !self.rng.random_bool(1.0 - 1.0 / self.options.visit) {
                return;
            }
        }
    }

    /// A domain by its popularity and the user's taste; its place among the known ones.
    fn try_one(&mut self, window: u32) -> usize {
        let Some(popularity) = self.shop.popularity.get(window as usize) else { return 0 };
        let weigh = |(&popularity, &taste): (&f64, &u32)| {
            popularity * if taste == self.taste { 1.0 + self.options.taste_weight } else { 1.0 }
        };
        let weights: Vec<f64> = popularity.iter().zip(&self.shop.taste).map(weigh).collect();
        let domain = draw(&weights, &mut self.rng) as u32;
        if let Some(index) = self.known.iter().position(|known| known.domain == domain) {
            self.refresh(index, window);
            return index;
        }
        self.known.push(Known { domain, fading: 0.0, lasting: 0.0, window, item: u32::MAX });
        self.known.len() - 1
    }

    /// A known domain, the more likely the stronger, the more recent and the more habitual it is.
    fn come_back(&mut self, window: u32) -> usize {
        for index in 0..self.known.len() {
            self.refresh(index, window);
        }
        let strength = |known: &Known| {
            let habit = self.shop.habit.get(known.domain as usize).copied().unwrap_or(1.0);
            (known.fading + known.lasting) * habit
        };
        let weights: Vec<f64> = self.known.iter().map(strength).collect();
        draw(&weights, &mut self.rng)
    }

    fn refresh(&mut self, index: usize, window: u32) {
        let half_life = self.half_life;
        if let Some(known) = self.known.get_mut(index) {
            known.fading *= libm::exp2(-f64::from(window - known.window) / half_life);
            known.window = window;
        }
    }

    /// The item of the last time, often; else one by Zipf's law.
    fn item(&mut self, index: usize) -> u32 {
        let last = self.known.get(index).map_or(u32::MAX, |known| known.item);
        if last != u32::MAX && self.rng.random_bool(0.35) {
            return last;
        }
        let items = f64::from(self.options.items);
        // The inverse of the continuous law with exponent 1.
        let rank = libm::exp(self.rng.random::<f64>() * libm::log(items + 1.0)) - 1.0;
        (rank as u32).min(self.options.items - 1)
    }
}

/// An index, as likely as its weight.
fn draw(weights: &[f64], rng: &mut Pcg64Mcg) -> usize {
    let mut left = rng.random::<f64>() * weights.iter().sum::<f64>();
    for (index, weight) in weights.iter().enumerate() {
        left -= weight;
        if left < 0.0 {
            return index;
        }
    }
    weights.len().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> CrowdOptions {
        CrowdOptions { domains: 60, windows: 10, window: DAY, ..CrowdOptions::draw(300, 7) }
    }

    /// Share of events in a domain that the same user had touched in an earlier window.
    fn repeats(log: &Log, window: u32) -> f64 {
        let (mut again, mut all) = (0, 0);
        for user in 0..log.users.len() as u32 {
            let mut seen = std::collections::HashMap::new();
            for event in log.slice(log.user_events(user)) {
                let now = (event.time - START) / window;
                let first = *seen.entry(log.domain_of(&event)).or_insert(now);
                if now > 0 {
                    all += 1;
                    again += u32::from(first < now);
                }
            }
        }
        f64::from(again) / f64::from(all)
    }

    #[test]
    fn the_same_options_make_the_same_log_in_order_and_within_the_windows() {
        let (a, b) = (crowd(&options()).unwrap(), crowd(&options()).unwrap());
        assert!(a.iter().eq(b.iter()) && a.len() > 1000);
        assert!(a.iter().ne(crowd(&CrowdOptions { seed: 8, ..options() }).unwrap().iter()));
        let (first, last) = a.span().unwrap();
        assert!(first >= START && last < START + 10 * DAY);
        assert!(a.iter().all(|event| a.domain_of(&event) == event.item / options().items));
    }

    #[test]
    fn every_parameter_does_what_it_says() {
        let log = |options: CrowdOptions| crowd(&options).unwrap();
        let base = CrowdOptions { explore: 0.2, lasting: 0.3, habit: 0.0, ..options() };
        let explorers = CrowdOptions { explore: 0.9, ..base.clone() };
        assert!(repeats(&log(base.clone()), DAY) > repeats(&log(explorers), DAY) + 0.1);
        let twice = CrowdOptions { events: 2.0 * base.events, ..base.clone() };
        let ratio = log(twice).len() as f64 / log(base.clone()).len() as f64;
        assert!((1.6..2.4).contains(&ratio), "{ratio}");
        let top = |log: &Log| {
            let mut counts = vec![0_u32; log.domains.len()];
            log.iter().for_each(|event| counts[log.domain_of(&event) as usize] += 1);
            f64::from(*counts.iter().max().unwrap()) / log.len() as f64
        };
        let flat = CrowdOptions { skew: 0.0, fashion: 0.0, ..base.clone() };
        let steep = CrowdOptions { skew: 1.5, ..flat.clone() };
        assert!(top(&log(steep)) > 2.0 * top(&log(flat)));
    }

    #[test]
    fn impossible_options_are_refused() {
        for options in [
            CrowdOptions { users: 0, ..options() },
            CrowdOptions { explore: 1.5, ..options() },
            CrowdOptions { window: u32::MAX, ..options() },
        ] {
            assert_eq!(crowd(&options).unwrap_err().code(), "parameter");
        }
    }
}

//! A synthetic log, computed as it is asked for.

use rand::{RngExt, SeedableRng};
use rand_distr::Zipf;
use rand_pcg::Pcg64Mcg;

use super::{Catalogue, SampleOptions, SynthEvent, SynthOptions, Truth, UserClass, UserTruth, events::Behaviour};
use crate::{
    Error, Result,
    event::{Event, EventKind, Log},
};

/// Names of the platforms by number.
pub(super) const PLATFORMS: [&str; 3] = ["web", "ios", "android"];
/// Separates the streams of random numbers of one user.
const PLAN: u64 = 0;
const EVENTS: u64 = 1;
const FRIENDS: u64 = 2;

/// A synthetic log. Each user is drawn from an own stream of random numbers, so any user can be had without the others.
#[derive(Debug, Clone)]
pub struct Synth {
    options: SynthOptions,
    catalogue: Catalogue,
    rank: Zipf<f64>,
}

impl Synth {
    /// A log with these parameters.
    ///
    /// # Errors
    /// [`Error::Parameter`] where one is out of its range.
    pub fn new(options: SynthOptions) -> Result<Synth> {
        options.check()?;
        let catalogue = Catalogue::new(options.items_per_domain);
        let rank = Zipf::new(f64::from(options.items_per_domain), 1.0)
            .map_err(|error| Error::Parameter { name: "items per domain", hint: error.to_string() })?;
        Ok(Synth { options, catalogue, rank })
    }

    /// The page's sample.
    ///
    /// # Errors
    /// As [`Synth::new`].
    pub fn sample(sample: SampleOptions) -> Result<Synth> {
        Synth::new(SynthOptions::mixed(sample))
    }

    /// The shop behind it.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Number of users.
    pub fn users(&self) -> u32 {
        self.options.sample.users
    }

    /// Name of a user in a log.
    pub fn user_name(&self, user: u32) -> String {
        format!("user{user:05}")
    }

    /// The truth about one user.
    pub fn user_truth(&self, user: u32) -> UserTruth {
        UserTruth::draw(&self.options, &self.catalogue, &mut self.random(user, PLAN))
    }

    /// The truth about all users.
    pub fn truth(&self) -> Truth {
        (0..self.users()).map(|user| self.user_truth(user)).collect()
    }

    /// One user's events by time.
    pub fn user_events(&self, user: u32) -> Vec<SynthEvent> {
        let truth = self.user_truth(user);
        Behaviour::new(&self.options, &self.catalogue, &truth, user, self.rank, self.random(user, EVENTS)).run()
    }

    /// All events, user by user, each user's by time. Holds one user's events at a time.
    pub fn events(&self) -> impl Iterator<Item = SynthEvent> + '_ {
        (0..self.users()).flat_map(|user| self.user_events(user))
    }

    /// Whom a user follows, ascending: up to five, mostly of the same first domain. Bots have no friends.
    pub fn friends(&self, user: u32) -> Vec<u32> {
        let own = self.user_truth(user);
        let mut rng = self.random(user, FRIENDS);
        let mut friends = Vec::new();
        let wanted = rng.random_range(0..=5);
        // Bounded, since a small log may not hold enough people of one mind.
        for _ in 0..60 {
            if friends.len() == wanted || own.class == UserClass::Bot {
                break;
            }
            let other = rng.random_range(0..self.users());
            let theirs = self.user_truth(other);
            let alike = theirs.domains.first() == own.domains.first();
            if other != user
                && theirs.class != UserClass::Bot
                && !friends.contains(&other)
                && (alike || rng.random_bool(0.01))
            {
                friends.push(other);
            }
        }
        friends.sort_unstable();
        friends
    }

    /// The whole as a sorted log with names, titles and social edges. `on_user` hears how many users are done, and may stop
    /// the work with an error.
    ///
    /// # Errors
    /// [`Error::Parameter`] where there are more than 2³² events; what `on_user` returns.
    pub fn log(&self, mut on_user: impl FnMut(u32) -> Result<()>) -> Result<Log> {
        let mut log = Log::new();
        for domain in 0..self.catalogue.domains() {
            log.domains.intern(self.catalogue.domain_name(domain));
        }
        for item in 0..self.catalogue.items() {
            let name = self.catalogue.item_name(item);
            log.items.intern(&name, self.catalogue.domain_of(item));
            log.items.set_title(&name, &self.catalogue.title(item));
        }
        let kinds =
            EventKind::ALL.map(|kind| if kind == EventKind::Rating { None } else { log.kinds.intern(kind.name()) });
        // The first platform of a log is the unnamed one.
        log.platforms.intern("");
        let platforms = PLATFORMS.map(|name| log.platforms.intern(name) as u8);
        for user in 0..self.users() {
            log.users.intern(&self.user_name(user));
            for event in self.user_events(user) {
                let SynthEvent { item, time, .. } = event;
                let kind = kinds[event.kind as usize].unwrap_or_default();
                log.push(Event { user, item, time, kind, platform: platforms[usize::from(event.platform)] });
            }
            if u32::try_from(log.len()).is_err() {
                return Err(Error::Parameter {
                    name: "users",
                    hint: "more than 4 billion events: choose fewer users".into(),
                });
            }
            log.edges.extend(self.friends(user).into_iter().map(|friend| (user, friend)));
            on_user(user + 1)?;
        }
        log.sort();
        Ok(log)
    }

    fn random(&self, user: u32, stream: u64) -> Pcg64Mcg {
        let number = u64::from(user) * 4 + stream;
        // An odd multiplier spreads neighbouring users' seeds; `seed_from_u64` then hashes them.
        Pcg64Mcg::seed_from_u64(self.options.sample.seed ^ number.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }
}

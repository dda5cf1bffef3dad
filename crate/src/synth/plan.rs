//! Who a user is: the truth that is planted.

use std::collections::BTreeMap;

use rand::RngExt;
use rand_pcg::Pcg64Mcg;

use super::{Catalogue, ClassShares, Itinerary, SynthOptions, catalogue::MAX_POPULARITY};

/// What a user does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UserClass {
    /// Moves to a second and a third domain, at once.
    Mover,
    /// Slides from one domain to another.
    Gradual,
    /// Stays.
    Stable,
    /// Has one to four events.
    Sparse,
    /// Is a machine.
    Bot,
    /// Stays, but for one burst of orders.
    Burst,
    /// Stays, but for one large visit of somebody else.
    TakenOver,
}

/// The truth about one user.
#[derive(Debug, Clone, PartialEq)]
pub struct UserTruth {
    /// The class.
    pub class: UserClass,
    /// Domains in the order of interest, by number in the catalogue; empty for a bot, which takes what comes.
    pub domains: Vec<u32>,
    /// Unix seconds of each change from a domain to the next; the middle of a slide.
    pub changes: Vec<u32>,
    /// Seconds that a slide takes in all; 0 for a change at once.
    pub slide: u32,
    /// The platform that the user mostly uses.
    pub platform: u8,
    /// Number of the planted segment, where there are any; sparse and odd users have none.
    pub segment: Option<u32>,
}

impl UserTruth {
    pub(super) fn draw(options: &SynthOptions, catalogue: &Catalogue, rng: &mut Pcg64Mcg) -> UserTruth {
        let class = draw_class(&options.classes, rng);
        let span = f64::from(options.sample.days) * 86_400.0;
        let time = |part: f64| options.start + (part * span) as u32;
        if !options.segments.is_empty() && matches!(class, UserClass::Mover | UserClass::Gradual | UserClass::Stable) {
            return UserTruth::of_segment(options, rng);
        }
        let journey = draw_journey(catalogue, rng);
        let (domains, changes, slide) = match class {
            UserClass::Mover => {
                let changes = [rng.random_range(0.2..0.4), rng.random_range(0.6..0.8)];
                (journey.to_vec(), changes.map(time).to_vec(), 0)
            }
            UserClass::Gradual => {
                let slide = rng.random_range(0.15..0.3) * span;
                (journey[..2].to_vec(), vec![time(rng.random_range(0.35..0.65))], slide as u32)
            }
            UserClass::Stable | UserClass::Sparse | UserClass::Burst | UserClass::TakenOver => {
                (vec![popular_domain(catalogue, rng.random(), rng)], Vec::new(), 0)
            }
            UserClass::Bot => (Vec::new(), Vec::new(), 0),
        };
        UserTruth { class, domains, changes, slide, platform: rng.random_range(0..3), segment: None }
    }

    fn of_segment(options: &SynthOptions, rng: &mut Pcg64Mcg) -> UserTruth {
        let segment = rng.random_range(0..options.segments.len());
        let Itinerary { domains, changes: (from, to) } = &options.segments[segment];
        let span = f64::from(options.sample.days) * 86_400.0;
        let mut changes: Vec<u32> = (1..domains.len())
            .map(|_| options.start + ((from + (to - from) * rng.random::<f64>()) * span) as u32)
            .collect();
        changes.sort_unstable();
        UserTruth {
            class: if changes.is_empty() { UserClass::Stable } else { UserClass::Mover },
            domains: domains.clone(),
            changes,
            slide: 0,
            platform: rng.random_range(0..3),
            segment: Some(segment as u32),
        }
    }

    /// The domain of interest at `time`; during a slide, the next domain comes with growing probability.
    pub(super) fn domain_at(&self, time: u32, rng: &mut Pcg64Mcg) -> Option<u32> {
        let mut stage = 0;
        for &change in &self.changes {
            let passed = if self.slide == 0 {
                time >= change
            } else {
                let start = f64::from(change) - f64::from(self.slide) / 2.0;
                rng.random::<f64>() < (f64::from(time) - start) / f64::from(self.slide)
            };
            stage += usize::from(passed);
        }
        self.domains.get(stage).copied()
    }
}

fn draw_class(shares: &ClassShares, rng: &mut Pcg64Mcg) -> UserClass {
    let classes = [
        (UserClass::Mover, shares.movers),
        (UserClass::Gradual, shares.gradual),
        (UserClass::Sparse, shares.sparse),
        (UserClass::Bot, shares.bots),
        (UserClass::Burst, shares.bursts),
        (UserClass::TakenOver, shares.taken_over),
    ];
    let mut left: f64 = rng.random();
    for (class, share) in classes {
        if left < share {
            return class;
        }
        left -= share;
    }
    UserClass::Stable
}

/// Mostly one of the catalogue's journeys, else three different domains.
fn draw_journey(catalogue: &Catalogue, rng: &mut Pcg64Mcg) -> [u32; 3] {
    let journeys = catalogue.journeys();
    if rng.random_bool(0.8) {
        return journeys[rng.random_range(0..journeys.len())];
    }
    let count = catalogue.domains();
    let first = rng.random_range(0..count);
    let second = (first + rng.random_range(1..count)) % count;
    let mut third = first;
    while third == first || third == second {
        third = rng.random_range(0..count);
    }
    [first, second, third]
}

/// A domain by its popularity when part `at` of the span is over.
pub(super) fn popular_domain(catalogue: &Catalogue, at: f64, rng: &mut Pcg64Mcg) -> u32 {
    loop {
        let domain = rng.random_range(0..catalogue.domains());
        if rng.random::<f64>() * MAX_POPULARITY < catalogue.popularity(domain, at) {
            return domain;
        }
    }
}

/// The truth behind a whole log.
#[derive(Debug, Clone, PartialEq)]
pub struct Truth {
    /// By user id.
    pub users: Vec<UserTruth>,
    /// Number of users who move from the first domain to the second: the mass of each planted flow.
    pub flows: BTreeMap<(u32, u32), u32>,
}

impl FromIterator<UserTruth> for Truth {
    fn from_iter<T: IntoIterator<Item = UserTruth>>(users: T) -> Self {
        let users: Vec<UserTruth> = users.into_iter().collect();
        let mut flows = BTreeMap::new();
        for pair in users.iter().flat_map(|user| user.domains.windows(2)) {
            *flows.entry((pair[0], pair[1])).or_default() += 1;
        }
        Truth { users, flows }
    }
}

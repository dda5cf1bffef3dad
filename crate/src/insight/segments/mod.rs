//! Segments: users by where their interest is and where it moves.
//!
//! Each user is a point: the square roots of the shares of his profile, and by how much these changed over a stretch of
//! windows. Points are clustered by k-means; how many clusters there are is chosen by how well they come out again on other
//! users. Method and sources stand in `docs/INSIGHT.md`.

mod describe;
mod flows;
mod k_means;
mod points;
mod stability;

use rand::{SeedableRng, seq::index::sample};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

pub use describe::{SegmentDomain, SegmentMove};
pub use stability::{Stability, adjusted_rand};

use self::{
    describe::Sums,
    flows::Flows,
    k_means::Crowd,
    points::{Middle, Point, Points, Views},
    stability::{COUNTS, choose, stabilities},
};
use super::watch;
use crate::{
    Error, Result,
    event::Log,
    interest::{InterestOptions, Scope, Windows},
    training::Observer,
};

/// Users that the means are made from; all others are assigned to them.
const SAMPLE: usize = 20_000;
/// Weight of the events of a user who has a part in making the means; the few events of others would make segments of
/// their own. They are assigned afterwards.
const LEAST_WEIGHT: f64 = 10.0;
/// Users that a segment takes at least, on average.
const LEAST_USERS: usize = 10;
/// Active windows of users that are looked at before messages are let in.
const PACE: usize = 1000;

/// How segments are made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SegmentOptions {
    /// Windows and weights. Without a half-life, a sixth of the windows is taken, at least one.
    pub interest: InterestOptions,
    /// Number of segments; `None`: chosen by stability, 2 to 12.
    pub count: Option<usize>,
    /// Windows over which a movement is looked at; `None`: half of all.
    pub stretch: Option<usize>,
    /// Same seed, same segments.
    pub seed: u64,
}

/// The segments of a log (`Segments` of the page's types).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Segments {
    /// The windows.
    pub windows: Windows,
    /// Windows over which movements are looked at.
    pub stretch: usize,
    /// Half-life of the profiles, in windows.
    pub half_life: f64,
    /// How well each number of segments that was tried comes out again; only the one asked for, where one was.
    pub stability: Vec<Stability>,
    /// The segments, the largest first.
    pub segments: Vec<Segment>,
    /// By user id: number of the segment as of the user's last active window; −1 without one.
    pub of_user: Vec<f64>,
    /// windows × segments, row-major: users who are active in the window and in the segment as of its end.
    pub members: Vec<f64>,
    /// (windows − 1) × (segments + 1) × (segments + 1), row-major: users by their segment in a window and in the next one.
    /// The last place of each is being away, without an event in the window. Users without any event do not count.
    pub flows: Vec<f64>,
}

/// One segment.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Segment {
    /// Number of users.
    pub users: u32,
    /// Domains that distinguish it by where its interest is, the surest first; empty where none does.
    pub domains: Vec<SegmentDomain>,
    /// Domains that distinguish it by where its interest moves, the surest first; empty where none does.
    pub moves: Vec<SegmentMove>,
}

/// Segments of all users of a log.
///
/// # Errors
/// As [`Windows::of_log`] and [`segments_in`].
pub async fn segments(log: &Log, options: &SegmentOptions, observer: &mut impl Observer) -> Result<Segments> {
    segments_in(log, Windows::of_log(log, &options.interest.window)?, options, observer).await
}

/// Segments of all users of a log, in windows of one's own.
///
/// Time: O(users × domains of a user × segments) times some rounds for up to 20,000 users, and once for all.
///
/// # Errors
/// [`Error::Parameter`] for a count below 2 or a stretch of 0; [`Error::NotEnough`] for fewer than twenty users with a
/// profile; [`Error::Cancelled`]; as [`Scope::users`] and [`InterestOptions::decay`].
pub async fn segments_in(
    log: &Log,
    windows: Windows,
    options: &SegmentOptions,
    observer: &mut impl Observer,
) -> Result<Segments> {
    let users = Scope::Everyone.users(log)?;
    let wrong = |name, hint: &str| Err(Error::Parameter { name, hint: hint.into() });
    if options.count.is_some_and(|count| !(2..=100).contains(&count)) {
        return wrong("number of segments", "choose 2 to 100");
    }
    if options.stretch == Some(0) {
        return wrong("stretch", "a movement takes one window at least");
    }
    let stretch = options.stretch.unwrap_or(windows.len().div_ceil(2));
    let half_life = options.interest.half_life.unwrap_or((windows.len() as f64 / 6.0).max(1.0));
    let interest = InterestOptions { half_life: Some(half_life), ..options.interest.clone() };
    let domains = log.domains.len();
    let mut views = Views::new(log, &windows, &interest, stretch)?;
    let mut rng = Pcg64Mcg::seed_from_u64(options.seed);

    let middle = middle(&mut views, &users, domains);
    let points = drawn(&mut views, &users, &middle, &mut rng);
    let most = points.len() / LEAST_USERS;
    if most < 2 || options.count.is_some_and(|count| count > points.len()) {
        return Err(Error::NotEnough {
            what: "segments",
            hint: format!("{} users have a profile: at least 20, and as many as segments, are needed", points.len()),
        });
    }
    let (low, high) = match options.count {
        Some(count) => (count, count),
        None => (*COUNTS.start(), (*COUNTS.end()).min(most)),
    };
    let crowd = Crowd::new(&points, &middle);
    let stability = stabilities(&crowd, low..=high, options.seed, observer).await?;
    let count = choose(&stability).unwrap_or(low);
    let all: Vec<u32> = (0..points.len() as u32).collect();
    let clusters = crowd.k_means(&all, count, &mut rng, observer).await?;
    let means = clusters.largest_first(&middle);

    let mut sums = Sums::new(count, domains);
    let mut flows = Flows::new(windows.len(), count);
    let mut of_user = vec![-1.0; users.len()];
    let (mut point, mut products, mut active, mut seen) = (Point::default(), Vec::new(), Vec::new(), 0);
    for &user in &users {
        active.clear();
        views.each(user, |view| {
            middle.point(&view, &mut point);
            active.push((view.window, means.nearest(point.as_ref(), &mut products).0));
        });
        if let (Some(view), Some(&(_, segment))) = (views.latest(), active.last()) {
            sums.add(segment, &view);
            of_user[user as usize] = segment as f64;
        }
        flows.add(&active);
        seen += active.len();
        if seen >= PACE {
            seen = 0;
            watch::step(observer, (user as usize, users.len())).await?;
        }
    }
    let segments = (0..count).map(|segment| sums.segment(log, segment)).collect();
    let (flows, members) = flows.finish();
    Ok(Segments { windows, stretch, half_life, stability, segments, of_user, members, flows })
}

/// Everyone's interest: the mean of the users' latest profiles.
fn middle(views: &mut Views<'_>, users: &[u32], domains: usize) -> Middle {
    let mut totals = vec![0.0; domains];
    for &user in users {
        views.read(user);
        for &(domain, share) in views.latest().map_or(&[][..], |view| view.now.shares) {
            totals[domain as usize] += share;
        }
    }
    Middle::new(&totals)
}

/// The latest views of up to [`SAMPLE`] users, as points.
fn drawn(views: &mut Views<'_>, users: &[u32], middle: &Middle, rng: &mut Pcg64Mcg) -> Points {
    let (mut points, mut point) = (Points::default(), Point::default());
    let places: Vec<usize> = match users.len() {
        few if few <= SAMPLE => (0..few).collect(),
        many => {
            let mut drawn = sample(rng, many, SAMPLE).into_vec();
            drawn.sort_unstable();
            drawn
        }
    };
    let mut few = Points::default();
    for &user in places.iter().filter_map(|&place| users.get(place)) {
        views.read(user);
        let Some(view) = views.latest() else { continue };
        middle.point(&view, &mut point);
        if view.now.weight >= LEAST_WEIGHT {
            points.push(&point);
        } else {
            few.push(&point);
        }
    }
    // Where hardly anyone has more, those with few must do.
    if points.len() < 2 * LEAST_USERS { few } else { points }
}

#[cfg(test)]
mod tests;

//! Users as points: where their interest is, and where it moves.

use std::ops::Range;

use crate::{
    Result,
    event::Log,
    interest::{InterestOptions, Profiler, Windows},
};

/// Shares below this add nothing to a distance that could be seen.
const LEAST: f64 = 1e-4;

/// Weight of everyone's profile that is added to a user's events: whoever has few of them lies near the middle, not anywhere.
const PRIOR: f64 = 30.0;

/// A profile with the weight of the events behind it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Weighed<'a> {
    pub shares: &'a [(u32, f64)],
    pub weight: f64,
}

/// What is known of a user at the end of one of his active windows.
pub(super) struct View<'a> {
    /// Number of the window.
    pub window: usize,
    /// Profile then.
    pub now: Weighed<'a>,
    /// Profile one stretch of windows earlier; `None` where he had none yet.
    pub before: Option<Weighed<'a>>,
}

/// Everyone's interest: the point that all others are seen from.
pub(super) struct Middle {
    /// Square root of each domain's share; their squares sum to 1.
    pub roots: Vec<f64>,
}

impl Middle {
    /// `totals`: weight of each domain.
    pub fn new(totals: &[f64]) -> Middle {
        let all: f64 = totals.iter().sum();
        Middle { roots: totals.iter().map(|total| (total / all.max(f64::MIN_POSITIVE)).sqrt()).collect() }
    }

    /// Square root of a shrunk profile, less the middle: `Σ entries + base · roots`.
    fn part(&self, profile: Weighed<'_>, sign: f64, first: u32, entries: &mut Vec<(u32, f32)>) -> f64 {
        let (own, prior) = (profile.weight / (profile.weight + PRIOR), PRIOR / (profile.weight + PRIOR));
        for &(domain, share) in profile.shares.iter().filter(|&&(_, share)| share > LEAST) {
            let root = self.roots[domain as usize];
            let value = (own * share + prior * root * root).sqrt() - prior.sqrt() * root;
            entries.push((first + domain, (sign * value) as f32));
        }
        sign * prior.sqrt()
    }

    /// The coordinates of a view: in the first columns, one a domain, square roots of the shares, shrunk towards the
    /// middle; in as many others, their change. Euclidean distances of square roots are Hellinger distances (times √2),
    /// which do not drown a change among small shares. What is not in `entries` is `base · roots` of either part, so that
    /// points stay sparse.
    pub fn point(&self, view: &View<'_>, point: &mut Point) {
        let domains = self.roots.len() as u32;
        point.entries.clear();
        let base = self.part(view.now, 1.0, 0, &mut point.entries);
        point.base = [base as f32 - 1.0, 0.0];
        point.moves = view.before.is_some();
        if let Some(before) = view.before {
            let change = self.part(view.now, 1.0, domains, &mut point.entries)
                + self.part(before, -1.0, domains, &mut point.entries);
            point.base[1] = change as f32;
        }
    }
}

/// One point.
#[derive(Debug, Clone, Default)]
pub(super) struct Point {
    /// Columns and values, beside the base; a column may occur twice, its values then add up.
    pub entries: Vec<(u32, f32)>,
    /// How much of the middle's roots is in either part.
    pub base: [f32; 2],
    /// Whether the movement is known.
    pub moves: bool,
}

/// Many points, one after the other.
#[derive(Debug, Default)]
pub(super) struct Points {
    ends: Vec<usize>,
    entries: Vec<(u32, f32)>,
    others: Vec<([f32; 2], bool)>,
}

/// A look at a point.
#[derive(Debug, Clone, Copy)]
pub(super) struct PointRef<'a> {
    pub entries: &'a [(u32, f32)],
    pub base: [f32; 2],
    pub moves: bool,
}

impl Point {
    pub fn as_ref(&self) -> PointRef<'_> {
        PointRef { entries: &self.entries, base: self.base, moves: self.moves }
    }
}

impl Points {
    pub fn push(&mut self, point: &Point) {
        self.entries.extend_from_slice(&point.entries);
        self.ends.push(self.entries.len());
        self.others.push((point.base, point.moves));
    }

    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn get(&self, index: u32) -> PointRef<'_> {
        let index = index as usize;
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        let (base, moves) = self.others[index];
        PointRef { entries: &self.entries[start..self.ends[index]], base, moves }
    }
}

/// Looks at users one by one.
pub(super) struct Views<'a> {
    profiler: Profiler<'a>,
    stretch: usize,
    /// Window, weight and shares of the user's profiles, earliest first.
    active: Vec<(usize, f64, Range<usize>)>,
    shares: Vec<(u32, f64)>,
}

impl<'a> Views<'a> {
    pub fn new(log: &'a Log, windows: &'a Windows, options: &InterestOptions, stretch: usize) -> Result<Views<'a>> {
        let profiler = Profiler::new(log, windows, options)?;
        Ok(Views { profiler, stretch, active: Vec::new(), shares: Vec::new() })
    }

    /// Computes a user's profiles.
    pub fn read(&mut self, user: u32) {
        self.active.clear();
        self.shares.clear();
        let (active, shares) = (&mut self.active, &mut self.shares);
        self.profiler.each(user, |profile| {
            let start = shares.len();
            shares.extend_from_slice(profile.shares);
            active.push((profile.window, profile.weight, start..shares.len()));
        });
    }

    fn view(&self, place: usize) -> Option<View<'_>> {
        let (window, ..) = *self.active.get(place)?;
        let earlier = self.active.partition_point(|(other, ..)| other + self.stretch <= window);
        let before = earlier.checked_sub(1).and_then(|place| self.weighed(place));
        Some(View { window, now: self.weighed(place)?, before })
    }

    fn weighed(&self, place: usize) -> Option<Weighed<'_>> {
        let (_, weight, range) = self.active.get(place)?;
        Some(Weighed { shares: self.shares.get(range.clone())?, weight: *weight })
    }

    /// Calls `visit` with each of a user's active windows, earliest first.
    pub fn each(&mut self, user: u32, visit: impl FnMut(View<'_>)) {
        self.read(user);
        (0..self.active.len()).filter_map(|place| self.view(place)).for_each(visit);
    }

    /// The user that was read last, at the end of his last active window.
    pub fn latest(&self) -> Option<View<'_>> {
        self.view(self.active.len().checked_sub(1)?)
    }
}

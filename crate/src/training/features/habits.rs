//! How a user's interest has moved so far: how fast old events lose their say for this user, and how often he turns to
//! something else.

use rustc_hash::FxHashMap;

use super::{
    super::{Cell, history::label},
    Features,
};

/// Half-lives that are weighed against each other, in windows.
pub(super) const HALF_LIVES: [f64; 6] = [0.5, 1.0, 2.0, 4.0, 8.0, 32.0];
/// How many windows of evidence a user's mean log-likelihood counts for, at most: windows of one user are not independent.
const EVIDENCE: f64 = 8.0;
/// Windows that the mean over all users counts for.
const SMOOTHING: f64 = 1.0;

/// What the past windows of a user say about his ways.
#[derive(Debug)]
pub(super) struct Habits {
    /// Weight of each half-life (they sum to 1): a softmax of how well decayed counts with it, and the popularity, had
    /// forecast each active window from those before.
    pub weights: [f64; HALF_LIVES.len()],
    /// Decayed counts by domain at the window's start.
    counts: FxHashMap<u32, Counts>,
    totals: [f64; HALF_LIVES.len()],
    /// Share of events in domains that were new to the user, of events in domains of the active window before, and of
    /// top domains that were not the one before.
    pub novelty: f64,
    pub overlap: f64,
    pub change: f64,
    /// Top domains of the last active window and of the one before it.
    pub tops: [Option<u32>; 2],
}

/// Counts of one domain as they stood at `window`.
#[derive(Debug, Clone, Default)]
struct Counts {
    decayed: [f64; HALF_LIVES.len()],
    window: u32,
    /// Active windows with this as the top domain.
    wins: f64,
}

impl Habits {
    /// From the user's cells before `window`. O(cells).
    pub fn new(features: &Features<'_>, user: u32, window: usize) -> Habits {
        let Features { history, prior, fades: fade, .. } = features;
        let past = history.past(user, window);
        let mut habits = Habits {
            weights: [1.0 / HALF_LIVES.len() as f64; HALF_LIVES.len()],
            counts: FxHashMap::default(),
            totals: [0.0; HALF_LIVES.len()],
            novelty: 0.5,
            overlap: 0.5,
            change: 0.5,
            tops: [None, None],
        };
        let mut likelihood = [0.0; HALF_LIVES.len()];
        let (mut active, mut before) = (0.0, None::<&[Cell]>);
        let (mut novel, mut shared, mut changed, mut labelled) = (0.0, 0.0, 0.0, 0.0);
        let mut stood = 0;
        for group in past.chunk_by(|a, b| a.window == b.window) {
            let now = group[0].window;
            fade.apply(&mut habits.totals, now - stood);
            stood = now;
            let events: f64 = group.iter().map(|cell| f64::from(cell.events)).sum();
            for cell in group {
                let share = f64::from(cell.events) / events;
                let popular = prior.weight * features.background(now as usize, cell.domain);
                let own =
                    habits.counts.entry(cell.domain).or_insert_with(|| Counts { window: now, ..Counts::default() });
                let mut decayed = own.decayed;
                fade.apply(&mut decayed, now - own.window);
                if let Some(before) = before {
                    novel += if own.decayed[0] > 0.0 { 0.0 } else { share };
                    if before.binary_search_by_key(&cell.domain, |cell| cell.domain).is_ok() {
                        shared += share;
                    }
                    for (slot, sum) in likelihood.iter_mut().enumerate() {
                        *sum +=
                            share * libm::log((decayed[slot] + popular + 1e-9) / (habits.totals[slot] + prior.weight));
                    }
                }
                own.window = now;
                own.decayed = decayed.map(|count| count + f64::from(cell.events));
            }
            for total in &mut habits.totals {
                *total += events;
            }
            let top = label(group);
            if let Some(own) = top.and_then(|top| habits.counts.get_mut(&top)) {
                own.wins += 1.0;
            }
            if let (Some(last), Some(top)) = (habits.tops[0], top) {
                labelled += 1.0;
                changed += f64::from(u8::from(last != top));
            }
            habits.tops = [top, habits.tops[0]];
            active += f64::from(u8::from(before.is_some()));
            before = Some(group);
        }
        fade.apply(&mut habits.totals, window as u32 - stood);
        for own in habits.counts.values_mut() {
            fade.apply(&mut own.decayed, window as u32 - own.window);
            own.window = window as u32;
        }
        let rate = |part: f64, whole: f64| (part + 0.5 * SMOOTHING) / (whole + SMOOTHING);
        (habits.novelty, habits.overlap, habits.change) =
            (rate(novel, active), rate(shared, active), rate(changed, labelled));
        let strength = EVIDENCE / (active + EVIDENCE);
        let best = likelihood.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let powers = likelihood.map(|sum| libm::exp((sum - best) * strength));
        let sum: f64 = powers.iter().sum();
        habits.weights = powers.map(|power| power / sum);
        habits
    }

    /// Share of a domain: the mean over the half-lives by their weights. `popularity`: that of the domain.
    pub fn share(&self, domain: u32, weight: f64, popularity: f64) -> f64 {
        let own = self.counts.get(&domain);
        let mut share = 0.0;
        for (slot, by) in self.weights.iter().enumerate() {
            let count = own.map_or(0.0, |own| own.decayed[slot]);
            share += by * (count + weight * popularity) / (self.totals[slot] + weight);
        }
        share
    }

    /// Active windows with this as the top domain.
    pub fn wins(&self, domain: u32) -> f64 {
        self.counts.get(&domain).map_or(0.0, |own| own.wins)
    }
}

/// Ages, in windows, whose powers are kept ready.
const READY: usize = 64;

/// What a count fades to in so many windows, by half-life.
#[derive(Debug)]
pub(super) struct Fades(Vec<[f64; HALF_LIVES.len()]>);

impl Fades {
    pub fn new() -> Fades {
        Fades((0..READY).map(|age| HALF_LIVES.map(|half_life| libm::exp2(-(age as f64) / half_life))).collect())
    }

    /// Lets counts grow older by `age` windows.
    fn apply(&self, counts: &mut [f64; HALF_LIVES.len()], age: u32) {
        for (slot, count) in counts.iter_mut().enumerate() {
            let ready = self.0.get(age as usize);
            *count *= ready.map_or_else(|| libm::exp2(-f64::from(age) / HALF_LIVES[slot]), |fade| fade[slot]);
        }
    }
}

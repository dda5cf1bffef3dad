//! The decay + popularity prior: the baseline to beat, and what the networks start from.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{History, Instance, Ranker, TOP, ndcg};
use crate::{Error, Result};

/// score(u, p)\[c\] = E(u, p)\[c\] + a · B(p)\[c\], with E the user's counts, halved every `half_life` windows, and B
/// half the domain shares of window p − 1 plus half those of all train windows (PROTOCOL.md, "decay + prior").
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prior {
    /// h, in windows.
    pub half_life: f64,
    /// a: how many events of the user the popularity counts for.
    pub weight: f64,
    /// Domain shares of all train windows.
    pub popularity: Vec<f64>,
}

/// The values tried on validation.
#[derive(Debug, Clone, Copy)]
pub struct PriorGrid<'a> {
    /// Half-lives, in windows.
    pub half_lives: &'a [f64],
    /// Weights of the popularity.
    pub weights: &'a [f64],
}

impl Default for PriorGrid<'_> {
    /// The grid of PROTOCOL.md.
    fn default() -> Self {
        PriorGrid { half_lives: &[0.5, 1.0, 2.0, 4.0, 8.0, 16.0], weights: &[0.3, 1.0, 3.0, 10.0, 30.0] }
    }
}

/// Validation instances that the choice is made on, at most; more would change nothing but the time.
const MAX_CHOICE: usize = 4000;

impl Prior {
    /// Shares of all `train` windows' events, with a given half-life and weight.
    ///
    /// # Errors
    /// [`Error::NotEnough`] where the train windows hold no event.
    pub fn new(history: &History, train: Range<usize>, half_life: f64, weight: f64) -> Result<Prior> {
        let sum = history.sum(train);
        let total: u64 = sum.iter().sum();
        if total == 0 {
            return Err(Error::NotEnough { what: "training", hint: "the train windows hold no event".into() });
        }
        let popularity = sum.iter().map(|&events| events as f64 / total as f64).collect();
        Ok(Prior { half_life, weight, popularity })
    }

    /// The prior of the grid with the best NDCG@10 on `validation`; among equals the first.
    ///
    /// # Errors
    /// As [`Prior::new`]; [`Error::NotEnough`] without validation instances.
    pub fn choose(
        history: &History,
        train: Range<usize>,
        validation: &[Instance],
        ranker: &Ranker,
        grid: PriorGrid<'_>,
    ) -> Result<Prior> {
        let mut prior = Prior::new(history, train, 1.0, 1.0)?;
        if validation.is_empty() {
            return Err(Error::NotEnough { what: "training", hint: "no user to choose on".into() });
        }
        let stride = validation.len().div_ceil(MAX_CHOICE);
        let mut best = (f64::NEG_INFINITY, 0.0, 0.0);
        let mut sums = vec![0.0; grid.weights.len()];
        let mut scores = vec![0.0; history.domains()];
        for &half_life in grid.half_lives {
            sums.fill(0.0);
            for instance in validation.iter().step_by(stride) {
                let background = prior.background(history, instance.window);
                let own = decayed(history, instance.user, instance.window, half_life);
                for (sum, &weight) in sums.iter_mut().zip(grid.weights) {
                    for (score, share) in scores.iter_mut().zip(&background) {
                        *score = weight * share;
                    }
                    for &(domain, events) in &own {
                        scores[domain as usize] += events;
                    }
                    *sum += ndcg(&ranker.top(&scores, TOP), history.truth(instance));
                }
            }
            for (&sum, &weight) in sums.iter().zip(grid.weights) {
                if sum > best.0 {
                    best = (sum, half_life, weight);
                }
            }
        }
        (prior.half_life, prior.weight) = (best.1, best.2);
        Ok(prior)
    }

    /// B(p): the popularity of each domain as seen just before `window`.
    pub fn background(&self, history: &History, window: usize) -> Vec<f64> {
        let last = window.checked_sub(1).map(|before| history.totals(before));
        let total: f64 = last.map_or(0.0, |events| events.iter().map(|&n| f64::from(n)).sum());
        match last {
            Some(events) if total > 0.0 => self
                .popularity
                .iter()
                .zip(events)
                .map(|(&share, &n)| 0.5 * share + 0.5 * f64::from(n) / total)
                .collect(),
            _ => self.popularity.clone(),
        }
    }

    /// Shares over all domains for `user` in `window`, from what lies before it; they sum to 1.
    pub fn shares(&self, history: &History, user: u32, window: usize) -> Vec<f64> {
        let mut out = self.background(history, window);
        for share in &mut out {
            *share *= self.weight;
        }
        for (domain, events) in decayed(history, user, window, self.half_life) {
            out[domain as usize] += events;
        }
        let total: f64 = out.iter().sum();
        for share in &mut out {
            *share /= total;
        }
        out
    }
}

/// E(u, p): the user's counts before `window`, an event of window q counting 2^(−(p − 1 − q) / half-life). One entry for
/// each cell of the past, so a domain may occur several times.
pub(crate) fn decayed(history: &History, user: u32, window: usize, half_life: f64) -> Vec<(u32, f64)> {
    let past = history.past(user, window);
    past.iter()
        .map(|cell| {
            let age = (window - 1 - cell.window as usize) as f64;
            (cell.domain, f64::from(cell.events) * libm::exp2(-age / half_life))
        })
        .collect()
}

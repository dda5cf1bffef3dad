//! First-order transitions between a user's consecutive active windows.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::{average, choose};
use crate::{
    evaluation::mixture::mix,
    graph::Csr,
    training::{Cell, History, Instance, Prior, Ranker},
};

/// score(u, p)\[c\] = λ Σ_a x\[a\] · P(c | a) + (1 − λ) · prior(u, p)\[c\], with x the shares of the user's last active
/// window and P(c | a) = (n(a, c) + k · B(p)\[c\]) / (n(a) + k): transitions of all users' train windows, backed off to
/// the popularity B of the prior where a was seldom left. n(a, c) sums the products of the shares of consecutive active
/// windows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Markov {
    /// domains × domains: n(a, c).
    pub transitions: Csr,
    /// k: transitions that the popularity counts for.
    pub smoothing: f64,
    /// λ.
    pub share: f64,
    /// The decay + popularity prior that it is mixed with.
    pub prior: Prior,
}

const SMOOTHINGS: [f64; 3] = [1.0, 10.0, 100.0];
/// 1 is the chain alone. 0, the prior alone, is another baseline.
const SHARES: [f64; 5] = [0.1, 0.2, 0.4, 0.7, 1.0];

impl Markov {
    /// Counts the transitions of the train windows; k and λ are best on validation.
    pub fn choose(
        history: &History,
        train: Range<usize>,
        prior: Prior,
        validation: &[Instance],
        ranker: &Ranker,
    ) -> Markov {
        let transitions = count(history, train);
        let mut first = Markov { transitions, smoothing: SMOOTHINGS[0], share: SHARES[0], prior };
        let grid = SMOOTHINGS.into_iter().flat_map(|smoothing| SHARES.map(|share| (smoothing, share)));
        let parts = |smoothing: f64, instance: &Instance| {
            let chain = first.chain(history, instance.user, instance.window, smoothing);
            (chain, first.prior.shares(history, instance.user, instance.window))
        };
        let shares = |&(smoothing, share): &(f64, f64), instance: &Instance| {
            let (chain, prior) = parts(smoothing, instance);
            mix(&chain, &prior, share)
        };
        if let Some((smoothing, share)) = choose(grid, history, validation, ranker, shares) {
            (first.smoothing, first.share) = (smoothing, share);
        }
        first
    }

    /// The same choices with the transitions of the windows `0..end` and a prior of the same windows.
    pub fn carried(&self, history: &History, end: usize, prior: Prior) -> Markov {
        Markov { transitions: count(history, 0..end), prior, ..self.clone() }
    }

    /// Shares over all domains; they sum to 1.
    pub fn shares(&self, history: &History, user: u32, window: usize) -> Vec<f64> {
        let chain = self.chain(history, user, window, self.smoothing);
        mix(&chain, &self.prior.shares(history, user, window), self.share)
    }

    fn chain(&self, history: &History, user: u32, window: usize, smoothing: f64) -> Vec<f64> {
        let background = self.prior.background(history, window);
        let last = average(history, user, window, 1, &background);
        let mut chain = vec![0.0; history.domains()];
        let mut rest = 0.0;
        for (from, &share) in last.iter().enumerate().filter(|&(_, &share)| share > 0.0) {
            let (to, counts) = self.transitions.row(from);
            let all = counts.iter().map(|&count| f64::from(count)).sum::<f64>() + smoothing;
            rest += share * smoothing / all;
            for (&to, &count) in to.iter().zip(counts) {
                chain[to as usize] += share * f64::from(count) / all;
            }
        }
        for (slot, popularity) in chain.iter_mut().zip(background) {
            *slot += rest * popularity;
        }
        chain
    }
}

/// Σ over users and pairs of consecutive active train windows of the shares before, times the shares after.
fn count(history: &History, train: Range<usize>) -> Csr {
    let shares = |group: &[Cell]| -> Vec<(u32, f32)> {
        let total: u32 = group.iter().map(|cell| cell.events).sum();
        group.iter().map(|cell| (cell.domain, cell.events as f32 / total as f32)).collect()
    };
    let (mut before, mut after, mut row) = (Vec::new(), Vec::new(), 0_u32);
    for user in 0..history.users() as u32 {
        let groups: Vec<&[Cell]> = history.past(user, train.end).chunk_by(|a, b| a.window == b.window).collect();
        for pair in groups.windows(2) {
            before.extend(shares(pair[0]).into_iter().map(|(domain, share)| (row, domain, share)));
            after.extend(shares(pair[1]).into_iter().map(|(domain, share)| (row, domain, share)));
            row += 1;
        }
    }
    let domains = history.domains();
    let before = Csr::from_triplets(row as usize, domains, before).transpose();
    let after = Csr::from_triplets(row as usize, domains, after);
    before.times(&after)
}

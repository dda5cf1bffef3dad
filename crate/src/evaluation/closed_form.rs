//! The closed-form model of interests: ridge regression from a user's profile to its next window.

use driftscope_kernels::Order;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::mixture::{mix, shares_or};
use crate::{
    cf::{Ridge, ridge},
    graph::Csr,
    training::{History, Instance, Prior, Ranker, TOP, decayed, ndcg},
};

/// λ of the regression, tried on validation; in units of a profile's squared shares, summed over the train instances.
const LAMBDAS: [f32; 3] = [1.0, 10.0, 100.0];
/// Domains that may foretell a domain.
const ACTIVE: usize = 150;
/// Shares of the regression that are tried on validation; the rest is the prior's.
const SHARES: [f64; 5] = [0.1, 0.2, 0.4, 0.7, 1.0];
/// Validation instances that the choice is made on, at most.
const MAX_CHOICE: usize = 2000;
/// Events that a train instance needs, in its window and before.
const MIN_EVENTS: u32 = 2;

/// score(u, p) = s · max(x_u B, 0) / Σ max(x_u B, 0) + (1 − s) · prior(u, p), with x_u the shares of the user's counts, halved
/// every half-life of the prior, and B domain × domain by [`ridge`] from the profiles before each train window to the shares
/// in it (SLIT of Choi et al. 2021, on domains).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClosedForm {
    /// How the regression was restrained.
    pub options: Ridge,
    /// s.
    pub share: f64,
    /// What it is mixed with.
    pub prior: Prior,
    weights: Csr,
}

impl ClosedForm {
    /// λ and s are best on validation.
    pub fn choose(
        prior: Prior,
        history: &History,
        train: Range<usize>,
        validation: &[Instance],
        ranker: &Ranker,
    ) -> ClosedForm {
        let mut best: Option<(f64, ClosedForm)> = None;
        for lambda in LAMBDAS {
            let options = Ridge { lambda, active: ACTIVE };
            let mut model = ClosedForm::fit(prior.clone(), history, train.clone(), options);
            let mut sums = [0.0; SHARES.len()];
            for instance in validation.iter().step_by(validation.len().div_ceil(MAX_CHOICE).max(1)) {
                let (own, prior) = model.parts(history, instance.user, instance.window);
                for (sum, share) in sums.iter_mut().zip(SHARES) {
                    *sum += ndcg(&ranker.top(&mix(&own, &prior, share), TOP), history.truth(instance));
                }
            }
            for (sum, share) in sums.into_iter().zip(SHARES) {
                if best.as_ref().is_none_or(|(most, _)| sum > *most) {
                    model.share = share;
                    best = Some((sum, model.clone()));
                }
            }
        }
        best.map_or_else(
            || ClosedForm::fit(prior, history, train, Ridge { lambda: LAMBDAS[0], active: ACTIVE }),
            |best| best.1,
        )
    }

    /// The regression over the train windows, with s = 1.
    fn fit(prior: Prior, history: &History, train: Range<usize>, options: Ridge) -> ClosedForm {
        let instances = history.instances(train, MIN_EVENTS, MIN_EVENTS);
        let past = instances.iter().map(|one| profile(history, one.user, one.window, prior.half_life));
        let past = Csr::from_rows(history.domains(), past);
        let future = instances.iter().map(|one| {
            let cells = history.truth(one);
            let total: f32 = cells.iter().map(|cell| cell.events as f32).sum();
            cells.iter().map(|cell| (cell.domain, cell.events as f32 / total)).collect::<Vec<_>>()
        });
        let weights = ridge(&past, &Csr::from_rows(history.domains(), future), true, options);
        ClosedForm { options, share: 1.0, prior, weights }
    }

    /// The same, with the prior and the regression counted anew over `train`.
    pub fn again(&self, prior: Prior, history: &History, train: Range<usize>) -> ClosedForm {
        ClosedForm { share: self.share, ..ClosedForm::fit(prior, history, train, self.options) }
    }

    /// Shares over all domains; they sum to 1.
    pub fn shares(&self, history: &History, user: u32, window: usize) -> Vec<f64> {
        let (own, prior) = self.parts(history, user, window);
        mix(&own, &prior, self.share)
    }

    /// What the regression says, and the prior; the prior twice where there is no past.
    fn parts(&self, history: &History, user: u32, window: usize) -> (Vec<f64>, Vec<f64>) {
        let prior = self.prior.shares(history, user, window);
        let mut own = vec![0.0; prior.len()];
        for (domain, share) in profile(history, user, window, self.prior.half_life) {
            for (other, weight) in self.weights.entries(domain as usize) {
                own[other as usize] += f64::from(share) * f64::from(weight);
            }
        }
        own.iter_mut().for_each(|score| *score = score.max(0.0));
        (shares_or(own, &prior), prior)
    }
}

/// Shares of the user's decayed counts before a window, by domain.
fn profile(history: &History, user: u32, window: usize, half_life: f64) -> Vec<(u32, f32)> {
    let mut counts = decayed(history, user, window, half_life);
    let total: f64 = counts.iter().map(|count| count.1).sum();
    counts.order_by_key(|count| count.0);
    let shares = counts.chunk_by(|a, b| a.0 == b.0);
    shares.map(|same| (same[0].0, (same.iter().map(|count| count.1).sum::<f64>() / total) as f32)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        event::{Event, Log},
        interest::Windows,
    };

    /// Twelve users go around three domains, one a window.
    fn history() -> History {
        let mut log = Log::new();
        let kind = log.kinds.intern("view").unwrap();
        for name in ["a", "b", "c"] {
            log.domains.intern(name);
        }
        for user in 0..12 {
            log.users.intern(&format!("u{user}"));
            for window in 0..6 {
                let domain = (user + window) % 3;
                let item = log.items.intern(&format!("i{domain}"), domain);
                for n in 0..5 {
                    log.push(Event { user, item, time: window * 100 + n, kind, platform: 0 });
                }
            }
        }
        log.sort();
        History::new(&log, Windows::fixed(0, 100, 6).unwrap()).unwrap()
    }

    #[test]
    fn what_follows_is_learned_and_beats_what_was() {
        let history = history();
        let prior = Prior::new(&history, 0..4, 0.5, 1.0).unwrap();
        let ranker = Ranker::new(&history.sum(0..4));
        let validation = history.instances(4..5, 5, 5);
        let model = ClosedForm::choose(prior, &history, 0..4, &validation, &ranker);
        for user in 0..12 {
            let shares = model.shares(&history, user, 5);
            assert_eq!(ranker.top(&shares, 1), [(user + 5) % 3], "{shares:?}");
            assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-9);
            // Nobody has a past in the first window.
            assert_eq!(model.shares(&history, user, 0), model.prior.shares(&history, user, 0));
        }
        let again = model.again(model.prior.clone(), &history, 0..4);
        assert_eq!(again, model);
    }

    #[test]
    fn a_profile_is_one_share_for_each_domain() {
        let history = history();
        // Windows 0 to 3 of user 0: domains 0, 1, 2, 0, weighing 1/8, 1/4, 1/2 and 1.
        let shares = profile(&history, 0, 4, 1.0);
        let expected = [(0, 9.0 / 15.0), (1, 2.0 / 15.0), (2, 4.0 / 15.0)];
        for (found, right) in shares.iter().zip(expected) {
            assert!(found.0 == right.0 && (found.1 - right.1).abs() < 1e-6, "{shares:?}");
        }
    }
}

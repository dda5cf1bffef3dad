//! Collaborative filtering of interests: what users with similar profiles turn to, or domains similar to the user's own.

use std::cell::OnceCell;

use serde::{Deserialize, Serialize};

use super::mixture::{mix, shares_or};
use crate::{
    cf::{Measure, Similarity, SimilarityIndex},
    graph::Csr,
    training::{History, Instance, Prior, Ranker, TOP, decayed, ndcg},
};

/// Neighbours of a user or domain.
const NEIGHBOURS: usize = 50;
/// Added to a similarity's denominator. Profiles are shares, with lengths below 1.
const SHRINKAGE: f32 = 0.1;
/// Shares of the neighbours that are tried on validation; the rest is the prior's.
const SHARES: [f64; 5] = [0.1, 0.2, 0.4, 0.7, 1.0];
/// Validation instances that the choice is made on, at most.
const MAX_CHOICE: usize = 2000;

/// Whose neighbours are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rows {
    /// Users, compared by their profiles.
    Users,
    /// Domains, compared by the users' shares in them.
    Domains,
}

/// score(u, p)\[c\] = λ · neighbours(u, p)\[c\] + (1 − λ) · prior(u, p)\[c\]. Profiles are shares of counts that halve every
/// half-life of the prior, all from before the window. By users: Σ_v s(u, v) x_v\[c\] / Σ_v s(u, v) over the nearest users
/// v (Herlocker et al. 1999); by domains: Σ_d x_u\[d\] s(d, c), scaled to sum to 1 (Sarwar et al. 2001).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Neighbours {
    /// Users or domains.
    pub rows: Rows,
    /// How they are compared.
    pub measure: Measure,
    /// λ.
    pub share: f64,
    /// What it is mixed with.
    pub prior: Prior,
}

impl Neighbours {
    /// λ is best on validation.
    pub fn choose(
        (rows, measure): (Rows, Measure),
        prior: Prior,
        history: &History,
        validation: &[Instance],
        ranker: &Ranker,
    ) -> Neighbours {
        let mut model = Neighbours { rows, measure, share: SHARES[0], prior };
        let windows = model.windows(history);
        let mut sums = [0.0; SHARES.len()];
        for instance in validation.iter().step_by(validation.len().div_ceil(MAX_CHOICE).max(1)) {
            let (near, prior) = windows.parts(instance.user, instance.window);
            for (sum, share) in sums.iter_mut().zip(SHARES) {
                *sum += ndcg(&ranker.top(&mix(&near, &prior, share), TOP), history.truth(instance));
            }
        }
        let mut best = f64::NEG_INFINITY;
        let mut chosen = model.share;
        for (sum, share) in sums.into_iter().zip(SHARES) {
            if sum > best {
                (best, chosen) = (sum, share);
            }
        }
        model.share = chosen;
        model
    }

    /// Ready to forecast a log.
    pub fn windows<'a>(&'a self, history: &'a History) -> NeighbourWindows<'a> {
        let windows = (0..history.windows().len()).map(|_| OnceCell::new()).collect();
        NeighbourWindows { model: self, history, windows }
    }
}

/// Everyone's profiles at the start of each window, made when first needed.
#[derive(Debug)]
pub struct NeighbourWindows<'a> {
    model: &'a Neighbours,
    history: &'a History,
    windows: Vec<OnceCell<Profiles>>,
}

#[derive(Debug)]
struct Profiles {
    /// users × domains.
    users: Csr,
    near: Near,
}

#[derive(Debug)]
enum Near {
    /// Users are looked up when they are asked for.
    Users(SimilarityIndex),
    /// domains × domains: similarities of the nearest.
    Domains(Csr),
}

impl NeighbourWindows<'_> {
    /// Shares over all domains; they sum to 1.
    pub fn shares(&self, user: u32, window: usize) -> Vec<f64> {
        let (near, prior) = self.parts(user, window);
        mix(&near, &prior, self.model.share)
    }

    /// What the neighbours say, and the prior; the prior twice where there are none.
    fn parts(&self, user: u32, window: usize) -> (Vec<f64>, Vec<f64>) {
        let prior = self.model.prior.shares(self.history, user, window);
        let mut near = vec![0.0; prior.len()];
        let profiles = self.windows[window].get_or_init(|| self.profiles(window));
        let (columns, values) = profiles.users.row(user as usize);
        match &profiles.near {
            Near::Users(index) => {
                for (other, similarity) in index.nearest(columns, values, Some(user), NEIGHBOURS) {
                    for (domain, share) in profiles.users.entries(other as usize) {
                        near[domain as usize] += f64::from(similarity) * f64::from(share);
                    }
                }
            }
            Near::Domains(similarities) => {
                for (&domain, &own) in columns.iter().zip(values) {
                    for (other, similarity) in similarities.entries(domain as usize) {
                        near[other as usize] += f64::from(similarity) * f64::from(own);
                    }
                }
            }
        }
        (shares_or(near, &prior), prior)
    }

    fn profiles(&self, window: usize) -> Profiles {
        let mut entries = Vec::new();
        for user in 0..self.history.users() as u32 {
            let counts = decayed(self.history, user, window, self.model.prior.half_life);
            let total: f64 = counts.iter().map(|count| count.1).sum();
            entries.extend(counts.into_iter().map(|(domain, count)| (user, domain, (count / total) as f32)));
        }
        let users = Csr::from_triplets(self.history.users(), self.history.domains(), entries);
        let similarity = Similarity { measure: self.model.measure, shrinkage: SHRINKAGE };
        let near = match self.model.rows {
            Rows::Users => Near::Users(SimilarityIndex::new(users.clone(), similarity)),
            Rows::Domains => Near::Domains(SimilarityIndex::new(users.transpose(), similarity).neighbours(NEIGHBOURS)),
        };
        Profiles { users, near }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        event::{Event, Log},
        interest::Windows,
    };

    /// Users 0 and 1 share domain 0; user 1 also touches domain 1. User 2 touches only domain 2.
    fn history() -> History {
        let mut log = Log::new();
        let kind = log.kinds.intern("view").unwrap();
        for name in ["a", "b", "c"] {
            log.users.intern(name);
            log.domains.intern(name);
        }
        for (user, domain, time, count) in [(0, 0, 0, 6), (1, 0, 0, 3), (1, 1, 5, 3), (2, 2, 0, 6), (2, 0, 100, 9)] {
            let item = log.items.intern(&format!("i{domain}"), domain);
            for n in 0..count {
                log.push(Event { user, item, time: time + n, kind, platform: 0 });
            }
        }
        log.sort();
        History::new(&log, Windows::fixed(0, 100, 2).unwrap()).unwrap()
    }

    #[test]
    fn neighbours_of_a_worked_example() {
        let history = history();
        let prior = Prior::new(&history, 0..1, 1.0, 1.0).unwrap();
        let ranker = Ranker::new(&history.sum(0..1));
        for (rows, measure, expected) in [
            // User 0's only neighbour is user 1, half in domain 0, half in 1; window 1 itself is not looked at.
            (Rows::Users, Measure::Cosine, [0.5, 0.5, 0.0]),
            (Rows::Users, Measure::Pearson, [0.5, 0.5, 0.0]),
            // Domain 0 is met together with domain 1 only.
            (Rows::Domains, Measure::Cosine, [0.0, 1.0, 0.0]),
        ] {
            let mut model = Neighbours::choose((rows, measure), prior.clone(), &history, &[], &ranker);
            model.share = 1.0;
            let shares = model.windows(&history).shares(0, 1);
            assert!(shares.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{rows:?} {measure:?}: {shares:?}");
            // Nobody resembles user 2: the prior alone.
            assert_eq!(model.windows(&history).shares(2, 1), prior.shares(&history, 2, 1));
            model.share = 0.5;
            let mixed = model.windows(&history).shares(0, 1);
            let half =
                prior.shares(&history, 0, 1).iter().zip(expected).map(|(a, b)| (a + b) / 2.0).collect::<Vec<_>>();
            assert!(mixed.iter().zip(half).all(|(a, b)| (a - b).abs() < 1e-6));
        }
    }
}

//! How one instance was predicted.

use crate::training::{FirstPlace, History, Instance, Ranker, TOP, ndcg};

/// What the metrics need to know of one predicted instance.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The user, by which the bootstrap draws.
    pub user: u32,
    /// NDCG@10.
    pub ndcg10: f64,
    /// The true label.
    pub label: Option<u32>,
    /// The label of the user's last active window before.
    pub previous: Option<u32>,
    /// Domains, best first, at most ten.
    pub ranked: Vec<u32>,
    /// Forecast share of the first domain, 0 to 1: how sure the model is that it is the label.
    pub confidence: f64,
    /// Forecast share of the second domain, 0 where there is none.
    pub runner_up: f64,
    /// Σ over domains of (forecast share − \[domain is the label\])², 0 to 2; NaN without a label.
    pub squared_error: f64,
}

impl Outcome {
    /// The outcome of a forecast for an instance; `shares` over all domains sum to 1.
    pub fn new(history: &History, instance: &Instance, ranker: &Ranker, shares: &[f64]) -> Outcome {
        let ranked = ranker.top(shares, TOP);
        let share = |domain: u32| shares.get(domain as usize).copied().unwrap_or(0.0);
        let squares = || shares.iter().map(|share| share * share).sum::<f64>();
        Outcome {
            user: instance.user,
            ndcg10: ndcg(&ranked, history.truth(instance)),
            label: instance.label,
            previous: instance.previous,
            confidence: ranked.first().map_or(0.0, |&first| share(first)),
            runner_up: ranked.get(1).map_or(0.0, |&second| share(second)),
            squared_error: instance.label.map_or(f64::NAN, |label| squares() - 2.0 * share(label) + 1.0),
            ranked,
        }
    }

    /// The outcome had `rule` decided who is first.
    pub fn decided(&self, history: &History, instance: &Instance, rule: &FirstPlace) -> Outcome {
        let mut out = self.clone();
        let [first, second, ..] = self.ranked[..] else { return out };
        if rule.exchanges([first, second], [self.confidence, self.runner_up], self.previous) {
            out.ranked.swap(0, 1);
            out.ndcg10 = ndcg(&out.ranked, history.truth(instance));
            let gained = self.confidence - self.runner_up;
            match self.label {
                Some(label) if label == second => out.squared_error -= 2.0 * gained,
                Some(label) if label == first => out.squared_error += 2.0 * gained,
                _ => {}
            }
        }
        out
    }

    /// Whether the first domain is the label; `None` without a label.
    pub fn hit(&self) -> Option<bool> {
        self.label.map(|label| self.ranked.first() == Some(&label))
    }
}

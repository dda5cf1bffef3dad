//! The metrics of protocol LLO.

use serde::{Deserialize, Serialize};

use crate::evaluation::{Gain, bootstrap_differences};

/// How one user's next item was predicted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextItemOutcome {
    /// Number of the user.
    pub user: u32,
    /// The item that did come next.
    pub target: u32,
    /// Items, best first, at most ten.
    pub ranked: Vec<u32>,
}

impl NextItemOutcome {
    /// Place of the target among the first ten, from 1.
    pub fn rank(&self) -> Option<usize> {
        self.ranked.iter().position(|&item| item == self.target).map(|at| at + 1)
    }

    /// 1/log2(rank + 1) for a target among the first ten, else 0.
    pub fn ndcg10(&self) -> f64 {
        self.rank().map_or(0.0, |rank| 1.0 / ((rank + 1) as f64).log2())
    }
}

/// Means over the users (PROTOCOL.md, LLO). A mean over nobody is NaN.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NextItemMetrics {
    /// Share of users with the target among the first 5.
    pub hr5: f64,
    /// Share of users with the target among the first 10.
    pub hr10: f64,
    /// Mean of 1/log2(rank + 1) where the rank is at most 5, else 0.
    pub ndcg5: f64,
    /// The same for 10.
    pub ndcg10: f64,
    /// Mean of 1/rank where the rank is at most 10, else 0.
    pub mrr10: f64,
    /// Number of users.
    pub users: usize,
}

/// The metrics of some outcomes.
pub fn next_item_metrics(outcomes: &[NextItemOutcome]) -> NextItemMetrics {
    let mean = |gain: &dyn Fn(&NextItemOutcome) -> f64| outcomes.iter().map(gain).sum::<f64>() / outcomes.len() as f64;
    let within = |one: &NextItemOutcome, most: usize| one.rank().is_some_and(|rank| rank <= most);
    NextItemMetrics {
        hr5: mean(&|one| f64::from(within(one, 5))),
        hr10: mean(&|one| f64::from(within(one, 10))),
        ndcg5: mean(&|one| if within(one, 5) { one.ndcg10() } else { 0.0 }),
        ndcg10: mean(&NextItemOutcome::ndcg10),
        mrr10: mean(&|one| one.rank().map_or(0.0, |rank| 1.0 / rank as f64)),
        users: outcomes.len(),
    }
}

/// The difference in NDCG@10 with the interval of [`bootstrap_differences`]. Both hold the same users in the same order.
pub fn next_item_bootstrap(outcomes: &[NextItemOutcome], baseline: &[NextItemOutcome]) -> Option<Gain> {
    let pairs = outcomes.iter().zip(baseline);
    bootstrap_differences(&pairs.map(|(a, b)| (a.user, a.ndcg10() - b.ndcg10())).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metrics_of_a_worked_example() {
        let ranked: Vec<u32> = (0..10).collect();
        // Ranks 1, 3, 8 and none.
        let outcomes: Vec<_> = [0, 2, 7, 99]
            .into_iter()
            .zip(0..)
            .map(|(target, user)| NextItemOutcome { user, target, ranked: ranked.clone() })
            .collect();
        let m = next_item_metrics(&outcomes);
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        close(m.hr5, 0.5);
        close(m.hr10, 0.75);
        close(m.ndcg5, (1.0 + 0.5) / 4.0);
        close(m.ndcg10, (1.0 + 0.5 + 1.0 / 9_f64.log2()) / 4.0);
        close(m.mrr10, (1.0 + 1.0 / 3.0 + 1.0 / 8.0) / 4.0);
        assert_eq!(m.users, 4);
        assert!(next_item_metrics(&[]).hr10.is_nan());
        let gain = next_item_bootstrap(&outcomes, &outcomes).unwrap();
        assert_eq!((gain.difference, gain.low, gain.high), (0.0, 0.0, 0.0));
    }

    /// scikit-learn 1.9.1 on 50 users and 40 items: `SC=(u*31+m*m*7+u*m*3)%101+m/1000`, targets `tg=(u*9+4)%40`, `T` their
    /// one-hot rows.
    #[test]
    fn metrics_agree_with_scikit_learn() {
        let score = |u: u32, m: u32| f64::from((u * 31 + m * m * 7 + u * m * 3) % 101) + f64::from(m) / 1000.0;
        let outcome = |user: u32| {
            let mut ranked: Vec<u32> = (0..40).collect();
            ranked.sort_by(|&a, &b| score(user, b).total_cmp(&score(user, a)));
            ranked.truncate(10);
            NextItemOutcome { user, target: (user * 9 + 4) % 40, ranked }
        };
        let m = next_item_metrics(&(0..50).map(outcome).collect::<Vec<_>>());
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} {b}");
        // top_k_accuracy_score(tg, SC, k=10, labels=range(40)); ndcg_score(T, SC, k=10); likewise with 5
        close(m.hr10, 0.24);
        close(m.ndcg10, 0.086_224_590_223_309_53);
        close(m.hr5, 0.06);
        close(m.ndcg5, 0.028_969_182_377_587_836);
        // label_ranking_average_precision_score of the users whose target is within ten, times their share
        close(m.mrr10, 0.042_103_174_603_174_6);
    }
}

//! From shares to ranks, and how good the ranks are.

use super::Cell;
use driftscope_kernels::Order;

/// Length of a ranked list.
pub const TOP: usize = 10;

/// Orders domains by score; ties by the number of train events, larger first, then by lower id.
#[derive(Debug, Clone)]
pub struct Ranker {
    /// Place of each domain by popularity, from 0.
    place: Vec<u32>,
}

impl Ranker {
    /// `popularity`: train events by domain.
    pub fn new(popularity: &[u64]) -> Ranker {
        let mut order: Vec<u32> = (0..popularity.len() as u32).collect();
        order.order_by_key(|&domain| (std::cmp::Reverse(popularity[domain as usize]), domain));
        let mut place = vec![0; order.len()];
        for (rank, &domain) in order.iter().enumerate() {
            place[domain as usize] = rank as u32;
        }
        Ranker { place }
    }

    /// The `count` domains with the largest scores (one for each domain), best first. NaN comes last.
    pub fn top(&self, scores: &[f64], count: usize) -> Vec<u32> {
        let key = |score: f64| if score.is_nan() { f64::NEG_INFINITY } else { score };
        let before = |a: &u32, b: &u32| {
            let (a, b) = (*a as usize, *b as usize);
            key(scores[b]).total_cmp(&key(scores[a])).then(self.place[a].cmp(&self.place[b]))
        };
        let mut order: Vec<u32> = (0..scores.len() as u32).collect();
        if count < order.len() && count > 0 {
            order.select_nth_unstable_by(count - 1, before);
            order.truncate(count);
        }
        order.sort_unstable_by(before);
        order.truncate(count);
        order
    }
}

/// NDCG@10 of a ranked list with linear gain: Σ y\[rank r\] / log2(r + 1), divided by the best possible sum
/// (Järvelin & Kekäläinen 2002; PROTOCOL.md). `truth`: the events of the window by domain.
pub fn ndcg(ranked: &[u32], truth: &[Cell]) -> f64 {
    let discount = |rank: usize| 1.0 / ((rank + 2) as f64).log2();
    let gain = |domain: u32| truth.iter().find(|cell| cell.domain == domain).map_or(0.0, |cell| f64::from(cell.events));
    let sum: f64 = ranked.iter().take(TOP).enumerate().map(|(rank, &domain)| gain(domain) * discount(rank)).sum();
    let mut best: Vec<u32> = truth.iter().map(|cell| cell.events).collect();
    best.sort_unstable_by(|a, b| b.cmp(a));
    let ideal: f64 = best.iter().take(TOP).enumerate().map(|(rank, &n)| f64::from(n) * discount(rank)).sum();
    if ideal > 0.0 { sum / ideal } else { 0.0 }
}

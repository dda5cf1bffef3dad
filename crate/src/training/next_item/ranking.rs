//! From scores to ranked items.

use driftscope_kernels::Order;

/// Orders items by score; ties by the number of train events, larger first, then by lower number: never by the truth.
#[derive(Debug, Clone)]
pub struct ItemRanker {
    /// Place of each item by popularity, from 0.
    place: Vec<u32>,
}

impl ItemRanker {
    /// `popularity`: train events by item.
    pub fn new(popularity: &[u32]) -> ItemRanker {
        let mut order: Vec<u32> = (0..popularity.len() as u32).collect();
        order.order_by_key(|&item| (std::cmp::Reverse(popularity[item as usize]), item));
        let mut place = vec![0; order.len()];
        for (rank, &item) in order.iter().enumerate() {
            place[item as usize] = rank as u32;
        }
        ItemRanker { place }
    }

    /// The `count` items with the largest scores that are not `excluded`, best first. NaN comes last.
    pub fn top(&self, scores: &[f32], excluded: &[u32], count: usize) -> Vec<u32> {
        let key = |item: u32| {
            let score = scores[item as usize];
            (if score.is_nan() { f32::NEG_INFINITY } else { score }, self.place[item as usize])
        };
        let before = |a: (f32, u32), b: (f32, u32)| a.0 > b.0 || (a.0 == b.0 && a.1 < b.1);
        let mut out: Vec<u32> = excluded.to_vec();
        out.sort_unstable();
        let excluded = std::mem::take(&mut out);
        for item in 0..scores.len() as u32 {
            let own = key(item);
            let worse = |&other: &u32| before(own, key(other));
            if (out.len() == count && !out.last().is_some_and(worse)) || excluded.binary_search(&item).is_ok() {
                continue;
            }
            let at = out.partition_point(|other| !worse(other));
            out.insert(at, item);
            out.truncate(count);
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_top_is_the_head_of_the_sorted_rest(
            cells in prop::collection::vec((0..5_u8, 0..4_u32), 1..40),
            excluded in prop::collection::vec(0..50_u32, 0..6),
            count in 0..12_usize,
        ) {
            let scores: Vec<f32> = cells.iter().map(|c| if c.0 == 4 { f32::NAN } else { f32::from(c.0) }).collect();
            let popularity: Vec<u32> = cells.iter().map(|c| c.1).collect();
            let mut order: Vec<u32> = (0..scores.len() as u32).filter(|item| !excluded.contains(item)).collect();
            let score = |item: &u32| Some(scores[*item as usize]).filter(|s| !s.is_nan()).unwrap_or(-1.0);
            order.sort_by(|a, b| {
                let (p, q) = (popularity[*a as usize], popularity[*b as usize]);
                score(b).total_cmp(&score(a)).then(q.cmp(&p)).then(a.cmp(b))
            });
            order.truncate(count);
            prop_assert_eq!(ItemRanker::new(&popularity).top(&scores, &excluded, count), order);
        }
    }
}

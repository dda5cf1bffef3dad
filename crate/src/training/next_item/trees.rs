//! Gradient-boosted regression trees for choosing among candidates.

use rand::{RngExt, SeedableRng, seq::SliceRandom};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

use super::{
    lists::{Lists, softmax},
    paced::Pace,
};
use crate::{Result, training::Observer};

/// How trees are grown.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TreeOptions {
    /// Number of trees.
    pub trees: usize,
    /// Splits from root to leaf, at most.
    pub depth: usize,
    /// Factor on each tree's leaves.
    pub rate: f32,
    /// Rows that a leaf needs.
    pub least_rows: usize,
    /// Ridge penalty on a leaf's value.
    pub penalty: f32,
    /// Share of the lists that each tree sees (Friedman 2002).
    pub share_of_lists: f64,
    /// Share of the features that each tree sees.
    pub share_of_features: f64,
}

/// score = Σ over trees of the leaf that a candidate falls into. Grown by Newton boosting (Chen & Guestrin 2016) on the
/// listwise softmax loss −ln softmax(scores)\[chosen\] (Cao et al. 2007), on histograms of at most [`BINS`] bins a feature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trees {
    trees: Vec<Vec<Node>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum Node {
    /// `left` where the feature is at most the threshold; children stand later in the tree.
    Split {
        feature: u16,
        threshold: f32,
        left: u32,
        right: u32,
    },
    Leaf(f32),
}

/// Bins of a feature.
const BINS: usize = 48;
/// Rows that the bins' borders are taken from, at most.
const BORDER_ROWS: usize = 20_000;

#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    gradient: f64,
    hessian: f64,
    rows: u32,
}

impl Sums {
    fn add(&mut self, other: Sums) {
        self.gradient += other.gradient;
        self.hessian += other.hessian;
        self.rows += other.rows;
    }

    fn less(self, other: Sums) -> Sums {
        Sums {
            gradient: self.gradient - other.gradient,
            hessian: self.hessian - other.hessian,
            rows: self.rows - other.rows,
        }
    }

    fn gain(self, penalty: f32) -> f64 {
        self.gradient * self.gradient / (self.hessian + f64::from(penalty))
    }
}

/// Lists with their features in bins, and where boosting stands.
#[derive(Debug)]
pub struct Boosting<'a> {
    lists: &'a Lists,
    options: TreeOptions,
    random: Pcg64Mcg,
    /// Upper borders of each feature's bins but the last.
    borders: Vec<Vec<f32>>,
    /// Row-major, as the features.
    bins: Vec<u8>,
    scores: Vec<f32>,
    gradients: Vec<(f32, f32)>,
}

impl<'a> Boosting<'a> {
    /// Starts from equal scores.
    ///
    /// # Errors
    /// [`crate::Error::Cancelled`].
    pub async fn new(
        lists: &'a Lists,
        options: TreeOptions,
        seed: u64,
        observer: &mut impl Observer,
    ) -> Result<Boosting<'a>> {
        let mut pace = Pace::new(observer);
        let stride = lists.rows().div_ceil(BORDER_ROWS).max(1);
        let mut borders = Vec::with_capacity(lists.width);
        for feature in 0..lists.width {
            let mut values: Vec<f32> = (0..lists.rows()).step_by(stride).map(|r| lists.row(r)[feature]).collect();
            values.sort_unstable_by(f32::total_cmp);
            let mut own: Vec<f32> =
                (1..BINS).filter_map(|bin| values.get(bin * values.len() / BINS).copied()).collect();
            own.dedup();
            borders.push(own);
            pace.step(observer).await?;
        }
        let bin = |(borders, &value): (&Vec<f32>, &f32)| borders.partition_point(|&border| border < value) as u8;
        let mut bins = Vec::with_capacity(lists.features.len());
        for row in lists.features.chunks_exact(lists.width.max(1)) {
            bins.extend(borders.iter().zip(row).map(bin));
            pace.step(observer).await?;
        }
        let (scores, gradients) = (vec![0.0; lists.rows()], vec![(0.0, 0.0); lists.rows()]);
        Ok(Boosting { lists, options, random: Pcg64Mcg::seed_from_u64(seed), borders, bins, scores, gradients })
    }

    /// Grows the next tree and adds it to `trees`.
    ///
    /// # Errors
    /// [`crate::Error::Cancelled`].
    pub async fn grow(&mut self, trees: &mut Trees, observer: &mut impl Observer) -> Result<()> {
        let mut pace = Pace::new(observer);
        let mut rows: Vec<u32> = Vec::new();
        for (range, chosen) in self.lists.iter() {
            if !self.random.random_bool(self.options.share_of_lists) {
                continue;
            }
            let mut shares = self.scores[range.clone()].to_vec();
            softmax(&mut shares);
            for (row, share) in range.zip(shares) {
                let chosen = f32::from(u8::from(row == chosen));
                self.gradients[row] = (chosen - share, (share * (1.0 - share)).max(1e-6));
                rows.push(row as u32);
            }
        }
        pace.step(observer).await?;
        let mut features: Vec<usize> = (0..self.lists.width).collect();
        features.shuffle(&mut self.random);
        let count = (self.options.share_of_features * features.len() as f64).ceil() as usize;
        features.truncate(count.max(1));
        features.sort_unstable();
        let mut tree = vec![Node::Leaf(0.0)];
        // Nodes that may still be split, with their rows and their depth.
        let mut open = vec![(0, 0..rows.len(), 0)];
        while let Some((at, range, depth)) = open.pop() {
            let (first, own) = (range.start, &mut rows[range]);
            let (leaf, split) = self.node(own, &features, depth);
            tree[at] = Node::Leaf(leaf);
            if let Some((feature, bin)) = split {
                let left = self.partition(own, feature, bin);
                let (below, end) = (tree.len(), first + own.len());
                let threshold = self.borders[feature][bin as usize];
                let (left_at, right_at) = (below as u32, below as u32 + 1);
                tree[at] = Node::Split { feature: feature as u16, threshold, left: left_at, right: right_at };
                tree.extend([Node::Leaf(0.0), Node::Leaf(0.0)]);
                open.push((below + 1, first + left..end, depth + 1));
                open.push((below, first..first + left, depth + 1));
            }
            pace.step(observer).await?;
        }
        for (row, score) in self.scores.iter_mut().enumerate() {
            *score += leaf(&tree, self.lists.row(row));
        }
        trees.trees.push(tree);
        pace.step(observer).await
    }

    /// The value of a leaf of some rows, and where to split them instead, if that gains anything.
    fn node(&self, rows: &[u32], features: &[usize], depth: usize) -> (f32, Option<(usize, u8)>) {
        let mut total = Sums::default();
        for &row in rows {
            let (gradient, hessian) = self.gradients[row as usize];
            total.add(Sums { gradient: gradient.into(), hessian: hessian.into(), rows: 1 });
        }
        let value = total.gradient / (total.hessian + f64::from(self.options.penalty));
        let deep = depth == self.options.depth || rows.len() < 2 * self.options.least_rows;
        let split = if deep { None } else { self.best_split(rows, features, total) };
        (value as f32 * self.options.rate, split)
    }

    /// Rows up to the bin first; how many these are.
    fn partition(&self, rows: &mut [u32], feature: usize, bin: u8) -> usize {
        let width = self.lists.width;
        let mut left = 0;
        for index in 0..rows.len() {
            if self.bins[rows[index] as usize * width + feature] <= bin {
                rows.swap(index, left);
                left += 1;
            }
        }
        left
    }

    /// The feature and bin after which to split, if that gains anything.
    fn best_split(&self, rows: &[u32], features: &[usize], total: Sums) -> Option<(usize, u8)> {
        let mut histogram = vec![[Sums::default(); BINS]; features.len()];
        for &row in rows {
            let (gradient, hessian) = self.gradients[row as usize];
            let one = Sums { gradient: gradient.into(), hessian: hessian.into(), rows: 1 };
            let bins = &self.bins[row as usize * self.lists.width..][..self.lists.width];
            for (bars, &feature) in histogram.iter_mut().zip(features) {
                bars[bins[feature] as usize].add(one);
            }
        }
        let (least, penalty) = (self.options.least_rows as u32, self.options.penalty);
        let mut best = (total.gain(penalty) + 1e-6, None);
        for (bars, &feature) in histogram.iter().zip(features) {
            let mut left = Sums::default();
            for (bin, bar) in bars.iter().enumerate().take(self.borders[feature].len()) {
                left.add(*bar);
                let right = total.less(left);
                let gain = left.gain(penalty) + right.gain(penalty);
                if left.rows >= least && right.rows >= least && gain > best.0 {
                    best = (gain, Some((feature, bin as u8)));
                }
            }
        }
        best.1
    }
}

fn leaf(tree: &[Node], features: &[f32]) -> f32 {
    let mut at = 0;
    loop {
        match tree.get(at as usize) {
            Some(&Node::Split { feature, threshold, left, right }) => {
                at = if features.get(feature as usize).is_some_and(|&x| x <= threshold) { left } else { right };
            }
            Some(&Node::Leaf(value)) => return value,
            None => return 0.0,
        }
    }
}

impl Trees {
    /// Without any tree every score is 0.
    pub fn none() -> Trees {
        Trees { trees: Vec::new() }
    }

    /// Sum over the first `count` trees.
    pub fn score(&self, features: &[f32], count: usize) -> f32 {
        self.trees.iter().take(count).map(|tree| leaf(tree, features)).sum()
    }

    /// Number of trees.
    pub fn len(&self) -> usize {
        self.trees.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.trees.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::Silent;

    const OPTIONS: TreeOptions = TreeOptions {
        trees: 40,
        depth: 3,
        rate: 0.3,
        least_rows: 5,
        penalty: 1.0,
        share_of_lists: 0.8,
        share_of_features: 1.0,
    };

    /// 300 lists of 6 candidates with 3 features; the chosen one has the largest product of the first two.
    fn lists(seed: u64) -> Lists {
        let mut random = Pcg64Mcg::seed_from_u64(seed);
        let mut lists = Lists::new(3);
        for _ in 0..300 {
            let rows: Vec<f32> = (0..18).map(|_| random.random_range(-1.0..1.0_f32)).collect();
            let product = |row: &[f32]| row[0] * row[1];
            let best = (0..6)
                .max_by(|&a, &b| product(&rows[a * 3..a * 3 + 3]).total_cmp(&product(&rows[b * 3..b * 3 + 3])))
                .unwrap();
            lists.push(&rows, best);
        }
        lists
    }

    fn grown(lists: &Lists, seed: u64) -> Trees {
        let mut trees = Trees::none();
        pollster::block_on(async {
            let mut boosting = Boosting::new(lists, OPTIONS, seed, &mut Silent).await.unwrap();
            for _ in 0..OPTIONS.trees {
                boosting.grow(&mut trees, &mut Silent).await.unwrap();
            }
        });
        trees
    }

    fn hits(trees: &Trees, lists: &Lists, count: usize) -> usize {
        let score = |row: usize| trees.score(lists.row(row), count);
        lists
            .iter()
            .filter(|(rows, chosen)| rows.clone().all(|row| row == *chosen || score(row) < score(*chosen)))
            .count()
    }

    #[test]
    fn an_interaction_is_learned_and_holds_on_other_lists() {
        let trees = grown(&lists(1), 1);
        let unseen = lists(2);
        // A sixth by chance.
        assert!(hits(&trees, &unseen, OPTIONS.trees) > 180, "{}", hits(&trees, &unseen, OPTIONS.trees));
        assert!(hits(&trees, &unseen, 2) < hits(&trees, &unseen, OPTIONS.trees));
        assert_eq!((trees.len(), hits(&Trees::none(), &unseen, 9)), (40, 0));
    }

    #[test]
    fn the_same_seed_gives_the_same_trees() {
        assert_eq!(grown(&lists(1), 7), grown(&lists(1), 7));
        assert_ne!(grown(&lists(1), 7), grown(&lists(1), 8));
    }

    #[test]
    fn without_lists_every_score_is_0() {
        let trees = grown(&Lists::new(3), 1);
        assert_eq!(trees.score(&[1.0, 2.0, 3.0], 40), 0.0);
    }
}

//! Gradient-boosted regression trees for choosing among candidates.

use rand::{RngExt, SeedableRng, seq::SliceRandom};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

use super::lists::{Lists, softmax};

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
    pub fn new(lists: &'a Lists, options: TreeOptions, seed: u64) -> Boosting<'a> {
        let stride = lists.rows().div_ceil(BORDER_ROWS).max(1);
        let borders: Vec<Vec<f32>> = (0..lists.width)
            .map(|feature| {
                let mut values: Vec<f32> = (0..lists.rows()).step_by(stride).map(|r| lists.row(r)[feature]).collect();
                values.sort_unstable_by(f32::total_cmp);
                let mut borders: Vec<f32> =
                    (1..BINS).filter_map(|bin| values.get(bin * values.len() / BINS).copied()).collect();
                borders.dedup();
                borders
            })
            .collect();
        let bin = |(feature, &value): (usize, &f32)| borders[feature].partition_point(|&border| border < value) as u8;
        let bins =
            lists.features.chunks_exact(lists.width.max(1)).flat_map(|row| row.iter().enumerate().map(bin)).collect();
        let (scores, gradients) = (vec![0.0; lists.rows()], vec![(0.0, 0.0); lists.rows()]);
        Boosting { lists, options, random: Pcg64Mcg::seed_from_u64(seed), borders, bins, scores, gradients }
    }

    /// Grows the next tree and adds it to `trees`.
    pub fn grow(&mut self, trees: &mut Trees) {
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
        let mut features: Vec<usize> = (0..self.lists.width).collect();
        features.shuffle(&mut self.random);
        let count = (self.options.share_of_features * features.len() as f64).ceil() as usize;
        features.truncate(count.max(1));
        features.sort_unstable();
        let mut tree = Vec::new();
        self.node(&mut tree, &mut rows, &features, 0);
        for (row, score) in self.scores.iter_mut().enumerate() {
            *score += leaf(&tree, self.lists.row(row));
        }
        trees.trees.push(tree);
    }

    /// Adds the node of some rows, and all below it, to the tree.
    fn node(&self, tree: &mut Vec<Node>, rows: &mut [u32], features: &[usize], depth: usize) -> u32 {
        let at = tree.len();
        let mut total = Sums::default();
        for &row in &*rows {
            let (gradient, hessian) = self.gradients[row as usize];
            total.add(Sums { gradient: gradient.into(), hessian: hessian.into(), rows: 1 });
        }
        let value = total.gradient / (total.hessian + f64::from(self.options.penalty));
        tree.push(Node::Leaf(value as f32 * self.options.rate));
        if depth == self.options.depth || rows.len() < 2 * self.options.least_rows {
            return at as u32;
        }
        let Some((feature, bin)) = self.best_split(rows, features, total) else { return at as u32 };
        let width = self.lists.width;
        let mut left = 0;
        for index in 0..rows.len() {
            if self.bins[rows[index] as usize * width + feature] <= bin {
                rows.swap(index, left);
                left += 1;
            }
        }
        let (below, above) = rows.split_at_mut(left);
        let left = self.node(tree, below, features, depth + 1);
        let right = self.node(tree, above, features, depth + 1);
        let threshold = self.borders[feature][bin as usize];
        tree[at] = Node::Split { feature: feature as u16, threshold, left, right };
        at as u32
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
        let mut boosting = Boosting::new(lists, OPTIONS, seed);
        (0..OPTIONS.trees).for_each(|_| boosting.grow(&mut trees));
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

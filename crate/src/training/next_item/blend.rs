//! The blend: cheap members, a weighted sum that picks the candidates, and boosted trees that order them.

use serde::{Deserialize, Serialize};

use super::{
    Boosting, Catalogue, EVIDENCE, Evidence, ItemRanker, Lists, MEMBER_NAMES, MEMBERS, Members, Sequence, Sequences,
    Target, TreeOptions, Trees, cancellable, weights::pick_weights,
};
use crate::{Result, training::Observer};

/// Candidates that the trees order.
const CANDIDATES: usize = 100;
/// Candidates of a train list beside the chosen one, at most: drawn at random.
const OTHERS: usize = 50;
/// Lists that the trees learn from: so many are looked for, and no more users than `MOST_TARGETS` are asked.
const ENOUGH_TARGETS: usize = 8_000;
const MOST_TARGETS: usize = 24_000;
/// Validation targets that weights and the number of trees are picked on, at most.
const MAX_CHOICE: usize = 4_000;
const TREES: TreeOptions = TreeOptions {
    trees: 120,
    depth: 4,
    rate: 0.1,
    least_rows: 40,
    penalty: 1.0,
    share_of_lists: 0.7,
    share_of_features: 0.5,
};
/// Numbers of trees that are tried on validation; without any the weighted sum decides.
const TREE_COUNTS: [usize; 5] = [0, 15, 30, 60, 120];

/// A two-stage ranker. First the weighted sum of the members' scores, each divided by the user's largest: PROTOCOL.md's
/// "sparse blend", with the closed form and user neighbours. The best hundred items are then ordered anew by [`Trees`] on
/// their [`Evidence`] (the pattern of candidate generation and ranking, Covington et al. 2016).
///
/// The trees learn from train sequences alone: members are fitted on all but the last few events of each, and those
/// events are the chosen items of the trees' lists. Then the members are fitted anew on everything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Blend {
    members: Members,
    weights: [f32; MEMBERS],
    trees: Trees,
    /// Trees that are used.
    used: usize,
    /// Train events by item: the order of equals.
    counts: Vec<u32>,
    seed: u64,
}

impl Blend {
    /// Fits on `train`; weights and the number of trees are picked on `validation`.
    ///
    /// # Errors
    /// [`crate::Error::Cancelled`].
    pub async fn fit(
        train: &Sequences,
        validation: &[Target],
        catalogue: &Catalogue,
        seed: u64,
        observer: &mut impl Observer,
    ) -> Result<Blend> {
        let members = Members::fit(train, catalogue, observer).await?;
        let counts = train.counts();
        let ranker = ItemRanker::new(&counts);
        let some = thinned(validation, MAX_CHOICE);
        let weights = pick_weights(&members, train, &some, &ranker, observer).await?;
        let trees = learn(train, catalogue, &weights, seed, observer).await?;
        let mut blend = Blend { members, weights, trees, used: 0, counts, seed };
        blend.used = blend.pick_trees(train, &some, &ranker, observer).await?;
        Ok(blend)
    }

    /// With weights and number of trees as they are, everything else learned anew from `sequences`.
    ///
    /// # Errors
    /// [`crate::Error::Cancelled`].
    pub async fn refit(
        &self,
        sequences: &Sequences,
        catalogue: &Catalogue,
        observer: &mut impl Observer,
    ) -> Result<Blend> {
        let members = Members::fit(sequences, catalogue, observer).await?;
        let trees = learn(sequences, catalogue, &self.weights, self.seed, observer).await?;
        Ok(Blend { members, trees, counts: sequences.counts(), ..self.clone() })
    }

    /// A ranker of equals and room for [`Blend::scores`].
    pub fn room(&self) -> (ItemRanker, Evidence) {
        (ItemRanker::new(&self.counts), Evidence::new(self.counts.len()))
    }

    /// Scores of all items: those of the candidates are above all others and ordered by the trees.
    pub fn scores(
        &self,
        user: Option<u32>,
        input: Sequence<'_>,
        (ranker, evidence): &mut (ItemRanker, Evidence),
        scores: &mut [f32],
    ) {
        evidence.score(&self.members, user, input);
        scores.copy_from_slice(evidence.sums(&self.weights));
        if self.used == 0 {
            return;
        }
        evidence.gather(&self.members, &self.weights, input, ranker, CANDIDATES);
        let above: f32 = self.weights.iter().sum();
        for (&item, numbers) in evidence.candidates.iter().zip(evidence.numbers.chunks_exact(EVIDENCE)) {
            // The trees' score is a logarithm of odds; its logistic lies between 0 and 1.
            scores[item as usize] = above + 1.0 / (1.0 + libm::expf(-self.trees.score(numbers, self.used)));
        }
    }

    /// What was picked on validation.
    pub fn chosen(&self) -> serde_json::Value {
        let weights: Vec<(&str, f32)> = MEMBER_NAMES.into_iter().zip(self.weights).collect();
        serde_json::json!({ "weights": weights, "trees": self.used })
    }

    async fn pick_trees(
        &self,
        inputs: &Sequences,
        targets: &[Target],
        ranker: &ItemRanker,
        observer: &mut impl Observer,
    ) -> Result<usize> {
        let mut evidence = Evidence::new(inputs.items());
        let mut sums = [0.0_f64; TREE_COUNTS.len()];
        for (index, target) in targets.iter().enumerate() {
            let input = inputs.user(target.user as usize);
            evidence.score(&self.members, Some(target.user), input);
            evidence.gather(&self.members, &self.weights, input, ranker, CANDIDATES);
            if let Some(at) = evidence.candidates.iter().position(|&item| item == target.item) {
                for (sum, count) in sums.iter_mut().zip(TREE_COUNTS) {
                    let score = |row: &[f32]| self.trees.score(row, count);
                    let scores: Vec<f32> = evidence.numbers.chunks_exact(EVIDENCE).map(score).collect();
                    let before =
                        |(other, &score): (usize, &f32)| score > scores[at] || (score == scores[at] && other < at);
                    let ahead = scores.iter().enumerate().filter(|&one| before(one)).count();
                    *sum += if ahead < 10 { 1.0 / ((ahead + 2) as f64).log2() } else { 0.0 };
                }
            }
            if index % 32 == 31 {
                cancellable(observer).await?;
            }
        }
        let mut best = (f64::NEG_INFINITY, 0);
        for (sum, count) in sums.into_iter().zip(TREE_COUNTS) {
            if sum > best.0 {
                best = (sum, count);
            }
        }
        Ok(best.1)
    }
}

/// Events of each sequence that the trees learn to foretell: more where there are few users, and no more than a fifth of
/// a usual sequence.
fn held_out(sequences: &Sequences) -> u32 {
    let users = sequences.iter().filter(|sequence| sequence.items.len() > 1).count().max(1);
    let usual = sequences.len() / users;
    ENOUGH_TARGETS.div_ceil(users).min(usual / 5).clamp(1, 12) as u32
}

async fn learn(
    sequences: &Sequences,
    catalogue: &Catalogue,
    weights: &[f32; MEMBERS],
    seed: u64,
    observer: &mut impl Observer,
) -> Result<Trees> {
    use rand::{RngExt, SeedableRng};

    let back = held_out(sequences);
    let earlier = sequences.without_last(back);
    let members = Members::fit(&earlier, catalogue, observer).await?;
    let ranker = ItemRanker::new(&earlier.counts());
    let mut random = rand_pcg::Pcg64Mcg::seed_from_u64(seed);
    let mut evidence = Evidence::new(sequences.items());
    let mut lists = Lists::new(EVIDENCE);
    let mut rows = Vec::new();
    for step in (1..=back).rev() {
        let inputs = sequences.without_last(step);
        let targets = thinned(&sequences.targets(step as usize - 1), MOST_TARGETS / back as usize);
        for (index, target) in targets.iter().enumerate() {
            let input = inputs.user(target.user as usize);
            evidence.score(&members, Some(target.user), input);
            evidence.gather(&members, weights, input, &ranker, CANDIDATES);
            if let Some(at) = evidence.candidates.iter().position(|&item| item == target.item) {
                let keep = OTHERS as f64 / evidence.candidates.len().max(OTHERS + 1) as f64;
                rows.clear();
                rows.extend_from_slice(&evidence.numbers[at * EVIDENCE..(at + 1) * EVIDENCE]);
                for (other, numbers) in evidence.numbers.chunks_exact(EVIDENCE).enumerate() {
                    if other != at && random.random_bool(keep) {
                        rows.extend_from_slice(numbers);
                    }
                }
                lists.push(&rows, 0);
            }
            if index % 32 == 31 {
                cancellable(observer).await?;
            }
        }
    }
    let mut trees = Trees::none();
    let mut boosting = Boosting::new(&lists, TREES, seed);
    for _ in 0..TREES.trees {
        boosting.grow(&mut trees);
        cancellable(observer).await?;
    }
    Ok(trees)
}

/// Every n-th of the targets, so that no more than `most` are left.
fn thinned(targets: &[Target], most: usize) -> Vec<Target> {
    targets.iter().step_by(targets.len().div_ceil(most.max(1)).max(1)).copied().collect()
}

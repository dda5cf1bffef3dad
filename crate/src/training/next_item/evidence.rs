//! What speaks for each of a user's best candidates: the numbers that the blend's trees look at.

use super::{ItemRanker, MEMBERS, Members, Sequence};
use crate::graph::Csr;

/// Numbers of a candidate.
pub const EVIDENCE: usize = 17 + 2 * MEMBERS;

/// The candidates of an input, with room that is used again for the next.
#[derive(Debug)]
pub struct Evidence {
    scores: [Vec<f32>; MEMBERS],
    /// Largest score of each member.
    most: [f32; MEMBERS],
    sums: Vec<f32>,
    /// Items with the largest weighted sums, best first.
    pub candidates: Vec<u32>,
    /// Candidates × [`EVIDENCE`], row-major.
    pub numbers: Vec<f32>,
}

impl Evidence {
    /// Room for a number of items.
    pub fn new(items: usize) -> Evidence {
        Evidence {
            scores: std::array::from_fn(|_| vec![0.0; items]),
            most: [0.0; MEMBERS],
            sums: vec![0.0; items],
            candidates: Vec::new(),
            numbers: Vec::new(),
        }
    }

    /// Every member's scores for an input.
    pub fn score(&mut self, members: &Members, user: Option<u32>, input: Sequence<'_>) {
        members.scores(user, input, &mut self.scores);
        for (most, scores) in self.most.iter_mut().zip(&self.scores) {
            *most = scores.iter().copied().fold(0.0, f32::max).max(1e-9);
        }
    }

    /// Each member's score of an item, divided by its largest.
    pub fn shares(&self, item: u32) -> [f32; MEMBERS] {
        std::array::from_fn(|member| self.scores[member][item as usize] / self.most[member])
    }

    /// The `count` items that a member scores best.
    pub fn best_of(&self, member: usize, excluded: &[u32], ranker: &ItemRanker, count: usize) -> Vec<u32> {
        ranker.top(&self.scores[member], excluded, count)
    }

    /// Weighted sum of all members' shares for every item.
    pub fn sums(&mut self, weights: &[f32; MEMBERS]) -> &[f32] {
        self.sums.fill(0.0);
        for ((scores, most), weight) in self.scores.iter().zip(self.most).zip(weights) {
            if *weight > 0.0 {
                self.sums.iter_mut().zip(scores).for_each(|(sum, score)| *sum += weight / most * score);
            }
        }
        &self.sums
    }

    /// Picks the `count` items with the largest weighted sums and takes their numbers. After [`Evidence::score`].
    pub fn gather(
        &mut self,
        members: &Members,
        weights: &[f32; MEMBERS],
        input: Sequence<'_>,
        ranker: &ItemRanker,
        count: usize,
    ) {
        self.sums(weights);
        self.candidates = ranker.top(&self.sums, input.items, count);
        self.numbers.clear();
        let Some((&last, before)) = input.items.split_last() else {
            self.candidates.clear();
            return;
        };
        let second = before.last().copied();
        let or_second = |value: &dyn Fn(u32) -> f32| second.map_or(0.0, value);
        let popularity = members.popularity.scores();
        let length = input.items.len() as f32;
        let usual = input.items.iter().map(|&item| popularity[item as usize]).sum::<f32>() / length;
        let coherence = or_second(&|second| members.content.cosine(last, second));
        let best = self.candidates.first().map_or(1.0, |&item| self.sums[item as usize].max(1e-9));
        for (rank, &item) in self.candidates.iter().enumerate() {
            let from = |matrix: &Csr, other: u32| value(matrix, other, item);
            self.numbers.extend([self.sums[item as usize] / best, rank as f32]);
            self.numbers.extend(self.scores.iter().map(|scores| scores[item as usize]));
            self.numbers.extend(self.shares(item));
            let alike = |&other: &u32| members.content.cosine(other, item);
            let near = input.items.iter().filter(|&&other| from(&members.item, other) > 0.0).count();
            let transitions = &members.transitions.matrix;
            self.numbers.extend([
                members.lateness[item as usize],
                from(transitions, last),
                or_second(&|second| from(transitions, second)),
                value(transitions, item, last),
                alike(&last),
                or_second(&|second| alike(&second)),
                input.items.iter().map(alike).fold(0.0, f32::max),
                from(&members.item, last),
                or_second(&|second| from(&members.item, second)),
                near as f32,
                from(&members.closed.matrix, last),
                length,
                usual,
                coherence,
                popularity[item as usize] - usual,
            ]);
        }
    }
}

fn value(matrix: &Csr, row: u32, column: u32) -> f32 {
    let (columns, values) = matrix.row(row as usize);
    columns.binary_search(&column).ok().and_then(|at| values.get(at)).copied().unwrap_or(0.0)
}

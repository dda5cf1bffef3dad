//! What a ranker of candidates learns from, and what it is chosen by: lists of candidates of which one came next.

use std::ops::Range;

use rand::{RngExt, SeedableRng};

use super::{
    CANDIDATES, Catalogue, EVIDENCE, Evidence, ItemRanker, Lists, MEMBERS, Members, Relations, Sequences, Target,
    cancellable, item_network::Rows,
};
use crate::{Result, training::Observer};

/// Candidates of a train list beside the chosen one, at most: drawn at random.
const OTHERS: usize = 50;
/// Lists that are learned from: so many are looked for, and no more users than `MOST_TARGETS` are asked.
const ENOUGH_TARGETS: usize = 8_000;
const MOST_TARGETS: usize = 24_000;

/// Lists of candidates that hold the item that came next, with the evidence for each candidate.
#[derive(Debug)]
pub(super) struct HeldOut {
    /// The evidence.
    pub lists: Lists,
    /// The item of each row.
    pub items: Vec<u32>,
    /// The user of each list.
    pub users: Vec<u32>,
    /// What goes with what, as far as was known before the first event that was held out.
    pub relations: Relations,
}

impl HeldOut {
    /// Holds out the last events of each sequence, one after the other: members fitted on all that came before it
    /// foretell the event. The chosen item comes first in its list, the others are a sample of the candidates.
    ///
    /// # Errors
    /// [`crate::Error::Cancelled`].
    pub async fn of(
        sequences: &Sequences,
        catalogue: &Catalogue,
        weights: &[f32; MEMBERS],
        seed: u64,
        observer: &mut impl Observer,
    ) -> Result<HeldOut> {
        let back = depth(sequences);
        let mut random = rand_pcg::Pcg64Mcg::seed_from_u64(seed);
        let mut evidence = Evidence::new(sequences.items());
        let (mut lists, mut items, mut users) = (Lists::new(EVIDENCE), Vec::new(), Vec::new());
        let (mut relations, mut rows) = (None, Vec::new());
        for step in (1..=back).rev() {
            let inputs = sequences.without_last(step);
            let members = Members::fit(&inputs, catalogue, observer).await?;
            relations.get_or_insert_with(|| members.relations());
            let ranker = ItemRanker::new(&inputs.counts());
            let targets = thinned(&sequences.targets(step as usize - 1), MOST_TARGETS / back as usize);
            for (index, target) in targets.iter().enumerate() {
                let input = inputs.user(target.user as usize);
                evidence.score(&members, Some(target.user), input);
                evidence.gather(&members, weights, input, &ranker, CANDIDATES);
                if let Some(at) = evidence.candidates.iter().position(|&item| item == target.item) {
                    let keep = OTHERS as f64 / evidence.candidates.len().max(OTHERS + 1) as f64;
                    rows.clear();
                    rows.extend_from_slice(&evidence.numbers[at * EVIDENCE..(at + 1) * EVIDENCE]);
                    items.push(target.item);
                    let candidates = evidence.candidates.iter().zip(evidence.numbers.chunks_exact(EVIDENCE));
                    for (&item, numbers) in candidates {
                        if item != target.item && random.random_bool(keep) {
                            rows.extend_from_slice(numbers);
                            items.push(item);
                        }
                    }
                    lists.push(&rows, 0);
                    users.push(target.user);
                }
                if index % 32 == 31 {
                    cancellable(observer).await?;
                }
            }
        }
        Ok(HeldOut { lists, items, users, relations: relations.unwrap_or_default() })
    }

    /// What follows on `inputs`, with all candidates in the order of the weighted sum; only targets that are among them.
    ///
    /// # Errors
    /// [`crate::Error::Cancelled`].
    pub async fn after(
        inputs: &Sequences,
        targets: &[Target],
        members: &Members,
        weights: &[f32; MEMBERS],
        observer: &mut impl Observer,
    ) -> Result<HeldOut> {
        let ranker = ItemRanker::new(&inputs.counts());
        let mut evidence = Evidence::new(inputs.items());
        let (mut lists, mut items, mut users) = (Lists::new(EVIDENCE), Vec::new(), Vec::new());
        for (index, target) in targets.iter().enumerate() {
            let input = inputs.user(target.user as usize);
            evidence.score(members, Some(target.user), input);
            evidence.gather(members, weights, input, &ranker, CANDIDATES);
            if let Some(at) = evidence.candidates.iter().position(|&item| item == target.item) {
                lists.push(&evidence.numbers, at);
                items.extend_from_slice(&evidence.candidates);
                users.push(target.user);
            }
            if index % 32 == 31 {
                cancellable(observer).await?;
            }
        }
        Ok(HeldOut { lists, items, users, relations: members.relations() })
    }

    /// Number of lists.
    pub fn len(&self) -> usize {
        self.users.len()
    }

    /// Evidence and items of each list.
    pub fn rows(&self) -> impl Iterator<Item = Rows<'_>> + '_ {
        let width = self.lists.width;
        let numbers = move |rows: &Range<usize>| &self.lists.features[rows.start * width..rows.end * width];
        self.lists.iter().map(move |(rows, _)| (numbers(&rows), &self.items[rows]))
    }
}

/// Events of each sequence that are held out: more where there are few users, and no more than a fifth of a usual
/// sequence.
fn depth(sequences: &Sequences) -> u32 {
    let users = sequences.iter().filter(|sequence| sequence.items.len() > 1).count().max(1);
    let usual = sequences.len() / users;
    ENOUGH_TARGETS.div_ceil(users).min(usual / 5).clamp(1, 12) as u32
}

/// Every n-th of the targets, so that no more than `most` are left.
pub(super) fn thinned(targets: &[Target], most: usize) -> Vec<Target> {
    targets.iter().step_by(targets.len().div_ceil(most.max(1)).max(1)).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{graph::Csr, training::Silent};

    /// 40 users walk around a circle of 20 items, each from a place of its own.
    fn circle() -> Sequences {
        let walk = |user: u32| (0..12).map(|step| (user * 3 + step) % 20).collect();
        Sequences::new(20, &(0..40).map(walk).collect::<Vec<_>>()).unwrap()
    }

    fn held_out(sequences: &Sequences) -> HeldOut {
        let catalogue = Catalogue::new(Csr::from_triplets(20, 0, Vec::new()));
        let weights = [1.0; MEMBERS];
        pollster::block_on(HeldOut::of(sequences, &catalogue, &weights, 1, &mut Silent)).unwrap()
    }

    #[test]
    fn each_list_begins_with_what_came_next_and_holds_nothing_of_the_input() {
        let sequences = circle();
        assert_eq!(depth(&sequences), 2);
        let found = held_out(&sequences);
        assert_eq!(found.lists.rows(), found.items.len());
        assert_eq!(found.lists.iter().count(), 80);
        for (index, (rows, chosen)) in found.lists.iter().enumerate() {
            // First the last but one of every user, then the last.
            let (user, place) = (index % 40, 10 + index / 40);
            let sequence = sequences.user(user).items;
            assert_eq!((rows.start, found.items[rows.start]), (chosen, sequence[place]));
            assert!(found.items[rows].iter().all(|item| !sequence[..place].contains(item)));
        }
    }

    #[test]
    fn what_is_held_out_says_nothing_about_the_evidence() {
        // Whatever comes last, the lists of the event before it are the same.
        let sequences = circle();
        let other: Vec<Vec<u32>> =
            sequences.iter().map(|one| [&one.items[..11], &[(one.items[0] + 15) % 20]].concat()).collect();
        let (a, b) = (held_out(&sequences), held_out(&Sequences::new(20, &other).unwrap()));
        let rows = a.lists.ends[39];
        assert_eq!(a.lists.features[..rows * EVIDENCE], b.lists.features[..rows * EVIDENCE]);
        assert_eq!((&a.items[..rows], a.relations), (&b.items[..rows], b.relations));
    }
}

//! Sparse matrices of the graph network.

use super::ItemGraphOptions;
use crate::{
    Result,
    graph::Csr,
    nn::{DIRECTIONS, Device, Sparse},
    training::next_item::Sequences,
};

/// Weight that an item loses with each place between it and its neighbour.
const STEP: f32 = 0.7;
/// Items of the past that a pool looks at.
const POOLED: usize = 50;

/// How items follow on each other in the sequences of some users: the weights of what comes before each item and of what
/// comes after it, divided by the root of the neighbour's sum; then each row sums to 1 or is empty.
pub(super) fn graph(
    sequences: &Sequences,
    options: &ItemGraphOptions,
    mut of: impl FnMut(u32) -> bool,
) -> [Csr; DIRECTIONS] {
    let items = sequences.items();
    let mut entries = Vec::new();
    for (user, sequence) in sequences.iter().enumerate() {
        if !of(user as u32) {
            continue;
        }
        for (place, &item) in sequence.items.iter().enumerate() {
            let mut weight = 1.0;
            for &next in sequence.items.iter().skip(place + 1).take(options.reach) {
                entries.push((next, item, weight));
                weight *= STEP;
            }
        }
    }
    let before = Csr::from_triplets(items, items, entries);
    let after = before.transpose();
    [before, after].map(|matrix| matrix.normalised_symmetric().top(options.neighbours).normalised_rows())
}

/// The pools of pasts, one matrix for each decay: rows sum to 1, or are 0 for an empty past.
///
/// # Errors
/// As [`Sparse::pool`].
pub(super) fn pools(pasts: &[&[u32]], items: usize, decays: &[f32], device: &Device) -> Result<Vec<Sparse>> {
    let pool = |&decay: &f32| {
        let list = |past: &&[u32]| {
            let mut weight = 1.0;
            let mut list: Vec<(u32, f32)> = Vec::new();
            for &item in past.iter().rev().take(POOLED) {
                list.push((item, weight));
                weight *= decay;
                if weight < 1e-3 {
                    break;
                }
            }
            let total: f32 = list.iter().map(|entry| entry.1).sum();
            list.iter_mut().for_each(|entry| entry.1 /= total);
            list
        };
        Sparse::pool(pasts.iter().map(list), items, device)
    };
    decays.iter().map(pool).collect()
}

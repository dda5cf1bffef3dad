//! Sorting with one copy of the algorithm for all types.

use std::cmp::Ordering;

/// Sorts like the methods of slices of similar names, and stably. Each of those brings its own copy of the algorithm for every
/// type and comparison, some kilobytes each; here all share one, which is slower where comparing is cheap. For lists that
/// are short, or sorted once.
pub trait Order<T> {
    /// As `sort_by`.
    fn order_by(&mut self, compare: impl FnMut(&T, &T) -> Ordering);

    /// As `sort_by_key`.
    fn order_by_key<K: Ord>(&mut self, key: impl FnMut(&T) -> K);
}

impl<T> Order<T> for [T] {
    fn order_by(&mut self, mut compare: impl FnMut(&T, &T) -> Ordering) {
        let mut places = places(self.len(), &mut |a, b| compare(&self[a], &self[b]));
        // Each place takes what belongs there; what was there goes on along the cycle.
        for start in 0..places.len() {
            let mut at = start;
            while places[at] != start {
                let from = std::mem::replace(&mut places[at], at);
                self.swap(at, from);
                at = from;
            }
            places[at] = at;
        }
    }

    fn order_by_key<K: Ord>(&mut self, mut key: impl FnMut(&T) -> K) {
        self.order_by(|a, b| key(a).cmp(&key(b)));
    }
}

/// What belongs at each place of a list of `length` entries.
fn places(length: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    let mut places: Vec<usize> = (0..length).collect();
    places.sort_by(|&a, &b| compare(a, b));
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lists of every length up to 40 with few different keys, from a fixed sequence (Knuth's MMIX generator).
    #[test]
    fn order_is_that_of_the_stable_sort() {
        let mut state = 1_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % 7
        };
        for length in (0..40).cycle().take(4_000) {
            let list: Vec<(u64, usize)> = (0..length).map(|index| (next(), index)).collect();
            let (mut expected, mut by_key, mut by) = (list.clone(), list.clone(), list);
            expected.sort_by_key(|entry| entry.0);
            by_key.order_by_key(|entry| entry.0);
            by.order_by(|a, b| a.0.cmp(&b.0));
            assert_eq!((&by_key, &by), (&expected, &expected));
        }
    }
}

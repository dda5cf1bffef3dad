//! What each user did, in order.

use std::ops::Range;

use crate::{Error, Result};

/// The items of every user in order of time, with times and kinds where they are known. Users keep their number
/// throughout: a prefix of the sequences ([`Sequences::without_last`]) has the same users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sequences {
    items: usize,
    /// Each user's range in the columns.
    ranges: Vec<Range<u32>>,
    item: Vec<u32>,
    /// Unix seconds; empty where they are not known.
    time: Vec<u32>,
    /// Kind ids of the log; empty where they are not known.
    kind: Vec<u8>,
}

/// The sequence of one user, oldest first; all columns have the same length, unknown ones none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sequence<'a> {
    /// Numbers of the items.
    pub items: &'a [u32],
    /// Unix seconds.
    pub times: &'a [u32],
    /// Kind ids.
    pub kinds: &'a [u8],
}

impl Sequences {
    /// From the items of each user, over `items` items.
    ///
    /// # Errors
    /// [`Error::Parameter`] for an item that is not below `items`.
    pub fn new(items: usize, users: &[Vec<u32>]) -> Result<Sequences> {
        let mut out = Sequences::empty(items);
        for user in users {
            if let Some(item) = user.iter().find(|&&item| item as usize >= items) {
                return Err(Error::Parameter { name: "item", hint: format!("{item} of {items}") });
            }
            out.push(user, &[], &[]);
        }
        Ok(out)
    }

    /// Without users, over `items` items.
    pub(super) fn empty(items: usize) -> Sequences {
        Sequences { items, ranges: Vec::new(), item: Vec::new(), time: Vec::new(), kind: Vec::new() }
    }

    /// Adds a user.
    pub(super) fn push(&mut self, items: &[u32], times: &[u32], kinds: &[u8]) {
        let start = self.item.len() as u32;
        self.item.extend_from_slice(items);
        self.time.extend_from_slice(times);
        self.kind.extend_from_slice(kinds);
        self.ranges.push(start..self.item.len() as u32);
    }

    /// Number of items, whether they occur or not.
    pub fn items(&self) -> usize {
        self.items
    }

    /// Number of users.
    pub fn users(&self) -> usize {
        self.ranges.len()
    }

    /// Number of events.
    pub fn len(&self) -> usize {
        self.ranges.iter().map(|range| range.len()).sum()
    }

    /// Whether nobody did anything.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The sequence of a user; empty for a user that is not there.
    pub fn user(&self, user: usize) -> Sequence<'_> {
        let Some(range) = self.ranges.get(user) else { return Sequence::default() };
        let range = range.start as usize..range.end as usize;
        Sequence {
            items: &self.item[range.clone()],
            times: self.time.get(range.clone()).unwrap_or_default(),
            kinds: self.kind.get(range).unwrap_or_default(),
        }
    }

    /// All users' sequences.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Sequence<'_>> {
        (0..self.users()).map(|user| self.user(user))
    }

    /// Every user's sequence without its last `count` events.
    pub fn without_last(&self, count: u32) -> Sequences {
        let mut out = self.clone();
        for range in &mut out.ranges {
            range.end = range.end.saturating_sub(count).max(range.start);
        }
        out
    }

    /// The first events of some users, as many as each pair says, as the sequences of users 0, 1, 2, … in that order: what
    /// was known at certain moments.
    pub fn prefixes(&self, moments: impl IntoIterator<Item = (u32, usize)>) -> Sequences {
        let prefix = |(user, events): (u32, usize)| {
            let own = self.ranges.get(user as usize).cloned().unwrap_or(0..0);
            own.start..own.end.min(own.start.saturating_add(events as u32))
        };
        Sequences { ranges: moments.into_iter().map(prefix).collect(), ..self.clone() }
    }

    /// The same users, all without events but one, of whose events those stay that `keep` accepts by their place.
    pub fn alone(&self, user: usize, keep: impl Fn(usize) -> bool) -> Sequences {
        let own = self.user(user);
        fn kept<T: Copy>(column: &[T], keep: impl Fn(usize) -> bool) -> Vec<T> {
            column.iter().enumerate().filter(|&(place, _)| keep(place)).map(|(_, &value)| value).collect()
        }
        let mut out = Sequences::empty(self.items);
        out.ranges = vec![0..0; user.min(self.users())];
        out.push(&kept(own.items, &keep), &kept(own.times, &keep), &kept(own.kinds, &keep));
        let end = out.item.len() as u32;
        out.ranges.resize(self.users().max(out.ranges.len()), end..end);
        out
    }

    /// The same users; those with fewer than `events` events have none.
    pub fn at_least(&self, events: usize) -> Sequences {
        let mut out = self.clone();
        for range in out.ranges.iter_mut().filter(|range| range.len() < events) {
            range.end = range.start;
        }
        out
    }

    /// The same users; all but `users`, in ascending order, have no events.
    pub fn only(&self, users: &[u32]) -> Sequences {
        let mut out = self.clone();
        for (user, range) in (0..).zip(&mut out.ranges) {
            if users.binary_search(&user).is_err() {
                range.end = range.start;
            }
        }
        out
    }

    /// Every user's event `back` places before the last (0: the last), for the users that have an event there.
    pub fn targets(&self, back: usize) -> Vec<Target> {
        let target = |(user, sequence): (usize, Sequence<'_>)| {
            let item = *sequence.items.iter().rev().nth(back)?;
            Some(Target { user: user as u32, item })
        };
        self.iter().enumerate().filter_map(target).collect()
    }

    /// How often each item occurs.
    pub fn counts(&self) -> Vec<u32> {
        let mut counts = vec![0; self.items];
        for sequence in self.iter() {
            for &item in sequence.items {
                counts[item as usize] += 1;
            }
        }
        counts
    }
}

/// The item that a user did next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target {
    /// Number of the user.
    pub user: u32,
    /// Number of the item.
    pub item: u32,
}

/// Events that a user needs to be scored: one to go by, one to choose on, one to test on (PROTOCOL.md, LLO).
pub const MIN_LENGTH: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    fn sequences() -> Sequences {
        Sequences::new(9, &[vec![1, 2, 3, 4], vec![5], vec![6, 7, 8]]).unwrap()
    }

    #[test]
    fn leaving_the_last_out_keeps_the_users() {
        let all = sequences();
        let (train, input) = (all.without_last(2), all.without_last(1));
        assert_eq!(train.iter().map(|s| s.items.to_vec()).collect::<Vec<_>>(), [vec![1, 2], vec![], vec![6]]);
        assert_eq!(input.iter().map(|s| s.items.to_vec()).collect::<Vec<_>>(), [vec![1, 2, 3], vec![], vec![6, 7]]);
        assert_eq!((all.users(), train.users(), train.len(), all.len()), (3, 3, 3, 8));
        assert_eq!(all.without_last(99).len(), 0);
        assert_eq!((all.user(7), all.user(1).items), (Sequence::default(), &[5][..]));
    }

    #[test]
    fn targets_are_the_last_and_the_last_but_one() {
        let at = |user, item| Target { user, item };
        let long = sequences().at_least(MIN_LENGTH);
        assert_eq!((long.users(), long.len()), (3, 7));
        assert_eq!(long.targets(0), [at(0, 4), at(2, 8)]);
        assert_eq!(long.targets(1), [at(0, 3), at(2, 7)]);
        assert_eq!(sequences().targets(0), [at(0, 4), at(1, 5), at(2, 8)]);
        assert_eq!(sequences().targets(3), [at(0, 1)]);
    }

    #[test]
    fn others_have_no_events() {
        let some = sequences().only(&[0, 1]);
        assert_eq!(some.iter().map(|s| s.items.len()).collect::<Vec<_>>(), [4, 1, 0]);
        assert_eq!((some.users(), some.targets(0).len()), (3, 2));
    }

    #[test]
    fn prefixes_are_what_was_known() {
        let known = sequences().prefixes([(2, 1), (0, 99), (0, 2), (7, 1)]);
        let items: Vec<&[u32]> = known.iter().map(|sequence| sequence.items).collect();
        assert_eq!(items, [&[6][..], &[1, 2, 3, 4], &[1, 2], &[]]);
    }

    #[test]
    fn an_item_out_of_range_is_refused() {
        assert!(matches!(Sequences::new(5, &[vec![5]]), Err(Error::Parameter { .. })));
        assert_eq!(Sequences::new(6, &[vec![5, 5, 0]]).unwrap().counts(), [1, 0, 0, 0, 0, 2]);
    }
}

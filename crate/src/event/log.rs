//! The log itself.

use std::ops::Range;

use super::{Dictionary, ItemTable, KindTable, NONE};

/// One event, as indices into the log's tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Event {
    /// Id in [`Log::users`].
    pub user: u32,
    /// Entry in [`Log::items`].
    pub item: u32,
    /// Unix seconds, UTC (1970 to 2106).
    pub time: u32,
    /// Id in [`Log::kinds`].
    pub kind: u8,
    /// Id in [`Log::platforms`]; 0 is the unnamed one.
    pub platform: u8,
}

/// A behaviour log as columns: 14 bytes an event plus dictionaries.
///
/// While it is read, events stand in the order of the files; [`Log::sort`] orders them by user, then time, then place in
/// the files, after which [`Log::user_events`] gives each user's events as one range.
#[derive(Debug, Clone, Default)]
pub struct Log {
    pub(super) user: Vec<u32>,
    pub(super) item: Vec<u32>,
    pub(super) time: Vec<u32>,
    pub(super) kind: Vec<u8>,
    pub(super) platform: Vec<u8>,
    /// Offsets of each user's events, `users.len() + 1` of them; empty until the log is sorted.
    starts: Vec<u32>,
    /// User names.
    pub users: Dictionary,
    /// Items with their domains.
    pub items: ItemTable,
    /// Interest domains.
    pub domains: Dictionary,
    /// Event kinds with their weights.
    pub kinds: KindTable,
    /// Platform names.
    pub platforms: Dictionary,
    /// Directed social edges between user ids, in the order of the files.
    pub edges: Vec<(u32, u32)>,
}

impl Log {
    /// An empty log.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an event at the end. The log counts as unsorted afterwards.
    pub fn push(&mut self, event: Event) {
        self.user.push(event.user);
        self.item.push(event.item);
        self.time.push(event.time);
        self.kind.push(event.kind);
        self.platform.push(event.platform);
        self.starts.clear();
    }

    /// The event at `index`, if there is one.
    pub fn get(&self, index: usize) -> Option<Event> {
        Some(Event {
            user: *self.user.get(index)?,
            item: *self.item.get(index)?,
            time: *self.time.get(index)?,
            kind: *self.kind.get(index)?,
            platform: *self.platform.get(index)?,
        })
    }

    /// All events in their present order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Event> + '_ {
        self.slice(0..self.len())
    }

    /// The events of a range of indices (cut to what is there).
    pub fn slice(&self, range: Range<usize>) -> impl ExactSizeIterator<Item = Event> + '_ {
        let end = range.end.min(self.len());
        let range = range.start.min(end)..end;
        let columns = self.user[range.clone()].iter().zip(&self.item[range.clone()]).zip(&self.time[range.clone()]);
        columns
            .zip(&self.kind[range.clone()])
            .zip(&self.platform[range])
            .map(|((((&user, &item), &time), &kind), &platform)| Event { user, item, time, kind, platform })
    }

    /// Bytes in memory, about: 14 an event, 4 an offset, 8 an item and an edge; a string its length and some 24 for its place
    /// and hash.
    pub fn bytes_in_memory(&self) -> usize {
        let strings = self.users.iter().chain(self.domains.iter()).map(|name| name.len() + 24).sum::<usize>();
        let items: usize = (0..self.items.len() as u32)
            .map(|item| self.items.name(item).len() + 36 + self.items.title(item).map_or(0, |title| title.len() + 32))
            .sum();
        14 * self.len() + 4 * self.users.len() + 8 * self.edges.len() + strings + items
    }

    /// Number of events.
    pub fn len(&self) -> usize {
        self.user.len()
    }

    /// Whether there are no events.
    pub fn is_empty(&self) -> bool {
        self.user.is_empty()
    }

    /// Unix seconds of each event, in their present order.
    pub fn times(&self) -> &[u32] {
        &self.time
    }

    /// Domain of each event's item is looked up here: [`NONE`] where it has none.
    pub fn domain_of(&self, event: &Event) -> u32 {
        self.items.domain(event.item)
    }

    /// First and last time in Unix seconds, or `None` for an empty log.
    pub fn span(&self) -> Option<(u32, u32)> {
        Some((*self.time.iter().min()?, *self.time.iter().max()?))
    }

    /// The events that `keep` accepts (by index and event), sorted, with this log's tables.
    pub fn filtered(&self, mut keep: impl FnMut(usize, &Event) -> bool) -> Log {
        let mut out = Log {
            users: self.users.clone(),
            items: self.items.clone(),
            domains: self.domains.clone(),
            kinds: self.kinds.clone(),
            platforms: self.platforms.clone(),
            edges: self.edges.clone(),
            ..Log::default()
        };
        for (index, event) in self.iter().enumerate() {
            if keep(index, &event) {
                out.push(event);
            }
        }
        out.sort();
        out
    }

    /// Orders the events by user, then time; equal times keep their order. Stable, O(n log m) for m events a user.
    pub fn sort(&mut self) {
        let users = self.users.len().max(self.user.iter().max().map_or(0, |&user| user as usize + 1));
        let mut starts = vec![0u32; users + 1];
        for &user in &self.user {
            starts[user as usize + 1] += 1;
        }
        for index in 1..starts.len() {
            starts[index] += starts[index - 1];
        }
        let mut next = starts.clone();
        let mut order = vec![0u32; self.len()];
        for (index, &user) in self.user.iter().enumerate() {
            let slot = &mut next[user as usize];
            order[*slot as usize] = index as u32;
            *slot += 1;
        }
        for user in 0..users {
            order[starts[user] as usize..starts[user + 1] as usize].sort_by_key(|&index| self.time[index as usize]);
        }
        fn permute<T: Copy>(column: &[T], order: &[u32]) -> Vec<T> {
            order.iter().map(|&index| column[index as usize]).collect()
        }
        self.user = permute(&self.user, &order);
        self.item = permute(&self.item, &order);
        self.time = permute(&self.time, &order);
        self.kind = permute(&self.kind, &order);
        self.platform = permute(&self.platform, &order);
        self.starts = starts;
    }

    /// Whether [`Log::sort`] ran since the last change.
    pub fn is_sorted(&self) -> bool {
        !self.starts.is_empty()
    }

    /// Indices of a user's events in a sorted log; empty for an unknown user or an unsorted log.
    pub fn user_events(&self, user: u32) -> Range<usize> {
        match (self.starts.get(user as usize), self.starts.get(user as usize + 1)) {
            (Some(&start), Some(&end)) => start as usize..end as usize,
            _ => 0..0,
        }
    }

    /// Number of events without a domain.
    pub fn without_domain(&self) -> usize {
        self.iter().filter(|event| self.domain_of(event) == NONE).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(user: u32, time: u32, item: u32) -> Event {
        Event { user, item, time, kind: 0, platform: 0 }
    }

    #[test]
    fn sorting_groups_users_and_keeps_the_order_of_equal_times() {
        let mut log = Log::new();
        for user in ["a", "b", "c"] {
            log.users.intern(user);
        }
        for e in [event(2, 5, 0), event(0, 9, 1), event(2, 5, 2), event(0, 1, 3), event(2, 1, 4)] {
            log.push(e);
        }
        assert!(!log.is_sorted());
        log.sort();
        assert_eq!(log.iter().map(|e| e.item).collect::<Vec<_>>(), [3, 1, 4, 0, 2]);
        assert_eq!(
            (log.user_events(0), log.user_events(1), log.user_events(2), log.user_events(7)),
            (0..2, 2..2, 2..5, 0..0)
        );
        assert_eq!(log.span(), Some((1, 9)));
    }

    #[test]
    fn an_item_in_two_domains_keeps_both() {
        let mut items = ItemTable::default();
        let first = items.intern("x", NONE);
        assert_eq!(items.intern("x", 4), first);
        let second = items.intern("x", 5);
        assert_ne!(first, second);
        assert_eq!(items.intern("x", 5), second);
        assert_eq!(items.intern("x", NONE), first);
        assert_eq!(
            (items.domain(first), items.domain(second), items.base(second), items.name(second)),
            (4, 5, first, "x")
        );
        assert_eq!(items.variant_count(), 1);
    }
}

//! A smaller log out of a larger one.

use super::{Dictionary, Event, ItemTable, KindTable, Log, NONE};

/// New id of each old one, in the order of the old ones; [`NONE`] for those that go.
fn renumber(used: &[bool]) -> Vec<u32> {
    let mut next = 0;
    let number = |&used: &bool| {
        if !used {
            return NONE;
        }
        next += 1;
        next - 1
    };
    used.iter().map(number).collect()
}

fn mark(used: &mut [bool], id: u32) {
    if let Some(slot) = used.get_mut(id as usize) {
        *slot = true;
    }
}

fn lookup(ids: &[u32], old: u32) -> u32 {
    ids.get(old as usize).copied().unwrap_or(NONE)
}

/// The strings whose new id is not [`NONE`].
fn retained(dictionary: &Dictionary, ids: &[u32]) -> Dictionary {
    if !ids.contains(&NONE) {
        return dictionary.clone();
    }
    dictionary.iter().zip(ids).filter(|&(_, &id)| id != NONE).map(|(text, _)| text).collect()
}

impl Log {
    /// The events that `keep` accepts (by index and event), sorted, with tables that hold only what these events name:
    /// users, items, domains, kinds and platforms without events are gone, and so are edges one of whose ends has none.
    /// What stays keeps its order. [`Log::filtered`] keeps all tables instead, so that ids go on meaning the same.
    pub fn retained(&self, mut keep: impl FnMut(usize, &Event) -> bool) -> Log {
        let mut users = vec![false; self.users.len()];
        let mut items = vec![false; self.items.len()];
        let (mut kinds, mut platforms) = ([false; 256], [false; 256]);
        // The first platform is the unnamed one, whether or not it has events.
        platforms[0] = true;
        let mut kept = Vec::new();
        for (index, event) in self.iter().enumerate() {
            if keep(index, &event) {
                kept.push(index as u32);
                mark(&mut users, event.user);
                mark(&mut items, event.item);
                mark(&mut kinds, event.kind.into());
                mark(&mut platforms, event.platform.into());
            }
        }
        let users = renumber(&users);
        let kinds = renumber(&kinds[..self.kinds.len().min(256)]);
        let platforms = renumber(&platforms[..self.platforms.len().min(256)]);
        let mut out = Log::new();
        out.users = retained(&self.users, &users);
        out.kinds = self.retained_kinds(&kinds);
        out.platforms = retained(&self.platforms, &platforms);
        let items = self.retain_items(&items, &mut out);
        out.edges = self.edges.iter().map(|&(from, to)| (lookup(&users, from), lookup(&users, to))).collect();
        out.edges.retain(|&(from, to)| from != NONE && to != NONE);
        out.reserve(kept.len());
        for event in kept.into_iter().filter_map(|index| self.get(index as usize)) {
            out.push(Event {
                user: lookup(&users, event.user),
                item: lookup(&items, event.item),
                time: event.time,
                kind: u8::try_from(lookup(&kinds, event.kind.into())).unwrap_or_default(),
                platform: u8::try_from(lookup(&platforms, event.platform.into())).unwrap_or_default(),
            });
        }
        out.sort();
        out
    }

    fn reserve(&mut self, events: usize) {
        self.user.reserve_exact(events);
        self.item.reserve_exact(events);
        self.time.reserve_exact(events);
        self.kind.reserve_exact(events);
        self.platform.reserve_exact(events);
    }

    fn retained_kinds(&self, ids: &[u32]) -> KindTable {
        let weights = self.kinds.weights.iter().zip(ids).filter(|&(_, &id)| id != NONE).map(|(&weight, _)| weight);
        KindTable { weights: weights.collect(), names: retained(&self.kinds.names, ids) }
    }

    /// Puts the items that are used, and their domains, into `out`; returns the new entry of each old one.
    fn retain_items(&self, used: &[bool], out: &mut Log) -> Vec<u32> {
        let mut domains = vec![false; self.domains.len()];
        for item in (0..).zip(used).filter(|&(_, &used)| used).map(|(item, _)| item) {
            mark(&mut domains, self.items.domain(item));
        }
        let domains = renumber(&domains);
        out.domains = retained(&self.domains, &domains);
        let mut table = ItemTable::default();
        let mut entries = vec![NONE; used.len()];
        for (item, entry) in (0..).zip(&mut entries).filter(|&(item, _)| used.get(item as usize) == Some(&true)) {
            let name = self.items.name(item);
            *entry = table.intern(name, lookup(&domains, self.items.domain(item)));
            if let Some(title) = self.items.title(item) {
                table.set_title(name, title);
            }
        }
        out.items = table;
        entries
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn log(events: &[(u8, u8, u32, u8)]) -> Log {
        let mut log = Log::new();
        log.platforms.intern("");
        log.platforms.intern("app");
        for &(user, item, time, kind) in events {
            let domain = if item % 5 == 0 { NONE } else { log.domains.intern(&format!("d{}", (item ^ kind) % 3)) };
            let user = log.users.intern(&format!("u{}", user % 20));
            let item = log.items.intern(&format!("i{}", item % 40), domain);
            let kind = log.kinds.intern(&format!("k{}", kind % 7)).unwrap_or(0);
            log.push(Event { user, item, time, kind, platform: (time % 2) as u8 });
            log.edges.push((user, 0));
        }
        log.items.set_title("i3", "Three");
        log
    }

    /// Events with names instead of ids: user, item, title, domain, kind, platform, and the time.
    fn spelled(log: &Log, keep: impl Fn(&Event) -> bool) -> Vec<([&str; 6], u32)> {
        let names = |event: Event| {
            let domain = log.domains.name(log.domain_of(&event));
            let title = log.items.title(event.item).unwrap_or("-");
            let platform = log.platforms.name(event.platform.into());
            let (user, item) = (log.users.name(event.user), log.items.name(event.item));
            ([user, item, title, domain, log.kinds.name(event.kind), platform], event.time)
        };
        log.iter().filter(keep).map(names).collect()
    }

    proptest! {
        #[test]
        fn the_events_that_stay_say_the_same_and_nothing_else_is_left(
            events in prop::collection::vec(any::<(u8, u8, u32, u8)>(), 0..80), part in 1u32..5,
        ) {
            let log = log(&events);
            let keep = |event: &Event| event.user.is_multiple_of(part) && !event.time.is_multiple_of(3);
            let small = log.retained(|_, event| keep(event));
            prop_assert!(small.is_sorted());
            let (mut expected, mut found) = (spelled(&log, keep), spelled(&small, |_| true));
            expected.sort();
            found.sort();
            prop_assert_eq!(found, expected);
            let mut domains = vec![false; small.domains.len()];
            let mut kinds = vec![false; small.kinds.len()];
            for event in small.iter() {
                mark(&mut domains, small.domain_of(&event));
                kinds[usize::from(event.kind)] = true;
            }
            prop_assert!(domains.iter().chain(&kinds).all(|&used| used));
            prop_assert!((0..small.users.len() as u32).all(|user| !small.user_events(user).is_empty()));
            prop_assert!(small.edges.iter().all(|&(from, to)| from.max(to) < small.users.len() as u32));
        }
    }

    #[test]
    fn weights_of_kinds_stay_with_their_names() {
        let mut log = log(&[(1, 1, 1, 0), (2, 2, 2, 1), (3, 3, 4, 2)]);
        log.kinds.set_weight("k2", 7.5);
        let small = log.retained(|_, event| event.kind == 2);
        assert_eq!(small.kinds.iter().collect::<Vec<_>>(), [("k2", 7.5)]);
    }
}

//! A log and what came after it.

use rustc_hash::{FxHashMap, FxHashSet};

use super::{Event, Log, NONE};
use crate::{Error, Result};

impl Log {
    /// This log with the events of `more`, sorted. All ids of this log go on meaning the same; users, items, domains,
    /// kinds and platforms that only `more` knows get new ids at the end, in the order in which `more` has them, also
    /// where they have no events. A kind that both know keeps its weight here; an item's latest title counts; an item
    /// without a domain here gets the one that `more` knows. Edges are kept once.
    ///
    /// Exports overlap, so events are united as multisets: one that both logs hold (same user, item, domain, kind, time
    /// and platform) is kept as often as the log that has it more often holds it. Hence extending by the same log again
    /// changes nothing, and extending by two logs one after the other is the same as by the second added to the first.
    /// Among equal times the events of this log come first.
    ///
    /// # Errors
    /// [`Error::Parameter`] where both logs together have more than 256 kinds of event or platforms.
    pub fn extended(&self, more: &Log) -> Result<Log> {
        let mut out = self.clone();
        if !out.is_sorted() {
            out.sort();
        }
        let users: Vec<u32> = more.users.iter().map(|name| out.users.intern(name)).collect();
        let domains: Vec<u32> = more.domains.iter().map(|name| out.domains.intern(name)).collect();
        let kinds = more.kinds.iter().map(|(name, weight)| out.kind(name, weight)).collect::<Result<Vec<u8>>>()?;
        let platforms = more.platforms.iter().map(|name| out.platform(name)).collect::<Result<Vec<u8>>>()?;
        let mut items = Vec::with_capacity(more.items.len());
        for item in 0..more.items.len() as u32 {
            let name = more.items.name(item);
            let domain = domains.get(more.items.domain(item) as usize).copied().unwrap_or(NONE);
            items.push(out.items.intern(name, domain));
            if let Some(title) = more.items.title(item) {
                out.items.set_title(name, title);
            }
        }
        let mut known: FxHashSet<(u32, u32)> = out.edges.iter().copied().collect();
        for &(from, to) in &more.edges {
            let (Some(&from), Some(&to)) = (users.get(from as usize), users.get(to as usize)) else { continue };
            if known.insert((from, to)) {
                out.edges.push((from, to));
            }
        }
        // How many copies of an event are still covered by those that this log has.
        let mut covered: FxHashMap<Event, usize> = FxHashMap::default();
        let mut new = Vec::new();
        for event in more.iter() {
            let place = (users.get(event.user as usize), items.get(event.item as usize));
            let (Some(&user), Some(&item)) = place else { continue };
            let event = Event {
                user,
                item,
                time: event.time,
                kind: kinds.get(usize::from(event.kind)).copied().unwrap_or_default(),
                platform: platforms.get(usize::from(event.platform)).copied().unwrap_or_default(),
            };
            let copies = covered.entry(event).or_insert_with(|| out.copies(&event));
            match copies.checked_sub(1) {
                Some(left) => *copies = left,
                None => new.push(event),
            }
        }
        for event in new {
            out.push(event);
        }
        out.sort();
        Ok(out)
    }

    /// How often a sorted log holds an event.
    fn copies(&self, event: &Event) -> usize {
        let own = self.user_events(event.user);
        let times = self.times().get(own.clone()).unwrap_or_default();
        let first = own.start + times.partition_point(|&time| time < event.time);
        self.slice(first..own.end).take_while(|other| other.time == event.time).filter(|other| other == event).count()
    }

    fn kind(&mut self, name: &str, weight: f32) -> Result<u8> {
        let known = self.kinds.len();
        let id = self.kinds.intern(name).ok_or_else(|| too_many("kinds of event"))?;
        if self.kinds.len() > known {
            self.kinds.set_weight(name, weight);
        }
        Ok(id)
    }

    fn platform(&mut self, name: &str) -> Result<u8> {
        if self.platforms.is_empty() {
            // The first platform of a log is the unnamed one.
            self.platforms.intern("");
        }
        u8::try_from(self.platforms.intern(name)).map_err(|_| too_many("platforms"))
    }
}

fn too_many(name: &'static str) -> Error {
    Error::Parameter { name, hint: "both logs together have more than 256: map them to fewer".into() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// User, item, domain of the item, kind, platform, time.
    type Row = (u8, u8, u8, u8, u8, u8);

    fn log(rows: &[Row]) -> Log {
        let mut log = Log::new();
        for &(user, item, domain, kind, platform, time) in rows {
            let kind = log.kinds.intern(["view", "cart", "wave"][usize::from(kind)]).unwrap();
            let platform = log.platform(["", "app", "web"][usize::from(platform)]).unwrap();
            let domain = log.domains.intern(&format!("domain {domain}"));
            let item = log.items.intern(&format!("item {item}"), domain);
            let other = log.users.intern("friend of all");
            let user = log.users.intern(&format!("user {user}"));
            log.edges.push((user, other));
            log.push(Event { user, item, time: time.into(), kind, platform });
        }
        log.sort();
        log
    }

    /// The events in words, user by user in the order of the log, which ids do not matter to.
    fn told(log: &Log) -> Vec<String> {
        let mut users: Vec<u32> = (0..log.users.len() as u32).collect();
        users.sort_by_key(|&user| log.users.name(user));
        let tell = |event: Event| {
            let names = [log.users.name(event.user), log.items.name(event.item), log.kinds.name(event.kind)];
            let [domain, platform] =
                [log.domains.name(log.domain_of(&event)), log.platforms.name(event.platform.into())];
            format!("{names:?} {domain} {platform} {}", event.time)
        };
        users.into_iter().flat_map(|user| log.slice(log.user_events(user)).map(tell)).collect()
    }

    fn rows() -> impl Strategy<Value = Vec<Row>> {
        prop::collection::vec((0..4_u8, 0..5_u8, 0..3_u8, 0..3_u8, 0..3_u8, 0..6_u8), 0..25)
    }

    proptest! {
        #[test]
        fn in_two_steps_or_in_one_bit_for_bit(a in rows(), b in rows(), c in rows()) {
            let (a, b, c) = (log(&a), log(&b), log(&c));
            let one = a.extended(&b.extended(&c).unwrap()).unwrap();
            let two = a.extended(&b).unwrap().extended(&c).unwrap();
            prop_assert_eq!(told(&one), told(&two));
            prop_assert_eq!(one.to_bytes(), two.to_bytes());
        }

        #[test]
        fn the_same_as_all_at_once(rows in rows(), at in 0..25_usize) {
            // Parts without a common event, as an export and the next one.
            let mut rows = rows;
            rows.sort_by_key(|row| row.5);
            let border = rows.get(at).map_or(6, |row| row.5);
            let (before, after) = rows.split_at(rows.partition_point(|row| row.5 < border));
            let extended = log(before).extended(&log(after)).unwrap();
            prop_assert!(extended.is_sorted());
            prop_assert_eq!(told(&extended), told(&log(&rows)));
        }

        #[test]
        fn what_is_known_stays_and_comes_once(a in rows(), b in rows()) {
            let (a, b) = (log(&a), log(&b));
            let both = a.extended(&b).unwrap();
            let names = |log: &Log, count: usize| -> Vec<String> {
                log.users.iter().take(count).map(str::to_owned).collect()
            };
            prop_assert_eq!(names(&a, a.users.len()), names(&both, a.users.len()));
            for item in 0..a.items.len() as u32 {
                prop_assert_eq!(a.items.name(item), both.items.name(item));
                prop_assert_eq!(a.items.domain(item), both.items.domain(item));
            }
            prop_assert!(both.len() >= a.len().max(b.len()) && both.len() <= a.len() + b.len());
            prop_assert_eq!(both.extended(&b).unwrap().to_bytes(), both.to_bytes());
            prop_assert_eq!(both.extended(&a).unwrap().to_bytes(), both.to_bytes());
            prop_assert_eq!(both.extended(&Log::new()).unwrap().to_bytes(), both.to_bytes());
        }
    }

    #[test]
    fn a_domain_that_was_missing_is_filled_in_and_weights_stay() {
        let mut old = Log::new();
        let kind = old.kinds.intern("view").unwrap();
        old.kinds.set_weight("view", 7.0);
        let (user, item) = (old.users.intern("ann"), old.items.intern("tea", NONE));
        old.push(Event { user, item, time: 5, kind, platform: 0 });
        old.sort();
        let mut more = log(&[(0, 0, 1, 1, 0, 9)]);
        more.kinds.set_weight("cart", 4.0);
        let drinks = more.domains.intern("drinks");
        more.items.intern("tea", drinks);
        more.items.set_title("tea", "Green tea");
        let both = old.extended(&more).unwrap();
        assert_eq!(both.domains.name(both.items.domain(0)), "drinks");
        assert_eq!(both.items.title(0), Some("Green tea"));
        assert_eq!(both.kinds.iter().collect::<Vec<_>>(), [("view", 7.0), ("cart", 4.0)]);
        assert_eq!((both.len(), both.without_domain()), (2, 0));
        assert_eq!(both.users.iter().collect::<Vec<_>>(), ["ann", "friend of all", "user 0"]);
    }

    #[test]
    fn too_many_kinds_are_refused() {
        let kinds = |from: usize, to: usize| {
            let mut log = Log::new();
            for kind in from..to {
                log.kinds.intern(&format!("k{kind}")).unwrap();
            }
            log
        };
        assert!(kinds(0, 200).extended(&kinds(100, 256)).is_ok());
        let error = kinds(0, 200).extended(&kinds(100, 257)).unwrap_err();
        assert_eq!(error.code(), "parameter");
    }
}

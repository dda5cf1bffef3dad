//! A log as bytes, and back.
//!
//! Format, little-endian: `DSLG`, version (u32), then the tables and the columns, each with its length in front. What can
//! be computed again (offsets of users, variants of items) is not stored.

use super::{Dictionary, ItemTable, KindTable, Log, NONE};
use crate::{Error, Result};

const MAGIC: &[u8; 4] = b"DSLG";
const VERSION: u32 = 1;

impl Log {
    /// The log as bytes; [`Log::from_bytes`] gives an equal one.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(64 + self.len() * 14);
        out.extend_from_slice(MAGIC);
        put_u32(&mut out, VERSION);
        put_dictionary(&mut out, &self.users);
        put_items(&mut out, &self.items);
        put_dictionary(&mut out, &self.domains);
        put_kinds(&mut out, &self.kinds);
        put_dictionary(&mut out, &self.platforms);
        put_u32s(&mut out, self.edges.len(), self.edges.iter().flat_map(|&(from, to)| [from, to]));
        out.push(u8::from(self.is_sorted()));
        for column in [&self.user, &self.item, &self.time] {
            put_u32s(&mut out, column.len(), column.iter().copied());
        }
        out.extend_from_slice(&self.kind);
        out.extend_from_slice(&self.platform);
        out
    }

    /// The log that [`Log::to_bytes`] wrote.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] where the bytes are of another kind or version, cut off, or point outside their own tables.
    pub fn from_bytes(bytes: &[u8]) -> Result<Log> {
        let mut input = Input { rest: bytes };
        if input.take(4)? != MAGIC {
            return Err(broken("it does not hold a log"));
        }
        if input.u32()? != VERSION {
            return Err(broken("it was written by another version of Driftscope"));
        }
        let mut log = Log::new();
        log.users = input.dictionary()?;
        log.items = input.items()?;
        log.domains = input.dictionary()?;
        log.kinds = input.kinds()?;
        log.platforms = input.dictionary()?;
        log.edges = input.u32s(2)?.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
        let sorted = input.take(1)? == [1];
        log.user = input.u32s(1)?;
        log.item = input.u32s(1)?;
        log.time = input.u32s(1)?;
        log.kind = input.take(log.user.len())?.to_vec();
        log.platform = input.take(log.user.len())?.to_vec();
        check(&log, input.rest)?;
        if sorted {
            // The order is kept, so this only finds the offsets again.
            log.sort();
        }
        Ok(log)
    }
}

/// Every id must lie in its table.
fn check(log: &Log, rest: &[u8]) -> Result<()> {
    let within = |column: &[u32], limit: usize| column.iter().all(|&id| (id as usize) < limit);
    let bytes_within = |column: &[u8], limit: usize| column.iter().all(|&id| usize::from(id) < limit.max(1));
    let users = log.users.len();
    let whole = rest.is_empty()
        && log.item.len() == log.user.len()
        && log.time.len() == log.user.len()
        && within(&log.user, users)
        && within(&log.item, log.items.len())
        && bytes_within(&log.kind, log.kinds.len())
        && bytes_within(&log.platform, log.platforms.len())
        && log.edges.iter().all(|&(from, to)| (from as usize) < users && (to as usize) < users)
        && log.items.domain.iter().all(|&domain| domain == NONE || (domain as usize) < log.domains.len());
    if whole { Ok(()) } else { Err(broken("its parts do not fit together")) }
}

fn broken(hint: &str) -> Error {
    Error::Checkpoint { hint: hint.to_owned() }
}

fn put_u32(out: &mut Vec<u8>, value: u32) {
    out.extend_from_slice(&value.to_le_bytes());
}

/// `count` groups of values, and before them the count.
fn put_u32s(out: &mut Vec<u8>, count: usize, values: impl Iterator<Item = u32>) {
    put_u32(out, count as u32);
    for value in values {
        put_u32(out, value);
    }
}

fn put_text(out: &mut Vec<u8>, text: &str) {
    put_u32(out, text.len() as u32);
    out.extend_from_slice(text.as_bytes());
}

fn put_dictionary(out: &mut Vec<u8>, dictionary: &Dictionary) {
    put_u32(out, dictionary.len() as u32);
    for text in dictionary.iter() {
        put_text(out, text);
    }
}

fn put_items(out: &mut Vec<u8>, items: &ItemTable) {
    put_dictionary(out, &items.names);
    put_u32s(out, items.name.len(), items.name.iter().copied());
    put_u32s(out, items.domain.len(), items.domain.iter().copied());
    let mut titles: Vec<_> = items.titles.iter().collect();
    titles.sort_unstable();
    put_u32(out, titles.len() as u32);
    for (&name, title) in titles {
        put_u32(out, name);
        put_text(out, title);
    }
}

fn put_kinds(out: &mut Vec<u8>, kinds: &KindTable) {
    put_dictionary(out, &kinds.names);
    for weight in &kinds.weights {
        out.extend_from_slice(&weight.to_le_bytes());
    }
}

/// What is left to be read.
struct Input<'a> {
    rest: &'a [u8],
}

impl<'a> Input<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or_else(|| broken("it is cut off"))?;
        self.rest = rest;
        Ok(taken)
    }

    fn u32(&mut self) -> Result<u32> {
        let bytes = self.take(4)?;
        Ok(bytes.iter().rev().fold(0, |value, &byte| value << 8 | u32::from(byte)))
    }

    /// A count, and so many groups of `group` values.
    fn u32s(&mut self, group: usize) -> Result<Vec<u32>> {
        let count = self.u32()? as usize;
        let bytes = self.take(count.saturating_mul(group).saturating_mul(4))?;
        Ok(bytes.chunks_exact(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect())
    }

    fn text(&mut self) -> Result<&'a str> {
        let length = self.u32()? as usize;
        std::str::from_utf8(self.take(length)?).map_err(|_| broken("it holds text that is not UTF-8"))
    }

    fn dictionary(&mut self) -> Result<Dictionary> {
        let count = self.u32()?;
        let mut dictionary = Dictionary::new();
        for id in 0..count {
            if dictionary.intern(self.text()?) != id {
                return Err(broken("a name occurs twice in a table"));
            }
        }
        Ok(dictionary)
    }

    fn items(&mut self) -> Result<ItemTable> {
        let mut items =
            ItemTable { names: self.dictionary()?, name: self.u32s(1)?, domain: self.u32s(1)?, ..ItemTable::default() };
        if items.name.len() != items.domain.len() {
            return Err(broken("its items and their domains do not fit together"));
        }
        for (entry, (&name, &domain)) in items.name.iter().zip(&items.domain).enumerate() {
            // Names are numbered in the order of their first entries.
            match (name as usize).cmp(&items.first.len()) {
                std::cmp::Ordering::Less => drop(items.variants.insert((name, domain), entry as u32)),
                std::cmp::Ordering::Equal => items.first.push(entry as u32),
                std::cmp::Ordering::Greater => return Err(broken("its items are out of order")),
            }
        }
        if items.first.len() != items.names.len() {
            return Err(broken("it holds names of items that have no entry"));
        }
        for _ in 0..self.u32()? {
            let name = self.u32()?;
            items.titles.insert(name, self.text()?.into());
        }
        Ok(items)
    }

    fn kinds(&mut self) -> Result<KindTable> {
        let names = self.dictionary()?;
        let bytes = self.take(names.len().saturating_mul(4))?;
        let weights = bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        Ok(KindTable { names, weights })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::event::Event;

    fn log(events: &[(u8, u8, u32, u8)], sorted: bool) -> Log {
        let mut log = Log::new();
        log.platforms.intern("");
        log.platforms.intern("app");
        for &(user, item, time, kind) in events {
            let user = log.users.intern(&format!("user {user}"));
            let domain =
                if item % 5 == 0 { NONE } else { log.domains.intern(&format!("domäne {}", (item ^ kind) % 3)) };
            let entry = log.items.intern(&format!("item {}", item % 40), domain);
            let kind = log.kinds.intern(&format!("kind {}", kind % 7)).unwrap_or(0);
            log.push(Event { user, item: entry, time, kind, platform: (time % 2) as u8 });
            log.edges.push((user, 0));
        }
        log.items.set_title("item 3", "Three");
        log.kinds.set_weight("kind 1", 4.5);
        if sorted {
            log.sort();
        }
        log
    }

    fn view(log: &Log) -> impl PartialEq + std::fmt::Debug {
        let items: Vec<_> = (0..log.items.len() as u32)
            .map(|item| {
                (
                    log.items.name(item).to_owned(),
                    log.items.domain(item),
                    log.items.base(item),
                    log.items.title(item).map(str::to_owned),
                )
            })
            .collect();
        let tables: Vec<Vec<String>> = [&log.users, &log.domains, &log.platforms]
            .iter()
            .map(|table| table.iter().map(str::to_owned).collect())
            .collect();
        let kinds: Vec<_> = log.kinds.iter().map(|(name, weight)| (name.to_owned(), weight)).collect();
        let users: Vec<_> = (0..log.users.len() as u32).map(|user| log.user_events(user)).collect();
        (log.iter().collect::<Vec<_>>(), items, tables, kinds, users, log.edges.clone(), log.items.variant_count())
    }

    proptest! {
        #[test]
        fn a_log_comes_back_as_it_was(events in prop::collection::vec(any::<(u8, u8, u32, u8)>(), 0..60), sorted: bool) {
            let log = log(&events, sorted);
            let mut back = Log::from_bytes(&log.to_bytes()).unwrap();
            prop_assert_eq!(view(&back), view(&log));
            // Also what comes afterwards finds the same entries.
            prop_assert_eq!(back.items.intern("item 7", 1), log.clone().items.intern("item 7", 1));
        }

        #[test]
        fn cut_off_bytes_are_refused(events in prop::collection::vec(any::<(u8, u8, u32, u8)>(), 1..10), at in 0.0..1.0) {
            let bytes = log(&events, true).to_bytes();
            let cut = (bytes.len() as f64 * at) as usize;
            let refused = matches!(Log::from_bytes(&bytes[..cut]), Err(Error::Checkpoint { .. }));
            prop_assert!(refused);
        }

        #[test]
        fn changed_bytes_never_panic(events in prop::collection::vec(any::<(u8, u8, u32, u8)>(), 1..10), at in 0.0..1.0, byte: u8) {
            let mut bytes = log(&events, true).to_bytes();
            let index = (bytes.len() as f64 * at) as usize;
            bytes[index] = byte;
            if let Ok(log) = Log::from_bytes(&bytes) {
                for event in log.iter() {
                    prop_assert!((event.user as usize) < log.users.len() && (event.item as usize) < log.items.len());
                }
            }
        }
    }
}

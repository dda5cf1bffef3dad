//! Sequences and item content of a log.

use rustc_hash::FxHashMap;

use super::Sequences;
use crate::{
    Error, Result,
    event::{Log, NONE},
    graph::Csr,
};

/// What is known of the items beside who touched them.
#[derive(Debug, Clone, PartialEq)]
pub struct Catalogue {
    /// Item × attribute, 1 where the item has it: brand, category, tag, or just the interest domain.
    pub content: Csr,
    /// The domain of each item: [`NONE`] where it has none.
    pub domains: Vec<u32>,
}

impl Catalogue {
    /// From item × attribute. An item's domain is its attribute that most items have (the lower number among equals), of
    /// those that at most half of all items have; another only where it has no such.
    pub fn new(content: Csr) -> Catalogue {
        let mut frequency = vec![0_u32; content.columns()];
        for &attribute in content.indices() {
            frequency[attribute as usize] += 1;
        }
        let common = |item: usize| {
            let attributes = content.row(item).0.iter().copied();
            let telling = |&a: &u32| frequency[a as usize] as usize * 2 <= content.rows();
            attributes.max_by_key(|a| (telling(a), frequency[*a as usize], std::cmp::Reverse(*a))).unwrap_or(NONE)
        };
        let domains = (0..content.rows()).map(common).collect();
        Catalogue { content, domains }
    }
}

/// A log as next-item models see it.
#[derive(Debug, Clone, PartialEq)]
pub struct NextItemData {
    /// Users by their id in the log; items by number.
    pub sequences: Sequences,
    /// The items' content, by the same numbers.
    pub catalogue: Catalogue,
    /// Entry of the log's [`crate::event::ItemTable`] for each number: the base of all its variants.
    pub entries: Vec<u32>,
}

impl NextItemData {
    /// From a sorted log. Items are numbered by their base entry; only those with an event have a number. An item's
    /// content is the domains that its events have, its domain the first of them.
    ///
    /// # Errors
    /// [`Error::State`] for a log that is not sorted; [`Error::NotEnough`] for one without events.
    pub fn of_log(log: &Log) -> Result<NextItemData> {
        if !log.is_sorted() {
            return Err(Error::State { hint: "the log must be sorted before its sequences are taken".into() });
        }
        if log.is_empty() {
            return Err(Error::NotEnough { what: "recommendations", hint: "the log has no events".into() });
        }
        let mut entries: Vec<u32> = log.iter().map(|event| log.items.base(event.item)).collect();
        entries.sort_unstable();
        entries.dedup();
        let number: FxHashMap<u32, u32> = entries.iter().zip(0..).map(|(&entry, number)| (entry, number)).collect();
        let mut sequences = Sequences::empty(entries.len());
        let mut domains = vec![NONE; entries.len()];
        let mut places = Vec::new();
        let (mut items, mut times, mut kinds) = (Vec::new(), Vec::new(), Vec::new());
        for user in 0..log.users.len() as u32 {
            items.clear();
            times.clear();
            kinds.clear();
            for event in log.slice(log.user_events(user)) {
                let Some(&item) = number.get(&log.items.base(event.item)) else { continue };
                let domain = log.domain_of(&event);
                if domain != NONE {
                    places.push((item, domain, 1.0));
                    let own = &mut domains[item as usize];
                    *own = if *own == NONE { domain } else { *own };
                }
                items.push(item);
                times.push(event.time);
                kinds.push(event.kind);
            }
            sequences.push(&items, &times, &kinds);
        }
        let content = Csr::from_triplets(entries.len(), log.domains.len(), places).map(|_, _, _| 1.0);
        Ok(NextItemData { sequences, catalogue: Catalogue { content, domains }, entries })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Event;

    #[test]
    fn a_log_gives_its_sequences_by_time_and_variants_are_one_item() {
        let mut log = Log::new();
        let kind = log.kinds.intern("view").unwrap();
        let [food, toys] = ["food", "toys"].map(|name| log.domains.intern(name));
        let rows =
            [("b", "x", NONE, 7), ("a", "x", food, 9), ("a", "y", toys, 3), ("b", "x", toys, 8), ("a", "z", NONE, 5)];
        log.items.intern("never seen", food);
        for (user, item, domain, time) in rows {
            let event =
                Event { user: log.users.intern(user), item: log.items.intern(item, domain), time, kind, platform: 0 };
            log.push(event);
        }
        assert!(matches!(NextItemData::of_log(&log), Err(Error::State { .. })));
        log.sort();
        let data = NextItemData::of_log(&log).unwrap();
        let names: Vec<&str> = data.entries.iter().map(|&entry| log.items.name(entry)).collect();
        assert_eq!(names, ["x", "y", "z"]);
        let (b, a) = (data.sequences.user(0), data.sequences.user(1));
        assert_eq!((b.items, b.times), (&[0, 0][..], &[7, 8][..]));
        assert_eq!((a.items, a.times, a.kinds), (&[1, 2, 0][..], &[3, 5, 9][..], &[kind; 3][..]));
        assert_eq!(data.catalogue.content, Csr::from_triplets(3, 2, vec![(0, 0, 1.0), (0, 1, 1.0), (1, 1, 1.0)]));
        assert_eq!(data.catalogue.domains, [food, toys, NONE]);
    }

    #[test]
    fn the_domain_of_an_item_is_its_commonest_attribute() {
        let content = Csr::from_triplets(4, 3, vec![(0, 0, 1.0), (0, 1, 1.0), (1, 1, 1.0), (2, 0, 1.0), (2, 2, 1.0)]);
        assert_eq!(Catalogue::new(content).domains, [0, 1, 0, NONE]);
        // What three of four have tells nothing where there is something else.
        let content = Csr::from_triplets(4, 2, vec![(0, 0, 1.0), (0, 1, 1.0), (1, 0, 1.0), (2, 0, 1.0), (3, 1, 1.0)]);
        assert_eq!(Catalogue::new(content).domains, [1, 0, 0, 1]);
    }
}

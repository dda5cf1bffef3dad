//! Items, their domains and titles.

use rustc_hash::FxHashMap;

use super::{Dictionary, NONE};

/// The items of a log. An item that the log files under several domains has one entry for each (*variants*), so that
/// every event keeps exactly the domain that its row gave; all variants of an item share a name and a base.
#[derive(Debug, Clone, Default)]
pub struct ItemTable {
    pub(super) names: Dictionary,
    /// Dictionary id of each entry's name.
    pub(super) name: Vec<u32>,
    /// Domain of each entry, or [`NONE`].
    pub(super) domain: Vec<u32>,
    /// First entry of each name, by dictionary id.
    pub(super) first: Vec<u32>,
    pub(super) variants: FxHashMap<(u32, u32), u32>,
    pub(super) titles: FxHashMap<u32, Box<str>>,
}

impl ItemTable {
    /// Entry for item `name` as seen in `domain` ([`NONE`] where the row does not say). A first domain fills an entry
    /// that had none; a second, different one makes a variant.
    pub fn intern(&mut self, name: &str, domain: u32) -> u32 {
        let id = self.names.intern(name);
        let Some(&first) = self.first.get(id as usize) else {
            let entry = self.push(id, domain);
            self.first.push(entry);
            return entry;
        };
        let own = self.domain(first);
        if domain == NONE || own == domain {
            return first;
        }
        if own == NONE {
            self.set_domain(first, domain);
            return first;
        }
        if let Some(&entry) = self.variants.get(&(id, domain)) {
            return entry;
        }
        let entry = self.push(id, domain);
        self.variants.insert((id, domain), entry);
        entry
    }

    fn push(&mut self, name: u32, domain: u32) -> u32 {
        let entry = self.name.len() as u32;
        self.name.push(name);
        self.domain.push(domain);
        entry
    }

    /// Name of an entry as in the source.
    pub fn name(&self, item: u32) -> &str {
        self.name.get(item as usize).map_or("", |&id| self.names.name(id))
    }

    /// Readable title, where an item table gave one.
    pub fn title(&self, item: u32) -> Option<&str> {
        let id = self.name.get(item as usize)?;
        self.titles.get(id).map(AsRef::as_ref)
    }

    /// Gives the item called `name` a readable title; an item that is not there is left alone.
    pub fn set_title(&mut self, name: &str, title: &str) {
        if let Some(id) = self.names.get(name) {
            self.titles.insert(id, title.into());
        }
    }

    /// Domain of an entry, or [`NONE`].
    pub fn domain(&self, item: u32) -> u32 {
        self.domain.get(item as usize).copied().unwrap_or(NONE)
    }

    /// Sets the domain of an entry.
    pub fn set_domain(&mut self, item: u32, domain: u32) {
        if let Some(slot) = self.domain.get_mut(item as usize) {
            *slot = domain;
        }
    }

    /// The first entry of the same name: equal for all variants of one item.
    pub fn base(&self, item: u32) -> u32 {
        self.name.get(item as usize).and_then(|&id| self.first.get(id as usize)).copied().unwrap_or(item)
    }

    /// First entry of the item called `name`.
    pub fn find(&self, name: &str) -> Option<u32> {
        self.names.get(name).and_then(|id| self.first.get(id as usize)).copied()
    }

    /// Number of entries, variants included.
    pub fn len(&self) -> usize {
        self.name.len()
    }

    /// Whether there are no items.
    pub fn is_empty(&self) -> bool {
        self.name.is_empty()
    }

    /// Number of entries that are a second or later domain of an item.
    pub fn variant_count(&self) -> usize {
        self.variants.len()
    }
}

//! Rows out of a line of JSON.
//!
//! Nested keys are joined by dots, a list adds `[]`: `{"items": [{"item_id": 1}]}` has the key `items[].item_id`. Of a list
//! of plain values, the first that holds something counts.

use std::fmt::{self, Write};

use rustc_hash::FxHashMap;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::{
    cells::Cells,
    plan::{ColumnPlan, Role},
    records::Fault,
};

/// Visits every plain value of a line of JSON with its flattened key, in order; `None` where the line is not one JSON object.
pub(super) fn flatten(line: &str, mut each: impl FnMut(&str, &str)) -> Option<()> {
    struct All<F>(F);
    impl<F: FnMut(&str, &str)> Leaves for All<F> {
        fn wants(&self, _: &str) -> bool {
            true
        }
        fn element(&mut self, _: &str) {}
        fn leave(&mut self, _: &str) {}
        fn leaf(&mut self, key: &str, value: &str) {
            (self.0)(key, value);
        }
    }
    walk(line, &mut String::new(), &mut All(&mut each))
}

/// Binds the values of JSON lines to columns by their flattened keys.
///
/// A list of objects that holds a column with a role (GA4's `items[]`) gives a row for each of its elements, the first such
/// list in the order of columns; values outside it belong to each of these rows. An empty list gives one row.
pub(super) struct JsonRows {
    keys: FxHashMap<Box<str>, Option<u32>>,
    /// Key of the list whose elements are rows.
    list: Option<Box<str>>,
    width: usize,
    key: String,
    found: Found,
    ranges: Vec<(u32, u32)>,
}

/// Values of one line.
#[derive(Default)]
struct Found {
    text: String,
    /// Of all its rows: column and place in the text.
    shared: Vec<(u32, (u32, u32))>,
    /// Of one row each: row, column and place in the text, ordered by row.
    own: Vec<(u32, u32, (u32, u32))>,
    rows: u32,
    /// Whether the walk is inside the list whose elements are rows.
    inside: bool,
}

impl JsonRows {
    pub fn new(columns: &[ColumnPlan]) -> Self {
        let mut keys: FxHashMap<Box<str>, Option<u32>> = FxHashMap::default();
        for (index, column) in columns.iter().enumerate() {
            let name = column.name.as_str();
            for (at, _) in name.match_indices(['.', '[']).filter(|&(at, _)| at > 0) {
                keys.entry(name[..at].into()).or_insert(None);
            }
            for (at, _) in name.match_indices("[]") {
                keys.entry(name[..at + 2].into()).or_insert(None);
            }
            keys.insert(name.into(), Some(index as u32));
        }
        let list = columns
            .iter()
            .filter(|column| column.role != Role::Ignore)
            .find_map(|column| Some(&column.name[..column.name.find("[].")? + 2]));
        Self {
            keys,
            list: list.map(Into::into),
            width: columns.len(),
            key: String::new(),
            found: Found::default(),
            ranges: Vec::new(),
        }
    }

    /// Reads a line; tells how many rows it holds.
    ///
    /// # Errors
    /// A fault without a column where the line is not one JSON object.
    pub fn read(&mut self, line: &[u8]) -> Result<u32, Fault> {
        let Self { keys, list, key, found, .. } = self;
        found.text.clear();
        found.shared.clear();
        found.own.clear();
        (found.rows, found.inside) = (0, false);
        key.clear();
        let line = std::str::from_utf8(line).map_err(|_| Fault { column: None })?;
        walk(line, key, &mut Binding { keys, list: list.as_deref(), found }).ok_or(Fault { column: None })?;
        Ok(found.rows.max(1))
    }

    /// The cells of a row of the line read last.
    ///
    /// # Errors
    /// The column that holds a NUL.
    pub fn row(&mut self, row: u32) -> Result<Cells<'_>, Fault> {
        self.ranges.clear();
        self.ranges.resize(self.width, (0, 0));
        let from = self.found.own.partition_point(|&(own, ..)| own < row);
        let own = self.found.own[from..].iter().take_while(|&&(own, ..)| own == row);
        let values = own.map(|&(_, column, range)| (column, range)).chain(self.found.shared.iter().copied());
        for (column, range) in values {
            let cell = &mut self.ranges[column as usize];
            if cell.0 == cell.1 {
                *cell = range;
            }
        }
        let cells = Cells::new(&self.found.text, &self.ranges);
        match cells.iter().position(|cell| cell.contains('\0')) {
            Some(column) => Err(Fault { column: Some(column as u32 + 1) }),
            None => Ok(cells),
        }
    }
}

struct Binding<'a> {
    keys: &'a FxHashMap<Box<str>, Option<u32>>,
    list: Option<&'a str>,
    found: &'a mut Found,
}

impl Leaves for Binding<'_> {
    fn wants(&self, key: &str) -> bool {
        self.keys.contains_key(key)
    }

    fn element(&mut self, list: &str) {
        if Some(list) == self.list {
            self.found.rows += 1;
            self.found.inside = true;
        }
    }

    fn leave(&mut self, list: &str) {
        if Some(list) == self.list {
            self.found.inside = false;
        }
    }

    fn leaf(&mut self, key: &str, value: &str) {
        if let Some(&Some(column)) = self.keys.get(key) {
            let found = &mut *self.found;
            let start = found.text.len() as u32;
            found.text.push_str(value);
            let range = (start, found.text.len() as u32);
            match found.rows.checked_sub(1).filter(|_| found.inside) {
                Some(row) => found.own.push((row, column, range)),
                None => found.shared.push((column, range)),
            }
        }
    }
}

/// What a walk over a JSON value reports.
trait Leaves {
    /// Whether there is anything of interest at or below a key.
    fn wants(&self, key: &str) -> bool;
    /// An element of a list begins.
    fn element(&mut self, list: &str);
    /// A list ends.
    fn leave(&mut self, list: &str);
    /// A plain value.
    fn leaf(&mut self, key: &str, value: &str);
}

fn walk(line: &str, key: &mut String, leaves: &mut impl Leaves) -> Option<()> {
    let line = line.trim_ascii();
    if !line.starts_with('{') {
        return None;
    }
    let mut json = serde_json::Deserializer::from_str(line);
    Walk { key, leaves }.deserialize(&mut json).ok()?;
    json.end().ok()
}

struct Walk<'a, L> {
    key: &'a mut String,
    leaves: &'a mut L,
}

impl<L: Leaves> Walk<'_, L> {
    fn plain<E>(self, value: impl fmt::Display) -> Result<(), E> {
        let length = self.key.len();
        // The value is written behind the key, which saves a buffer; writing to a string does not fail.
        let _ = write!(self.key, "{value}");
        let (key, value) = self.key.split_at(length);
        self.leaves.leaf(key, value);
        self.key.truncate(length);
        Ok(())
    }
}

impl<'de, L: Leaves> DeserializeSeed<'de> for Walk<'_, L> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de, L: Leaves> Visitor<'de> for Walk<'_, L> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.plain(value)
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.plain(value)
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.plain(value)
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.plain(value)
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.leaves.leaf(self.key, value);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.leaves.leaf(self.key, "");
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let length = self.key.len();
        self.key.push_str("[]");
        if self.leaves.wants(self.key) {
            loop {
                let Walk { key, leaves } = Walk { key: &mut *self.key, leaves: &mut *self.leaves };
                let Some(()) = elements.next_element_seed(Element { key, leaves })? else { break };
            }
            self.leaves.leave(self.key);
        } else {
            while elements.next_element::<IgnoredAny>()?.is_some() {}
        }
        self.key.truncate(length);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<(), A::Error> {
        let length = self.key.len();
        while let Some(()) = entries.next_key_seed(Key(self.key))? {
            if self.leaves.wants(self.key) {
                entries.next_value_seed(Walk { key: &mut *self.key, leaves: &mut *self.leaves })?;
            } else {
                entries.next_value::<IgnoredAny>()?;
            }
            self.key.truncate(length);
        }
        Ok(())
    }
}

/// An element of the list that the key names.
struct Element<'a, L> {
    key: &'a mut String,
    leaves: &'a mut L,
}

impl<'de, L: Leaves> DeserializeSeed<'de> for Element<'_, L> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.leaves.element(self.key);
        Walk { key: self.key, leaves: self.leaves }.deserialize(deserializer)
    }
}

/// Appends an object's key to the key so far.
struct Key<'a>(&'a mut String);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<(), E> {
        if !self.0.is_empty() {
            self.0.push('.');
        }
        self.0.push_str(key);
        Ok(())
    }
}

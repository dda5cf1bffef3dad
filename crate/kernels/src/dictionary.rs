//! Strings and their dense ids.

use string_interner::{StringInterner, Symbol, backend::StringBackend, symbol::SymbolU32};

/// Two-way map between strings and dense ids 0, 1, 2, … in order of first appearance.
#[derive(Debug, Clone)]
pub struct Dictionary {
    strings: StringInterner<StringBackend<SymbolU32>>,
}

impl Default for Dictionary {
    fn default() -> Self {
        Self::new()
    }
}

impl Dictionary {
    /// An empty dictionary.
    pub fn new() -> Self {
        Self { strings: StringInterner::new() }
    }

    /// Id of `text`, which is added if it is new.
    pub fn intern(&mut self, text: &str) -> u32 {
        self.strings.get_or_intern(text).to_usize() as u32
    }

    /// Id of `text`, if it is there.
    pub fn get(&self, text: &str) -> Option<u32> {
        self.strings.get(text).map(|symbol| symbol.to_usize() as u32)
    }

    /// The string of `id`; the empty string for an id that was never given out.
    pub fn name(&self, id: u32) -> &str {
        SymbolU32::try_from_usize(id as usize).and_then(|symbol| self.strings.resolve(symbol)).unwrap_or("")
    }

    /// Number of strings.
    pub fn len(&self) -> usize {
        self.strings.len()
    }

    /// Whether there are no strings.
    pub fn is_empty(&self) -> bool {
        self.strings.is_empty()
    }

    /// All strings in the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.strings.into_iter().map(|(_, text)| text)
    }
}

impl<'a> FromIterator<&'a str> for Dictionary {
    fn from_iter<T: IntoIterator<Item = &'a str>>(texts: T) -> Self {
        let mut dictionary = Self::new();
        for text in texts {
            dictionary.intern(text);
        }
        dictionary
    }
}

//! Which names a model's numbers belong to.

use serde::{Deserialize, Serialize};

use crate::{Error, Result, event::Dictionary};

/// Number and checksum of names in the order of their ids: what tells one log's ids from another's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Vocabulary {
    /// How many names.
    pub names: usize,
    /// CRC-32 of the names, each followed by a zero byte.
    pub crc32: u32,
}

impl Vocabulary {
    /// Of names in the order of their ids.
    pub fn of<'a>(names: impl Iterator<Item = &'a str>) -> Vocabulary {
        let mut hasher = crc32fast::Hasher::new();
        let mut count = 0;
        for name in names {
            hasher.update(name.as_bytes());
            hasher.update(&[0]);
            count += 1;
        }
        Vocabulary { names: count, crc32: hasher.finalize() }
    }

    /// Whether these are the names of `dictionary`, in the same order and no others.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] where they are not; `what`: what the names are of, as in "domains".
    pub fn check(&self, dictionary: &Dictionary, what: &str) -> Result<()> {
        if *self == Vocabulary::of(dictionary.iter()) {
            return Ok(());
        }
        let hint = format!(
            "it was trained on another log: its {} {what} are not this log's {}; train on this log",
            self.names,
            dictionary.len()
        );
        Err(Error::Checkpoint { hint })
    }
}

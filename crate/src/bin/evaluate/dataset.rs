//! The data sets of protocol INP: windows, split and reader of each.

use std::path::Path;

use driftscope::{Result, event::Log, interest::Windows, training::Split};

use crate::{Failure, load};

const DAY: u32 = 86_400;

/// One data set with its settings in PROTOCOL.md.
pub struct Dataset {
    /// Its name.
    pub name: &'static str,
    /// Reads it from its folder.
    pub load: fn(&Path) -> std::result::Result<Log, Failure>,
    origin: i64,
    seconds: u32,
    count: usize,
    /// End of the last window, where it is not of the same length.
    end: Option<i64>,
    validation: usize,
    test: usize,
}

static ALL: [Dataset; 3] = [
    Dataset {
        name: "ciao",
        load: load::ciao,
        origin: load::CIAO_START,
        seconds: 91 * DAY,
        count: 42,
        end: None,
        validation: 4,
        test: 8,
    },
    Dataset {
        name: "complete_journey",
        load: load::complete_journey,
        origin: 1_483_228_800,
        seconds: 28 * DAY,
        count: 13,
        // The last window takes all that is left.
        end: Some(u32::MAX as i64 + 1),
        validation: 1,
        test: 2,
    },
    Dataset {
        name: "taobao_userbehavior",
        load: load::taobao,
        origin: load::TAOBAO_START,
        seconds: DAY,
        count: 9,
        end: None,
        validation: 1,
        test: 2,
    },
];

impl Dataset {
    /// The data set called `name`.
    pub fn find(name: &str) -> Option<&'static Dataset> {
        ALL.iter().find(|set| set.name == name)
    }

    /// Its periods.
    pub fn windows(&self) -> Result<Windows> {
        let windows = Windows::fixed(self.origin, self.seconds, self.count)?;
        match self.end {
            Some(end) => windows.ending_at(end),
            None => Ok(windows),
        }
    }

    /// Its train, validation and test periods.
    pub fn split(&self) -> Result<Split> {
        Split::last(self.count, self.validation, self.test)
    }
}

#[cfg(test)]
mod tests;

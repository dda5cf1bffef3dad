//! Which windows are learned from, which choose, and which are scored.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::History;
use crate::{Error, Result};

/// Events that an instance needs in its window, and before it, to be scored (PROTOCOL.md, INP).
pub(crate) const MIN_EVENTS: u32 = 5;

/// Ranges of windows; train comes first, test last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// Learned from.
    pub train: Range<usize>,
    /// Chosen on.
    pub validation: Range<usize>,
    /// Scored.
    pub test: Range<usize>,
}

/// Instances that validation and test need at least, so that a difference can mean something.
const MIN_INSTANCES: usize = 10;

impl Split {
    /// The split of a protocol: of `count` windows the last `test` are scored and the `validation` before them choose.
    ///
    /// # Errors
    /// [`Error::NotEnough`] where fewer than two windows are left to learn from (the first has no past).
    pub fn last(count: usize, validation: usize, test: usize) -> Result<Split> {
        let train = count.saturating_sub(validation + test);
        if train < 2 || validation == 0 || test == 0 {
            return Err(Error::NotEnough {
                what: "training",
                hint: format!(
                    "the log spans {count} whole windows; it takes 2 to learn from, 1 to choose and 1 to score: \
                     choose shorter windows"
                ),
            });
        }
        Ok(Split { train: 0..train, validation: train..train + validation, test: train + validation..count })
    }

    /// A split for any log: a tenth of the whole windows chooses and a fifth scores, at least one each.
    ///
    /// # Errors
    /// [`Error::NotEnough`] where there are too few windows, or too few users active in them.
    pub fn choose(history: &History) -> Result<Split> {
        let count = history.complete_windows();
        let split = Split::last(count, (count / 10).max(1), (count / 5).max(1))?;
        for (part, windows) in [("learn from", &split.train), ("choose on", &split.validation), ("score", &split.test)]
        {
            let found = history.scored(windows).len();
            if found < MIN_INSTANCES {
                return Err(Error::NotEnough {
                    what: "training",
                    hint: format!(
                        "{found} users and windows to {part}, at least {MIN_INSTANCES} are needed (each with \
                         {MIN_EVENTS} events in the window and {MIN_EVENTS} before it): choose other windows or a \
                         longer log"
                    ),
                });
            }
        }
        Ok(split)
    }
}

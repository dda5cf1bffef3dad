//! Whose interest is looked at, and how it is weighed.

use serde::{Deserialize, Serialize};

use super::WindowOptions;
use crate::{Error, Result, event::Log};

/// Whose events count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Scope {
    /// All users.
    Everyone,
    /// One user, by id.
    User {
        /// Id in [`Log::users`].
        user: u32,
    },
    /// Several users, by id; a user named twice counts once.
    Users {
        /// Ids in [`Log::users`].
        users: Vec<u32>,
    },
}

impl Scope {
    /// The ids that are meant, ascending.
    ///
    /// # Errors
    /// [`Error::Parameter`] for an id the log does not have, [`Error::State`] for a log that is not sorted.
    pub fn users(&self, log: &Log) -> Result<Vec<u32>> {
        if !log.is_sorted() {
            return Err(Error::State { hint: "the log must be sorted before interests are computed".into() });
        }
        let count = log.users.len() as u32;
        let mut users = match self {
            Scope::Everyone => return Ok((0..count).collect()),
            Scope::User { user } => vec![*user],
            Scope::Users { users } => users.clone(),
        };
        users.sort_unstable();
        users.dedup();
        match users.last() {
            Some(&user) if user >= count => Err(Error::Parameter {
                name: "user",
                hint: format!("there are {count} users, numbered from 0, and no number {user}"),
            }),
            _ => Ok(users),
        }
    }
}

/// How events become interest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InterestOptions {
    /// The windows.
    pub window: WindowOptions,
    /// Half-life of an event's weight, in windows; `None`: only the window itself counts.
    pub half_life: Option<f64>,
    /// Weigh events by kind, or count each as 1.
    pub weigh_kinds: bool,
}

impl InterestOptions {
    /// What remains of a weight after one window; `None` where only the window itself counts.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a half-life that is not a positive number.
    pub fn decay(&self) -> Result<Option<f64>> {
        match self.half_life {
            None => Ok(None),
            Some(windows) if windows > 0.0 && windows.is_finite() => Ok(Some((-1.0 / windows).exp2())),
            Some(windows) => Err(Error::Parameter {
                name: "half-life",
                hint: format!("it must be a positive number of windows, not {windows}"),
            }),
        }
    }

    /// The same options without half-life.
    pub(super) fn undecayed(&self) -> InterestOptions {
        InterestOptions { half_life: None, ..self.clone() }
    }
}

/// Weight of one event by kind id: never negative, never infinite.
pub(super) fn kind_weights(log: &Log, options: &InterestOptions) -> [f64; 256] {
    std::array::from_fn(|kind| {
        let weight = if options.weigh_kinds { f64::from(log.kinds.weight(kind as u8)) } else { 1.0 };
        if weight.is_finite() { weight.max(0.0) } else { 0.0 }
    })
}

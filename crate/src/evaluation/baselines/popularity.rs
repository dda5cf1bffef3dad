//! What everyone touches, whoever the user is.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::choose;
use crate::{
    Result,
    training::{History, Instance, Prior, Ranker},
};

/// The domain shares of all users: of the train windows, or of the window before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Popularity {
    /// Domain shares of the train windows.
    pub train: Vec<f64>,
    /// Whether the shares of the window before are given instead, where it has any event.
    pub last: bool,
}

impl Popularity {
    /// The better of the two on validation; among equals that of the train windows.
    ///
    /// # Errors
    /// As [`Prior::new`].
    pub fn choose(
        history: &History,
        train: Range<usize>,
        validation: &[Instance],
        ranker: &Ranker,
    ) -> Result<Popularity> {
        let train = Prior::new(history, train, 1.0, 1.0)?.popularity;
        let candidates = [false, true].map(|last| Popularity { train: train.clone(), last });
        let shares = |model: &Popularity, instance: &Instance| model.shares(history, instance.window);
        let chosen = choose(candidates.into_iter(), history, validation, ranker, shares);
        Ok(chosen.unwrap_or(Popularity { train, last: false }))
    }

    /// Shares over all domains; they sum to 1.
    pub fn shares(&self, history: &History, window: usize) -> Vec<f64> {
        let last = window.checked_sub(1).filter(|_| self.last).map(|last| history.totals(last));
        let total: f64 = last.map_or(0.0, |events| events.iter().map(|&n| f64::from(n)).sum());
        match last {
            Some(events) if total > 0.0 => events.iter().map(|&n| f64::from(n) / total).collect(),
            _ => self.train.clone(),
        }
    }
}

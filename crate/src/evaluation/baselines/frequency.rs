//! All of the user's past.

use serde::{Deserialize, Serialize};

use crate::training::History;

/// The shares of all of the user's events before the window; the popularity where there is none.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UserFrequency {
    /// Domain shares of the train windows.
    pub popularity: Vec<f64>,
}

impl UserFrequency {
    /// Shares over all domains; they sum to 1.
    pub fn shares(&self, history: &History, user: u32, window: usize) -> Vec<f64> {
        let past = history.past(user, window);
        if past.is_empty() {
            return self.popularity.clone();
        }
        let total: f64 = past.iter().map(|cell| f64::from(cell.events)).sum();
        let mut shares = vec![0.0; history.domains()];
        for cell in past {
            shares[cell.domain as usize] += f64::from(cell.events) / total;
        }
        shares
    }
}

//! A run as bytes: to go on after a restart or on another engine.

use serde::{Deserialize, Serialize};

use super::{
    TrainingPoint,
    saved::{self, Kind},
};
use crate::{Error, Result, nn::Moments};

/// Everything a run needs to go on: the parameters as they stand, the optimiser's state, and the best so far.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Checkpoint {
    version: u32,
    pub(super) seed: u64,
    /// What the run depends on besides log and seed, as [`super::Start::settings`].
    pub(super) settings: Vec<u8>,
    /// Epochs done.
    pub(super) epoch: usize,
    pub(super) parameters: Vec<Vec<f32>>,
    pub(super) moments: Moments,
    /// Parameters with the best validation so far, their NDCG@10, and the epochs since.
    pub(super) best: Vec<Vec<f32>>,
    pub(super) best_ndcg: f64,
    pub(super) waited: usize,
    pub(super) curve: Vec<TrainingPoint>,
}

const VERSION: u32 = 3;

impl Checkpoint {
    /// Before the first epoch: the parameters as initialised count as the first best.
    pub(super) fn start(seed: u64, settings: Vec<u8>, values: Vec<Vec<f32>>, moments: Moments) -> Checkpoint {
        Checkpoint {
            version: VERSION,
            seed,
            settings,
            epoch: 0,
            best: values.clone(),
            parameters: values,
            moments,
            best_ndcg: -1.0,
            waited: 0,
            curve: Vec::new(),
        }
    }

    /// As bytes (`docs/MODEL_FORMAT.md`: some tens of kilobytes, exact for every number).
    ///
    /// # Errors
    /// [`Error::Checkpoint`] where it cannot be encoded.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        saved::save(Kind::Checkpoint, self)
    }

    /// Back from bytes.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] for bytes that are damaged or of another version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Checkpoint> {
        let checkpoint: Checkpoint = saved::load(Kind::Checkpoint, bytes)?;
        if checkpoint.version != VERSION {
            return Err(Error::Checkpoint { hint: format!("its version is {}, not {VERSION}", checkpoint.version) });
        }
        Ok(checkpoint)
    }

    /// Epochs done.
    pub fn epoch(&self) -> usize {
        self.epoch
    }
}

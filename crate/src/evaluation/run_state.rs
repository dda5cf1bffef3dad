//! A run of several models as bytes: to go on after a restart or on another engine.

use serde::{Deserialize, Serialize};

use super::{Model, ModelName, fitting::FittedModel};
use crate::{
    Error, Result,
    training::{
        Checkpoint, Observer, Stopped, TrainingPoint, TrainingProgress,
        saved::{self, Kind},
    },
};

/// The models that are fitted already, and where the one under way stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunState {
    version: u32,
    pub(super) done: Vec<Done>,
    pub(super) current: Option<(ModelName, Checkpoint)>,
}

/// A model that needs no more fitting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Done {
    pub model: Model,
    pub curve: Vec<TrainingPoint>,
    /// Whether validation ended its training.
    pub stopped: Stopped,
    pub seconds: f64,
}

const VERSION: u32 = 2;

impl Default for RunState {
    fn default() -> Self {
        RunState { version: VERSION, done: Vec::new(), current: None }
    }
}

impl RunState {
    /// As bytes (`docs/MODEL_FORMAT.md`, exact for every number).
    ///
    /// # Errors
    /// [`Error::Checkpoint`] where it cannot be encoded.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        saved::save(Kind::Run, self)
    }

    /// Back from bytes.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] for bytes that are damaged or of another version.
    pub fn from_bytes(bytes: &[u8]) -> Result<RunState> {
        let state: RunState = saved::load(Kind::Run, bytes)?;
        if state.version != VERSION {
            return Err(Error::Checkpoint { hint: format!("its version is {}, not {VERSION}", state.version) });
        }
        Ok(state)
    }

    /// The model under way and the epochs that it has done.
    pub fn current(&self) -> Option<(ModelName, usize)> {
        self.current.as_ref().map(|(name, checkpoint)| (*name, checkpoint.epoch()))
    }

    /// Takes the fit of `name` out, where it is done.
    pub(super) fn take_done(&mut self, name: ModelName) -> Option<(FittedModel, f64)> {
        let index = self.done.iter().position(|done| done.model.name() == name)?;
        let Done { model, curve, stopped, seconds } = self.done.remove(index);
        Some((FittedModel { model, curve, stopped }, seconds))
    }

    /// Takes the checkpoint of `name` out, where it is the one under way.
    pub(super) fn take_current(&mut self, name: ModelName) -> Option<Checkpoint> {
        self.current.take_if(|(current, _)| *current == name).map(|(_, checkpoint)| checkpoint)
    }
}

/// Watches one model of a run: says which in its progress, and makes its checkpoints those of the whole run.
pub(super) struct OfModel<'a, O> {
    pub observer: O,
    pub name: ModelName,
    /// The models before.
    pub state: &'a mut RunState,
}

impl<O: Observer> Observer for OfModel<'_, O> {
    fn progress(&mut self, progress: TrainingProgress) {
        self.observer.progress(TrainingProgress { model: Some(self.name.name()), ..progress });
    }

    fn checkpoint(&mut self, bytes: Vec<u8>) {
        // Without this one, a restart goes on from the one before.
        let Ok(checkpoint) = Checkpoint::from_bytes(&bytes) else { return };
        self.state.current = Some((self.name, checkpoint));
        if let Ok(bytes) = self.state.to_bytes() {
            self.observer.checkpoint(bytes);
        }
    }

    fn cancelled(&mut self) -> bool {
        self.observer.cancelled()
    }

    fn seconds(&mut self) -> f64 {
        self.observer.seconds()
    }

    async fn pause(&mut self) {
        self.observer.pause().await;
    }
}

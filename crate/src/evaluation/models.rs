//! The fitted models of a log, and their file.

use serde::{Deserialize, Serialize};

use super::{ColdUsers, Model, ModelName, TrainOptions};
use crate::{
    Error, Result,
    event::Log,
    interest::WindowOptions,
    training::saved::{self, Kind, Vocabulary},
};

/// The fitted models of a log, ready to forecast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Models {
    pub(super) window: WindowOptions,
    seed: u64,
    /// The domains whose ids the models speak of.
    domains: Vocabulary,
    pub(super) best: ModelName,
    pub(super) models: Vec<Model>,
    /// How they forecast users with few events.
    pub(super) cold: ColdUsers,
}

impl Models {
    /// Of models that were fitted on `log` as `options` asked.
    pub(super) fn new(
        log: &Log,
        options: &TrainOptions,
        models: Vec<Model>,
        best: ModelName,
        cold: ColdUsers,
    ) -> Models {
        let TrainOptions { window, seed, .. } = options.clone();
        Models { window, seed, domains: Vocabulary::of(log.domains.iter()), best, models, cold }
    }

    /// What became of the models on a longer log. Where the best is gone, the decayed history stands in for it.
    pub(super) fn replaced(&self, log: &Log, models: Vec<Model>, cold: ColdUsers) -> Models {
        let there = models.iter().any(|model| model.name() == self.best);
        let best = if there { self.best } else { ModelName::DecayPrior };
        let (window, seed, domains) = (self.window.clone(), self.seed, Vocabulary::of(log.domains.iter()));
        Models { window, seed, domains, best, models, cold }
    }

    /// As a file without the log (`docs/MODEL_FORMAT.md`). The same models give the same bytes.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] where it cannot be encoded.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        saved::save(Kind::Models, self)
    }

    /// Back from a file, on any engine.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] for bytes that are damaged, of another version or no saved models.
    pub fn from_bytes(bytes: &[u8]) -> Result<Models> {
        saved::load(Kind::Models, bytes)
    }

    /// What is in them.
    pub fn summary(&self) -> SavedModels {
        let models = self.models.iter().map(Model::name).collect();
        SavedModels { window: self.window.clone(), models, best: self.best }
    }

    /// The model called `name`, or the best on validation.
    ///
    /// # Errors
    /// [`Error::State`] where it was not trained.
    pub fn get(&self, name: Option<ModelName>) -> Result<&Model> {
        let name = name.unwrap_or(self.best);
        let missing = || Error::State { hint: format!("no model {} was trained: train it first", name.name()) };
        self.models.iter().find(|model| model.name() == name).ok_or_else(missing)
    }

    /// Whether the models speak of this log's domains.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] where they don't.
    pub fn check(&self, log: &Log) -> Result<()> {
        self.domains.check(&log.domains, "domains")
    }
}

/// What a file of saved models holds (`SavedModels` of the page's types).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SavedModels {
    /// How time was cut.
    pub window: WindowOptions,
    /// Names, in the order of the run.
    pub models: Vec<ModelName>,
    /// The best on validation.
    pub best: ModelName,
}

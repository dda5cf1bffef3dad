//! From a model's name to the fitted model.

use super::{Markov, Model, ModelName, Popularity};
use crate::{
    Error, Result,
    event::Log,
    nn::Device,
    training::{
        Checkpoint, DnnOptions, Fitted, FittedGnn, GnnOptions, GnnRun, History, Instance, Observer, Ranker, Run, Split,
        Stopped, TrainingPoint, fit, fit_gnn,
    },
};

/// What every model is fitted on and with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fitting<'a> {
    pub log: &'a Log,
    pub history: &'a History,
    pub split: &'a Split,
    /// The validation instances: choices are made on them only.
    pub validation: &'a [Instance],
    pub ranker: &'a Ranker,
    /// Decides everything that is random.
    pub seed: u64,
    /// Passes over the train instances, instead of what fits the size of the log.
    pub epochs: Option<usize>,
    /// Whether a fusion starts anew.
    pub no_carry_over: bool,
    pub device: &'a Device,
}

/// A fitted model and how its training went: no curve for one that does not learn by gradient.
#[derive(Debug)]
pub(super) struct FittedModel {
    pub model: Model,
    pub curve: Vec<TrainingPoint>,
    pub stopped: Stopped,
}

impl From<Model> for FittedModel {
    fn from(model: Model) -> FittedModel {
        FittedModel { model, curve: Vec::new(), stopped: Stopped::Finished }
    }
}

impl Fitting<'_> {
    /// The network's settings for this log.
    pub fn dnn_options(&self) -> DnnOptions {
        DnnOptions::for_log(self.history, self.split, self.epochs)
    }

    /// Fits the model called `name`. `resume`: where its training stood.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a model that does not forecast interests; [`Error::NotEnough`]; [`Error::Cancelled`]
    /// before the first epoch is done; [`Error::Device`]; [`Error::Checkpoint`] for a `resume` of another run.
    pub async fn fit(
        &self,
        name: ModelName,
        resume: Option<Checkpoint>,
        observer: &mut impl Observer,
    ) -> Result<FittedModel> {
        let Fitting { log, history, split, validation, ranker, seed, device, .. } = *self;
        let train = split.train.clone();
        Ok(match name {
            ModelName::Popularity => Model::Popularity(Popularity::choose(history, train, validation, ranker)?).into(),
            ModelName::UserFrequency => Model::user_frequency(history, train)?.into(),
            ModelName::Markov => {
                let prior = Model::decay_prior(history, train.clone(), validation, ranker)?;
                Model::Markov(Markov::choose(history, train, prior, validation, ranker)).into()
            }
            ModelName::Persistent => Model::persistent(history, train)?.into(),
            ModelName::MovingAverage => Model::moving_average(history, train, validation, ranker)?.into(),
            ModelName::DecayPrior => Model::DecayPrior(Model::decay_prior(history, train, validation, ranker)?).into(),
            ModelName::Dnn => {
                let prior = Model::decay_prior(history, train, validation, ranker)?;
                let options = &self.dnn_options();
                let run = Run { options, seed, resume };
                let Fitted { dnn, curve, stopped, .. } =
                    fit(log, history, split, &prior, run, device, observer).await?;
                FittedModel { model: Model::Dnn(dnn), curve, stopped }
            }
            ModelName::Gnn | ModelName::DnnGnn => {
                let prior = Model::decay_prior(history, train, validation, ranker)?;
                let alone = GnnOptions { carry_over: !self.no_carry_over, ..GnnOptions::for_dnn(self.dnn_options()) };
                let options = &if name == ModelName::Gnn { alone } else { alone.fused() };
                let run = GnnRun { options, seed, resume };
                let FittedGnn { gnn, curve, stopped, .. } =
                    fit_gnn((log, history), split, &prior, run, device, observer).await?;
                let model = if name == ModelName::Gnn { Model::Gnn(gnn) } else { Model::DnnGnn(gnn) };
                FittedModel { model, curve, stopped }
            }
            other => {
                let hint = format!("{} does not forecast interests", other.name());
                return Err(Error::Parameter { name: "model", hint });
            }
        })
    }
}

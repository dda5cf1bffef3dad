//! From a model's name to the fitted model.

use super::{Blend, ClosedForm, Markov, Model, ModelName, Neighbours, Popularity, Rows};
use crate::{
    Error, Result,
    cf::Measure,
    event::Log,
    nn::Device,
    training::{
        Checkpoint, Descended, DnnOptions, Fitted, FittedGnn, GnnOptions, GnnRun, History, Init, Instance, Observer,
        Ranker, Run, Split, Stopped, TrainingPoint, fit, fit_gnn,
        sequence::{SequenceOptions, fit_forecaster},
        transfer::{Source, base},
    },
};

/// What a blend picks from.
const BLENDED: [ModelName; 7] = [
    ModelName::DecayPrior,
    ModelName::Markov,
    ModelName::UserFrequency,
    ModelName::CfUserCosine,
    ModelName::CfUserPearson,
    ModelName::CfItem,
    ModelName::Dnn,
];
/// Networks of each kind, with seeds of their own.
pub(super) const BLENDED_SEEDS: usize = 2;

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
    /// What the pair network starts from.
    pub init: Init,
    /// Whether the pair network sees what others do; the models of the graph do in any case.
    pub crowd: bool,
    /// Whether the graph holds the log's social edges.
    pub social: bool,
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
        DnnOptions { init: self.init, ..DnnOptions::for_log(self.history, self.split, self.epochs) }
    }

    /// Fits the model called `name`; a blend with all its members. `resume`: where its training stood.
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
        if name == ModelName::Blend { self.blend(observer).await } else { self.fit_one(name, resume, observer).await }
    }

    /// Fits what may become a member, networks with several seeds, and picks among it.
    async fn blend(&self, observer: &mut impl Observer) -> Result<FittedModel> {
        let Fitting { log, history, validation, ranker, device, seed, .. } = *self;
        let mut models = Vec::new();
        let mut curve = Vec::new();
        for name in BLENDED {
            let seeds = if name == ModelName::Dnn { BLENDED_SEEDS } else { 1 };
            for number in 0..seeds {
                let seed = seed.wrapping_add((number as u64).wrapping_mul(0x9E37_79B9));
                let fitting = Fitting { seed, crowd: true, ..*self };
                let fitted = fitting.fit_one(name, None, observer).await?;
                curve.extend(fitted.curve);
                models.push(fitted.model);
            }
        }
        let blend = Blend::choose(models, (log, history), validation, ranker, device, observer).await?;
        Ok(FittedModel { model: Model::Blend(blend), curve, stopped: Stopped::Finished })
    }

    async fn fit_one(
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
            ModelName::CfUserCosine => self.neighbours(Rows::Users, Measure::Cosine)?.into(),
            ModelName::CfUserPearson => self.neighbours(Rows::Users, Measure::Pearson)?.into(),
            ModelName::CfItem => self.neighbours(Rows::Domains, Measure::Cosine)?.into(),
            ModelName::CfClosed => {
                let prior = Model::decay_prior(history, train.clone(), validation, ranker)?;
                Model::ClosedForm(ClosedForm::choose(prior, history, train, validation, ranker)).into()
            }
            ModelName::Persistent => Model::persistent(history, train)?.into(),
            ModelName::MovingAverage => Model::moving_average(history, train, validation, ranker)?.into(),
            ModelName::DecayPrior => Model::DecayPrior(Model::decay_prior(history, train, validation, ranker)?).into(),
            ModelName::Dnn => {
                let prior = Model::decay_prior(history, train, validation, ranker)?;
                // The base model was trained with the crowd in its features.
                let crowd = self.crowd || self.init == Init::Base;
                let options = &DnnOptions { crowd, ..self.dnn_options() };
                let run = Run { options, seed, resume };
                let Fitted { dnn, curve, stopped, .. } =
                    fit(log, history, split, &prior, run, device, observer).await?;
                FittedModel { model: Model::Dnn(dnn), curve, stopped }
            }
            ModelName::Sequence => {
                let prior = Model::decay_prior(history, train, validation, ranker)?;
                let mut options = SequenceOptions::next_window();
                options.epochs = self.epochs.unwrap_or(options.epochs);
                let data = ((log, history), (split, &prior));
                let (model, descended) =
                    fit_forecaster(data.0, data.1, &options, (seed, resume), device, observer).await?;
                let Descended { curve, stopped, .. } = descended;
                FittedModel { model: Model::Sequence(model), curve, stopped }
            }
            ModelName::Gnn | ModelName::DnnGnn => {
                let prior = Model::decay_prior(history, train, validation, ranker)?;
                let mut alone = GnnOptions::for_dnn(self.dnn_options());
                alone.carry_over = !self.no_carry_over;
                alone.graph.social = self.social;
                let options = &if name == ModelName::Gnn { alone } else { alone.fused() };
                let run = GnnRun { options, seed, resume };
                let FittedGnn { gnn, curve, stopped, .. } =
                    fit_gnn((log, history), split, &prior, run, device, observer).await?;
                let model = if name == ModelName::Gnn { Model::Gnn(gnn) } else { Model::DnnGnn(gnn) };
                FittedModel { model, curve, stopped }
            }
            ModelName::Base => {
                let prior = &Model::decay_prior(history, train, validation, ranker)?;
                let source = Source { log, history, split, prior, options: &self.dnn_options() };
                Model::Base(base()?.zero_shot_on(source, device, observer).await?.dnn).into()
            }
            other => {
                let hint = format!("{} does not forecast interests", other.name());
                return Err(Error::Parameter { name: "model", hint });
            }
        })
    }

    fn neighbours(&self, rows: Rows, measure: Measure) -> Result<Model> {
        let Fitting { history, split, validation, ranker, .. } = *self;
        let prior = Model::decay_prior(history, split.train.clone(), validation, ranker)?;
        Ok(Model::Neighbours(Neighbours::choose((rows, measure), prior, history, validation, ranker)))
    }
}

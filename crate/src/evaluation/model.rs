//! The models that are compared.

use serde::{Deserialize, Serialize};

use super::{
    Blend, ClosedForm, ModelName, Neighbours, Rows,
    baselines::{self, Markov, Popularity, UserFrequency},
};
use crate::{
    Error, Result,
    cf::Measure,
    event::Log,
    nn::Device,
    training::{
        Dnn, FirstPlace, Gnn, History, Instance, Observer, Prior, PriorGrid, Ranker, sequence::SequenceForecaster,
    },
};

/// A model that is ready to forecast.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Model {
    /// The shares of the last active window, or the popularity where there is none.
    Persistent {
        /// Domain shares of the train windows.
        popularity: Vec<f64>,
    },
    /// Mean of the shares of the last `windows` active windows, or the popularity where there is none.
    MovingAverage {
        /// Domain shares of the train windows.
        popularity: Vec<f64>,
        /// How many active windows.
        windows: usize,
    },
    /// Decayed counts with a popularity prior.
    DecayPrior(Prior),
    /// The network.
    Dnn(Dnn),
    /// The shipped network, as far as the log's own past says to trust it.
    Base(Dnn),
    /// What everyone touches.
    Popularity(Popularity),
    /// The shares of all of the user's past.
    UserFrequency(UserFrequency),
    /// First-order transitions, mixed with the decay + popularity prior.
    Markov(Markov),
    /// Attention over the past.
    Sequence(SequenceForecaster),
    /// Similar users or domains, mixed with the decay + popularity prior.
    Neighbours(Neighbours),
    /// Several of the others, averaged.
    Blend(Blend),
    /// Graph convolution.
    Gnn(Gnn),
    /// Graph convolution fused with a network of own features.
    DnnGnn(Gnn),
    /// Ridge regression from past to future, mixed with the decay + popularity prior.
    ClosedForm(ClosedForm),
}

impl Model {
    /// Its name.
    pub fn name(&self) -> ModelName {
        match self {
            Model::Persistent { .. } => ModelName::Persistent,
            Model::MovingAverage { .. } => ModelName::MovingAverage,
            Model::DecayPrior(_) => ModelName::DecayPrior,
            Model::Dnn(_) => ModelName::Dnn,
            Model::Base(_) => ModelName::Base,
            Model::Popularity(_) => ModelName::Popularity,
            Model::UserFrequency(_) => ModelName::UserFrequency,
            Model::Markov(_) => ModelName::Markov,
            Model::Sequence(_) => ModelName::Sequence,
            Model::Neighbours(Neighbours { rows: Rows::Domains, .. }) => ModelName::CfItem,
            Model::Neighbours(Neighbours { measure: Measure::Cosine, .. }) => ModelName::CfUserCosine,
            Model::Neighbours(Neighbours { measure: Measure::Pearson, .. }) => ModelName::CfUserPearson,
            Model::Blend(_) => ModelName::Blend,
            Model::Gnn(_) => ModelName::Gnn,
            Model::DnnGnn(_) => ModelName::DnnGnn,
            Model::ClosedForm(_) => ModelName::CfClosed,
        }
    }

    /// Number of domains of the log that it was fitted on.
    pub fn domains(&self) -> usize {
        match self {
            Model::Persistent { popularity } | Model::MovingAverage { popularity, .. } => popularity.len(),
            Model::DecayPrior(prior) => prior.popularity.len(),
            Model::Dnn(dnn) | Model::Base(dnn) => dnn.prior().popularity.len(),
            Model::Popularity(popularity) => popularity.train.len(),
            Model::UserFrequency(frequency) => frequency.popularity.len(),
            Model::Markov(markov) => markov.prior.popularity.len(),
            Model::Sequence(sequence) => sequence.prior().popularity.len(),
            Model::Neighbours(neighbours) => neighbours.prior.popularity.len(),
            Model::ClosedForm(closed) => closed.prior.popularity.len(),
            Model::Blend(blend) => blend.members.first().map_or(0, |(model, _)| model.domains()),
            Model::Gnn(gnn) | Model::DnnGnn(gnn) => gnn.prior().popularity.len(),
        }
    }

    /// Number of learned numbers.
    pub fn parameter_count(&self) -> usize {
        match self {
            Model::Dnn(dnn) | Model::Base(dnn) => dnn.parameter_count(),
            Model::Sequence(sequence) => sequence.parameter_count(),
            Model::Blend(blend) => blend.parameter_count(),
            Model::Gnn(gnn) | Model::DnnGnn(gnn) => gnn.parameter_count(),
            _ => 0,
        }
    }

    /// The rule by which it names a domain first, where shares alone don't decide.
    pub fn first(&self) -> Option<&FirstPlace> {
        match self {
            Model::Dnn(dnn) => dnn.first(),
            Model::Gnn(gnn) | Model::DnnGnn(gnn) => gnn.first(),
            Model::Blend(blend) => blend.first.as_ref(),
            _ => None,
        }
    }

    /// The same model with another such rule; the models that know none stay as they are.
    pub fn with_first(self, first: Option<FirstPlace>) -> Model {
        match self {
            Model::Dnn(dnn) => Model::Dnn(dnn.with_first(first)),
            Model::Gnn(gnn) => Model::Gnn(gnn.with_first(first)),
            Model::DnnGnn(gnn) => Model::DnnGnn(gnn.with_first(first)),
            Model::Blend(blend) => Model::Blend(Blend { first, ..blend }),
            other => other,
        }
    }

    /// Whether [`Model::with_first`] changes it.
    pub fn has_first(&self) -> bool {
        matches!(self, Model::Dnn(_) | Model::Gnn(_) | Model::DnnGnn(_) | Model::Blend(_))
    }

    /// The persistent model.
    ///
    /// # Errors
    /// As [`Prior::new`].
    pub fn persistent(history: &History, train: std::ops::Range<usize>) -> Result<Model> {
        Ok(Model::Persistent { popularity: Prior::new(history, train, 1.0, 1.0)?.popularity })
    }

    /// The moving average whose length is best on validation; among equals the shortest.
    ///
    /// # Errors
    /// As [`Prior::new`].
    pub fn moving_average(
        history: &History,
        train: std::ops::Range<usize>,
        validation: &[Instance],
        ranker: &Ranker,
    ) -> Result<Model> {
        let popularity = Prior::new(history, train, 1.0, 1.0)?.popularity;
        let windows = baselines::moving_average(history, validation, ranker, &popularity);
        Ok(Model::MovingAverage { popularity, windows })
    }

    /// The shares of all of the user's past.
    ///
    /// # Errors
    /// As [`Prior::new`].
    pub fn user_frequency(history: &History, train: std::ops::Range<usize>) -> Result<Model> {
        let popularity = Prior::new(history, train, 1.0, 1.0)?.popularity;
        Ok(Model::UserFrequency(UserFrequency { popularity }))
    }

    /// The decay + popularity prior chosen on validation over the grid of PROTOCOL.md.
    ///
    /// # Errors
    /// As [`Prior::choose`].
    pub fn decay_prior(
        history: &History,
        train: std::ops::Range<usize>,
        validation: &[Instance],
        ranker: &Ranker,
    ) -> Result<Prior> {
        Prior::choose(history, train, validation, ranker, PriorGrid::default())
    }

    /// Calls `visit` with the number of each (user, window) request and its shares over all domains, which sum to 1.
    ///
    /// # Errors
    /// [`Error::Cancelled`]; as [`Dnn::each_shares`] for the network.
    pub async fn each_shares(
        &self,
        (log, history): (&Log, &History),
        requests: &[(u32, usize)],
        device: &Device,
        observer: &mut impl Observer,
        visit: impl FnMut(usize, &[f64]),
    ) -> Result<()> {
        match self {
            Model::Blend(blend) => blend.each_shares((log, history), requests, device, observer, visit).await,
            _ => self.each_unblended((log, history), requests, device, observer, visit).await,
        }
    }

    /// [`Model::each_shares`] of a model that is no blend, as members of a blend must be.
    pub(super) async fn each_unblended(
        &self,
        (log, history): (&Log, &History),
        requests: &[(u32, usize)],
        device: &Device,
        observer: &mut impl Observer,
        mut visit: impl FnMut(usize, &[f64]),
    ) -> Result<()> {
        const PAUSE_EVERY: usize = 64;
        let windows = match self {
            Model::Dnn(dnn) | Model::Base(dnn) => {
                return dnn.each_shares((log, history), requests, device, observer, visit).await;
            }
            Model::Gnn(gnn) | Model::DnnGnn(gnn) => {
                return gnn.each_shares((log, history), requests, device, observer, visit).await;
            }
            Model::Sequence(sequence) => {
                return sequence.each_shares((log, history), requests, device, observer, visit).await;
            }
            Model::Blend(_) => return Err(Error::Checkpoint { hint: "a blend holds another blend".into() }),
            Model::Neighbours(neighbours) => Some(neighbours.windows(history)),
            _ => None,
        };
        for (index, &(user, window)) in requests.iter().enumerate() {
            let shares = match self {
                Model::Persistent { popularity } => baselines::average(history, user, window, 1, popularity),
                Model::MovingAverage { popularity, windows } => {
                    baselines::average(history, user, window, *windows, popularity)
                }
                Model::DecayPrior(prior) => prior.shares(history, user, window),
                Model::Popularity(popularity) => popularity.shares(history, window),
                Model::UserFrequency(frequency) => frequency.shares(history, user, window),
                Model::Markov(markov) => markov.shares(history, user, window),
                Model::ClosedForm(closed) => closed.shares(history, user, window),
                Model::Neighbours(_)
                | Model::Base(_)
                | Model::Dnn(_)
                | Model::Gnn(_)
                | Model::DnnGnn(_)
                | Model::Sequence(_)
                | Model::Blend(_) => windows.as_ref().map_or_else(Vec::new, |windows| windows.shares(user, window)),
            };
            visit(index, &shares);
            if index % PAUSE_EVERY == PAUSE_EVERY - 1 {
                observer.pause().await;
                if observer.cancelled() {
                    return Err(Error::Cancelled);
                }
            }
        }
        Ok(())
    }
}

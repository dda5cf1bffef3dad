//! The models that say which item comes next.

use serde::{Deserialize, Serialize};

use super::choose::{best, recencies};
use crate::{
    Error, Result,
    evaluation::ModelName,
    nn::Device,
    training::{
        Observer,
        next_item::{Catalogue, ItemPopularity, ItemToItem, MarkovOptions, Sequence, Sequences, Target, markov},
    },
};

/// What a model is fitted on and chosen by.
#[derive(Debug, Clone, Copy)]
pub struct FitNextItem<'a> {
    /// Learned from.
    pub train: &'a Sequences,
    /// Chosen on: what each user did right after its train sequence.
    pub validation: &'a [Target],
    /// The items' content.
    pub catalogue: &'a Catalogue,
    /// Decides everything that is random.
    pub seed: u64,
}

/// A fitted next-item model: scores for all items, given an input sequence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum NextItemModel {
    /// The same for everyone.
    Popularity(ItemPopularity),
    /// Directed transitions.
    Markov {
        /// How they were counted.
        options: MarkovOptions,
        /// The transitions.
        model: ItemToItem,
    },
}

impl NextItemModel {
    /// Fits the model called `name`; hyper-parameters are chosen on validation.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a model that does not rank items; [`Error::NotEnough`] without validation targets;
    /// [`Error::Cancelled`], [`Error::Device`].
    pub async fn fit(
        name: ModelName,
        fit: &FitNextItem<'_>,
        device: &Device,
        observer: &mut impl Observer,
    ) -> Result<NextItemModel> {
        if fit.validation.is_empty() {
            return Err(Error::NotEnough { what: "recommendations", hint: "no user to choose on".into() });
        }
        match name {
            ModelName::Popularity => Ok(NextItemModel::Popularity(ItemPopularity::fit(fit.train))),
            ModelName::Markov => {
                let candidates = (1..=5).flat_map(|hops| {
                    let options = MarkovOptions { hops, ..MarkovOptions::default() };
                    let model = markov(fit.train, &options);
                    recencies(fit.train).map(move |recency| NextItemModel::Markov {
                        options: MarkovOptions { recency, ..options },
                        model: ItemToItem { recency, ..model.clone() },
                    })
                });
                best(candidates, fit, device, observer).await
            }
            other => {
                let hint = format!("{} does not rank items", other.name());
                Err(Error::Parameter { name: "model", hint })
            }
        }
    }

    /// The same model, with its hyper-parameters as they are, learned anew from `sequences`.
    ///
    /// # Errors
    /// [`Error::Cancelled`], [`Error::Device`].
    pub async fn refit(
        &self,
        sequences: &Sequences,
        _catalogue: &Catalogue,
        _seed: u64,
        _device: &Device,
        _observer: &mut impl Observer,
    ) -> Result<NextItemModel> {
        Ok(match self {
            NextItemModel::Popularity(_) => NextItemModel::Popularity(ItemPopularity::fit(sequences)),
            NextItemModel::Markov { options, .. } => {
                NextItemModel::Markov { options: *options, model: markov(sequences, options) }
            }
        })
    }

    /// Its name.
    pub fn name(&self) -> ModelName {
        match self {
            NextItemModel::Popularity(_) => ModelName::Popularity,
            NextItemModel::Markov { .. } => ModelName::Markov,
        }
    }

    /// Number of numbers learned by gradient.
    pub fn parameter_count(&self) -> usize {
        match self {
            NextItemModel::Popularity(_) | NextItemModel::Markov { .. } => 0,
        }
    }

    /// What was chosen on validation, for people.
    pub fn chosen(&self) -> serde_json::Value {
        match self {
            NextItemModel::Popularity(_) => serde_json::json!({}),
            NextItemModel::Markov { options, .. } => serde_json::json!(options),
        }
    }

    /// Calls `visit` with the place of each of `users` in the list and the scores of all items for its sequence in
    /// `inputs`; larger is better, on no particular scale.
    ///
    /// # Errors
    /// [`Error::Cancelled`], [`Error::Device`].
    pub async fn each_scores(
        &self,
        inputs: &Sequences,
        users: &[u32],
        _device: &Device,
        observer: &mut impl Observer,
        mut visit: impl FnMut(usize, &[f32]),
    ) -> Result<()> {
        const PAUSE_EVERY: usize = 64;
        let mut scores = vec![0.0; inputs.items()];
        for (index, &user) in users.iter().enumerate() {
            self.scores(inputs.user(user as usize), &mut scores);
            visit(index, &scores);
            if index % PAUSE_EVERY == PAUSE_EVERY - 1 {
                observer.pause().await;
                if observer.cancelled() {
                    return Err(Error::Cancelled);
                }
            }
        }
        Ok(())
    }

    fn scores(&self, input: Sequence<'_>, scores: &mut [f32]) {
        match self {
            NextItemModel::Popularity(popularity) => scores.copy_from_slice(popularity.scores()),
            NextItemModel::Markov { model, .. } => {
                scores.fill(0.0);
                model.add_scores(input, scores);
            }
        }
    }
}

//! The models that say which item comes next.

use serde::{Deserialize, Serialize};

use super::choose::{best, recencies};
use crate::{
    Error, Result,
    evaluation::ModelName,
    nn::Device,
    training::{
        Observer,
        item_graph::{ItemGraphData, ItemGraphModel, ItemGraphOptions},
        next_item::{Catalogue, ItemPopularity, ItemToItem, MarkovOptions, Sequence, Sequences, Target, markov},
        sequence::{SequenceData, SequenceModel, SequenceOptions},
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
    /// Graph convolution over items.
    Gnn(ItemGraphModel),
    /// Causal self-attention.
    Sequence(SequenceModel),
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
            ModelName::Gnn => {
                let FitNextItem { train, validation, catalogue, seed } = *fit;
                let data = ItemGraphData { train, catalogue, validation };
                let options = ItemGraphOptions::next_item(train.items(), train.users());
                let (model, _) = ItemGraphModel::fit(data, &options, seed, None, device, observer).await?;
                Ok(NextItemModel::Gnn(model))
            }
            ModelName::Sequence => {
                let FitNextItem { train, validation, catalogue, seed } = *fit;
                let data = SequenceData { train, catalogue, validation };
                let options = SequenceOptions::next_item(train.items(), train.users());
                let (model, _) = SequenceModel::fit(data, &options, seed, None, device, observer).await?;
                Ok(NextItemModel::Sequence(model))
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
        catalogue: &Catalogue,
        seed: u64,
        device: &Device,
        observer: &mut impl Observer,
    ) -> Result<NextItemModel> {
        Ok(match self {
            NextItemModel::Popularity(_) => NextItemModel::Popularity(ItemPopularity::fit(sequences)),
            NextItemModel::Markov { options, .. } => {
                NextItemModel::Markov { options: *options, model: markov(sequences, options) }
            }
            NextItemModel::Gnn(model) => {
                NextItemModel::Gnn(model.refit(sequences, catalogue, seed, device, observer).await?)
            }
            NextItemModel::Sequence(model) => {
                NextItemModel::Sequence(model.refit(sequences, catalogue, seed, device, observer).await?)
            }
        })
    }

    /// Its name.
    pub fn name(&self) -> ModelName {
        match self {
            NextItemModel::Popularity(_) => ModelName::Popularity,
            NextItemModel::Markov { .. } => ModelName::Markov,
            NextItemModel::Gnn(_) => ModelName::Gnn,
            NextItemModel::Sequence(_) => ModelName::Sequence,
        }
    }

    /// Number of numbers learned by gradient.
    pub fn parameter_count(&self) -> usize {
        match self {
            NextItemModel::Popularity(_) | NextItemModel::Markov { .. } => 0,
            NextItemModel::Gnn(model) => model.parameter_count(),
            NextItemModel::Sequence(model) => model.parameter_count(),
        }
    }

    /// What was chosen on validation, for people.
    pub fn chosen(&self) -> serde_json::Value {
        match self {
            NextItemModel::Popularity(_) => serde_json::json!({}),
            NextItemModel::Markov { options, .. } => serde_json::json!(options),
            NextItemModel::Gnn(model) => {
                serde_json::json!({ "options": model.options(), "epoch": model.epoch() })
            }
            NextItemModel::Sequence(model) => {
                serde_json::json!({ "options": model.options(), "epoch": model.epoch() })
            }
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
        device: &Device,
        observer: &mut impl Observer,
        visit: impl FnMut(usize, &[f32]),
    ) -> Result<()> {
        match self {
            NextItemModel::Popularity(popularity) => {
                let score = |_: Sequence<'_>, scores: &mut [f32]| scores.copy_from_slice(popularity.scores());
                one_by_one(inputs, users, score, observer, visit).await
            }
            NextItemModel::Markov { model, .. } => {
                let score = |input: Sequence<'_>, scores: &mut [f32]| {
                    scores.fill(0.0);
                    model.add_scores(input, scores);
                };
                one_by_one(inputs, users, score, observer, visit).await
            }
            NextItemModel::Gnn(model) => model.each_scores(inputs, users, device, observer, visit).await,
            NextItemModel::Sequence(model) => model.each_scores(inputs, users, device, observer, visit).await,
        }
    }
}

/// Scores users one after the other with `score`, which overwrites the last scores.
async fn one_by_one(
    inputs: &Sequences,
    users: &[u32],
    mut score: impl FnMut(Sequence<'_>, &mut [f32]),
    observer: &mut impl Observer,
    mut visit: impl FnMut(usize, &[f32]),
) -> Result<()> {
    const PAUSE_EVERY: usize = 64;
    let mut scores = vec![0.0; inputs.items()];
    for (index, &user) in users.iter().enumerate() {
        score(inputs.user(user as usize), &mut scores);
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

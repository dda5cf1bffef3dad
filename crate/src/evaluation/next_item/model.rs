//! The models that say which item comes next.

use serde::{Deserialize, Serialize};

use super::choose::{best, item_candidates, recencies, user_candidates};
use crate::{
    Error, Result,
    cf::{Measure, Ridge, Similarity},
    evaluation::ModelName,
    nn::Device,
    training::{
        Observer,
        item_graph::{ItemGraphData, ItemGraphModel, ItemGraphOptions},
        next_item::{
            Catalogue, ClosedForm, DomainOptions, ItemPopularity, ItemToItem, ItemsByDomain, MarkovOptions, Order,
            Recency, Sequence, Sequences, Target, TwoStage, TwoStageData, UserNeighbours, closed_form, item_neighbours,
            markov,
        },
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
    /// The user's domains and what is popular in them: `persistent`, `moving_average`, `user_frequency` or `decay_prior`.
    ByDomain {
        /// Which of them.
        name: ModelName,
        /// The shares.
        model: ItemsByDomain,
    },
    /// Nearest users.
    CfUser {
        /// By cosine or Pearson.
        name: ModelName,
        /// The users.
        model: UserNeighbours,
    },
    /// Nearest items.
    CfItem {
        /// How they were compared.
        similarity: Similarity,
        /// The neighbours.
        model: ItemToItem,
    },
    /// Ridge regression from past to future, or from items to each other.
    CfClosed {
        /// Which of the two.
        form: ClosedForm,
        /// How it was restrained.
        options: Ridge,
        /// The weights.
        model: ItemToItem,
    },
    /// Several models, and trees or a network that order what they find: `blend`, `dnn` or `dnn+gnn`.
    TwoStage(Box<TwoStage>),
    /// Graph convolution over items.
    Gnn(ItemGraphModel),
    /// Causal self-attention.
    Sequence(SequenceModel),
}

/// Neighbours that an item keeps.
pub(super) const ITEM_NEIGHBOURS: usize = 400;

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
                let mut models = Vec::new();
                for hops in 1..=5 {
                    let options = MarkovOptions { hops, ..MarkovOptions::default() };
                    models.push((options, markov(fit.train, &options, observer).await?));
                }
                let candidates = models.into_iter().flat_map(|(options, model)| {
                    recencies(fit.train).map(move |recency| NextItemModel::Markov {
                        options: MarkovOptions { recency, ..options },
                        model: ItemToItem { recency, ..model.clone() },
                    })
                });
                best(candidates, fit, device, observer).await
            }
            ModelName::Persistent | ModelName::MovingAverage | ModelName::UserFrequency | ModelName::DecayPrior => {
                let candidates = domain_options(name, fit.train).into_iter().map(|options| NextItemModel::ByDomain {
                    name,
                    model: ItemsByDomain::fit(fit.train, fit.catalogue, options),
                });
                best(candidates, fit, device, observer).await
            }
            ModelName::CfUserCosine => best(user_candidates(name, Measure::Cosine, fit), fit, device, observer).await,
            ModelName::CfUserPearson => best(user_candidates(name, Measure::Pearson, fit), fit, device, observer).await,
            ModelName::CfItem => {
                let mut matrices = Vec::new();
                for shrinkage in [0.5, 2.0, 8.0] {
                    let similarity = Similarity { measure: Measure::Cosine, shrinkage };
                    let matrix = item_neighbours(fit.train, similarity, ITEM_NEIGHBOURS, observer).await?;
                    matrices.push((similarity, matrix));
                }
                let candidates = matrices.into_iter().flat_map(|(similarity, matrix)| {
                    item_candidates(matrix, fit.train).map(move |model| NextItemModel::CfItem { similarity, model })
                });
                best(candidates, fit, device, observer).await
            }
            ModelName::CfClosed => {
                const SLIT: [f32; 3] = [30.0, 100.0, 300.0];
                const EASE: [f32; 3] = [30.0, 100.0, 300.0];
                let forms = [(ClosedForm::Slit, SLIT), (ClosedForm::Ease, EASE)];
                let mut matrices = Vec::new();
                for (form, lambda) in forms.into_iter().flat_map(|(form, some)| some.map(|lambda| (form, lambda))) {
                    let options = Ridge { lambda, active: 150 };
                    matrices.push((form, options, closed_form(fit.train, form, options, observer).await?));
                }
                let candidates = matrices.into_iter().flat_map(|(form, options, matrix)| {
                    let of = move |model| NextItemModel::CfClosed { form, options, model };
                    item_candidates(matrix, fit.train).map(of)
                });
                best(candidates, fit, device, observer).await
            }
            ModelName::Blend | ModelName::Dnn | ModelName::DnnGnn => {
                let FitNextItem { train, validation, catalogue, seed } = *fit;
                let order = match name {
                    ModelName::Dnn => Order::Network,
                    ModelName::DnnGnn => Order::Convolution,
                    _ => Order::Blend,
                };
                let data = TwoStageData { train, validation, catalogue };
                let model = TwoStage::fit(order, data, seed, device, observer).await?;
                Ok(NextItemModel::TwoStage(Box::new(model)))
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
                NextItemModel::Markov { options: *options, model: markov(sequences, options, observer).await? }
            }
            NextItemModel::ByDomain { name, model } => {
                let model = ItemsByDomain::fit(sequences, catalogue, model.options);
                NextItemModel::ByDomain { name: *name, model }
            }
            NextItemModel::CfUser { name, model } => {
                NextItemModel::CfUser { name: *name, model: UserNeighbours::fit(sequences, *model.options()) }
            }
            NextItemModel::CfItem { similarity, model } => {
                let matrix = item_neighbours(sequences, *similarity, ITEM_NEIGHBOURS, observer).await?;
                let model = ItemToItem { matrix, recency: model.recency };
                NextItemModel::CfItem { similarity: *similarity, model }
            }
            NextItemModel::CfClosed { form, options, model } => {
                let matrix = closed_form(sequences, *form, *options, observer).await?;
                let model = ItemToItem { matrix, recency: model.recency };
                NextItemModel::CfClosed { form: *form, options: *options, model }
            }
            NextItemModel::Gnn(model) => {
                NextItemModel::Gnn(model.refit(sequences, catalogue, seed, device, observer).await?)
            }
            NextItemModel::Sequence(model) => {
                NextItemModel::Sequence(model.refit(sequences, catalogue, seed, device, observer).await?)
            }
            NextItemModel::TwoStage(model) => {
                NextItemModel::TwoStage(Box::new(model.refit(sequences, catalogue, device, observer).await?))
            }
        })
    }

    /// Its name.
    pub fn name(&self) -> ModelName {
        match self {
            NextItemModel::Popularity(_) => ModelName::Popularity,
            NextItemModel::Markov { .. } => ModelName::Markov,
            NextItemModel::ByDomain { name, .. } | NextItemModel::CfUser { name, .. } => *name,
            NextItemModel::CfItem { .. } => ModelName::CfItem,
            NextItemModel::CfClosed { .. } => ModelName::CfClosed,
            NextItemModel::TwoStage(model) => match model.order() {
                Order::Blend => ModelName::Blend,
                Order::Network => ModelName::Dnn,
                Order::Convolution => ModelName::DnnGnn,
            },
            NextItemModel::Gnn(_) => ModelName::Gnn,
            NextItemModel::Sequence(_) => ModelName::Sequence,
        }
    }

    /// Number of numbers learned by gradient.
    pub fn parameter_count(&self) -> usize {
        match self {
            NextItemModel::Popularity(_)
            | NextItemModel::Markov { .. }
            | NextItemModel::ByDomain { .. }
            | NextItemModel::CfUser { .. }
            | NextItemModel::CfItem { .. }
            | NextItemModel::CfClosed { .. } => 0,
            NextItemModel::TwoStage(model) => model.parameter_count(),
            NextItemModel::Gnn(model) => model.parameter_count(),
            NextItemModel::Sequence(model) => model.parameter_count(),
        }
    }

    /// What was chosen on validation, for people.
    pub fn chosen(&self) -> serde_json::Value {
        match self {
            NextItemModel::Popularity(_) => serde_json::json!({}),
            NextItemModel::Markov { options, .. } => serde_json::json!(options),
            NextItemModel::ByDomain { model, .. } => serde_json::json!(model.options),
            NextItemModel::CfUser { model, .. } => serde_json::json!(model.options()),
            NextItemModel::CfItem { similarity, model } => {
                serde_json::json!({ "similarity": similarity, "recency": model.recency })
            }
            NextItemModel::CfClosed { form, options, model } => {
                serde_json::json!({ "form": form, "ridge": options, "recency": model.recency })
            }
            NextItemModel::TwoStage(model) => model.chosen(),
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
                let score = |_, _: Sequence<'_>, scores: &mut [f32]| scores.copy_from_slice(popularity.scores());
                one_by_one(inputs, users, score, observer, visit).await
            }
            NextItemModel::Markov { model, .. }
            | NextItemModel::CfItem { model, .. }
            | NextItemModel::CfClosed { model, .. } => {
                let score = |_, input: Sequence<'_>, scores: &mut [f32]| model.add_scores(input, scores);
                one_by_one(inputs, users, score, observer, visit).await
            }
            NextItemModel::ByDomain { model, .. } => {
                let score = |_, input: Sequence<'_>, scores: &mut [f32]| model.add_scores(input, scores);
                one_by_one(inputs, users, score, observer, visit).await
            }
            NextItemModel::CfUser { model, .. } => {
                let score = |user, input: Sequence<'_>, scores: &mut [f32]| model.add_scores(Some(user), input, scores);
                one_by_one(inputs, users, score, observer, visit).await
            }
            NextItemModel::TwoStage(model) => model.each_scores(inputs, users, device, observer, visit).await,
            NextItemModel::Gnn(model) => model.each_scores(inputs, users, device, observer, visit).await,
            NextItemModel::Sequence(model) => model.each_scores(inputs, users, device, observer, visit).await,
        }
    }
}

/// Scores users one after the other with `score`, which gets a user, the input and zeros to add to.
async fn one_by_one(
    inputs: &Sequences,
    users: &[u32],
    mut score: impl FnMut(u32, Sequence<'_>, &mut [f32]),
    observer: &mut impl Observer,
    mut visit: impl FnMut(usize, &[f32]),
) -> Result<()> {
    const PAUSE_EVERY: usize = 32;
    let mut scores = vec![0.0; inputs.items()];
    for (index, &user) in users.iter().enumerate() {
        scores.fill(0.0);
        score(user, inputs.user(user as usize), &mut scores);
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

/// The ways of reading a user's interest in domains that a baseline chooses among.
fn domain_options(name: ModelName, train: &Sequences) -> Vec<DomainOptions> {
    let all = DomainOptions { last: u32::MAX, recency: Recency::steps(1.0), prior: 0.0 };
    match name {
        ModelName::Persistent => vec![DomainOptions { last: 1, ..all }],
        ModelName::MovingAverage => [2, 3, 5, 8, 13].map(|last| DomainOptions { last, ..all }).to_vec(),
        ModelName::DecayPrior => recencies(train)
            .flat_map(|recency| [0.1, 0.3, 1.0, 3.0].map(|prior| DomainOptions { recency, prior, ..all }))
            .collect(),
        _ => vec![all],
    }
}

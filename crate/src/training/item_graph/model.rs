//! The fitted model.

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::{
    ItemGraphOptions,
    objective::ItemGraph,
    pools::{graph, pools},
};
use crate::{
    Error, Result,
    graph::Csr,
    nn::{DIRECTIONS, Device, Dropout, ItemGraphShape, Parameters, Sparse, candidate_scores, read},
    training::{
        Checkpoint, Descended, Observer, Schedule, Start, TrainingProgress, descend,
        next_item::{Catalogue, Sequences, Target},
        sequence::Vocabulary,
    },
};

/// Graph convolution over items; scores every item as the next one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemGraphModel {
    options: ItemGraphOptions,
    vocabulary: Vocabulary,
    shape: ItemGraphShape,
    /// Transitions of the train sequences.
    graph: [Csr; DIRECTIONS],
    /// The epoch that was kept, counted from 1.
    epoch: usize,
    parameters: Vec<Vec<f32>>,
}

/// What a model is learned from.
#[derive(Debug, Clone, Copy)]
pub struct ItemGraphData<'a> {
    /// Each user's events.
    pub train: &'a Sequences,
    /// What the items are.
    pub catalogue: &'a Catalogue,
    /// What decides which epoch is kept: the items right after `train`.
    pub validation: &'a [Target],
}

/// Users that are scored at a time.
const USERS: usize = 64;

impl ItemGraphModel {
    /// Learns from sequences: softmax cross-entropy of each next item, each part of the users over the graph of the others.
    ///
    /// # Errors
    /// [`Error::NotEnough`] where no user has two events, or there is no validation target; as [`descend`].
    pub async fn fit(
        data: ItemGraphData<'_>,
        options: &ItemGraphOptions,
        seed: u64,
        resume: Option<Checkpoint>,
        device: &Device,
        observer: &mut impl Observer,
    ) -> Result<(ItemGraphModel, Descended)> {
        if data.validation.is_empty() {
            return Err(Error::NotEnough { what: "training", hint: "no user to choose on".into() });
        }
        ItemGraphModel::new(data, options).descend(data, None, seed, resume, device, observer).await
    }

    /// The same settings and the same number of epochs, learned anew from `train`.
    ///
    /// # Errors
    /// As [`ItemGraphModel::fit`].
    pub async fn refit(
        &self,
        train: &Sequences,
        catalogue: &Catalogue,
        seed: u64,
        device: &Device,
        observer: &mut impl Observer,
    ) -> Result<ItemGraphModel> {
        let data = ItemGraphData { train, catalogue, validation: &[] };
        let fresh = ItemGraphModel::new(data, &self.options);
        Ok(fresh.descend(data, Some(self.epoch), seed, None, device, observer).await?.0)
    }

    fn new(data: ItemGraphData<'_>, options: &ItemGraphOptions) -> ItemGraphModel {
        let vocabulary = Vocabulary::new(&data.catalogue.content, 0, false);
        let shape = ItemGraphShape {
            items: vocabulary.items(),
            rows: vocabulary.rows(),
            width: options.width,
            layers: options.layers,
            pools: options.decays.len(),
        };
        let graph = graph(data.train, options, |_| true);
        ItemGraphModel { options: options.clone(), vocabulary, shape, graph, epoch: 0, parameters: Vec::new() }
    }

    async fn descend(
        mut self,
        data: ItemGraphData<'_>,
        epochs: Option<usize>,
        seed: u64,
        resume: Option<Checkpoint>,
        device: &Device,
        observer: &mut impl Observer,
    ) -> Result<(ItemGraphModel, Descended)> {
        let shapes = self.shape.parameters();
        let settings = postcard::to_allocvec(&("item graph", &self.options, &self.graph, epochs))
            .map_err(|error| Error::Checkpoint { hint: error.to_string() })?;
        let schedule = Schedule {
            epochs: self.options.epochs,
            learning_rate: self.options.learning_rate,
            weight_decay: self.options.weight_decay,
            patience: if epochs.is_some() { 1 } else { self.options.patience },
            seed,
        };
        let done = resume.as_ref().map_or(0, Checkpoint::epoch);
        let start = Start { shapes: &shapes, values: self.shape.init(seed), settings, resume };
        let mut objective = ItemGraph::new(&self, data, epochs, done)?;
        let descended = descend(&mut objective, start, &schedule, device, observer).await?;
        self.epoch = epochs.unwrap_or_else(|| descended.best_epoch());
        self.parameters.clone_from(&descended.values);
        Ok((self, descended))
    }

    /// The settings it was trained with.
    pub fn options(&self) -> &ItemGraphOptions {
        &self.options
    }

    /// The epoch that was kept, counted from 1.
    pub fn epoch(&self) -> usize {
        self.epoch
    }

    /// Number of learned numbers.
    pub fn parameter_count(&self) -> usize {
        self.shape.parameter_count()
    }

    pub(super) fn shape(&self) -> ItemGraphShape {
        self.shape
    }

    /// The same model with other numbers.
    pub(super) fn with_parameters(&self, parameters: &[Vec<f32>]) -> ItemGraphModel {
        ItemGraphModel { parameters: parameters.to_vec(), ..self.clone() }
    }

    /// Another embedding for one item.
    #[cfg(test)]
    pub(super) fn move_item(&mut self, item: usize) {
        let width = self.shape.width;
        self.parameters[0][item * width..(item + 1) * width].fill(1.0);
    }

    /// What the items are made of, on a device.
    pub(super) fn made_of(&self, device: &Device) -> Result<Sparse> {
        let items = 0..self.vocabulary.items() as u32;
        Sparse::pool(items.map(|item| self.vocabulary.item(item)), self.vocabulary.rows(), device)
    }

    /// Embeddings of all items, \[items × width\] row by row.
    ///
    /// # Errors
    /// [`Error::Device`].
    pub async fn item_embeddings(&self, device: &Device) -> Result<Vec<f32>> {
        let parameters = Parameters::new(&self.shape.parameters(), &self.parameters, device)?;
        read(self.items(&parameters, device)?).await
    }

    /// Embeddings of users, \[users × width\] row by row: those of the items times these give the scores, but for the
    /// items' biases.
    ///
    /// # Errors
    /// As [`ItemGraphModel::each_scores`].
    pub async fn user_embeddings(&self, inputs: &Sequences, users: &[u32], device: &Device) -> Result<Vec<f32>> {
        let parameters = Parameters::new(&self.shape.parameters(), &self.parameters, device)?;
        let items = self.items(&parameters, device)?;
        let mut out = Vec::with_capacity(users.len() * self.shape.width);
        for some in users.chunks(USERS) {
            out.extend(read(self.users(&parameters, &items, inputs, some, device)?).await?);
        }
        Ok(out)
    }

    fn items(&self, parameters: &Parameters, device: &Device) -> Result<Tensor<2>> {
        let graph = on_device(&self.graph, device)?;
        Ok(self.shape.items(parameters, &self.made_of(device)?, &graph, &mut Dropout::none()))
    }

    fn users(
        &self,
        parameters: &Parameters,
        items: &Tensor<2>,
        inputs: &Sequences,
        users: &[u32],
        device: &Device,
    ) -> Result<Tensor<2>> {
        if inputs.items() != self.shape.items {
            return Err(Error::Checkpoint { hint: "it was trained on other items".into() });
        }
        let pasts: Vec<&[u32]> = users.iter().map(|&user| inputs.user(user as usize).items).collect();
        let pools = pools(&pasts, self.shape.items, &self.options.decays, device)?;
        let none = || Error::Parameter { name: "decays", hint: "a user needs at least one pool".into() };
        self.shape.users(parameters, items, &pools).ok_or_else(none)
    }

    /// Calls `visit` with the place of each of `users` in the list, in order, and the scores of all items as the next one
    /// after the user's sequence in `inputs`. A user without events gets the items' biases.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] for sequences over other items; [`Error::Cancelled`], [`Error::Device`].
    pub async fn each_scores(
        &self,
        inputs: &Sequences,
        users: &[u32],
        device: &Device,
        observer: &mut impl Observer,
        mut visit: impl FnMut(usize, &[f32]),
    ) -> Result<()> {
        let parameters = Parameters::new(&self.shape.parameters(), &self.parameters, device)?;
        let items = self.items(&parameters, device)?;
        for (chunk, some) in users.chunks(USERS).enumerate() {
            let states = self.users(&parameters, &items, inputs, some, device)?;
            let scores = candidate_scores(states, [items.clone(), self.shape.biases(&parameters)]);
            for (index, scores) in read(scores).await?.chunks(self.shape.items).enumerate() {
                visit(chunk * USERS + index, scores);
            }
            let (stage, done, total) = ("evaluate", chunk * USERS, users.len());
            observer.progress(TrainingProgress { stage, model: None, done, total, point: None });
            observer.pause().await;
            if observer.cancelled() {
                return Err(Error::Cancelled);
            }
        }
        Ok(())
    }
}

/// A graph's matrices on a device.
pub(super) fn on_device([before, after]: &[Csr; DIRECTIONS], device: &Device) -> Result<[Sparse; DIRECTIONS]> {
    Ok([Sparse::new(before, device)?, Sparse::new(after, device)?])
}

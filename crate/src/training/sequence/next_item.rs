//! The fitted model of next items.

use driftscope_kernels::Order;
use serde::{Deserialize, Serialize};

use super::{SequenceOptions, Vocabulary, objective::NextItem, tokens::Tokens};
use crate::{
    Error, Result,
    graph::Csr,
    nn::{AttentionShape, Device, Dropout, Parameters, SequenceShape, Sparse, candidate_scores, read},
    training::{
        Checkpoint, Descended, Observer, Schedule, Start, TrainingProgress, descend,
        next_item::{Catalogue, Sequence, Sequences, Target},
    },
};

/// Causal self-attention over a user's last events; scores every item as the next one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SequenceModel {
    options: SequenceOptions,
    vocabulary: Vocabulary,
    shape: SequenceShape,
    /// The epoch that was kept, counted from 1.
    epoch: usize,
    parameters: Vec<Vec<f32>>,
}

/// What a model is learned from.
#[derive(Debug, Clone, Copy)]
pub struct SequenceData<'a> {
    /// Each user's events; every one but the first of a user is learned as the next item.
    pub train: &'a Sequences,
    /// What the items are.
    pub catalogue: &'a Catalogue,
    /// What decides which epoch is kept: the items right after `train`.
    pub validation: &'a [Target],
}

/// Places that are scored at a time.
const CHUNK: usize = 2048;
/// Users whose scores are held at a time.
const USERS: usize = 64;

impl SequenceModel {
    /// Learns from sequences: softmax cross-entropy of each next item, over all items or corrected samples of them.
    ///
    /// # Errors
    /// [`Error::NotEnough`] where no user has two events, or there is no validation target; as [`descend`].
    pub async fn fit(
        data: SequenceData<'_>,
        options: &SequenceOptions,
        seed: u64,
        resume: Option<Checkpoint>,
        device: &Device,
        observer: &mut impl Observer,
    ) -> Result<(SequenceModel, Descended)> {
        if data.validation.is_empty() {
            return Err(Error::NotEnough { what: "training", hint: "no user to choose on".into() });
        }
        SequenceModel::new(data.train, data.catalogue, options)
            .descend(data, None, seed, resume, device, observer)
            .await
    }

    /// The same settings and the same number of epochs, learned anew from `train`.
    ///
    /// # Errors
    /// As [`SequenceModel::fit`].
    pub async fn refit(
        &self,
        train: &Sequences,
        catalogue: &Catalogue,
        seed: u64,
        device: &Device,
        observer: &mut impl Observer,
    ) -> Result<SequenceModel> {
        let data = SequenceData { train, catalogue, validation: &[] };
        let fresh = SequenceModel::new(train, catalogue, &self.options);
        Ok(fresh.descend(data, Some(self.epoch), seed, None, device, observer).await?.0)
    }

    /// A model that has learned nothing.
    fn new(train: &Sequences, catalogue: &Catalogue, options: &SequenceOptions) -> SequenceModel {
        let kinds = train.iter().flat_map(|sequence| sequence.kinds).max().map_or(0, |&kind| usize::from(kind) + 1);
        let timed = train.iter().any(|sequence| !sequence.times.is_empty());
        let none = Csr::from_triplets(train.items(), 0, Vec::new());
        let vocabulary = Vocabulary::new(if options.content { &catalogue.content } else { &none }, kinds, timed);
        let shape = SequenceShape { rows: vocabulary.rows(), attention: attention(options, &vocabulary) };
        SequenceModel { options: options.clone(), vocabulary, shape, epoch: 0, parameters: Vec::new() }
    }

    async fn descend(
        mut self,
        data: SequenceData<'_>,
        epochs: Option<usize>,
        seed: u64,
        resume: Option<Checkpoint>,
        device: &Device,
        observer: &mut impl Observer,
    ) -> Result<(SequenceModel, Descended)> {
        let shapes = self.shape.parameters();
        let settings = postcard::to_allocvec(&("sequence", &self.options, &self.vocabulary, epochs))
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
        let mut objective = NextItem::new(&self, data, epochs, done)?;
        let descended = descend(&mut objective, start, &schedule, device, observer).await?;
        self.epoch = epochs.unwrap_or_else(|| descended.best_epoch());
        self.parameters.clone_from(&descended.values);
        Ok((self, descended))
    }

    /// The settings it was trained with.
    pub fn options(&self) -> &SequenceOptions {
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

    /// The same model with other numbers.
    pub(super) fn with_parameters(&self, parameters: &[Vec<f32>]) -> SequenceModel {
        SequenceModel { parameters: parameters.to_vec(), ..self.clone() }
    }

    pub(super) fn shape(&self) -> SequenceShape {
        self.shape
    }

    pub(super) fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Items as candidates.
    pub(super) fn candidates(&self, items: impl Iterator<Item = u32>, device: &Device) -> Result<Sparse> {
        Sparse::pool(items.map(|item| self.vocabulary.item(item)), self.vocabulary.rows(), device)
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
        if inputs.items() != self.vocabulary.items() {
            return Err(Error::Checkpoint { hint: "it was trained on other items".into() });
        }
        let parameters = Parameters::new(&self.shape.parameters(), &self.parameters, device)?;
        let states = self.states(&parameters, inputs, users, device, observer).await?;
        let candidates = self.candidates(0..inputs.items() as u32, device)?;
        let candidates = self.shape.candidates(&parameters, &candidates);
        let width = self.shape.attention.width;
        for (chunk, some) in states.chunks(USERS * width).enumerate() {
            let size = [some.len() / width, width];
            let some = burn::tensor::Tensor::from_data(burn::tensor::TensorData::new(some.to_vec(), size), device);
            let scores = read(candidate_scores(some, candidates.clone())).await?;
            for (index, scores) in scores.chunks(inputs.items()).enumerate() {
                visit(chunk * USERS + index, scores);
            }
            pause(observer, chunk * USERS, users.len()).await?;
        }
        Ok(())
    }

    /// The state after each user's last event, \[users × width\]; 0 for a user without events.
    async fn states(
        &self,
        parameters: &Parameters,
        inputs: &Sequences,
        users: &[u32],
        device: &Device,
        observer: &mut impl Observer,
    ) -> Result<Vec<f32>> {
        let width = self.shape.attention.width;
        let last = |user: u32| tail(inputs.user(user as usize), self.options.length);
        // By length, so that little is padded.
        let mut order: Vec<usize> = (0..users.len()).filter(|&index| !last(users[index]).items.is_empty()).collect();
        order.order_by_key(|&index| last(users[index]).items.len());
        let mut states = vec![0.0; users.len() * width];
        let mut rest = order.as_slice();
        while let Some(&longest) = rest.last() {
            let length = last(users[longest]).items.len();
            let (before, some) = rest.split_at(rest.len().saturating_sub((CHUNK / length).max(1)));
            rest = before;
            let sequences: Vec<Sequence<'_>> = some.iter().map(|&index| last(users[index])).collect();
            let tokens = Tokens::new(&self.vocabulary, &sequences, device)?;
            let all = self.shape.states(parameters, &tokens.places, length, &tokens.relations, &mut Dropout::none());
            let ends =
                sequences.iter().enumerate().map(|(row, sequence)| (row * length + sequence.items.len() - 1) as u32);
            let ends: Vec<u32> = ends.collect();
            let found = read(Sparse::gather(&ends, sequences.len() * length, device)?.matmul(all)).await?;
            for (&index, state) in some.iter().zip(found.chunks(width)) {
                states[index * width..(index + 1) * width].copy_from_slice(state);
            }
            pause(observer, users.len() - rest.len(), users.len()).await?;
        }
        Ok(states)
    }
}

/// The last events of a sequence.
pub(super) fn tail(sequence: Sequence<'_>, length: usize) -> Sequence<'_> {
    slice(sequence, sequence.items.len().saturating_sub(length), sequence.items.len())
}

/// The events `start..end` of a sequence that has so many.
pub(super) fn slice(sequence: Sequence<'_>, start: usize, end: usize) -> Sequence<'_> {
    Sequence {
        items: &sequence.items[start..end],
        times: sequence.times.get(start..end).unwrap_or_default(),
        kinds: sequence.kinds.get(start..end).unwrap_or_default(),
    }
}

/// The attention layers of a network with these settings.
pub(super) fn attention(options: &SequenceOptions, vocabulary: &Vocabulary) -> AttentionShape {
    AttentionShape {
        width: options.width,
        heads: options.heads,
        layers: options.layers,
        hidden: 2 * options.width,
        relations: vocabulary.relations(),
    }
}

async fn pause(observer: &mut impl Observer, done: usize, total: usize) -> Result<()> {
    observer.progress(TrainingProgress { stage: "evaluate", model: None, done, total, point: None });
    observer.pause().await;
    if observer.cancelled() { Err(Error::Cancelled) } else { Ok(()) }
}

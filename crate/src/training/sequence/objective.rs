//! What the sequence model of next items minimises.

use burn::tensor::{Device, Tensor, TensorData};
use driftscope_kernels::Order;
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;

use super::{
    SequenceData, SequenceModel, SequenceOptions, next_item::slice, sampler::Sampler, tokens::Tokens,
    validation::Validation,
};
use crate::{
    Error, Result,
    nn::{Dropout, Parameters, candidate_scores, softmax_loss, target_scores},
    training::{Objective, Observer, next_item::Sequence},
};

/// Part of a user's sequence: the items at `start + 1..=end` are learned from those at `start..end`.
#[derive(Debug, Clone, Copy)]
struct Piece {
    user: u32,
    start: u32,
    end: u32,
}

impl Piece {
    fn len(&self) -> usize {
        (self.end - self.start) as usize
    }
}

/// Every next item of the train sequences.
#[derive(Debug)]
pub(super) struct NextItem<'a> {
    model: SequenceModel,
    data: SequenceData<'a>,
    validation: Validation<'a>,
    pieces: Vec<Piece>,
    /// Ranges of `pieces`, of similar length.
    batches: Vec<std::ops::Range<usize>>,
    sampler: Sampler,
}

impl<'a> NextItem<'a> {
    /// With `epochs`, that epoch is kept instead of the one that is best on validation.
    ///
    /// # Errors
    /// [`Error::NotEnough`] where no user has two events.
    pub fn new(
        model: &SequenceModel,
        data: SequenceData<'a>,
        epochs: Option<usize>,
        done: usize,
    ) -> Result<NextItem<'a>> {
        let options = model.options();
        let pieces = pieces(data, options.length);
        if pieces.is_empty() {
            return Err(Error::NotEnough { what: "training", hint: "no user has two events in a row".into() });
        }
        let batches = (0..pieces.len()).step_by(options.batch.max(1));
        let batches = batches.map(|start| start..(start + options.batch.max(1)).min(pieces.len())).collect();
        let counts = data.train.counts();
        Ok(NextItem {
            model: model.clone(),
            validation: Validation::new(data.train, data.validation, epochs, done),
            data,
            pieces,
            batches,
            sampler: Sampler::new(&counts, options.popularity),
        })
    }

    fn options(&self) -> &SequenceOptions {
        self.model.options()
    }
}

/// Sequences cut from their end, so that no piece is longer than `length`.
fn pieces(data: SequenceData<'_>, length: usize) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for (user, sequence) in data.train.iter().enumerate() {
        let mut end = sequence.items.len().saturating_sub(1);
        while end > 0 {
            let start = end.saturating_sub(length.max(1));
            pieces.push(Piece { user: user as u32, start: start as u32, end: end as u32 });
            end = start;
        }
    }
    pieces
}

impl Objective for NextItem<'_> {
    fn steps(&self) -> usize {
        self.batches.len()
    }

    fn begin_epoch(&mut self, random: &mut Pcg64Mcg) {
        // From the same order in every epoch, so that a resumed run goes on alike.
        self.pieces.order_by_key(|piece| (piece.user, piece.start));
        self.batches.order_by_key(|batch| batch.start);
        self.pieces.shuffle(random);
        self.pieces.order_by_key(Piece::len);
        self.batches.shuffle(random);
    }

    fn loss(
        &mut self,
        parameters: &Parameters,
        step: usize,
        random: &mut Pcg64Mcg,
        device: &Device,
    ) -> Result<Tensor<1>> {
        let model = &self.model;
        let pieces = &self.pieces[self.batches[step].clone()];
        let whole = |piece: &Piece| self.data.train.user(piece.user as usize);
        let inputs: Vec<Sequence<'_>> =
            pieces.iter().map(|piece| slice(whole(piece), piece.start as usize, piece.end as usize)).collect();
        let tokens = Tokens::new(model.vocabulary(), &inputs, device)?;
        let mut targets = Vec::with_capacity(pieces.len() * tokens.length);
        for piece in pieces {
            targets.extend(whole(piece).items[piece.start as usize + 1..=piece.end as usize].iter().copied().map(Some));
            targets.resize(targets.len() + tokens.length - piece.len(), None);
        }
        let shape = model.shape();
        let mut dropout = Dropout::new(random, self.model.options().dropout);
        let states = shape.states(parameters, &tokens.places, tokens.length, &tokens.relations, &mut dropout);
        let rows = targets.len();
        let weights: Vec<f32> = targets.iter().map(|target| if target.is_some() { 1.0 } else { 0.0 }).collect();
        let weights = Tensor::<2>::from_data(TensorData::new(weights, [rows, 1]), device);
        let known: Vec<u32> = targets.iter().map(|target| target.unwrap_or(0)).collect();
        let own = model.candidates(known.iter().copied(), device)?;
        let own = target_scores(states.clone(), shape.candidates(parameters, &own));

        let all = self.options().negatives >= self.data.train.items();
        let negatives = if all {
            (0..self.data.train.items() as u32).collect()
        } else {
            self.sampler.draw(self.options().negatives, random)
        };
        let others = model.candidates(negatives.iter().copied(), device)?;
        let mut others = candidate_scores(states, shape.candidates(parameters, &others));
        if !all {
            let offsets = TensorData::new(self.sampler.offsets(&negatives, &known), [rows, negatives.len()]);
            others = others + Tensor::from_data(offsets, device);
        }
        Ok(softmax_loss(own, others, all, weights))
    }

    async fn validate(&mut self, values: &[Vec<f32>], device: &Device, observer: &mut impl Observer) -> Result<f64> {
        if let Some(given) = self.validation.given() {
            return Ok(given);
        }
        let model = self.model.with_parameters(values);
        let users = self.validation.users();
        let inputs = self.data.train;
        let validation = &mut self.validation;
        validation.begin();
        model.each_scores(inputs, &users, device, observer, |index, scores| validation.add(index, scores)).await?;
        Ok(validation.ndcg())
    }
}

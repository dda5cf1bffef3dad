//! What the forecaster minimises.

use burn::tensor::{Device, Tensor, TensorData, activation::log_softmax};
use rand::seq::SliceRandom;
use rand_pcg::Pcg64Mcg;

use super::model::SequenceForecaster;
use crate::{
    Result,
    event::Log,
    nn::{Dropout, Parameters},
    training::{History, Instance, Objective, Observer, Ranker, TOP, ndcg},
};

/// Soft cross-entropy of the shares of each train instance.
#[derive(Debug)]
pub(super) struct NextWindow<'a> {
    model: SequenceForecaster,
    log: &'a Log,
    history: &'a History,
    train: &'a [Instance],
    validation: &'a [Instance],
    ranker: &'a Ranker,
    order: Vec<u32>,
}

impl<'a> NextWindow<'a> {
    pub fn new(
        model: SequenceForecaster,
        (log, history): (&'a Log, &'a History),
        train: &'a [Instance],
        validation: &'a [Instance],
        ranker: &'a Ranker,
    ) -> NextWindow<'a> {
        NextWindow { model, log, history, train, validation, ranker, order: Vec::new() }
    }

    pub fn into_model(self) -> SequenceForecaster {
        self.model
    }

    /// \[instances × domains\]: the shares of what was done, row by row.
    fn targets(&self, some: &[&Instance]) -> Vec<f32> {
        let domains = self.history.domains();
        let mut targets = vec![0.0; some.len() * domains];
        for (row, instance) in targets.chunks_mut(domains).zip(some) {
            let truth = self.history.truth(instance);
            let total: u32 = truth.iter().map(|cell| cell.events).sum();
            for cell in truth {
                row[cell.domain as usize] = cell.events as f32 / total as f32;
            }
        }
        targets
    }
}

impl Objective for NextWindow<'_> {
    fn steps(&self) -> usize {
        self.train.len().div_ceil(self.model.options().batch.max(1))
    }

    fn begin_epoch(&mut self, random: &mut Pcg64Mcg) {
        self.order.clear();
        self.order.extend(0..self.train.len() as u32);
        self.order.shuffle(random);
    }

    fn loss(
        &mut self,
        parameters: &Parameters,
        step: usize,
        random: &mut Pcg64Mcg,
        device: &Device,
    ) -> Result<Tensor<1>> {
        let options = self.model.options();
        let chunk = self.order.chunks(options.batch.max(1)).nth(step).unwrap_or_default();
        let some: Vec<&Instance> = chunk.iter().map(|&index| &self.train[index as usize]).collect();
        let requests: Vec<(u32, usize)> = some.iter().map(|instance| (instance.user, instance.window)).collect();
        let inputs = self.model.source(self.log, self.history).inputs(&requests, device)?;
        let mut dropout = Dropout::new(random, options.dropout);
        let scores = self.model.shape().scores(parameters, &inputs, &mut dropout);
        let targets = TensorData::new(self.targets(&some), [some.len(), self.history.domains()]);
        let targets = Tensor::<2>::from_data(targets, device);
        Ok((log_softmax(scores, 1) * targets).sum().div_scalar(-(some.len() as f32)))
    }

    async fn validate(&mut self, values: &[Vec<f32>], device: &Device, observer: &mut impl Observer) -> Result<f64> {
        self.model.parameters = values.to_vec();
        let requests: Vec<(u32, usize)> = self.validation.iter().map(|one| (one.user, one.window)).collect();
        let mut sum = 0.0;
        self.model
            .each_shares((self.log, self.history), &requests, device, observer, |index, shares| {
                sum += ndcg(&self.ranker.top(shares, TOP), self.history.truth(&self.validation[index]));
            })
            .await?;
        Ok(sum / self.validation.len() as f64)
    }
}

//! Some instances as dense matrices.

use burn::tensor::{Device, Tensor, TensorData, activation::log_softmax};
use rand::Rng;

use super::{FeatureScale, Features, History, Instance, Ranker};
use crate::nn::Inputs;

/// Matrices of `len` instances with `width` candidates each, row-major.
#[derive(Debug)]
pub(super) struct Batch {
    pub len: usize,
    pub width: usize,
    /// len × width domains.
    pub candidates: Vec<u32>,
    /// (len × width) × features.
    pub features: Vec<f32>,
    /// len × width.
    pub log_prior: Vec<f32>,
}

impl Batch {
    /// No instance yet.
    pub fn empty(width: usize) -> Batch {
        Batch { len: 0, width, candidates: Vec::new(), features: Vec::new(), log_prior: Vec::new() }
    }

    /// The features of (user, window) pairs: raw without `scale`. All domains are candidates in order of their ids where
    /// `width` allows, else the best as [`Features::candidates`] says.
    pub fn new(
        features: &Features<'_>,
        scale: Option<&FeatureScale>,
        ranker: &Ranker,
        requests: impl Iterator<Item = (u32, usize)>,
        width: usize,
    ) -> Batch {
        let mut batch = Batch::empty(width.min(features.history().domains()));
        for (user, window) in requests {
            batch.add(features, ranker, user, window);
        }
        if let Some(scale) = scale {
            scale.apply(&mut batch.features);
        }
        batch
    }

    /// Adds the raw features of a pair; gives the prior's shares over all domains.
    pub fn add(&mut self, features: &Features<'_>, ranker: &Ranker, user: u32, window: usize) -> Vec<f64> {
        let own = features.candidates(user, window, ranker, self.width);
        features.append(user, window, &own, &mut self.features);
        self.log_prior.extend(own.domains.iter().map(|&domain| libm::log(own.shares[domain as usize] + 1e-9) as f32));
        self.candidates.extend(own.domains);
        self.len += 1;
        own.shares
    }

    /// The instances of some rows, in their order.
    pub fn select(&self, rows: &[u32]) -> Batch {
        let mut batch = Batch::empty(self.width);
        let columns = self.width * Features::width();
        for &row in rows {
            let row = row as usize;
            let own = row * self.width..(row + 1) * self.width;
            batch.candidates.extend_from_slice(&self.candidates[own.clone()]);
            batch.log_prior.extend_from_slice(&self.log_prior[own]);
            batch.features.extend_from_slice(&self.features[row * columns..(row + 1) * columns]);
        }
        batch.len = rows.len();
        batch
    }

    /// The truth over the candidates, len × width, sharpened (Berthelot et al. 2019): shares to the power 1 / `temperature`.
    /// Each row sums to 1, or is 0 where no candidate was touched.
    pub fn targets(&self, history: &History, instances: &[&Instance], temperature: f64) -> Vec<f32> {
        let mut targets = vec![0.0; self.len * self.width];
        let rows = targets.chunks_mut(self.width).zip(self.candidates.chunks(self.width));
        for ((row, candidates), instance) in rows.zip(instances) {
            let truth = history.truth(instance);
            for (slot, domain) in row.iter_mut().zip(candidates) {
                if let Ok(index) = truth.binary_search_by_key(domain, |cell| cell.domain) {
                    *slot = libm::pow(f64::from(truth[index].events), 1.0 / temperature) as f32;
                }
            }
            let total: f32 = row.iter().sum();
            if total > 0.0 {
                row.iter_mut().for_each(|share| *share /= total);
            }
        }
        targets
    }

    /// The matrices on a device.
    pub fn inputs(&self, device: &Device) -> Inputs {
        let rows = self.len * self.width;
        let columns = Features::width();
        Inputs {
            features: Tensor::from_data(TensorData::new(self.features.clone(), [rows, columns]), device),
            log_prior: Tensor::from_data(TensorData::new(self.log_prior.clone(), [self.len, self.width]), device),
            dropout: Vec::new(),
        }
    }
}

/// Listwise soft cross-entropy (ListNet, Cao et al. 2007) of each network's scores, \[batch, candidates\], against targets
/// that were sharpened with `temperature`: the mean over networks and instances. Scores are divided by the root of the
/// temperature only: what is uncertain is averaged before it is sharpened back, so that all of it would leave shares too even.
pub(super) fn listwise(
    scores: impl ExactSizeIterator<Item = Tensor<2>>,
    targets: Tensor<2>,
    temperature: f64,
) -> Tensor<1> {
    let count = (scores.len().max(1) * targets.dims()[0].max(1)) as f32;
    let logs = scores.map(|scores| log_softmax(scores.div_scalar(libm::sqrt(temperature) as f32), 1));
    let sum = logs.fold(targets.zeros_like(), |sum, one| sum + one);
    (sum * targets).sum().div_scalar(-count)
}

/// Masks of inverted dropout: 0 with probability `rate`, else 1 / (1 − rate).
pub(super) fn dropout(random: &mut impl Rng, rate: f64, len: usize, hidden: usize, device: &Device) -> Tensor<3> {
    let limit = (rate * f64::from(u32::MAX)) as u32;
    let keep = (1.0 / (1.0 - rate)) as f32;
    let mask: Vec<f32> = (0..len * hidden).map(|_| if random.next_u32() < limit { 0.0 } else { keep }).collect();
    Tensor::from_data(TensorData::new(mask, [len, 1, hidden]), device)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::{device, read};

    #[test]
    fn the_loss_is_least_where_scores_undo_half_of_the_sharpening() {
        let device = pollster::block_on(device()).unwrap();
        let shares = [0.6_f64, 0.25, 0.1, 0.05];
        let matrix = |values: &[f64]| {
            let values: Vec<f32> = values.iter().map(|&value| value as f32).collect();
            Tensor::<2>::from_data(TensorData::new(values, [1, shares.len()]), &device)
        };
        for temperature in [1.0, 0.5] {
            let powers = shares.map(|share| share.powf(1.0 / temperature));
            let targets = powers.map(|power| power / powers.iter().sum::<f64>());
            let loss = |scores: &[f64]| {
                let loss = listwise([matrix(scores)].into_iter(), matrix(&targets), temperature);
                pollster::block_on(read(loss)).unwrap()[0]
            };
            let wanted = shares.map(|share| share.ln() / temperature.sqrt());
            let best = loss(&wanted);
            for slot in 0..shares.len() {
                for step in [-0.2, 0.2] {
                    let mut scores = wanted;
                    scores[slot] += step;
                    assert!(loss(&scores) > best, "{temperature}: {slot} by {step}");
                }
            }
        }
    }
}

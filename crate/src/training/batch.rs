//! Some instances as dense matrices.

use burn::tensor::{Device, Tensor, TensorData};
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
    /// len × domains: the prior over all domains.
    pub priors: Vec<Vec<f64>>,
}

impl Batch {
    /// The features of (user, window) pairs: raw without `scale`. All domains are candidates in order of their ids where
    /// `width` allows, else the best by prior.
    pub fn new(
        features: &Features<'_>,
        scale: Option<&FeatureScale>,
        ranker: &Ranker,
        requests: impl Iterator<Item = (u32, usize)>,
        width: usize,
    ) -> Batch {
        let domains = features.history().domains();
        let width = width.min(domains);
        let mut batch = Batch {
            len: 0,
            width,
            candidates: Vec::new(),
            features: Vec::new(),
            log_prior: Vec::new(),
            priors: Vec::new(),
        };
        for (user, window) in requests {
            let shares = features.prior().shares(features.history(), user, window);
            let own: Vec<u32> =
                if width == domains { (0..domains as u32).collect() } else { ranker.top(&shares, width) };
            features.append(user, window, &own, &shares, &mut batch.features);
            batch.log_prior.extend(own.iter().map(|&domain| libm::log(shares[domain as usize] + 1e-9) as f32));
            batch.candidates.extend(own);
            batch.priors.push(shares);
            batch.len += 1;
        }
        if let Some(scale) = scale {
            scale.apply(&mut batch.features);
        }
        batch
    }

    /// The truth over the candidates, len × width: each row sums to 1, or is 0 where no candidate was touched.
    pub fn targets(&self, history: &History, instances: &[&Instance]) -> Vec<f32> {
        let mut targets = vec![0.0; self.len * self.width];
        let rows = targets.chunks_mut(self.width).zip(self.candidates.chunks(self.width));
        for ((row, candidates), instance) in rows.zip(instances) {
            let truth = history.truth(instance);
            for (slot, domain) in row.iter_mut().zip(candidates) {
                if let Ok(index) = truth.binary_search_by_key(domain, |cell| cell.domain) {
                    *slot = truth[index].events as f32;
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
            dropout: None,
        }
    }
}

/// Masks of inverted dropout: 0 with probability `rate`, else 1 / (1 − rate).
pub(super) fn dropout(random: &mut impl Rng, rate: f64, len: usize, hidden: usize, device: &Device) -> Tensor<3> {
    let limit = (rate * f64::from(u32::MAX)) as u32;
    let keep = (1.0 / (1.0 - rate)) as f32;
    let mask: Vec<f32> = (0..len * hidden).map(|_| if random.next_u32() < limit { 0.0 } else { keep }).collect();
    Tensor::from_data(TensorData::new(mask, [len, 1, hidden]), device)
}

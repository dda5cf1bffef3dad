//! AdamW with the gradient clipped by its global norm.
//!
//! burn's own optimiser reads its state back synchronously, which panics in a browser, and clips each parameter alone;
//! so the dozen lines of arithmetic stand here.

use burn::tensor::{Device, Gradients, Tensor};
use serde::{Deserialize, Serialize};

use super::Parameters;
use crate::Result;

const BETA1: f64 = 0.9;
const BETA2: f64 = 0.999;
const EPSILON: f32 = 1e-8;

/// State as plain numbers, for checkpoints.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Moments {
    /// Steps taken.
    pub step: usize,
    /// Running mean of the gradients, by parameter.
    pub first: Vec<Vec<f32>>,
    /// Running mean of their squares, by parameter.
    pub second: Vec<Vec<f32>>,
}

impl Moments {
    /// Before the first step.
    pub fn zero(shapes: &[[usize; 2]]) -> Moments {
        let zeros: Vec<Vec<f32>> = shapes.iter().map(|[r, c]| vec![0.0; r * c]).collect();
        Moments { step: 0, first: zeros.clone(), second: zeros }
    }
}

/// Adam with decoupled weight decay (Loshchilov & Hutter 2019).
#[derive(Debug)]
pub struct AdamW {
    weight_decay: f64,
    clip: f64,
    step: usize,
    first: Parameters,
    second: Parameters,
}

impl AdamW {
    /// Continues from `moments`. `clip`: largest norm of all gradients together.
    ///
    /// # Errors
    /// [`crate::Error::Checkpoint`] where the moments don't fit the shapes.
    pub fn new(
        shapes: &[[usize; 2]],
        moments: &Moments,
        weight_decay: f64,
        clip: f64,
        device: &Device,
    ) -> Result<AdamW> {
        let first = Parameters::new(shapes, &moments.first, device)?;
        let second = Parameters::new(shapes, &moments.second, device)?;
        Ok(AdamW { weight_decay, clip, step: moments.step, first, second })
    }

    /// One step down the gradients of `tracked`, which holds the same numbers as `parameters`.
    pub fn step(
        &mut self,
        parameters: &mut Parameters,
        tracked: &Parameters,
        gradients: &Gradients,
        learning_rate: f64,
    ) {
        let found: Vec<Option<Tensor<2>>> = tracked.matrices.iter().map(|p| p.grad(gradients)).collect();
        let squares = found.iter().flatten().map(|gradient| gradient.clone().square().sum());
        let Some(norm) = squares.reduce(|sum, square| sum + square).map(|sum| sum.sqrt()) else { return };
        // min(1, clip / norm), without reading the norm back.
        let scale = (norm + 1e-12).recip().mul_scalar(self.clip as f32).clamp_max(1.0).unsqueeze::<2>();
        self.step += 1;
        let correct = |beta: f64, step: usize| 1.0 - libm::pow(beta, step as f64);
        let rate = (learning_rate / correct(BETA1, self.step)) as f32;
        let spread = (1.0 / correct(BETA2, self.step)) as f32;
        let keep = (1.0 - learning_rate * self.weight_decay) as f32;
        for (index, gradient) in found.into_iter().enumerate() {
            let Some(gradient) = gradient.map(|gradient| gradient * scale.clone()) else { continue };
            let blend = |old: &Tensor<2>, new: Tensor<2>, beta: f64| {
                old.clone().mul_scalar(beta as f32) + new.mul_scalar((1.0 - beta) as f32)
            };
            self.first.matrices[index] = blend(&self.first.matrices[index], gradient.clone(), BETA1);
            self.second.matrices[index] = blend(&self.second.matrices[index], gradient.square(), BETA2);
            let root = self.second.matrices[index].clone().mul_scalar(spread).sqrt() + EPSILON;
            let change = self.first.matrices[index].clone() / root;
            let matrix = &mut parameters.matrices[index];
            *matrix = matrix.clone().mul_scalar(keep) - change.mul_scalar(rate);
        }
    }

    /// The state, read back from the device.
    ///
    /// # Errors
    /// [`crate::Error::Device`] where the device was lost.
    pub async fn moments(&self) -> Result<Moments> {
        Ok(Moments { step: self.step, first: self.first.values().await?, second: self.second.values().await? })
    }
}

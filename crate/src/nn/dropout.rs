//! Silencing units at random while training.

use burn::tensor::{Tensor, TensorData};
use rand::Rng;
use rand_pcg::Pcg64Mcg;

/// Inverted dropout (Srivastava et al. 2014) from the project's own generator, so that engines draw the same masks.
#[derive(Debug)]
pub struct Dropout<'a>(Option<(&'a mut Pcg64Mcg, f64)>);

impl<'a> Dropout<'a> {
    /// Nothing is silenced: for scoring.
    pub fn none() -> Dropout<'static> {
        Dropout(None)
    }

    /// Each number is 0 with probability `rate` (0 to below 1), else divided by 1 − rate.
    pub fn new(random: &'a mut Pcg64Mcg, rate: f64) -> Dropout<'a> {
        Dropout((rate > 0.0).then_some((random, rate)))
    }

    /// `x` with some of its numbers silenced.
    pub fn apply<const D: usize>(&mut self, x: Tensor<D>) -> Tensor<D> {
        let Some((random, rate)) = &mut self.0 else { return x };
        let limit = (*rate * f64::from(u32::MAX)) as u32;
        let keep = (1.0 / (1.0 - *rate)) as f32;
        let count = x.dims().iter().product();
        let mut mask = Vec::with_capacity(count);
        while mask.len() < count {
            // Both halves of a 64-bit draw are used: masks are a large part of a small network's step.
            let draw = random.next_u64();
            mask.extend([draw as u32, (draw >> 32) as u32].map(|half| if half < limit { 0.0 } else { keep }));
        }
        mask.truncate(count);
        let mask = Tensor::<D>::from_data(TensorData::new(mask, x.dims()), &x.device());
        x * mask
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn dropout_keeps_the_mean_and_silences_its_share() {
        let device = burn::tensor::Device::flex();
        let x = Tensor::<2>::ones([200, 101], &device);
        let mut random = Pcg64Mcg::seed_from_u64(3);
        let y = Dropout::new(&mut random, 0.3).apply(x.clone()).into_data().try_to_vec::<f32>().unwrap();
        let zeros = y.iter().filter(|&&value| value == 0.0).count() as f64 / y.len() as f64;
        let mean = y.iter().map(|&value| f64::from(value)).sum::<f64>() / y.len() as f64;
        assert!((zeros - 0.3).abs() < 0.02 && (mean - 1.0).abs() < 0.03, "{zeros} {mean}");
        let same = Dropout::none().apply(x).into_data().try_to_vec::<f32>().unwrap();
        assert!(same.iter().all(|&value| value == 1.0));
    }
}

//! The account of training with noise on batches drawn at random.

use crate::{Error, Result};

/// Orders of Rényi divergence that are tried.
const ORDERS: std::ops::RangeInclusive<u32> = 2..=256;

/// Gaussian noise on sums over randomly drawn users, many times over: what DP-SGD (Abadi et al. 2016) does. Rényi account
/// of Mironov, Talwar & Zhang, "Rényi differential privacy of the sampled Gaussian mechanism" (2019), whole orders.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SampledGaussian {
    /// Chance of each user to be in a batch, independently of the others (Poisson sampling).
    pub rate: f64,
    /// Standard deviation of the noise over the bound on what one user adds to the sum.
    pub noise: f64,
    /// Number of steps.
    pub steps: u64,
}

impl SampledGaussian {
    /// ε for δ, over all steps.
    ///
    /// The Rényi loss of order α of one step is
    /// ln(Σ_k C(α,k) (1−q)^(α−k) q^k e^((k²−k)/2σ²)) / (α−1); orders turn into ε by Canonne, Kamath & Steinke (2020),
    /// proposition 12.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a rate outside (0, 1], noise that is not positive, or a δ outside (0, 1).
    pub fn epsilon(&self, delta: f64) -> Result<f64> {
        let refuse = |name, hint: String| Err(Error::Parameter { name, hint });
        if !(self.rate > 0.0 && self.rate <= 1.0) {
            return refuse("sampling rate", format!("it must be above 0 and at most 1, not {}", self.rate));
        }
        if !(self.noise > 0.0 && self.noise.is_finite()) {
            return refuse("noise", format!("it must be a positive number, not {}", self.noise));
        }
        if !(delta > 0.0 && delta < 1.0) {
            return refuse("delta", format!("δ must be above 0 and below 1, not {delta}"));
        }
        let epsilon = |order: u32| {
            let alpha = f64::from(order);
            let loss = self.steps as f64 * self.loss(order);
            loss + libm::log1p(-1.0 / alpha) - (libm::log(delta) + libm::log(alpha)) / (alpha - 1.0)
        };
        Ok(ORDERS.map(epsilon).fold(f64::INFINITY, f64::min).max(0.0))
    }

    /// Rényi loss of one step.
    fn loss(&self, order: u32) -> f64 {
        let alpha = f64::from(order);
        if self.rate == 1.0 {
            return alpha / (2.0 * self.noise * self.noise);
        }
        // Terms as logarithms, added from the largest.
        let (inside, outside) = (libm::log(self.rate), libm::log1p(-self.rate));
        let mut choose = 0.0;
        let terms: Vec<f64> = (0..=order)
            .map(|k| {
                let k_float = f64::from(k);
                let term = choose
                    + k_float * inside
                    + (alpha - k_float) * outside
                    + (k_float * k_float - k_float) / (2.0 * self.noise * self.noise);
                choose += libm::log((alpha - k_float).max(1.0)) - libm::log(k_float + 1.0);
                term
            })
            .collect();
        let largest = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = terms.iter().map(|term| libm::exp(term - largest)).sum();
        (largest + libm::log(sum)) / (alpha - 1.0)
    }

    /// The least noise, to a thousandth, with which `steps` at `rate` keep to ε and δ.
    ///
    /// # Errors
    /// As [`SampledGaussian::epsilon`]; [`Error::Parameter`] where no noise up to 1,000 is enough.
    pub fn noise_for(epsilon: f64, delta: f64, rate: f64, steps: u64) -> Result<f64> {
        let enough = |noise| Ok(SampledGaussian { rate, noise, steps }.epsilon(delta)? <= epsilon);
        let (mut low, mut high) = (0.0, 1000.0);
        if !enough(high)? {
            return Err(Error::Parameter {
                name: "epsilon",
                hint: format!("no noise keeps {steps} steps to ε = {epsilon}: take fewer steps or a larger ε"),
            });
        }
        while high - low > 1e-3 {
            let middle = (low + high) / 2.0;
            if enough(middle)? { high = middle } else { low = middle }
        }
        Ok(high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_another_accountant() {
        // dp-accounting 0.6 (PyPI): RdpAccountant over the orders 2..256, PoissonSampledDpEvent(GaussianDpEvent).
        let published = [
            (0.01, 4.0, 10_000, 1e-5, 1.035_490_066_036_243_6),
            (256.0 / 60_000.0, 1.1, 14_062, 1e-5, 2.596_981_178_594_881_5),
            (1.0, 10.0, 100, 1e-6, 5.222_428_660_953_289),
            (0.02, 0.8, 500, 1e-5, 5.397_018_914_477_776),
        ];
        for (rate, noise, steps, delta, expected) in published {
            let epsilon = SampledGaussian { rate, noise, steps }.epsilon(delta).unwrap();
            assert!((epsilon / expected - 1.0).abs() < 1e-6, "{epsilon}, {expected}");
        }
    }

    #[test]
    fn the_noise_for_an_epsilon_gives_that_epsilon() {
        let noise = SampledGaussian::noise_for(2.0, 1e-6, 0.05, 1000).unwrap();
        let at = |noise| SampledGaussian { rate: 0.05, noise, steps: 1000 }.epsilon(1e-6).unwrap();
        assert!(at(noise) <= 2.0 && at(noise - 0.002) > 2.0, "{noise}");
    }

    #[test]
    fn impossible_settings_are_refused() {
        let sound = SampledGaussian { rate: 0.5, noise: 1.0, steps: 1 };
        assert!(sound.epsilon(0.0).is_err() && sound.epsilon(1.0).is_err());
        assert!(SampledGaussian { rate: 0.0, ..sound }.epsilon(0.1).is_err());
        assert!(SampledGaussian { noise: f64::NAN, ..sound }.epsilon(0.1).is_err());
        assert!(SampledGaussian::noise_for(1e-6, 1e-6, 1.0, 1000).is_err());
    }
}

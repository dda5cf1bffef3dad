//! Whole-number noise, drawn exactly.
//!
//! Canonne, Kamath & Steinke, "The discrete Gaussian for differential privacy" (2020), algorithms 2 and 3. Noise from
//! floating-point numbers leaks through its low bits (Mironov 2012); this does not.

use rand::{CryptoRng, RngExt};
use serde::Serialize;

use super::bernoulli::{coin, exponential_coin};
use crate::{Error, Result};

/// A positive fraction of two 32-bit numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Ratio {
    /// Above the line.
    pub numerator: u32,
    /// Below the line.
    pub denominator: u32,
}

/// Fractions have this denominator.
const PARTS: u32 = 1024;

impl Ratio {
    /// The smallest multiple of 1/1024 that is not below `value`: noise may be larger than needed, never smaller.
    ///
    /// # Errors
    /// [`Error::Parameter`] for what is not positive, or beyond a million.
    pub fn not_below(value: f64) -> Result<Self> {
        if !(value > 0.0 && value <= 1e6) {
            return Err(Error::Parameter {
                name: "privacy",
                hint: format!(
                    "this asks for noise of scale {value}, which cannot be drawn: choose another ε or δ, or bound what a user contributes"
                ),
            });
        }
        let numerator = libm::ceil(value * f64::from(PARTS)) as u32;
        Ok(Ratio { numerator: numerator.max(1), denominator: PARTS })
    }

    /// As a floating-point number.
    pub fn value(self) -> f64 {
        f64::from(self.numerator) / f64::from(self.denominator)
    }
}

/// A distribution on the whole numbers, symmetric around 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "parameter")]
pub enum Noise {
    /// P(x) ∝ exp(−|x| / scale).
    Laplace(Ratio),
    /// P(x) ∝ exp(−x² / 2 variance). (The variance of what is drawn is at most that.)
    Gaussian(Ratio),
}

impl Noise {
    /// Draws a number.
    ///
    /// # Errors
    /// [`Error::State`] where exact arithmetic would need more than 128 bits, which happens with a chance below 10⁻⁹ for
    /// variances up to a million; to draw again would not be exact any more.
    pub fn draw(self, rng: &mut impl CryptoRng) -> Result<i64> {
        let drawn = match self {
            Noise::Laplace(scale) => laplace(rng, u128::from(scale.numerator), u128::from(scale.denominator)),
            Noise::Gaussian(variance) => {
                gaussian(rng, u128::from(variance.numerator), u128::from(variance.denominator))
            }
        };
        drawn.ok_or_else(|| Error::State { hint: "the noise asked for is too large to be drawn exactly".into() })
    }

    /// A number that the noise exceeds in absolute value with a chance of at most `chance`, for telling how far off a
    /// noisy count may be.
    pub fn bound(self, chance: f64) -> f64 {
        match self {
            // P(|X| > m) = 2 e^(−(m+1)/s) / (1 + e^(−1/s)) ≤ 2 e^(−(m+1)/s) for whole m.
            Noise::Laplace(scale) => libm::ceil(scale.value() * libm::log(2.0 / chance) - 1.0).max(0.0),
            // The discrete Gaussian's tails are not heavier than the continuous one's: P(|X| ≥ m) ≤ 2 e^(−m²/2σ²).
            Noise::Gaussian(variance) => libm::ceil((2.0 * variance.value() * libm::log(2.0 / chance)).sqrt()),
        }
    }
}

/// Algorithm 2: P(x) ∝ exp(−|x| s / t).
fn laplace(rng: &mut impl CryptoRng, t: u128, s: u128) -> Option<i64> {
    loop {
        let low = rng.random_range(0..t);
        if !exponential_coin(rng, low, t)? {
            continue;
        }
        let mut high = 0u128;
        while exponential_coin(rng, 1, 1)? {
            high += 1;
        }
        let size = high.checked_mul(t)?.checked_add(low)? / s;
        let negative = coin(rng, 1, 2);
        if !(negative && size == 0) {
            let size = i64::try_from(size).ok()?;
            return Some(if negative { -size } else { size });
        }
    }
}

/// Algorithm 3: P(x) ∝ exp(−x² q / 2p), the variance being p / q.
fn gaussian(rng: &mut impl CryptoRng, p: u128, q: u128) -> Option<i64> {
    // ⌊σ⌋ = ⌊√⌊p/q⌋⌋
    let t = (p / q).isqrt() + 1;
    loop {
        let drawn = laplace(rng, t, 1)?;
        // (|y| − σ²/t)² / 2σ² = (|y| q t − p)² / (2 p q t²)
        let distance = u128::from(drawn.unsigned_abs()).checked_mul(q.checked_mul(t)?)?.abs_diff(p);
        let below = p.checked_mul(q)?.checked_mul(t.checked_mul(t)?)?.checked_mul(2)?;
        if exponential_coin(rng, distance.checked_mul(distance)?, below)? {
            return Some(drawn);
        }
    }
}

#[cfg(test)]
mod tests {
    use chacha20::{ChaCha20Rng, rand_core::SeedableRng};

    use super::*;

    /// Pearson's statistic of draws against `weight`, over −width ..= width and the rest, with its 99.9 % limit
    /// (Wilson & Hilferty's approximation of the χ² quantile).
    fn fits(noise: Noise, width: i64, weight: impl Fn(f64) -> f64) {
        let mut rng = ChaCha20Rng::seed_from_u64(4);
        let draws = 60_000;
        let mut counts = vec![0.0; 2 * width as usize + 2];
        for _ in 0..draws {
            let x = noise.draw(&mut rng).unwrap();
            let slot = if x.abs() <= width { (x + width) as usize } else { counts.len() - 1 };
            counts[slot] += 1.0;
        }
        let total: f64 = (-3000..=3000).map(|x| weight(f64::from(x))).sum();
        let mut expected: Vec<f64> = (-width..=width).map(|x| f64::from(draws) * weight(x as f64) / total).collect();
        expected.push(f64::from(draws) - expected.iter().sum::<f64>());
        let statistic: f64 = counts.iter().zip(&expected).map(|(n, e)| (n - e) * (n - e) / e).sum();
        let freedom = (counts.len() - 1) as f64;
        let limit = freedom * (1.0 - 2.0 / (9.0 * freedom) + 3.09 * (2.0 / (9.0 * freedom)).sqrt()).powi(3);
        assert!(statistic < limit, "{noise:?}: {statistic} ≥ {limit}");
    }

    #[test]
    fn draws_follow_their_distribution() {
        for scale in [0.4, 1.0, 5.5] {
            let ratio = Ratio::not_below(scale).unwrap();
            fits(Noise::Laplace(ratio), (3.0 * scale) as i64 + 1, |x| (-x.abs() / ratio.value()).exp());
        }
        for variance in [0.3, 1.0, 30.0] {
            let ratio = Ratio::not_below(variance).unwrap();
            fits(Noise::Gaussian(ratio), (2.0 * variance.sqrt()) as i64, |x| (-x * x / (2.0 * ratio.value())).exp());
        }
    }

    #[test]
    fn the_largest_noise_that_may_be_asked_for_is_drawn() {
        let mut rng = ChaCha20Rng::seed_from_u64(5);
        let (mut sum, draws) = (0.0, 400);
        let noise = Noise::Gaussian(Ratio::not_below(1e6).unwrap());
        for _ in 0..draws {
            sum += (noise.draw(&mut rng).unwrap() as f64).powi(2);
        }
        let ratio = sum / f64::from(draws) / 1e6;
        assert!((0.7..1.4).contains(&ratio), "{ratio}");
        assert!(
            Ratio::not_below(2e6).is_err() && Ratio::not_below(0.0).is_err() && Ratio::not_below(f64::NAN).is_err()
        );
    }

    #[test]
    fn bounds_hold() {
        let mut rng = ChaCha20Rng::seed_from_u64(6);
        for noise in [Noise::Laplace(Ratio::not_below(3.0).unwrap()), Noise::Gaussian(Ratio::not_below(9.0).unwrap())] {
            let beyond = (0..10_000).filter(|_| noise.draw(&mut rng).unwrap().abs() as f64 > noise.bound(0.05)).count();
            assert!(beyond <= 570, "{noise:?}: {beyond}");
        }
    }
}

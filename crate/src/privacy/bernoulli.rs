//! Coins whose chance is exact: no floating-point number is involved, so that rounding tells nothing.
//!
//! Canonne, Kamath & Steinke, "The discrete Gaussian for differential privacy" (2020), algorithm 1.

use rand::{CryptoRng, RngExt};

/// Heads with chance `numerator / denominator`, which must be at most 1; `denominator` must not be 0.
pub(super) fn coin(rng: &mut impl CryptoRng, numerator: u128, denominator: u128) -> bool {
    rng.random_range(0..denominator) < numerator
}

/// Heads with chance exp(−γ) for γ = `numerator / denominator` of at most 1; `None` where a number grows beyond 128 bits,
/// which no chance above 2⁻¹²⁰ brings about.
fn exponential_coin_below_one(rng: &mut impl CryptoRng, numerator: u128, denominator: u128) -> Option<bool> {
    let mut tosses = 1u128;
    while coin(rng, numerator, denominator.checked_mul(tosses)?) {
        tosses += 1;
    }
    Some(tosses % 2 == 1)
}

/// Heads with chance exp(−γ) for γ = `numerator / denominator`; `None` where a number grows beyond 128 bits.
pub(super) fn exponential_coin(rng: &mut impl CryptoRng, numerator: u128, denominator: u128) -> Option<bool> {
    for _ in 0..numerator / denominator {
        if !exponential_coin_below_one(rng, 1, 1)? {
            return Some(false);
        }
    }
    exponential_coin_below_one(rng, numerator % denominator, denominator)
}

#[cfg(test)]
mod tests {
    use chacha20::{ChaCha20Rng, rand_core::SeedableRng};

    use super::*;

    #[test]
    fn heads_come_as_often_as_they_should() {
        let mut rng = ChaCha20Rng::seed_from_u64(2);
        for (numerator, denominator) in [(0, 7), (1, 3), (1, 1), (5, 2), (7, 2)] {
            let chance = (-(numerator as f64) / denominator as f64).exp();
            let tosses = 40_000;
            let heads =
                (0..tosses).filter(|_| exponential_coin(&mut rng, numerator, denominator).unwrap()).count() as f64;
            let spread = (tosses as f64 * chance * (1.0 - chance)).sqrt();
            assert!((heads - tosses as f64 * chance).abs() <= 5.0 * spread, "{numerator}/{denominator}: {heads}");
        }
    }

    #[test]
    fn numbers_too_large_are_told() {
        let mut rng = ChaCha20Rng::seed_from_u64(3);
        // An even chance at each of the first steps, so that some of many runs come to the second, which overflows.
        assert!((0..64).any(|_| exponential_coin(&mut rng, u128::MAX / 2, u128::MAX).is_none()));
    }
}

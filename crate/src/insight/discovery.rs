//! Which of many findings are more than chance.

use driftscope_kernels::Order;

/// How much heavier the tail of a weighted sum of random signs may be than the normal one (Bentkus & Dzindzalieta 2015:
/// 1 / (4 Q(√2)), which cannot be improved).
const SIGNS: f64 = 3.178;

/// Upper bound of the probability that a sum of independent terms of mean 0, each at most 1, with this variance in all
/// reaches `sum` (Bernstein 1924).
pub(super) fn bernstein(sum: f64, variance: f64) -> f64 {
    if sum <= 0.0 { 1.0 } else { libm::exp(-sum * sum / 2.0 / (variance + sum / 3.0)) }
}

/// Probability that a standard normal number is at least `score`.
fn normal_tail(score: f64) -> f64 {
    libm::erfc(score / std::f64::consts::SQRT_2) / 2.0
}

/// Upper bound of the probability that the absolute value of `Σ ±nᵤ / √Σ nᵤ²`, with a fair coin for each sign, reaches
/// `score`. Holds for any number of terms of any size.
pub(super) fn sign_test(score: f64) -> f64 {
    (2.0 * SIGNS * normal_tail(score.abs())).min(1.0)
}

/// Adjusted p-values of Benjamini & Hochberg (1995), in the order given: findings with a value of at most `q` have an
/// expected share of false ones of at most `q`.
pub(super) fn adjusted(p: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p.len()).collect();
    order.order_by(|&a, &b| p[b].total_cmp(&p[a]));
    let mut out = vec![1.0; p.len()];
    let mut least = 1.0_f64;
    for (passed, &place) in order.iter().enumerate() {
        least = least.min(p[place] * p.len() as f64 / (p.len() - passed) as f64);
        out[place] = least;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adjusted_values_are_those_of_r() {
        // p.adjust(c(.01, .02, .03, .5, .001), "BH")
        let found = adjusted(&[0.01, 0.02, 0.03, 0.5, 0.001]);
        for (found, expected) in found.iter().zip([0.025, 1.0 / 30.0, 0.0375, 0.5, 0.005]) {
            assert!((found - expected).abs() < 1e-12, "{found} {expected}");
        }
        assert!(adjusted(&[]).is_empty());
    }

    #[test]
    fn the_bound_of_sums_of_signs_holds_where_they_can_be_counted() {
        for terms in [vec![1.0; 12], vec![5.0, 3.0, 2.0, 2.0, 1.0, 1.0, 1.0, 0.5, 0.5, 0.1]] {
            let length = terms.iter().map(|term| term * term).sum::<f64>().sqrt();
            let sums: Vec<f64> = (0..1 << terms.len())
                .map(|signs| {
                    let signed = |(at, term): (usize, &f64)| if signs >> at & 1 == 1 { *term } else { -term };
                    terms.iter().enumerate().map(signed).sum::<f64>() / length
                })
                .collect();
            for score in [0.5, 1.0, 1.5, 2.0, 2.5, 3.0] {
                let share = sums.iter().filter(|sum| sum.abs() >= score).count() as f64 / sums.len() as f64;
                assert!(share <= sign_test(score), "{score}: {share} > {}", sign_test(score));
            }
        }
    }
}

//! Logistic regression with few features, whose probabilities are calibrated by construction: on what it is fitted on, the
//! mean probability is the rate, also weighed by any feature.

/// Strength of the ridge, per instance, on standardised features; keeps separable data finite.
const RIDGE: f64 = 1e-4;
/// Newton's steps; ten are ample for a convex problem of this size.
const STEPS: usize = 25;

/// Weights on standardised features.
#[derive(Debug, Clone)]
pub(super) struct Logistic<const N: usize> {
    means: [f64; N],
    scales: [f64; N],
    weights: [f64; N],
    bias: f64,
}

impl<const N: usize> Logistic<N> {
    /// Fits by Newton's method (iteratively reweighted least squares).
    pub fn fit(rows: &[[f64; N]], labels: &[bool]) -> Logistic<N> {
        let count = rows.len().max(1) as f64;
        let (mut means, mut scales) = ([0.0; N], [0.0; N]);
        for at in 0..N {
            means[at] = rows.iter().map(|row| row[at]).sum::<f64>() / count;
            let square = |row: &[f64; N]| (row[at] - means[at]) * (row[at] - means[at]);
            scales[at] = (rows.iter().map(square).sum::<f64>() / count).sqrt().max(1e-9);
        }
        let mut out = Logistic { means, scales, weights: [0.0; N], bias: 0.0 };
        for _ in 0..STEPS {
            // The last place is the bias.
            let (mut gradient, mut hessian) = (vec![0.0; N + 1], vec![vec![0.0; N + 1]; N + 1]);
            for (row, &label) in rows.iter().zip(labels) {
                let own = out.standardised(row);
                let p = out.of_standardised(&own);
                let error = f64::from(u8::from(label)) - p;
                let at = |place: usize| own.get(place).copied().unwrap_or(1.0);
                for i in 0..=N {
                    gradient[i] += error * at(i);
                    for (j, cell) in hessian[i].iter_mut().enumerate().take(i + 1) {
                        *cell += p * (1.0 - p) * at(i) * at(j);
                    }
                }
            }
            for i in 0..N {
                gradient[i] -= RIDGE * count * out.weights[i];
                hessian[i][i] += RIDGE * count;
            }
            hessian[N][N] += 1e-9;
            let step = solve(hessian, gradient);
            let size = step.iter().map(|one| one.abs()).fold(0.0, f64::max);
            // Far from the optimum a whole step may overshoot.
            let scale = if size > 4.0 { 4.0 / size } else { 1.0 };
            out.weights.iter_mut().zip(&step).for_each(|(weight, step)| *weight += scale * step);
            out.bias += scale * step.last().copied().unwrap_or(0.0);
            if size < 1e-8 {
                break;
            }
        }
        out
    }

    /// Probability of a row, 0 to 1.
    pub fn probability(&self, row: &[f64; N]) -> f64 {
        self.of_standardised(&self.standardised(row))
    }

    fn standardised(&self, row: &[f64; N]) -> [f64; N] {
        std::array::from_fn(|at| (row[at] - self.means[at]) / self.scales[at])
    }

    fn of_standardised(&self, row: &[f64; N]) -> f64 {
        let sum: f64 = self.weights.iter().zip(row).map(|(weight, value)| weight * value).sum();
        1.0 / (1.0 + libm::exp(-(sum + self.bias)))
    }
}

/// Solves a symmetric positive definite system, of which the lower triangle is given, by Cholesky's decomposition.
fn solve(mut a: Vec<Vec<f64>>, mut b: Vec<f64>) -> Vec<f64> {
    let n = b.len();
    for i in 0..n {
        for j in 0..=i {
            let dot: f64 = (0..j).map(|k| a[i][k] * a[j][k]).sum();
            a[i][j] = if i == j { (a[i][i] - dot).max(1e-12).sqrt() } else { (a[i][j] - dot) / a[j][j] };
        }
        let dot: f64 = (0..i).map(|k| a[i][k] * b[k]).sum();
        b[i] = (b[i] - dot) / a[i][i];
    }
    for i in (0..n).rev() {
        let dot: f64 = (i + 1..n).map(|k| a[k][i] * b[k]).sum();
        b[i] = (b[i] - dot) / a[i][i];
    }
    b
}

#[cfg(test)]
mod tests {
    use rand::{RngExt, SeedableRng};
    use rand_pcg::Pcg64Mcg;

    use super::*;

    #[test]
    fn planted_odds_come_back_and_the_mean_probability_is_the_rate() {
        let mut rng = Pcg64Mcg::seed_from_u64(1);
        let rows: Vec<[f64; 2]> =
            (0..20_000).map(|_| [rng.random_range(-2.0..2.0), rng.random_range(5.0..9.0)]).collect();
        let truth = |row: &[f64; 2]| 1.0 / (1.0 + libm::exp(-(1.5 * row[0] - 0.7 * row[1] + 4.0)));
        let labels: Vec<bool> = rows.iter().map(|row| rng.random::<f64>() < truth(row)).collect();
        let fitted = Logistic::fit(&rows, &labels);
        for row in &rows[..100] {
            assert!((fitted.probability(row) - truth(row)).abs() < 0.03);
        }
        let mean = rows.iter().map(|row| fitted.probability(row)).sum::<f64>() / rows.len() as f64;
        let rate = labels.iter().filter(|&&label| label).count() as f64 / rows.len() as f64;
        assert!((mean - rate).abs() < 1e-6, "{mean} {rate}");
    }

    #[test]
    fn what_can_be_told_apart_or_never_happens_stays_finite() {
        let rows = [[0.0], [1.0], [2.0], [3.0]];
        let apart = Logistic::fit(&rows, &[false, false, true, true]);
        assert!(apart.probability(&[0.0]) < 0.05 && apart.probability(&[3.0]) > 0.95);
        let never = Logistic::fit(&rows, &[false; 4]);
        assert!(never.probability(&[1.5]) < 0.01 && never.probability(&[1.5]) >= 0.0);
        assert!(Logistic::<1>::fit(&[], &[]).probability(&[1.0]).is_finite());
    }
}

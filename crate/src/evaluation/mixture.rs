//! A model's shares mixed with the prior's.

/// share · own + (1 − share) · prior, domain by domain.
pub(super) fn mix(own: &[f64], prior: &[f64], share: f64) -> Vec<f64> {
    own.iter().zip(prior).map(|(own, prior)| share * own + (1.0 - share) * prior).collect()
}

/// Scores as shares, which sum to 1; the prior where there is no score.
pub(super) fn shares_or(mut scores: Vec<f64>, prior: &[f64]) -> Vec<f64> {
    let total: f64 = scores.iter().sum();
    if total > 0.0 {
        scores.iter_mut().for_each(|score| *score /= total);
    } else {
        scores.copy_from_slice(prior);
    }
    scores
}

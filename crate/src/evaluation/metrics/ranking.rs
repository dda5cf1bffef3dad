//! How well scores tell two groups apart.

use driftscope_kernels::Order;

/// Area under the receiver operating characteristic: the probability that a positive has a larger score than a negative,
/// with ties counted half (Mann & Whitney 1947). `None` where one of the groups is empty.
pub fn area_under_curve(scores: &[f64], positive: &[bool]) -> Option<f64> {
    let mut order: Vec<(f64, bool)> = scores.iter().copied().zip(positive.iter().copied()).collect();
    order.order_by(|a, b| a.0.total_cmp(&b.0));
    let (mut negatives, mut positives, mut wins) = (0.0, 0.0, 0.0);
    for tied in order.chunk_by(|a, b| a.0 == b.0) {
        let own = tied.iter().filter(|one| one.1).count() as f64;
        let others = tied.len() as f64 - own;
        wins += own * (negatives + others / 2.0);
        (positives, negatives) = (positives + own, negatives + others);
    }
    (positives > 0.0 && negatives > 0.0).then(|| wins / (positives * negatives))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_is_that_of_scikit_learn() {
        // sklearn.metrics.roc_auc_score
        let found = area_under_curve(&[0.1, 0.4, 0.35, 0.8], &[false, false, true, true]).unwrap();
        assert!((found - 0.75).abs() < 1e-12);
        assert_eq!(area_under_curve(&[1.0, 1.0, 1.0], &[true, false, true]), Some(0.5));
        assert_eq!(area_under_curve(&[1.0], &[true]), None);
    }
}

//! Whether a model is right as often as it says.

use serde::{Deserialize, Serialize};

use super::Outcome;

/// Bins of [`reliability`], as many as scikit-learn's `calibration_curve` is mostly drawn with.
pub const BINS: usize = 10;

/// The labelled outcomes whose confidence lies in one interval; a point of the reliability diagram.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ReliabilityBin {
    /// Confidence above this (the first bin: from 0 on).
    pub low: f64,
    /// Confidence up to and with this.
    pub high: f64,
    /// Outcomes.
    pub count: usize,
    /// Mean confidence; 0 in an empty bin.
    pub confidence: f64,
    /// Share of outcomes whose first domain is the label; 0 in an empty bin.
    pub accuracy: f64,
}

/// The reliability diagram of the first domain's share over ten bins of equal width (Guo et al. 2017, "On calibration of
/// modern neural networks"). Outcomes without a label don't count.
pub fn reliability(outcomes: &[Outcome]) -> Vec<ReliabilityBin> {
    let mut sums = [(0_usize, 0.0_f64, 0_usize); BINS];
    for outcome in outcomes {
        let Some(hit) = outcome.hit() else { continue };
        let bin = ((outcome.confidence * BINS as f64).ceil() as usize).clamp(1, BINS) - 1;
        if let Some((count, confidence, hits)) = sums.get_mut(bin) {
            *count += 1;
            *confidence += outcome.confidence;
            *hits += usize::from(hit);
        }
    }
    let edge = |bin: usize| bin as f64 / BINS as f64;
    let bin = |(bin, (count, confidence, hits)): (usize, (usize, f64, usize))| ReliabilityBin {
        low: edge(bin),
        high: edge(bin + 1),
        count,
        confidence: confidence / count.max(1) as f64,
        accuracy: hits as f64 / count.max(1) as f64,
    };
    sums.into_iter().enumerate().map(bin).collect()
}

/// Expected calibration error: Σ over bins of (count / all) · |accuracy − confidence|, 0 to 1 (Guo et al. 2017, eq. 3).
/// NaN without outcomes.
pub fn calibration_error(bins: &[ReliabilityBin]) -> f64 {
    let all: usize = bins.iter().map(|bin| bin.count).sum();
    bins.iter().map(|bin| bin.count as f64 * (bin.accuracy - bin.confidence).abs()).sum::<f64>() / all as f64
}

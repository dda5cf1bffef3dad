//! Features on a common scale.

use serde::{Deserialize, Serialize};

/// Means and deviations of the train instances' features.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeatureScale {
    mean: Vec<f64>,
    inverse: Vec<f64>,
}

/// Standardised features beyond this are cut.
const LIMIT: f64 = 6.0;

impl FeatureScale {
    /// Leaves rows of so many features as they are, but for the cut.
    pub(in crate::training) fn identity(width: usize) -> FeatureScale {
        FeatureScale { mean: vec![0.0; width], inverse: vec![1.0; width] }
    }

    /// From sums and sums of squares over `count` rows. A feature that never varies becomes 0.
    pub(in crate::training) fn from_sums(sum: &[f64], squares: &[f64], count: f64) -> FeatureScale {
        let mean: Vec<f64> = sum.iter().map(|sum| sum / count).collect();
        let inverse = squares
            .iter()
            .zip(&mean)
            .map(|(square, mean)| {
                let variance = square / count - mean * mean;
                if variance > 1e-9 { 1.0 / variance.sqrt() } else { 0.0 }
            })
            .collect();
        FeatureScale { mean, inverse }
    }

    /// The mean of several scales' means and deviations: each counts the same.
    pub(in crate::training) fn common(scales: &[FeatureScale], width: usize) -> FeatureScale {
        let mean = |of: fn(&FeatureScale) -> &Vec<f64>, feature: usize| {
            let values = scales.iter().filter_map(|scale| of(scale).get(feature));
            values.sum::<f64>() / scales.len().max(1) as f64
        };
        let all = |of: fn(&FeatureScale) -> &Vec<f64>| (0..width).map(|feature| mean(of, feature)).collect();
        FeatureScale { mean: all(|scale| &scale.mean), inverse: all(|scale| &scale.inverse) }
    }

    /// Standardises rows in place.
    pub fn apply(&self, rows: &mut [f32]) {
        for row in rows.chunks_mut(self.mean.len().max(1)) {
            for ((value, mean), inverse) in row.iter_mut().zip(&self.mean).zip(&self.inverse) {
                *value = ((f64::from(*value) - mean) * inverse).clamp(-LIMIT, LIMIT) as f32;
            }
        }
    }

    /// Number of features that it was made for.
    pub fn width(&self) -> usize {
        self.mean.len()
    }
}

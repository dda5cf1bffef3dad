//! Items alike by content.

use serde::{Deserialize, Serialize};

use super::{Recency, Sequence};
use crate::graph::Csr;

/// Cosine of items' attributes, each attribute weighted by ln(items / items that have it). Never held as item × item: a
/// score goes through the attributes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ContentIndex {
    /// Item × attribute, rows of length 1.
    items: Csr,
    attributes: Csr,
}

impl ContentIndex {
    /// From item × attribute.
    pub fn new(content: &Csr) -> ContentIndex {
        let mut holders = vec![0_u32; content.columns()];
        content.indices().iter().for_each(|&attribute| holders[attribute as usize] += 1);
        let all = content.rows() as f32;
        let weighted = content.map(|_, attribute, value| value * libm::logf(all / holders[attribute as usize] as f32));
        let norms: Vec<f32> =
            (0..weighted.rows()).map(|item| weighted.row(item).1.iter().map(|x| x * x).sum::<f32>().sqrt()).collect();
        let items =
            weighted.map(|item, _, value| if norms[item as usize] > 0.0 { value / norms[item as usize] } else { 0.0 });
        ContentIndex { attributes: items.transpose(), items }
    }

    /// Adds Σ over the input's events of weight · cosine to `scores`.
    pub fn add_scores(&self, input: Sequence<'_>, recency: Recency, scores: &mut [f32]) {
        let mut profile: Vec<(u32, f32)> = Vec::new();
        for (&item, weight) in input.items.iter().zip(recency.weights(input)) {
            if weight > 1e-3 {
                profile.extend(self.items.entries(item as usize).map(|(attribute, value)| (attribute, value * weight)));
            }
        }
        profile.sort_by_key(|entry| entry.0);
        for same in profile.chunk_by(|a, b| a.0 == b.0) {
            let total: f32 = same.iter().map(|entry| entry.1).sum();
            for (item, value) in self.attributes.entries(same[0].0 as usize) {
                scores[item as usize] += total * value;
            }
        }
    }

    /// Cosine of two items.
    pub fn cosine(&self, a: u32, b: u32) -> f32 {
        let (columns, values) = self.items.row(b as usize);
        let value = |column: u32| columns.binary_search(&column).ok().and_then(|at| values.get(at)).copied();
        self.items.entries(a as usize).filter_map(|(column, weight)| Some(weight * value(column)?)).sum()
    }
}

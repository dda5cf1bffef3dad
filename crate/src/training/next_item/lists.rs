//! Ranked lists with known winners: what a reranker learns from.

/// Lists of candidates, each with its features and which of them was chosen.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    /// Features of a candidate.
    pub width: usize,
    /// End of each list's rows.
    pub ends: Vec<usize>,
    /// Row-major, rows × width.
    pub features: Vec<f32>,
    /// The chosen row of each list.
    pub chosen: Vec<usize>,
}

impl Lists {
    /// None yet.
    pub fn new(width: usize) -> Lists {
        Lists { width, ..Lists::default() }
    }

    /// Adds a list: candidates' features, row-major, and the chosen one's place.
    pub fn push(&mut self, features: &[f32], chosen: usize) {
        self.chosen.push(self.rows() + chosen);
        self.features.extend_from_slice(features);
        self.ends.push(self.rows());
    }

    /// Number of candidates in all lists.
    pub fn rows(&self) -> usize {
        self.features.len() / self.width.max(1)
    }

    /// Features of a row.
    pub fn row(&self, row: usize) -> &[f32] {
        &self.features[row * self.width..(row + 1) * self.width]
    }

    /// Range of rows and the chosen row of each list.
    pub fn iter(&self) -> impl Iterator<Item = (std::ops::Range<usize>, usize)> + '_ {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).zip(&self.chosen).map(|((start, &end), &chosen)| (start..end, chosen))
    }
}

/// Softmax of scores, in place.
pub(super) fn softmax(scores: &mut [f32]) {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    scores.iter_mut().for_each(|score| *score = libm::expf(*score - most));
    let sum: f32 = scores.iter().sum();
    scores.iter_mut().for_each(|score| *score /= sum);
}

//! Similar rows of a sparse matrix.

use serde::{Deserialize, Serialize};

use crate::graph::Csr;

/// How two rows x and y of a matrix with n columns are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Measure {
    /// Σxy / (√Σx² √Σy²).
    Cosine,
    /// Pearson's correlation over *all* n columns, an absent entry being 0:
    /// (nΣxy − ΣxΣy) / (√(nΣx² − (Σx)²) √(nΣy² − (Σy)²)).
    ///
    /// With ratings one would take the columns that both rows have. Implicit counts say as much by what is absent, and
    /// two users' common items nearly all hold the same count, which has no variance to correlate.
    Pearson,
}

/// A measure with shrinkage, which keeps rows with little in them from being each other's nearest: the measure's
/// denominator is enlarged by it (Bell & Koren 2007, in the form of Dacrema et al. 2019).
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Similarity {
    /// Cosine or Pearson.
    pub measure: Measure,
    /// In units of the product of two rows' norms; 0 for none.
    pub shrinkage: f32,
}

/// Σ and √Σ² (about the mean for Pearson) of a row.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Moments {
    sum: f32,
    norm: f32,
}

/// A matrix ready to be asked which of its rows are similar to a given one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SimilarityIndex {
    similarity: Similarity,
    rows: Csr,
    /// The same, transposed.
    columns: Csr,
    moments: Vec<Moments>,
}

impl SimilarityIndex {
    /// Takes a matrix; its rows are what is compared.
    pub fn new(rows: Csr, similarity: Similarity) -> SimilarityIndex {
        let columns = rows.transpose();
        let mut index = SimilarityIndex { similarity, columns, moments: Vec::new(), rows };
        index.moments = (0..index.rows.rows()).map(|row| index.moments(index.rows.row(row).1)).collect();
        index
    }

    /// The matrix.
    pub fn rows(&self) -> &Csr {
        &self.rows
    }

    /// The `count` rows most similar to a row given by its columns (below the matrix's, none twice) and values, with their
    /// similarity, best first; among equals the lower. Only rows that share a column with it and have a positive
    /// similarity. `except`: a row that is left out.
    pub fn nearest(&self, columns: &[u32], values: &[f32], except: Option<u32>, count: usize) -> Vec<(u32, f32)> {
        let own = self.moments(values);
        let mut products = vec![0.0_f32; self.rows.rows()];
        let mut touched = Vec::new();
        for (&column, &value) in columns.iter().zip(values) {
            for (row, other) in self.columns.entries(column as usize) {
                let product = &mut products[row as usize];
                if *product == 0.0 {
                    touched.push(row);
                }
                *product += value * other;
            }
        }
        // A sum that came back to 0 on the way is touched twice.
        touched.sort_unstable();
        touched.dedup();
        let similar = |row: u32| (row, self.value(products[row as usize], own, self.moments[row as usize]));
        let mut found: Vec<(u32, f32)> = touched
            .into_iter()
            .filter(|&row| Some(row) != except)
            .map(similar)
            .filter(|&(_, value)| value > 0.0)
            .collect();
        let better = |a: &(u32, f32), b: &(u32, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
        if count > 0 && count < found.len() {
            found.select_nth_unstable_by(count - 1, better);
        }
        found.truncate(count);
        found.sort_unstable_by(better);
        found
    }

    /// For each row the `count` others most similar to it: row × row, with their similarity.
    pub fn neighbours(&self, count: usize) -> Csr {
        Csr::from_rows(self.rows.rows(), self.neighbour_rows(count))
    }

    /// The rows of [`SimilarityIndex::neighbours`], one after the other, for whoever has to pause in between.
    pub fn neighbour_rows(&self, count: usize) -> impl Iterator<Item = Vec<(u32, f32)>> + '_ {
        (0..self.rows.rows()).map(move |row| {
            let (columns, values) = self.rows.row(row);
            self.nearest(columns, values, Some(row as u32), count)
        })
    }

    fn moments(&self, values: &[f32]) -> Moments {
        let sum: f32 = values.iter().sum();
        let squares: f32 = values.iter().map(|value| value * value).sum();
        let spread = match self.similarity.measure {
            Measure::Cosine => squares,
            Measure::Pearson => squares - sum * sum / self.rows.columns() as f32,
        };
        Moments { sum, norm: spread.max(0.0).sqrt() }
    }

    fn value(&self, product: f32, a: Moments, b: Moments) -> f32 {
        let product = match self.similarity.measure {
            Measure::Cosine => product,
            Measure::Pearson => product - a.sum * b.sum / self.rows.columns() as f32,
        };
        let norm = a.norm * b.norm + self.similarity.shrinkage;
        if norm > 0.0 { product / norm } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn matrix() -> Csr {
        let rows = [[3, 0, 1, 0, 2], [1, 0, 0, 4, 0], [2, 1, 0, 0, 2], [0, 0, 5, 1, 0]];
        let entries = |row: [i32; 5]| (0..).zip(row).filter(|cell| cell.1 != 0).map(|cell| (cell.0, cell.1 as f32));
        Csr::from_rows(5, rows.map(entries))
    }

    fn neighbours(measure: Measure, shrinkage: f32, count: usize) -> Csr {
        SimilarityIndex::new(matrix(), Similarity { measure, shrinkage }).neighbours(count)
    }

    fn assert_rows(found: &Csr, expected: &[&[(u32, f32)]]) {
        for (row, expected) in expected.iter().enumerate() {
            assert_eq!(found.row(row).0, expected.iter().map(|entry| entry.0).collect::<Vec<_>>(), "row {row}");
            for ((_, value), (_, right)) in found.entries(row).zip(*expected) {
                assert!((value - right).abs() < 1e-6, "row {row}: {value} {right}");
            }
        }
    }

    #[test]
    fn cosine_is_that_of_scikit_learn() {
        // sklearn 1.x, metrics.pairwise.cosine_similarity.
        let all: [&[(u32, f32)]; 4] = [
            &[(1, 0.194_461_1), (2, 0.890_870_8), (3, 0.262_071_2)],
            &[(0, 0.194_461_1), (2, 0.161_690_4), (3, 0.190_260_6)],
            &[(0, 0.890_870_8), (1, 0.161_690_4)],
            &[(0, 0.262_071_2), (1, 0.190_260_6)],
        ];
        assert_rows(&neighbours(Measure::Cosine, 0.0, 9), &all);
        assert_rows(&neighbours(Measure::Cosine, 0.0, 1), &[&all[0][1..2], &all[1][..1], &all[2][..1], &all[3][..1]]);
        // The first two rows: 3 / (√14 √17 + 2).
        let shrunk = neighbours(Measure::Cosine, 2.0, 9).row(0).1[0];
        assert!((shrunk - 3.0 / (238_f32.sqrt() + 2.0)).abs() < 1e-6);
    }

    #[test]
    fn pearson_is_that_of_numpy_where_it_is_positive() {
        // numpy.corrcoef: of all pairs only rows 0 and 2 correlate positively.
        let only: [&[(u32, f32)]; 4] = [&[(2, 0.766_965)], &[], &[(0, 0.766_965)], &[]];
        assert_rows(&neighbours(Measure::Pearson, 0.0, 9), &only);
    }

    #[test]
    fn a_row_is_found_by_its_like_and_an_empty_one_finds_nothing() {
        let index = SimilarityIndex::new(matrix(), Similarity { measure: Measure::Cosine, shrinkage: 0.0 });
        assert_eq!(index.nearest(&[0, 3], &[0.5, 2.0], None, 1)[0].0, 1);
        assert!(index.nearest(&[], &[], None, 3).is_empty());
        assert!(index.nearest(&[1], &[1.0], Some(2), 3).is_empty());
        assert!(index.nearest(&[0], &[1.0], None, 0).is_empty());
    }

    proptest! {
        #[test]
        fn similarity_does_not_depend_on_the_order_of_columns(
            entries in prop::collection::vec((0..6_u32, 0..5_u32, 0.5..3.0_f32), 1..25),
            turn in 0..5_u32,
            pearson in any::<bool>(),
        ) {
            let measure = if pearson { Measure::Pearson } else { Measure::Cosine };
            let of = |entries: Vec<(u32, u32, f32)>| {
                let similarity = Similarity { measure, shrinkage: 0.1 };
                SimilarityIndex::new(Csr::from_triplets(6, 5, entries), similarity).neighbours(6)
            };
            let turned = entries.iter().map(|&(row, column, value)| (row, (column + turn) % 5, value)).collect();
            let (a, b) = (of(entries.clone()), of(turned));
            for row in 0..6 {
                // Sums are taken in another order, so that a correlation of 0 may be found on one side only.
                let of_row = |matrix: &Csr, other: u32| {
                    matrix.entries(row).find(|entry| entry.0 == other).map_or(0.0, |entry| entry.1)
                };
                for other in 0..6 {
                    prop_assert!((of_row(&a, other) - of_row(&b, other)).abs() < 1e-4);
                }
            }
        }
    }
}

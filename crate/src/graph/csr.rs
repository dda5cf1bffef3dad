//! A sparse matrix by rows.

use serde::{Deserialize, Serialize};

/// Compressed sparse rows: row `i` holds `values[k]` in column `indices[k]` for every k in `offsets[i]..offsets[i + 1]`,
/// columns ascending and none twice. Made by [`Csr::from_triplets`] or from another `Csr`, so that this always holds.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(try_from = "Parts")]
pub struct Csr {
    columns: usize,
    offsets: Vec<u32>,
    indices: Vec<u32>,
    values: Vec<f32>,
}

/// A matrix as it is read, which may be none.
#[derive(Deserialize)]
struct Parts {
    columns: usize,
    offsets: Vec<u32>,
    indices: Vec<u32>,
    values: Vec<f32>,
}

impl TryFrom<Parts> for Csr {
    type Error = &'static str;

    fn try_from(Parts { columns, offsets, indices, values }: Parts) -> Result<Csr, &'static str> {
        let entries = offsets.last().map_or(0, |&last| last as usize);
        let rows = offsets.first().is_none_or(|&first| first == 0) && offsets.is_sorted();
        if !rows || entries != indices.len() || entries != values.len() {
            return Err("a matrix whose rows do not fit its entries");
        }
        let ascending = offsets.windows(2).all(|bounds| {
            let row = indices.get(bounds[0] as usize..bounds[1] as usize).unwrap_or_default();
            row.is_sorted_by(|a, b| a < b) && row.last().is_none_or(|&last| (last as usize) < columns)
        });
        if ascending {
            Ok(Csr { columns, offsets, indices, values })
        } else {
            Err("a matrix with entries outside of it or out of order")
        }
    }
}

impl Csr {
    /// From (row, column, value) entries in any order; entries of the same place are added up, in the order given. Those
    /// outside the matrix are left out.
    pub fn from_triplets(rows: usize, columns: usize, mut entries: Vec<(u32, u32, f32)>) -> Csr {
        entries.retain(|&(row, column, _)| (row as usize) < rows && (column as usize) < columns);
        entries.sort_by_key(|&(row, column, _)| (row, column));
        let mut matrix = Csr { columns, offsets: vec![0; rows + 1], indices: Vec::new(), values: Vec::new() };
        for same in entries.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            matrix.indices.push(same[0].1);
            matrix.values.push(same.iter().map(|entry| entry.2).sum());
            matrix.offsets[same[0].0 as usize + 1] += 1;
        }
        accumulate(&mut matrix.offsets);
        matrix
    }

    /// From the entries (column, value) of each row, as [`Csr::push_row`] takes them. Takes no more memory than the matrix.
    pub fn from_rows<R: IntoIterator<Item = (u32, f32)>>(columns: usize, rows: impl IntoIterator<Item = R>) -> Csr {
        let mut matrix = Csr::without_rows(columns);
        for row in rows {
            matrix.push_row(row);
        }
        matrix
    }

    /// No rows yet.
    pub fn without_rows(columns: usize) -> Csr {
        Csr { columns, offsets: vec![0], indices: Vec::new(), values: Vec::new() }
    }

    /// Adds a row below the others: entries (column, value) in any order, of different columns below the matrix's; others
    /// are left out.
    pub fn push_row(&mut self, entries: impl IntoIterator<Item = (u32, f32)>) {
        let mut row: Vec<(u32, f32)> = entries.into_iter().filter(|entry| (entry.0 as usize) < self.columns).collect();
        row.sort_by_key(|entry| entry.0);
        row.dedup_by_key(|entry| entry.0);
        self.indices.extend(row.iter().map(|entry| entry.0));
        self.values.extend(row.iter().map(|entry| entry.1));
        self.offsets.push(self.indices.len() as u32);
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// Number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.indices.len()
    }

    /// Whether no entry is stored.
    pub fn is_empty(&self) -> bool {
        self.indices.is_empty()
    }

    /// Offsets of the rows' entries, `rows + 1` of them (one or none for a matrix without rows).
    pub fn offsets(&self) -> &[u32] {
        &self.offsets
    }

    /// Column of each entry.
    pub fn indices(&self) -> &[u32] {
        &self.indices
    }

    /// Value of each entry.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// Columns and values of a row; empty for a row that is not there.
    pub fn row(&self, row: usize) -> (&[u32], &[f32]) {
        match (self.offsets.get(row), self.offsets.get(row + 1)) {
            (Some(&start), Some(&end)) => {
                let range = start as usize..end as usize;
                (&self.indices[range.clone()], &self.values[range])
            }
            _ => (&[], &[]),
        }
    }

    /// The entries of a row as (column, value); none for a row that is not there.
    pub fn entries(&self, row: usize) -> impl ExactSizeIterator<Item = (u32, f32)> + DoubleEndedIterator + '_ {
        let (indices, values) = self.row(row);
        indices.iter().copied().zip(values.iter().copied())
    }

    /// Rows and columns exchanged. O(rows + columns + entries).
    pub fn transpose(&self) -> Csr {
        let mut offsets = vec![0_u32; self.columns + 1];
        for &column in &self.indices {
            offsets[column as usize + 1] += 1;
        }
        accumulate(&mut offsets);
        let mut next = offsets.clone();
        let (mut indices, mut values) = (vec![0; self.len()], vec![0.0; self.len()]);
        for row in 0..self.rows() {
            for (column, value) in self.entries(row) {
                let slot = &mut next[column as usize];
                indices[*slot as usize] = row as u32;
                values[*slot as usize] = value;
                *slot += 1;
            }
        }
        Csr { columns: self.rows(), offsets, indices, values }
    }

    /// The product with a matrix that has as many rows as this one has columns: places where terms meet, even if they add
    /// up to 0. O(terms + rows · log of a row).
    pub fn times(&self, right: &Csr) -> Csr {
        Csr::from_rows(right.columns, self.product_rows(right))
    }

    /// The rows of [`Csr::times`], one after the other (Gustavson 1978), for whoever has to pause in between.
    pub fn product_rows<'a>(&'a self, right: &'a Csr) -> impl Iterator<Item = Vec<(u32, f32)>> + 'a {
        let mut sums = vec![0.0_f32; right.columns];
        let mut met = vec![false; right.columns];
        let mut places: Vec<u32> = Vec::new();
        (0..self.rows()).map(move |row| {
            for (middle, left) in self.entries(row) {
                for (column, value) in right.entries(middle as usize) {
                    sums[column as usize] += left * value;
                    if !std::mem::replace(&mut met[column as usize], true) {
                        places.push(column);
                    }
                }
            }
            places.sort_unstable();
            let row = places.iter().map(|&column| {
                met[column as usize] = false;
                (column, std::mem::take(&mut sums[column as usize]))
            });
            let row: Vec<(u32, f32)> = row.collect();
            places.clear();
            row
        })
    }

    /// The same places with other values: `value(row, column, old)`.
    pub fn map(&self, mut value: impl FnMut(u32, u32, f32) -> f32) -> Csr {
        let mut out = self.clone();
        for row in 0..self.rows() {
            for at in self.offsets[row] as usize..self.offsets[row + 1] as usize {
                out.values[at] = value(row as u32, self.indices[at], self.values[at]);
            }
        }
        out
    }

    /// Sum of each row.
    pub fn row_sums(&self) -> Vec<f32> {
        (0..self.rows()).map(|row| self.row(row).1.iter().sum()).collect()
    }

    /// Sum of each column.
    pub fn column_sums(&self) -> Vec<f32> {
        let mut sums = vec![0.0; self.columns];
        for (&column, &value) in self.indices.iter().zip(&self.values) {
            sums[column as usize] += value;
        }
        sums
    }

    /// Each row divided by its sum: D⁻¹A, a mean over neighbours. Rows that sum to 0 stay as they are.
    pub fn normalised_rows(&self) -> Csr {
        let sums = self.row_sums();
        self.map(|row, _, value| if sums[row as usize] == 0.0 { value } else { value / sums[row as usize] })
    }

    /// Each entry divided by the roots of its row's and its column's sum: D_r^−½ A D_c^−½ (Kipf & Welling 2017), for
    /// entries that are not negative.
    pub fn normalised_symmetric(&self) -> Csr {
        let (rows, columns) = (self.row_sums(), self.column_sums());
        self.map(|row, column, value| {
            let both = rows[row as usize] * columns[column as usize];
            if both > 0.0 { value / both.sqrt() } else { value }
        })
    }

    /// The `count` entries of each row with the largest values; among equals the lower columns.
    pub fn top(&self, count: usize) -> Csr {
        let mut out = Csr { columns: self.columns, offsets: vec![0], indices: Vec::new(), values: Vec::new() };
        let mut row_entries: Vec<(u32, f32)> = Vec::new();
        for row in 0..self.rows() {
            row_entries.clear();
            row_entries.extend(self.entries(row));
            if count < row_entries.len() {
                row_entries.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
                row_entries.truncate(count);
                row_entries.sort_unstable_by_key(|entry| entry.0);
            }
            out.indices.extend(row_entries.iter().map(|entry| entry.0));
            out.values.extend(row_entries.iter().map(|entry| entry.1));
            out.offsets.push(out.indices.len() as u32);
        }
        out
    }
}

fn accumulate(counts: &mut [u32]) {
    for index in 1..counts.len() {
        counts[index] += counts[index - 1];
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn dense(matrix: &Csr) -> Vec<Vec<f32>> {
        let mut out = vec![vec![0.0; matrix.columns()]; matrix.rows()];
        for (row, cells) in out.iter_mut().enumerate() {
            for (column, value) in matrix.entries(row) {
                cells[column as usize] = value;
            }
        }
        out
    }

    #[test]
    fn equal_places_add_up_and_rows_stay_in_order() {
        let matrix = Csr::from_triplets(3, 4, vec![(2, 3, 1.0), (0, 1, 2.0), (2, 0, 5.0), (0, 1, 3.0), (9, 0, 1.0)]);
        assert_eq!(matrix.offsets(), [0, 1, 1, 3]);
        assert_eq!(
            (matrix.row(0), matrix.row(1), matrix.row(7)),
            ((&[1][..], &[5.0][..]), (&[][..], &[][..]), (&[][..], &[][..]))
        );
        assert_eq!(matrix.row(2), (&[0, 3][..], &[5.0, 1.0][..]));
    }

    #[test]
    fn normalised_matrices_of_a_worked_example() {
        let matrix = Csr::from_triplets(2, 2, vec![(0, 0, 1.0), (0, 1, 3.0), (1, 1, 1.0)]);
        assert_eq!(dense(&matrix.normalised_rows()), [[0.25, 0.75], [0.0, 1.0]]);
        assert_eq!(dense(&matrix.normalised_symmetric()), [[0.5, 0.75], [0.0, 0.5]]);
        assert_eq!(dense(&matrix.top(1)), [[0.0, 3.0], [0.0, 1.0]]);
    }

    proptest! {
        #[test]
        fn a_product_is_that_of_the_dense_matrices(
            left in prop::collection::vec((0..4_u32, 0..5_u32, -2.0..2.0_f32), 0..15),
            right in prop::collection::vec((0..5_u32, 0..3_u32, -2.0..2.0_f32), 0..12),
        ) {
            let (left, right) = (Csr::from_triplets(4, 5, left), Csr::from_triplets(5, 3, right));
            let (a, b, product) = (dense(&left), dense(&right), dense(&left.times(&right)));
            for (row, cells) in product.iter().enumerate() {
                for (column, cell) in cells.iter().enumerate() {
                    let expected: f32 = (0..5).map(|middle| a[row][middle] * b[middle][column]).sum();
                    prop_assert!((cell - expected).abs() < 1e-4);
                }
            }
            let backwards = (0..4).map(|row| left.entries(row).rev().collect::<Vec<_>>());
            prop_assert_eq!(Csr::from_rows(5, backwards), left);
        }

        #[test]
        fn transposing_mirrors_and_twice_gives_the_same(entries in prop::collection::vec((0..7_u32, 0..5_u32, -2.0..2.0_f32), 0..40)) {
            let matrix = Csr::from_triplets(7, 5, entries);
            let mirrored = matrix.transpose();
            let (a, b) = (dense(&matrix), dense(&mirrored));
            for row in 0..7 {
                for column in 0..5 {
                    prop_assert_eq!(a[row][column], b[column][row]);
                }
            }
            prop_assert_eq!(mirrored.transpose(), matrix);
        }
    }
}

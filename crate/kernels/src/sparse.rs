//! Sparse times dense: the entries of a row in their order, each adding to a block of the result's row that stays in
//! registers.

/// Columns of the result that are summed up together: half of the sixteen registers of four numbers that SSE2 has and
/// that engines give WebAssembly.
const WIDE: usize = 32;
/// The same for what is left of a row.
const NARROW: usize = 8;

/// `out` = A `x`, dense and row-major with `width` columns. A is CSR: row i has the entries `offsets[i]..offsets[i + 1]` of
/// `indices` (columns) and `values`; `out` is zero before.
///
/// # Panics
/// Where offsets or indices point outside the slices.
pub fn sparse_product(offsets: &[u32], indices: &[u32], values: &[f32], x: &[f32], width: usize, out: &mut [f32]) {
    if width == 0 {
        return;
    }
    for (out, bounds) in out.chunks_exact_mut(width).zip(offsets.windows(2)) {
        let entries = bounds[0] as usize..bounds[1] as usize;
        let row = Row { indices: &indices[entries.clone()], values: &values[entries], x, width };
        let (wide, rest) = out.as_chunks_mut::<WIDE>();
        let mut first = 0;
        for block in wide {
            *block = row.times(first);
            first += WIDE;
        }
        let (narrow, rest) = rest.as_chunks_mut::<NARROW>();
        for block in narrow {
            *block = row.times(first);
            first += NARROW;
        }
        for cell in rest {
            [*cell] = row.times(first);
            first += 1;
        }
    }
}

/// A row of the sparse matrix and what it is multiplied by.
struct Row<'a> {
    indices: &'a [u32],
    values: &'a [f32],
    x: &'a [f32],
    width: usize,
}

impl Row<'_> {
    /// Columns `first..first + N` of the row's product.
    fn times<const N: usize>(&self, first: usize) -> [f32; N] {
        let mut sums = [0.0; N];
        for (&index, &value) in self.indices.iter().zip(self.values) {
            let start = index as usize * self.width + first;
            for (sum, cell) in sums.iter_mut().zip(&self.x[start..start + N]) {
                *sum += value * cell;
            }
        }
        sums
    }
}

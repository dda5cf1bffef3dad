//! Sparse × dense: the one operation behind graph convolution, pooling of neighbours and histories, and gathering rows of
//! an embedding, with gradients that scatter nothing.
//!
//! burn's own `select` scatters its gradient, which a GPU does on few threads or with atomics that WebGPU lacks. Here the
//! gradient of Y = A X is Aᵀ G, the same product with the transposed matrix, which [`Sparse`] keeps: the same bits every
//! time, on either engine.

#[cfg(feature = "webgpu")]
mod cube;
#[cfg(feature = "cpu")]
mod flex;
mod ops;
#[cfg(test)]
mod tests;

use burn::{
    backend::Dispatch,
    tensor::{DType, Device, Int, Tensor, TensorData},
};

use self::ops::{CsrTensors, SparseBackend};
use crate::{Error, Result, graph::Csr};

/// A constant sparse matrix on a device, together with its transpose.
#[derive(Debug, Clone)]
pub struct Sparse {
    columns: usize,
    matrix: Tensors,
    transposed: Tensors,
}

impl Sparse {
    /// Puts a matrix on a device.
    ///
    /// # Errors
    /// [`Error::Parameter`] where it has no rows or no columns.
    pub fn new(matrix: &Csr, device: &Device) -> Result<Sparse> {
        if matrix.rows() == 0 || matrix.columns() == 0 {
            let hint = format!("{} × {} has no product", matrix.rows(), matrix.columns());
            return Err(Error::Parameter { name: "sparse matrix", hint });
        }
        let device = device.clone().without_autodiff();
        Ok(Sparse {
            columns: matrix.columns(),
            matrix: Tensors::new(matrix, &device),
            transposed: Tensors::new(&matrix.transpose(), &device),
        })
    }

    /// The matrix that gathers: row r of its product with X \[rows, width\] is row `indices[r]` of X.
    ///
    /// # Errors
    /// [`Error::Parameter`] where an index is not below `rows`, or there is none.
    pub fn gather(indices: &[u32], rows: usize, device: &Device) -> Result<Sparse> {
        Sparse::pool(indices.iter().map(|&index| [(index, 1.0)]), rows, device)
    }

    /// The matrix that pools: row r of its product with X \[rows, width\] is the sum of the rows of X that list r names,
    /// each times its weight. An empty list gives zeros; a row named twice counts twice.
    ///
    /// # Errors
    /// [`Error::Parameter`] where an index is not below `rows`, or there is no list.
    pub fn pool<L>(lists: impl IntoIterator<Item = L>, rows: usize, device: &Device) -> Result<Sparse>
    where
        L: IntoIterator<Item = (u32, f32)>,
    {
        let (mut count, mut entries) = (0, Vec::new());
        for list in lists {
            for (index, weight) in list {
                if index as usize >= rows {
                    return Err(Error::Parameter { name: "row", hint: format!("{index} of {rows}, counted from 0") });
                }
                entries.push((count as u32, index, weight));
            }
            count += 1;
        }
        Sparse::new(&Csr::from_triplets(count, rows, entries), device)
    }

    /// The product with `x` \[columns of this matrix, width\]: \[rows of this matrix, width\]. The gradient flows to `x`.
    ///
    /// # Panics
    /// Like burn's own product, where the sizes don't fit or `x` is on another device; and where it does not hold `f32`.
    pub fn matmul(&self, x: Tensor<2>) -> Tensor<2> {
        assert_eq!(x.dims()[0], self.columns, "a sparse matrix is multiplied by as many rows as it has columns");
        assert_eq!(x.dtype(), DType::F32, "a sparse matrix is multiplied by f32");
        let out = Dispatch::spmm(x.into_dispatch(), self.matrix.dispatch(), self.transposed.dispatch());
        Tensor::from_dispatch(out)
    }
}

/// The arrays of a [`Csr`] on a device.
#[derive(Debug, Clone)]
struct Tensors {
    offsets: Tensor<1, Int>,
    indices: Tensor<1, Int>,
    values: Tensor<1>,
}

impl Tensors {
    fn new(matrix: &Csr, device: &Device) -> Tensors {
        let int = |numbers: Vec<u32>| {
            let length = [numbers.len()];
            Tensor::from_data(TensorData::new(numbers, length), (device, DType::U32))
        };
        let (mut indices, mut values) = (matrix.indices().to_vec(), matrix.values().to_vec());
        if matrix.is_empty() {
            // An entry that no row owns: a GPU has no empty buffers.
            (indices, values) = (vec![0], vec![0.0]);
        }
        Tensors {
            offsets: int(matrix.offsets().to_vec()),
            indices: int(indices),
            values: Tensor::from_data(TensorData::from(values.as_slice()), (device, DType::F32)),
        }
    }

    fn dispatch(&self) -> CsrTensors<Dispatch> {
        CsrTensors {
            offsets: self.offsets.clone().into_dispatch(),
            indices: self.indices.clone().into_dispatch(),
            values: self.values.clone().into_dispatch(),
        }
    }
}

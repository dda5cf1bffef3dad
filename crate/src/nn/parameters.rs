//! The learned numbers of a model on a device.

use burn::tensor::{Device, Tensor, TensorData};

use super::read;
use crate::{Error, Result};

/// Matrices in a fixed order, each \[rows, columns\]: vectors are matrices of one row.
#[derive(Debug, Clone)]
pub struct Parameters {
    pub(super) matrices: Vec<Tensor<2>>,
}

impl Parameters {
    /// Puts numbers, row-major, on a device.
    ///
    /// # Errors
    /// [`Error::Checkpoint`] where the numbers don't fit the shapes.
    pub fn new(shapes: &[[usize; 2]], values: &[Vec<f32>], device: &Device) -> Result<Parameters> {
        let fits = shapes.len() == values.len()
            && shapes.iter().zip(values).all(|([rows, columns], some)| rows.checked_mul(*columns) == Some(some.len()));
        if !fits {
            return Err(Error::Checkpoint { hint: "its numbers don't fit the shape of its network".into() });
        }
        let matrix =
            |(shape, some): (&[usize; 2], &Vec<f32>)| Tensor::from_data(TensorData::new(some.clone(), *shape), device);
        Ok(Parameters { matrices: shapes.iter().zip(values).map(matrix).collect() })
    }

    /// The matrix at `index`.
    ///
    /// # Panics
    /// Where there are not so many.
    pub fn get(&self, index: usize) -> Tensor<2> {
        self.matrices[index].clone()
    }

    /// The matrices from `index` on.
    ///
    /// # Panics
    /// Where there are not so many.
    pub fn from(&self, index: usize) -> Parameters {
        Parameters { matrices: self.matrices[index..].to_vec() }
    }

    /// Number of matrices.
    pub fn len(&self) -> usize {
        self.matrices.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.matrices.is_empty()
    }

    /// The same parameters as leaves of a new graph of gradients.
    pub fn tracked(&self) -> Parameters {
        Parameters { matrices: self.matrices.iter().map(|one| one.clone().autodiff().require_grad()).collect() }
    }

    /// The numbers, read back from the device.
    ///
    /// # Errors
    /// [`Error::Device`] where the device was lost.
    pub async fn values(&self) -> Result<Vec<Vec<f32>>> {
        let mut values = Vec::with_capacity(self.matrices.len());
        for matrix in &self.matrices {
            values.push(read(matrix.clone()).await?);
        }
        Ok(values)
    }
}

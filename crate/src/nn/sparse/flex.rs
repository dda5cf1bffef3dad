//! The product on the CPU.

use burn::{
    backend::{Flex, TensorMetadata, flex::FlexTensor, tensor::FloatTensor},
    tensor::TensorData,
};

use driftscope_kernels::sparse_product;

use super::ops::{CsrTensors, SparseBackend};

impl SparseBackend for Flex {
    fn spmm(x: FloatTensor<Self>, matrix: CsrTensors<Self>, _: CsrTensors<Self>) -> FloatTensor<Self> {
        let x = x.to_contiguous();
        let width = x.shape()[1];
        let offsets: &[u32] = matrix.offsets.storage();
        let rows = offsets.len() - 1;
        let mut out = vec![0.0; rows * width];
        sparse_product(offsets, matrix.indices.storage(), matrix.values.storage(), x.storage(), width, &mut out);
        FlexTensor::from_data(TensorData::new(out, [rows, width]))
    }
}

//! The product on the GPU: one thread for each number of the result, so that nothing is written twice and the order of
//! additions is always the same.

use burn::backend::{Cube, TensorMetadata, tensor::FloatTensor};
use burn_cubecl::{
    cubecl::{self, CubeDim, calculate_cube_count_elemwise, prelude::*},
    kernel::into_contiguous,
    ops::numeric::empty_device_contiguous_dtype,
};

use super::ops::{CsrTensors, SparseBackend};

impl SparseBackend for Cube {
    fn spmm(x: FloatTensor<Self>, matrix: CsrTensors<Self>, _: CsrTensors<Self>) -> FloatTensor<Self> {
        let x = into_contiguous(x);
        let width = x.shape()[1];
        let rows = matrix.offsets.shape()[0] - 1;
        let shape = [rows, width].into();
        let out = empty_device_contiguous_dtype(x.client.clone(), x.device.clone(), shape, x.dtype);
        let cube_dim = CubeDim::new(&out.client, rows * width);
        // Neighbouring threads take neighbouring columns, so that they read X and the entries together.
        product::launch(
            &out.client,
            calculate_cube_count_elemwise(&out.client, rows * width, cube_dim),
            cube_dim,
            matrix.offsets.into_buffer_arg(),
            matrix.indices.into_buffer_arg(),
            matrix.values.into_buffer_arg(),
            x.into_buffer_arg(),
            out.clone().into_buffer_arg(),
            width,
        );
        out
    }
}

#[cube(launch)]
fn product(offsets: &[u32], indices: &[u32], values: &[f32], x: &[f32], out: &mut [f32], width: usize) {
    if ABSOLUTE_POS >= out.len() {
        terminate!();
    }
    let row = ABSOLUTE_POS / width;
    let column = ABSOLUTE_POS % width;
    let mut sum = 0.0_f32;
    for entry in offsets[row]..offsets[row + 1] {
        let entry = entry as usize;
        sum += values[entry] * x[indices[entry] as usize * width + column];
    }
    out[ABSOLUTE_POS] = sum;
}

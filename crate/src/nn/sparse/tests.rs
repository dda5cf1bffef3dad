//! The product on the CPU against plain arithmetic; `web/tests/sparse.rs` has what both engines must agree on.

use burn::tensor::{Device, Tensor, TensorData};
use proptest::prelude::*;

use super::*;

fn device() -> Device {
    Device::flex()
}

fn tensor(values: &[f32], size: [usize; 2]) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values.to_vec(), size), &device())
}

fn numbers(tensor: Tensor<2>) -> Vec<f32> {
    tensor.into_data().try_to_vec().unwrap()
}

#[test]
fn a_worked_example_and_its_gradient() {
    // [0 2 0]       [1 10]
    // [0 0 0]   ×   [2 20]
    // [1 0 3]       [3 30]
    let matrix = Csr::from_triplets(3, 3, vec![(0, 1, 2.0), (2, 0, 1.0), (2, 2, 3.0)]);
    let sparse = Sparse::new(&matrix, &device()).unwrap();
    let x = tensor(&[1.0, 10.0, 2.0, 20.0, 3.0, 30.0], [3, 2]).autodiff().require_grad();
    let y = sparse.matmul(x.clone());
    assert_eq!(numbers(y.clone().inner()), [4.0, 40.0, 0.0, 0.0, 10.0, 100.0]);

    let weights = tensor(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [3, 2]).autodiff();
    let gradients = (y * weights).sum().backward();
    // Aᵀ times the weights.
    assert_eq!(numbers(x.grad(&gradients).unwrap()), [5.0, 6.0, 2.0, 4.0, 15.0, 18.0]);
}

#[test]
fn gathering_and_pooling() {
    let x = tensor(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [3, 2]);
    let gathered = Sparse::gather(&[2, 0, 2], 3, &device()).unwrap().matmul(x.clone());
    assert_eq!(numbers(gathered), [5.0, 6.0, 1.0, 2.0, 5.0, 6.0]);
    let lists = [vec![(0, 0.5), (2, 0.5)], vec![], vec![(1, 1.0), (1, 1.0)]];
    let pooled = Sparse::pool(lists, 3, &device()).unwrap().matmul(x);
    assert_eq!(numbers(pooled), [3.0, 4.0, 0.0, 0.0, 6.0, 8.0]);
}

#[test]
fn what_cannot_be_is_said() {
    for result in [
        Sparse::gather(&[3], 3, &device()),
        Sparse::gather(&[], 3, &device()),
        Sparse::new(&Csr::from_triplets(2, 0, vec![]), &device()),
    ] {
        assert_eq!(result.unwrap_err().code(), "parameter");
    }
}

#[test]
#[should_panic(expected = "as many rows")]
fn sizes_that_do_not_fit_are_refused() {
    let sparse = Sparse::gather(&[0], 3, &device()).unwrap();
    sparse.matmul(tensor(&[1.0; 4], [2, 2]));
}

#[test]
fn a_transposed_view_is_multiplied_as_it_looks() {
    let x = tensor(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], [2, 3]).transpose();
    let gathered = Sparse::gather(&[1], 3, &device()).unwrap().matmul(x);
    assert_eq!(numbers(gathered), [2.0, 5.0]);
}

#[test]
fn the_gradient_passes_through_several_products() {
    // Two hops over a path of three nodes; the last one's value reaches the first by one way of weight 0.5 × 0.25.
    let path = Csr::from_triplets(3, 3, vec![(0, 1, 0.5), (1, 2, 0.25)]);
    let sparse = Sparse::new(&path, &device()).unwrap();
    let x = tensor(&[1.0, 2.0, 8.0], [3, 1]).autodiff().require_grad();
    let y = sparse.matmul(sparse.matmul(x.clone()));
    assert_eq!(numbers(y.clone().inner()), [1.0, 0.0, 0.0]);
    assert_eq!(numbers(x.grad(&y.sum().backward()).unwrap()), [0.0, 0.0, 0.125]);
}

/// A matrix of 9 × 6 with some empty rows, and a width that passes every size of block.
fn products() -> impl Strategy<Value = (Vec<(u32, u32, f32)>, usize, Vec<f32>)> {
    let entries = prop::collection::vec((0..9_u32, 0..6_u32, -2.0..2.0_f32), 0..30);
    (entries, 1..80_usize, prop::collection::vec(-2.0..2.0_f32, 6 * 80))
}

proptest! {
    #[test]
    fn equals_the_dense_product((entries, width, values) in products()) {
        let matrix = Csr::from_triplets(9, 6, entries);
        let mut dense = vec![0.0; 9 * 6];
        for row in 0..9 {
            for (column, value) in matrix.entries(row) {
                dense[row * 6 + column as usize] = value;
            }
        }
        let x = tensor(&values[..6 * width], [6, width]);
        let found = numbers(Sparse::new(&matrix, &device()).unwrap().matmul(x.clone()));
        let expected = numbers(tensor(&dense, [9, 6]).matmul(x));
        for (found, expected) in found.iter().zip(&expected) {
            prop_assert!((found - expected).abs() < 1e-5, "{found} for {expected}");
        }
    }
}

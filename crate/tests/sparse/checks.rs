//! What the sparse product must do on any engine, against plain arithmetic. Small, since a graphics card made of software is
//! slow. Compiled natively, and into modules for the browser by `web/examples/sparse`.
#![allow(clippy::unwrap_used, reason = "what fails in a check panics")]

use burn::tensor::{Device, Tensor, TensorData};
use driftscope::{
    graph::Csr,
    nn::{Sparse, device, read},
};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

struct Random(Pcg64Mcg);

impl Random {
    fn new(seed: u64) -> Random {
        Random(Pcg64Mcg::seed_from_u64(seed))
    }

    /// Uniform in −1..1.
    fn number(&mut self) -> f32 {
        (self.0.next_u32() >> 8) as f32 / 8_388_608.0 - 1.0
    }

    fn numbers(&mut self, count: usize) -> Vec<f32> {
        (0..count).map(|_| self.number()).collect()
    }

    fn below(&mut self, limit: u32) -> u32 {
        self.0.next_u32() % limit
    }
}

fn tensor(values: &[f32], size: [usize; 2], device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values.to_vec(), size), device)
}

/// A X by three loops, in double precision.
fn product(matrix: &Csr, x: &[f32], width: usize) -> Vec<f64> {
    let mut out = vec![0.0; matrix.rows() * width];
    for row in 0..matrix.rows() {
        for (index, value) in matrix.entries(row) {
            for column in 0..width {
                out[row * width + column] += f64::from(value) * f64::from(x[index as usize * width + column]);
            }
        }
    }
    out
}

fn assert_close(found: &[f32], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len());
    for (at, (&found, expected)) in found.iter().zip(expected).enumerate() {
        let difference = (f64::from(found) - expected).abs();
        assert!(difference <= tolerance * expected.abs().max(1.0), "at {at}: {found} for {expected}");
    }
}

/// The product and the gradient of Σ (A X ∘ W), both on the device.
async fn forward_and_back(matrix: &Csr, x: &[f32], weights: &[f32], width: usize) -> [Vec<f32>; 2] {
    let device = device().await.unwrap();
    let sparse = Sparse::new(matrix, &device).unwrap();
    let x = tensor(x, [matrix.columns(), width], &device).autodiff().require_grad();
    let y = sparse.matmul(x.clone());
    let loss = (y.clone() * tensor(weights, [matrix.rows(), width], &device).autodiff()).sum();
    let gradient = x.grad(&loss.backward()).unwrap();
    [read(y.inner()).await.unwrap(), read(gradient).await.unwrap()]
}

/// Checks product and gradient against three loops, and that a second time gives the same bits.
async fn check(matrix: &Csr, width: usize) {
    let mut random = Random::new(width as u64);
    let (x, weights) = (random.numbers(matrix.columns() * width), random.numbers(matrix.rows() * width));
    let [y, gradient] = forward_and_back(matrix, &x, &weights, width).await;
    assert_close(&y, &product(matrix, &x, width), 1e-5);
    assert_close(&gradient, &product(&matrix.transpose(), &weights, width), 1e-5);
    let bits = |values: &[f32]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
    let again = forward_and_back(matrix, &x, &weights, width).await;
    assert_eq!([bits(&again[0]), bits(&again[1])], [bits(&y), bits(&gradient)]);
}

fn random_matrix(rows: u32, columns: u32, entries: usize) -> Csr {
    let mut random = Random::new(7);
    let entries = (0..entries).map(|_| (random.below(rows), random.below(columns), random.number())).collect();
    Csr::from_triplets(rows as usize, columns as usize, entries)
}

pub async fn empty_rows_and_columns_and_every_width_of_a_block() {
    let matrix = random_matrix(40, 30, 45);
    assert!((0..40).any(|row| matrix.row(row).0.is_empty()));
    assert!((0..30).any(|column| matrix.transpose().row(column).0.is_empty()));
    for width in [1, 5, 45] {
        check(&matrix, width).await;
    }
}

pub async fn one_row_one_column_and_no_entry_at_all() {
    check(&random_matrix(1, 50, 20), 3).await;
    check(&random_matrix(50, 1, 20), 3).await;
    check(&Csr::from_triplets(2, 3, vec![]), 4).await;
}

pub async fn a_power_law_graph() {
    // Neighbour k of a node is drawn with a chance of about 1 / k, so that the first ones are everybody's.
    let (nodes, mut random) = (400_u32, Random::new(3));
    let mut entries = Vec::new();
    for node in 0..nodes {
        for _ in 0..6 {
            let share = (random.number() + 1.0) / 2.0;
            let hub = (nodes as f32).powf(share) as u32 - 1;
            entries.extend([(node, hub.min(nodes - 1), 1.0), (hub.min(nodes - 1), node, 1.0)]);
        }
    }
    let graph = Csr::from_triplets(nodes as usize, nodes as usize, entries).normalised_symmetric();
    assert!(graph.row(0).0.len() > 150 && graph.row(399).0.len() < 10);
    check(&graph, 8).await;
}

pub async fn the_gradient_is_what_finite_differences_say() {
    // ½ Σ (A tanh(A X))²: through two products and something that is not linear. A has as many rows as columns.
    let (nodes, width, step) = (6, 2, 1e-2);
    let matrix = random_matrix(nodes as u32, nodes as u32, 14);
    let device = device().await.unwrap();
    let sparse = Sparse::new(&matrix, &device).unwrap();
    let loss = |x: Tensor<2>| sparse.matmul(sparse.matmul(x).tanh()).square().sum().mul_scalar(0.5);
    let values = Random::new(11).numbers(nodes * width);
    let x = tensor(&values, [nodes, width], &device).autodiff().require_grad();
    let gradient = read(x.grad(&loss(x.clone()).backward()).unwrap()).await.unwrap();
    let mut expected = Vec::new();
    for at in 0..values.len() {
        let mut sides = Vec::new();
        for sign in [1.0, -1.0] {
            let mut moved = values.clone();
            moved[at] += sign * step;
            sides.push(loss(tensor(&moved, [nodes, width], &device)));
        }
        let sides = read(Tensor::cat(sides, 0)).await.unwrap();
        expected.push(f64::from(sides[0] - sides[1]) / f64::from(2.0 * step));
    }
    assert!(expected.iter().any(|slope| slope.abs() > 0.1));
    assert_close(&gradient, &expected, 1e-3);
}

pub async fn gathering_one_row_for_all_adds_up_their_gradients() {
    let device = device().await.unwrap();
    let table = tensor(&[1.0, 2.0, 3.0, 4.0], [2, 2], &device).autodiff().require_grad();
    let gathered = Sparse::gather(&[1; 100], 2, &device).unwrap().matmul(table.clone());
    let gradient = table.grad(&gathered.clone().sum().backward()).unwrap();
    assert_eq!(read(gathered.inner()).await.unwrap(), [3.0, 4.0].repeat(100));
    assert_eq!(read(gradient).await.unwrap(), [0.0, 0.0, 100.0, 100.0]);
}

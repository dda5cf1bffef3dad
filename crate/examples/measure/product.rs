//! The sparse product and its gradient on a graph with a power law, against burn's `select` and `select_assign`, and
//! against the speed of memory. The bench compiles this file natively and into a module for the browser.

use burn::tensor::{Device, IndexingUpdateOp, Int, Tensor, TensorData};
use driftscope::{
    Result,
    graph::Csr,
    nn::{Sparse, read},
};
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

const NODES: usize = 50_000;
/// Entries before those of the same place are added up.
const ENTRIES: usize = 500_000;
const WIDTH: usize = 32;
/// Timed runs, after one to warm up.
const RUNS: usize = 3;
/// Numbers in each of the three arrays of the triad, 32 MB: more than caches hold.
const TRIAD: usize = 8_000_000;

/// One measured work.
pub struct Measured {
    pub milliseconds: f64,
    /// Whether the product and the gradient of both ways agree.
    pub right: bool,
}

/// Times `product` (ours), `scatter` (burn's) or `memory` (what moving the same bytes takes a triad: a[i] = b[i] + s c[i],
/// McCalpin's STREAM). `None` for another name.
pub async fn measure(subject: &str, milliseconds: impl Fn() -> f64) -> Result<Option<Measured>> {
    let work = Work::new(&Device::flex())?;
    let time = |run: &dyn Fn()| {
        run();
        let begin = milliseconds();
        (0..RUNS).for_each(|_| run());
        (milliseconds() - begin) / RUNS as f64
    };
    let milliseconds = match subject {
        "product" => time(&|| drop(work.forward_and_back(Work::product))),
        "scatter" => time(&|| drop(work.forward_and_back(Work::scatter))),
        "memory" => {
            let (b, c, mut a) = (vec![1.0_f32; TRIAD], vec![2.0_f32; TRIAD], vec![0.0_f32; TRIAD]);
            let begin = milliseconds();
            for run in 0..RUNS {
                let scale = run as f32;
                a.iter_mut().zip(&b).zip(&c).for_each(|((a, b), c)| *a = b + scale * c);
                std::hint::black_box(&mut a);
            }
            let per_byte = (milliseconds() - begin) / (RUNS * TRIAD * 3 * size_of::<f32>()) as f64;
            per_byte * work.bytes() as f64
        }
        _ => return Ok(None),
    };
    let (ours, theirs) = (work.forward_and_back(Work::product), work.forward_and_back(Work::scatter));
    let mut right = true;
    for (ours, theirs) in ours.into_iter().zip(theirs) {
        let (ours, theirs) = (read(ours).await?, read(theirs).await?);
        right &= ours.iter().zip(&theirs).all(|(a, b)| (a - b).abs() <= 1e-4 * b.abs().max(1.0));
    }
    Ok(Some(Measured { milliseconds, right }))
}

struct Work {
    matrix: Csr,
    sparse: Sparse,
    rows: Tensor<1, Int>,
    columns: Tensor<1, Int>,
    values: Tensor<2>,
    x: Tensor<2>,
}

impl Work {
    fn new(device: &Device) -> Result<Work> {
        let mut random = Pcg64Mcg::seed_from_u64(1);
        let mut share = || (random.next_u32() >> 8) as f32 / 16_777_216.0;
        // Neighbour k is drawn with a chance of about 1 / k, and a number stands for its place in a shuffled order.
        let hub = |share: f32| ((NODES as f32).powf(share) as usize).min(NODES - 1) * 7_919 % NODES;
        let entries = (0..ENTRIES).map(|_| ((share() * NODES as f32) as u32, hub(share()) as u32, 1.0)).collect();
        let matrix = Csr::from_triplets(NODES, NODES, entries).normalised_symmetric();
        let rows = (0..NODES).flat_map(|row| matrix.row(row).0.iter().map(move |_| row as i64)).collect();
        let columns = matrix.indices().iter().map(|&column| i64::from(column)).collect();
        let int = |numbers: Vec<i64>| {
            let length = [numbers.len()];
            Tensor::from_data(TensorData::new(numbers, length), device)
        };
        let numbers = |numbers: Vec<f32>, size: [usize; 2]| Tensor::from_data(TensorData::new(numbers, size), device);
        Ok(Work {
            sparse: Sparse::new(&matrix, device)?,
            rows: int(rows),
            columns: int(columns),
            values: numbers(matrix.values().to_vec(), [matrix.len(), 1]),
            x: numbers((0..NODES * WIDTH).map(|_| share() - 0.5).collect(), [NODES, WIDTH]),
            matrix,
        })
    }

    fn product(&self, x: Tensor<2>) -> Tensor<2> {
        self.sparse.matmul(x)
    }

    /// Gathers a row of X for each entry, weighs it, and adds it to its row of the result.
    fn scatter(&self, x: Tensor<2>) -> Tensor<2> {
        let weighed = x.select(0, self.columns.clone()) * self.values.clone().autodiff();
        let zeros = Tensor::zeros([NODES, WIDTH], &weighed.device());
        zeros.select_assign(0, self.rows.clone(), weighed, IndexingUpdateOp::Add)
    }

    /// The product and the gradient of half its square.
    fn forward_and_back(&self, way: impl Fn(&Work, Tensor<2>) -> Tensor<2>) -> [Tensor<2>; 2] {
        let x = self.x.clone().autodiff().require_grad();
        let y = way(self, x.clone());
        let gradients = y.clone().square().sum().mul_scalar(0.5).backward();
        let gradient = x.grad(&gradients).unwrap_or_else(|| self.x.zeros_like());
        [y.inner(), gradient]
    }

    /// Bytes that both products must move when nothing stays in a cache: of each entry its column, its value and the row
    /// of X that it weighs; the offsets; and the result.
    fn bytes(&self) -> usize {
        let entry = (2 + WIDTH) * 4;
        2 * (self.matrix.len() * entry + NODES * 4 + NODES * WIDTH * 4)
    }
}

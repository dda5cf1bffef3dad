//! First values of parameters.

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// `count` numbers that are close to normal with mean 0: the sum of 12 uniforms less 6 (Irwin–Hall), which is exact on
/// every engine.
pub(crate) fn normal(random: &mut impl Rng, deviation: f32, count: usize) -> Vec<f32> {
    let mut one = || (0..12).map(|_| (random.next_u32() >> 8) as f32 / 16_777_216.0).sum::<f32>() - 6.0;
    (0..count).map(|_| deviation * one()).collect()
}

/// Adds rows of `width` numbers for domains that are new to an embedding or a bias: each is the mean of those there.
pub(super) fn grow_rows(rows: &mut Vec<f32>, width: usize, added: usize) {
    let width = width.max(1);
    let count = (rows.len() / width).max(1) as f32;
    let mean: Vec<f32> =
        (0..width).map(|column| rows.iter().skip(column).step_by(width).sum::<f32>() / count).collect();
    rows.extend(mean.repeat(added));
}

/// Such numbers from the project's own generator.
#[derive(Debug)]
pub struct Normal(Pcg64Mcg);

impl Normal {
    /// The numbers of a seed.
    pub fn new(seed: u64) -> Normal {
        Normal(Pcg64Mcg::seed_from_u64(seed))
    }

    /// The next `count` numbers.
    pub fn take(&mut self, deviation: f32, count: usize) -> Vec<f32> {
        normal(&mut self.0, deviation, count)
    }
}

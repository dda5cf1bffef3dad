//! Conjugate gradients.

/// Solves A x = b for a symmetric, positive definite A that is known by what it does to a vector: `multiply(x, out)` puts
/// A x into `out` (Hestenes & Stiefel 1952). Starts from 0; ends when the residual's norm has fallen to `tolerance` times
/// that of b, or after `steps` steps, of which exact arithmetic needs no more than b is long.
pub fn conjugate_gradient(
    mut multiply: impl FnMut(&[f32], &mut [f32]),
    b: &[f32],
    tolerance: f32,
    steps: usize,
) -> Vec<f32> {
    let mut x = vec![0.0; b.len()];
    let mut residual = b.to_vec();
    let mut direction = b.to_vec();
    let mut image = vec![0.0; b.len()];
    let mut square = dot(&residual, &residual);
    let enough = square * tolerance * tolerance;
    for _ in 0..steps {
        if square <= enough {
            break;
        }
        multiply(&direction, &mut image);
        let curvature = dot(&direction, &image);
        if curvature <= 0.0 {
            break;
        }
        let length = square / curvature;
        for ((x, r), (d, i)) in x.iter_mut().zip(&mut residual).zip(direction.iter().zip(&image)) {
            *x += length * d;
            *r -= length * i;
        }
        let next = dot(&residual, &residual);
        let turn = next / square;
        for (d, r) in direction.iter_mut().zip(&residual) {
            *d = r + turn * *d;
        }
        square = next;
    }
    x
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_solution_is_that_of_a_dense_solver() {
        let system = [[4.0, 1.0, 0.0, 0.5], [1.0, 3.0, 0.2, 0.0], [0.0, 0.2, 2.0, 0.3], [0.5, 0.0, 0.3, 5.0]];
        let multiply = |x: &[f32], out: &mut [f32]| {
            for (cell, row) in out.iter_mut().zip(&system) {
                *cell = dot(row, x);
            }
        };
        let found = conjugate_gradient(multiply, &[1.0, -2.0, 3.0, 0.5], 1e-6, 20);
        // numpy.linalg.solve.
        for (found, right) in found.iter().zip([0.489_780_6, -0.936_621, 1.600_412_5, -0.045_002_8]) {
            assert!((found - right).abs() < 1e-5, "{found} {right}");
        }
        assert_eq!(conjugate_gradient(multiply, &[0.0; 4], 1e-6, 20), [0.0; 4]);
        assert_eq!(conjugate_gradient(multiply, &[1.0; 4], 1e-6, 0), [0.0; 4]);
    }
}

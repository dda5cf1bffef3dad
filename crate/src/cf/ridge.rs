//! Ridge regression from what came before to what came after, one small system for each target.

use serde::{Deserialize, Serialize};

use super::conjugate_gradient;
use crate::graph::Csr;

/// How the regression is restrained.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Ridge {
    /// λ, in units of the past's squared weights.
    pub lambda: f32,
    /// For each target at most so many predictors: those that go with it most.
    pub active: usize,
}

/// Relative residual at which a system counts as solved, and steps after which it is given up.
const TOLERANCE: f32 = 1e-4;
const STEPS: usize = 60;

/// B that minimises ‖P B − F‖² + λ‖B‖² over the matrices whose column j is 0 outside an *active set* of predictors: the
/// `active` items i with the largest (PᵀF)ᵢⱼ / √((PᵀP)ᵢᵢ + λ). `past` P and `future` F are rows × items and rows × targets;
/// B is items × targets.
///
/// With all items active this is SLIT, the item transition model of SLIST (Choi et al. 2021), B = (PᵀP + λI)⁻¹PᵀF. The active
/// set (feature selection as in fsSLIM, Ning & Karypis 2011) makes of one inverse of items × items many systems of at most
/// `active` unknowns, each solved by conjugate gradients. An item that never went with the target has next to no weight in
/// the full solution; what is lost are the corrections that run through such items.
///
/// `own`: whether item j may predict target j, which makes no sense where P = F (EASE, Steck 2019).
pub fn ridge(past: &Csr, future: &Csr, own: bool, options: Ridge) -> Csr {
    let gram = past.transpose().times(past);
    let cross = future.transpose().times(past);
    Csr::from_rows(gram.rows(), options.columns(&gram, &cross, own)).transpose()
}

impl Ridge {
    /// The columns of B in [`ridge`], one target after the other, for whoever has to pause in between. `gram`: PᵀP.
    /// `cross`: FᵀP, a row for each target.
    pub fn columns<'a>(self, gram: &'a Csr, cross: &'a Csr, own: bool) -> impl Iterator<Item = Vec<(u32, f32)>> + 'a {
        let diagonal: Vec<f32> = (0..gram.rows())
            .map(|item| gram.entries(item).find(|entry| entry.0 as usize == item).map_or(0.0, |entry| entry.1))
            .collect();
        let mut place = vec![u32::MAX; gram.rows()];
        (0..cross.rows()).map(move |target| {
            let positive = |&(item, value): &(u32, f32)| value > 0.0 && (own || item as usize != target);
            let mut active: Vec<(u32, f32)> = cross.entries(target).filter(positive).collect();
            if active.len() > self.active {
                let strength = |&(item, value): &(u32, f32)| value / (diagonal[item as usize] + self.lambda).sqrt();
                active.sort_by(|a, b| strength(b).total_cmp(&strength(a)).then(a.0.cmp(&b.0)));
                active.truncate(self.active);
                active.sort_unstable_by_key(|entry| entry.0);
            }
            let solution = solve(gram, &active, self.lambda, &mut place);
            active.iter().zip(solution).map(|(&(item, _), weight)| (item, weight)).collect::<Vec<_>>()
        })
    }
}

/// (G_AA + λI)⁻¹ h for an active set A with right-hand side h. `place` holds `u32::MAX` for each item, before and after.
fn solve(gram: &Csr, active: &[(u32, f32)], lambda: f32, place: &mut [u32]) -> Vec<f32> {
    let size = active.len();
    for (at, &(item, _)) in active.iter().enumerate() {
        place[item as usize] = at as u32;
    }
    let mut system = vec![0.0_f32; size * size];
    for (row, &(item, _)) in system.chunks_exact_mut(size.max(1)).zip(active) {
        for (other, value) in gram.entries(item as usize) {
            if let Some(cell) = row.get_mut(place[other as usize] as usize) {
                *cell = value;
            }
        }
    }
    for (at, &(item, _)) in active.iter().enumerate() {
        system[at * size + at] += lambda;
        place[item as usize] = u32::MAX;
    }
    let right: Vec<f32> = active.iter().map(|entry| entry.1).collect();
    let multiply = |x: &[f32], out: &mut [f32]| {
        for (cell, row) in out.iter_mut().zip(system.chunks_exact(size.max(1))) {
            *cell = row.iter().zip(x).map(|(a, b)| a * b).sum();
        }
    };
    conjugate_gradient(multiply, &right, TOLERANCE, STEPS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csr<const N: usize>(rows: &[[f32; N]]) -> Csr {
        let entries = |row: &[f32; N]| (0..).zip(*row).filter(|cell| cell.1 != 0.0).collect::<Vec<_>>();
        Csr::from_rows(N, rows.iter().map(entries))
    }

    fn assert_cells(found: &Csr, expected: &[(u32, u32, f32)]) {
        for &(from, to, right) in expected {
            let value = found.entries(from as usize).find(|entry| entry.0 == to).map_or(0.0, |entry| entry.1);
            assert!((value - right).abs() < 1e-4, "{from} → {to}: {value} {right}");
        }
    }

    #[test]
    fn weights_are_those_of_numpy_on_each_targets_active_set() {
        let past = csr(&[
            [1.0, 0.0, 0.5, 0.0],
            [0.0, 1.0, 0.0, 0.0],
            [0.7, 1.0, 0.0, 0.0],
            [0.0, 0.0, 1.0, 0.5],
            [1.0, 0.0, 0.0, 1.0],
        ]);
        let future = csr(&[[0.0, 1.0, 0.0], [1.0, 0.0, 0.7], [0.0, 0.0, 1.0], [1.0, 0.7, 0.0], [0.0, 1.0, 1.0]]);
        let weights = ridge(&past, &future, true, Ridge { lambda: 2.0, active: 9 });
        // numpy.linalg.solve of (PᵀP + 2I) restricted to the items that went with the target.
        let columns = [
            [(1, 0.25), (2, 0.290_909_1), (3, 0.109_090_9)],
            [(0, 0.356_218_5), (2, 0.273_867_1), (3, 0.263_645_5)],
            [(0, 0.269_669_8), (1, 0.377_807_8), (3, 0.224_717)],
        ];
        for (target, column) in columns.into_iter().enumerate() {
            assert_cells(&weights, &column.map(|(item, weight)| (item, target as u32, weight)));
        }
        assert_eq!((weights.rows(), weights.columns(), weights.len()), (4, 3, 9));
        // One predictor: h / (g + λ), and of target 2 the strongest is item 1: 1.7/√4 against 1.7/√4.49 of item 0.
        let one = ridge(&past, &future, true, Ridge { lambda: 2.0, active: 1 });
        assert_cells(&one, &[(1, 2, 1.7 / 4.0), (0, 2, 0.0)]);
    }

    #[test]
    fn without_own_items_it_is_ease() {
        let both = csr(&[
            [1.0, 1.0, 0.0, 0.0],
            [0.0, 1.0, 1.0, 0.0],
            [1.0, 1.0, 1.0, 0.0],
            [0.0, 0.0, 1.0, 1.0],
            [1.0, 0.0, 0.0, 1.0],
        ]);
        let weights = ridge(&both, &both, false, Ridge { lambda: 1.5, active: 9 });
        // numpy: P = (XᵀX + 1.5I)⁻¹, −P_ij / P_jj; items 0 and 2 occur together with all others.
        let column = [(1, 0.467_780_4), (2, -0.052_506), (3, 0.300_716), (0, 0.0)];
        assert_cells(&weights, &column.map(|(item, weight)| (item, 0, weight)));
        let column = [(0, -0.052_506), (1, 0.467_780_4), (3, 0.300_716), (2, 0.0)];
        assert_cells(&weights, &column.map(|(item, weight)| (item, 2, weight)));
    }

    #[test]
    fn nothing_gives_nothing() {
        let none = Csr::from_triplets(3, 2, Vec::new());
        assert!(ridge(&none, &none, true, Ridge { lambda: 1.0, active: 5 }).is_empty());
    }
}

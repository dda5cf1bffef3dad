//! Where users leave: what their last window held more of than their others.

use driftscope_kernels::Order;
use serde::Serialize;

use crate::insight::discovery;

/// A domain that users who leave are in when they leave, more than they used to be.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Exit {
    /// Id of the domain.
    pub domain: u32,
    /// Mean share of it in the last active window of those who left, 0 to 1.
    pub share: f64,
    /// Mean share over all their windows.
    pub usual: f64,
    /// Standard score of the difference against any of the user's windows being the last.
    pub score: f64,
    /// Adjusted p-value.
    pub q: f64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    last: f64,
    mean: f64,
    variance: f64,
}

pub(super) struct Exits {
    cells: Vec<Cell>,
    users: u32,
    /// Of the present user: sum and sum of squares of the shares by domain, and which domains these are.
    sums: Vec<[f64; 2]>,
    touched: Vec<usize>,
}

impl Exits {
    pub fn new(domains: usize) -> Exits {
        Exits { cells: vec![Cell::default(); domains], users: 0, sums: vec![[0.0; 2]; domains], touched: Vec::new() }
    }

    /// Adds a user who left, by the profiles of his windows, earliest first. One window says nothing about the last.
    pub fn add(&mut self, profiles: &[Vec<(u32, f64)>]) {
        let Some(last) = profiles.last().filter(|_| profiles.len() > 1) else { return };
        self.users += 1;
        for &(domain, share) in profiles.iter().flatten() {
            let domain = domain as usize;
            let sums = &mut self.sums[domain];
            if sums[0] == 0.0 {
                self.touched.push(domain);
            }
            *sums = [sums[0] + share, sums[1] + share * share];
        }
        let count = profiles.len() as f64;
        for domain in self.touched.drain(..) {
            let [sum, squares] = std::mem::take(&mut self.sums[domain]);
            let mean = sum / count;
            let cell = &mut self.cells[domain];
            cell.mean += mean;
            cell.variance += (squares / count - mean * mean).max(0.0);
        }
        for &(domain, share) in last {
            self.cells[domain as usize].last += share;
        }
    }

    /// Number of users who left, and the domains that they leave from, surest first; `ids`: the domains' own ids.
    pub fn found(&self, ids: &[u32], level: f64) -> (u32, Vec<Exit>) {
        let tested: Vec<(u32, &Cell)> =
            ids.iter().copied().zip(&self.cells).filter(|(_, cell)| cell.variance > 0.0).collect();
        let score = |cell: &Cell| (cell.last - cell.mean) / cell.variance.sqrt();
        let p: Vec<f64> =
            tested.iter().map(|(_, cell)| discovery::bernstein(cell.last - cell.mean, cell.variance)).collect();
        let users = f64::from(self.users);
        let mut found: Vec<Exit> = tested
            .iter()
            .zip(discovery::adjusted(&p))
            .filter(|&(_, q)| q <= level)
            .map(|(&(domain, cell), q)| Exit {
                domain,
                share: cell.last / users,
                usual: cell.mean / users,
                score: score(cell),
                q,
            })
            .collect();
        found.order_by(|a, b| b.score.total_cmp(&a.score).then(a.domain.cmp(&b.domain)));
        (self.users, found)
    }
}

//! Sums over users of something that a user has for each ordered pair of domains and that changes its sign where his
//! windows are read backwards.

use driftscope_kernels::Order;

use crate::insight::discovery;

/// A pair of domains whose sum is larger than chance.
pub(super) struct Found {
    pub from: usize,
    pub to: usize,
    pub sum: f64,
    /// Users with a part in it.
    pub users: u32,
    pub score: f64,
    /// Adjusted p-value.
    pub q: f64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Cell {
    sum: f64,
    squares: f64,
    users: u32,
}

/// Sums of pairs (a, b) with a < b; the pair (b, a) has the opposite sign.
pub(super) struct Pairs {
    domains: usize,
    cells: Vec<Cell>,
    /// The present user's own sums, 0 where there is none, and the places where there is one.
    own: Vec<f64>,
    touched: Vec<usize>,
}

impl Pairs {
    pub fn new(domains: usize) -> Pairs {
        let cells = domains * domains;
        Pairs { domains, cells: vec![Cell::default(); cells], own: vec![0.0; cells], touched: Vec::new() }
    }

    /// Adds to the present user's sum of (a, b).
    pub fn add(&mut self, a: usize, b: usize, value: f64) {
        if a == b || value == 0.0 {
            return;
        }
        let (place, value) = if a < b { (a * self.domains + b, value) } else { (b * self.domains + a, -value) };
        let Some(own) = self.own.get_mut(place) else { return };
        if *own == 0.0 {
            self.touched.push(place);
        }
        *own += value;
    }

    /// Ends the present user.
    pub fn close(&mut self) {
        for place in self.touched.drain(..) {
            let value = std::mem::take(&mut self.own[place]);
            // A place that a sum came back to 0 at may stand here twice; the second time nothing is left of it.
            if value.abs() > 1e-12 {
                let cell = &mut self.cells[place];
                cell.sum += value;
                cell.squares += value * value;
                cell.users += 1;
            }
        }
    }

    /// The pairs with an adjusted p-value of at most `level`, surest first, each in the direction of its sum; and how many
    /// pairs were tested.
    pub fn found(&self, level: f64) -> (Vec<Found>, usize) {
        let tested: Vec<(usize, &Cell)> = self.cells.iter().enumerate().filter(|(_, cell)| cell.users > 0).collect();
        let score = |cell: &Cell| cell.sum / cell.squares.sqrt();
        let p: Vec<f64> = tested.iter().map(|(_, cell)| discovery::sign_test(score(cell))).collect();
        let mut found: Vec<Found> = tested
            .iter()
            .zip(discovery::adjusted(&p))
            .filter(|&(_, q)| q <= level)
            .map(|(&(place, cell), q)| {
                let (a, b) = (place / self.domains, place % self.domains);
                let (from, to) = if cell.sum > 0.0 { (a, b) } else { (b, a) };
                Found { from, to, sum: cell.sum.abs(), users: cell.users, score: score(cell).abs(), q }
            })
            .collect();
        found.order_by(|a, b| b.score.total_cmp(&a.score).then((a.from, a.to).cmp(&(b.from, b.to))));
        (found, tested.len())
    }
}

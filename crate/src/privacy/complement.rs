//! Which cells of a table follow from the others and its totals.
//!
//! Gusfield, "A graph theoretic approach to statistical data security" (1988): rows and columns are vertices, hidden cells are
//! edges. A hidden cell follows from the rest exactly if its edge is a bridge, that is, lies on no cycle.

use std::{cmp::Reverse, collections::BinaryHeap};

/// A bipartite graph of rows and columns, with `hidden` edges of the table (row-major).
pub(super) struct Grid<'a> {
    /// Number of columns.
    pub columns: usize,
    /// Whether each cell is hidden.
    pub hidden: &'a [bool],
}

impl Grid<'_> {
    fn rows(&self) -> usize {
        self.hidden.len() / self.columns
    }

    /// Vertices joined to `vertex` by the cells that `is_edge` accepts: (neighbour, cell). Rows come before columns.
    fn edges<'b>(
        &'b self,
        vertex: usize,
        is_edge: impl Fn(usize) -> bool + 'b,
    ) -> impl Iterator<Item = (usize, usize)> + 'b {
        let rows = self.rows();
        let count = if vertex < rows { self.columns } else { rows };
        (0..count)
            .map(move |other| match vertex < rows {
                true => (rows + other, vertex * self.columns + other),
                false => (other, other * self.columns + vertex - rows),
            })
            .filter(move |&(_, cell)| is_edge(cell))
    }

    /// The hidden cells that lie on no cycle of hidden cells (Tarjan 1974). O(rows · columns).
    pub(super) fn bridges(&self) -> Vec<usize> {
        let count = self.rows() + self.columns;
        let neighbours: Vec<Vec<(usize, usize)>> =
            (0..count).map(|vertex| self.edges(vertex, |cell| self.hidden[cell]).collect()).collect();
        // 0: not yet seen.
        let (mut seen, mut low) = (vec![0usize; count], vec![0usize; count]);
        let (mut clock, mut bridges) = (0, Vec::new());
        for root in 0..count {
            if seen[root] > 0 {
                continue;
            }
            clock += 1;
            (seen[root], low[root]) = (clock, clock);
            // (vertex, cell it was reached by, next neighbour to look at)
            let mut path = vec![(root, usize::MAX, 0)];
            while let Some(&mut (vertex, from, ref mut next)) = path.last_mut() {
                if let Some(&(other, cell)) = neighbours[vertex].get(*next) {
                    *next += 1;
                    if seen[other] == 0 {
                        clock += 1;
                        (seen[other], low[other]) = (clock, clock);
                        path.push((other, cell, 0));
                    } else if cell != from {
                        low[vertex] = low[vertex].min(seen[other]);
                    }
                } else {
                    path.pop();
                    if let Some(&(before, _, _)) = path.last() {
                        low[before] = low[before].min(low[vertex]);
                        if low[vertex] > seen[before] {
                            bridges.push(from);
                        }
                    }
                }
            }
        }
        bridges
    }

    /// The cells that close a cycle through `cell` at the least cost (Dijkstra 1959): each cell costs `cost`, and cells that are
    /// hidden already nothing. `cost` of 0 means a cell that cannot be hidden. `None` where nothing closes it.
    pub(super) fn cycle(&self, cell: usize, cost: &[u64]) -> Option<Vec<usize>> {
        let rows = self.rows();
        let (from, to) = (cell / self.columns, rows + cell % self.columns);
        let mut best = vec![(u64::MAX, usize::MAX, usize::MAX); rows + self.columns];
        best[from].0 = 0;
        let mut queue = BinaryHeap::from([Reverse((0u64, from))]);
        while let Some(Reverse((distance, vertex))) = queue.pop() {
            if vertex == to {
                break;
            }
            if distance > best[vertex].0 {
                continue;
            }
            for (other, through) in self.edges(vertex, |edge| edge != cell && cost[edge] > 0) {
                // One for each step, so that of equally cheap ways the shortest is taken.
                let price = 1 + if self.hidden[through] { 0 } else { cost[through].saturating_mul(1024) };
                let reached = distance.saturating_add(price);
                if reached < best[other].0 {
                    best[other] = (reached, vertex, through);
                    queue.push(Reverse((reached, other)));
                }
            }
        }
        let (mut cells, mut vertex) = (Vec::new(), to);
        while vertex != from {
            let (_, before, through) = best[vertex];
            if before == usize::MAX {
                return None;
            }
            cells.push(through);
            vertex = before;
        }
        Some(cells)
    }
}

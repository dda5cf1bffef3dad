//! What goes with what among a user's candidates.

use serde::{Deserialize, Serialize};

use super::Members;
use crate::graph::Csr;

/// Item × item graphs that the candidates' convolution goes along: items touched together, and items touched one after
/// the other.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(super) struct Relations {
    graphs: Vec<Csr>,
}

/// Number of graphs.
pub(super) const RELATIONS: usize = 2;
/// Neighbours of an item in each graph.
const NEIGHBOURS: usize = 40;

impl Members {
    /// The strongest edges of the members that know pairs of items.
    pub(super) fn relations(&self) -> Relations {
        Relations { graphs: vec![self.item.top(NEIGHBOURS), self.transitions.matrix.top(NEIGHBOURS)] }
    }
}

impl Relations {
    /// For each graph the edges within lists of items, as one row-normalised matrix of all lists' rows; list `n` stands at
    /// rows `n · width` and has at most `width` items.
    pub fn within(&self, lists: &[&[u32]], width: usize) -> [Csr; RELATIONS] {
        let size = lists.len() * width;
        std::array::from_fn(|graph| {
            let Some(graph) = self.graphs.get(graph) else { return Csr::from_triplets(size, size, Vec::new()) };
            let mut place = vec![u32::MAX; graph.columns()];
            let mut edges = Vec::new();
            for (list, items) in lists.iter().enumerate() {
                let first = (list * width) as u32;
                for (row, &item) in (first..).zip(*items) {
                    place[item as usize] = row;
                }
                for (row, &item) in (first..).zip(*items) {
                    let found = graph.entries(item as usize).map(|(other, value)| (place[other as usize], value));
                    // An edge from a candidate is a message to the one it leads to.
                    edges.extend(found.filter(|edge| edge.0 != u32::MAX).map(|(other, value)| (other, row, value)));
                }
                items.iter().for_each(|&item| place[item as usize] = u32::MAX);
            }
            Csr::from_triplets(size, size, edges).normalised_rows()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_stay_within_a_list_and_each_row_is_a_mean() {
        let graph = Csr::from_triplets(4, 4, vec![(0, 1, 1.0), (0, 2, 2.0), (1, 2, 6.0), (3, 0, 5.0)]);
        let relations = Relations { graphs: vec![graph] };
        let [first, second] = relations.within(&[&[0, 1, 2], &[3, 0]], 3);
        // Row 2 is item 2 of the first list, which items 0 and 1 lead to; row 4 is item 0 of the second.
        let expected = vec![(1, 0, 1.0), (2, 0, 0.25), (2, 1, 0.75), (4, 3, 1.0)];
        assert_eq!(first, Csr::from_triplets(6, 6, expected));
        assert_eq!((second.rows(), second.len()), (6, 0));
    }
}

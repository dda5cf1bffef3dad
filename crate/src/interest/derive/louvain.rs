//! Communities of a graph by modularity.

use super::cooccurrence::Graph;

/// Community of each node, numbered by first appearance. The Louvain method (Blondel, Guillaume, Lambiotte & Lefebvre 2008):
/// nodes move to the neighbouring community with the largest gain in modularity until none gains, then communities become
/// nodes. Nodes are visited in the order of their ids and ties keep the node, else go to the lowest community, so that the
/// result is the same on every machine. Written here because the crates that offer it are first releases whose order of
/// visits rests on hash maps or random numbers.
pub(super) fn communities(graph: &Graph) -> Vec<u32> {
    let mut membership: Vec<u32> = (0..graph.nodes() as u32).collect();
    let mut level = Level { loops: vec![0.0; graph.nodes()], graph: graph.clone() };
    loop {
        let (communities, count) = level.move_nodes();
        for community in &mut membership {
            *community = communities[*community as usize];
        }
        if count == level.graph.nodes() {
            return membership;
        }
        level = level.aggregate(&communities, count);
    }
}

/// Smallest gain that counts, relative to the weight of a node: below it, moves chase rounding errors.
const LEAST_GAIN: f64 = 1e-9;
/// Rounds over all nodes; the gain of later ones is nil in practice.
const MAX_ROUNDS: usize = 30;

struct Level {
    graph: Graph,
    /// Twice the weight inside each node.
    loops: Vec<f64>,
}

impl Level {
    /// Community of each node, numbered by first appearance, and the number of communities.
    fn move_nodes(&self) -> (Vec<u32>, usize) {
        let nodes = self.graph.nodes();
        let degree =
            |node: usize| self.loops[node] + self.graph.neighbours(node).iter().map(|&(_, weight)| weight).sum::<f64>();
        let degrees: Vec<f64> = (0..nodes).map(degree).collect();
        let total: f64 = degrees.iter().sum();
        let mut community: Vec<u32> = (0..nodes as u32).collect();
        let mut sums = degrees.clone();
        let mut links = vec![0.0; nodes];
        let mut touched: Vec<u32> = Vec::new();
        for _ in 0..MAX_ROUNDS {
            let mut moves = 0;
            for node in 0..nodes {
                for &(neighbour, weight) in self.graph.neighbours(node) {
                    let other = community[neighbour as usize];
                    if links[other as usize] == 0.0 {
                        touched.push(other);
                    }
                    links[other as usize] += weight;
                }
                let own = community[node];
                sums[own as usize] -= degrees[node];
                let gain = |c: u32| links[c as usize] - degrees[node] * sums[c as usize] / total;
                touched.sort_unstable();
                let mut best = (gain(own) + LEAST_GAIN * degrees[node], own);
                for &candidate in &touched {
                    if gain(candidate) > best.0 {
                        best = (gain(candidate), candidate);
                    }
                }
                moves += usize::from(best.1 != own);
                community[node] = best.1;
                sums[best.1 as usize] += degrees[node];
                for other in touched.drain(..) {
                    links[other as usize] = 0.0;
                }
            }
            if moves == 0 {
                break;
            }
        }
        let mut number = vec![u32::MAX; nodes];
        let mut count = 0;
        for own in &mut community {
            let slot = &mut number[*own as usize];
            if *slot == u32::MAX {
                *slot = count;
                count += 1;
            }
            *own = *slot;
        }
        (community, count as usize)
    }

    fn aggregate(&self, community: &[u32], count: usize) -> Level {
        let mut loops = vec![0.0; count];
        let mut pairs = Vec::new();
        for node in 0..self.graph.nodes() {
            let from = community[node];
            loops[from as usize] += self.loops[node];
            for &(neighbour, weight) in self.graph.neighbours(node) {
                let to = community[neighbour as usize];
                if from == to {
                    loops[from as usize] += weight;
                } else {
                    pairs.push((from, to, weight));
                }
            }
        }
        pairs.sort_by_key(|pair| (pair.0, pair.1));
        pairs.dedup_by(|next, kept| {
            let same = (next.0, next.1) == (kept.0, kept.1);
            if same {
                kept.2 += next.2;
            }
            same
        });
        Level { graph: Graph::from_sorted(count, &pairs), loops }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_triangles_on_a_bridge_are_two_communities_and_a_loner_is_one() {
        let edges = [(0, 1), (0, 2), (1, 2), (2, 3), (3, 4), (3, 5), (4, 5)];
        let mut pairs: Vec<(u32, u32, f64)> = edges.iter().flat_map(|&(a, b)| [(a, b, 1.0), (b, a, 1.0)]).collect();
        pairs.sort_by_key(|pair| (pair.0, pair.1));
        assert_eq!(communities(&Graph::from_sorted(7, &pairs)), [0, 0, 0, 1, 1, 1, 2]);
    }

    #[test]
    fn a_ring_of_cliques_is_its_cliques() {
        let (cliques, size) = (12u32, 5u32);
        let mut pairs = Vec::new();
        for clique in 0..cliques {
            let node = |index| clique * size + index;
            for a in 0..size {
                pairs.extend((0..size).filter(|&b| a != b).map(|b| (node(a), node(b), 1.0)));
            }
            let next = (clique + 1) % cliques * size;
            pairs.extend([(node(1), next, 1.0), (next, node(1), 1.0)]);
        }
        pairs.sort_by_key(|pair| (pair.0, pair.1));
        let found = communities(&Graph::from_sorted((cliques * size) as usize, &pairs));
        assert!(found.iter().enumerate().all(|(node, &community)| community == node as u32 / size));
    }
}

//! Which items occur together.

use crate::event::{Event, Log};
use driftscope_kernels::Order;

/// Items that stand so many events apart in a user's history still count as together.
const REACH: usize = 4;
/// Seconds after which two events are half as close.
const NEAR: f64 = 3600.0;
/// Events that are looked at: every n-th user's in a larger log, since 20 million events teach no more about which items go
/// together than three million do, and the pairs must fit a browser's memory.
const MAX_EVENTS: usize = 3_000_000;
/// Pairs that are collected before equal ones are summed.
const BATCH: usize = 4_000_000;
/// Most similar items that each item keeps.
const NEIGHBOURS: usize = 20;

/// An undirected weighted graph: neighbours of node `i` are `edges[starts[i]..starts[i + 1]]`, by id. No loops.
#[derive(Debug, Clone, Default)]
pub(super) struct Graph {
    starts: Vec<u32>,
    edges: Vec<(u32, f64)>,
}

impl Graph {
    /// From pairs that hold both directions of each edge, each pair once, sorted.
    pub(super) fn from_sorted(nodes: usize, pairs: &[(u32, u32, f64)]) -> Graph {
        let mut starts = vec![0u32; nodes + 1];
        for &(from, ..) in pairs {
            starts[from as usize + 1] += 1;
        }
        for index in 1..starts.len() {
            starts[index] += starts[index - 1];
        }
        Graph { starts, edges: pairs.iter().map(|&(_, to, weight)| (to, weight)).collect() }
    }

    pub(super) fn nodes(&self) -> usize {
        self.starts.len().saturating_sub(1)
    }

    pub(super) fn neighbours(&self, node: usize) -> &[(u32, f64)] {
        &self.edges[self.starts[node] as usize..self.starts[node + 1] as usize]
    }
}

#[derive(Debug, Clone, Copy)]
struct Pair {
    a: u32,
    b: u32,
    weight: f32,
    count: u32,
}

/// Cosine similarity of items by what stands near them: `c_ab / √(s_a s_b) · n_ab / (n_ab + 1)`, where `c` sums
/// `1 / (distance · (1 + gap / 1 h))` over pairs of events of one user, `s` are its row sums, and `n` is the number of such
/// pairs (one meeting may be chance). Each item keeps its [`NEIGHBOURS`] most similar ones, and those whose choice it is.
pub(super) fn similarity(log: &Log) -> Graph {
    let nodes = log.items.len();
    let pairs = pairs(log);
    let mut sums = vec![0.0f64; nodes];
    for pair in &pairs {
        sums[pair.a as usize] += f64::from(pair.weight);
        sums[pair.b as usize] += f64::from(pair.weight);
    }
    let mut edges: Vec<(u32, u32, f64)> = Vec::with_capacity(pairs.len() * 2);
    for pair in &pairs {
        let scale = (sums[pair.a as usize] * sums[pair.b as usize]).sqrt();
        let count = f64::from(pair.count);
        let similarity = f64::from(pair.weight) / scale * count / (count + 1.0);
        edges.push((pair.a, pair.b, similarity));
        edges.push((pair.b, pair.a, similarity));
    }
    drop(pairs);
    edges.order_by(|x, y| x.0.cmp(&y.0).then(y.2.total_cmp(&x.2)).then(x.1.cmp(&y.1)));
    let mut kept: Vec<(u32, u32, f64)> = Vec::new();
    for row in edges.chunk_by(|x, y| x.0 == y.0) {
        for &(from, to, similarity) in row.iter().take(NEIGHBOURS) {
            kept.push((from, to, similarity));
            kept.push((to, from, similarity));
        }
    }
    kept.order_by_key(|edge| (edge.0, edge.1));
    kept.dedup_by_key(|edge| (edge.0, edge.1));
    Graph::from_sorted(nodes, &kept)
}

/// All pairs with `a < b`, sorted.
fn pairs(log: &Log) -> Vec<Pair> {
    let step = log.len() / MAX_EVENTS + 1;
    let mut sorted: Vec<Pair> = Vec::new();
    let mut batch: Vec<Pair> = Vec::new();
    let mut events: Vec<Event> = Vec::new();
    for user in (0..log.users.len() as u32).step_by(step) {
        events.clear();
        events.extend(log.slice(log.user_events(user)));
        // A view, a cart and a purchase of one item in a row are one meeting with it.
        events.dedup_by_key(|event| log.items.base(event.item));
        for (index, event) in events.iter().enumerate() {
            for (distance, other) in (1u32..).zip(events[index + 1..].iter().take(REACH)) {
                let (one, two) = (log.items.base(event.item), log.items.base(other.item));
                if one == two {
                    continue;
                }
                let gap = f64::from(other.time - event.time);
                let weight = (1.0 / (f64::from(distance) * (1.0 + gap / NEAR))) as f32;
                batch.push(Pair { a: one.min(two), b: one.max(two), weight, count: 1 });
            }
        }
        if batch.len() >= BATCH {
            merge(&mut sorted, &mut batch);
        }
    }
    merge(&mut sorted, &mut batch);
    sorted
}

/// Moves `batch` into `sorted`, summing equal pairs in the order in which they came.
fn merge(sorted: &mut Vec<Pair>, batch: &mut Vec<Pair>) {
    sorted.append(batch);
    sorted.order_by_key(|pair| (pair.a, pair.b));
    sorted.dedup_by(|next, kept| {
        let same = (next.a, next.b) == (kept.a, kept.b);
        if same {
            kept.weight += next.weight;
            kept.count += next.count;
        }
        same
    });
}

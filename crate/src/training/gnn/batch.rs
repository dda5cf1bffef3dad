//! Some instances with their surroundings in the graph.

use burn::tensor::{Device, Tensor, TensorData};
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::{
    GraphOptions,
    snapshot::{Snapshots, hop_width, node_width},
};
use crate::{
    Result,
    graph::Csr,
    nn::{GraphInputs, Sparse},
    training::{FeatureScale, Features, batch::Batch},
};

/// Scales of what goes into the network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::training) struct GraphScale {
    /// Of the pairs' own features.
    pub own: FeatureScale,
    /// Of a target's first hop.
    pub hop: FeatureScale,
    /// Of nodes.
    pub node: FeatureScale,
}

/// Matrices of some instances.
#[derive(Debug)]
pub(super) struct GraphBatch {
    /// The instances without their surroundings, features scaled.
    pub own: Batch,
    /// (len × width) × [`hop_width`]: the first hop of each target.
    pub hops: Vec<f32>,
    /// nodes × [`node_width`].
    pub nodes: Vec<f32>,
    widths: (usize, usize),
    /// (len × width) × nodes, by relation.
    pub edges: Vec<Csr>,
}

/// Marks a domain that is no candidate.
const NO_SLOT: u32 = u32::MAX;

/// Nodes in the order in which edges reach them.
struct Nodes<'a> {
    number: FxHashMap<(usize, usize), u32>,
    values: &'a mut Vec<f32>,
}

impl Nodes<'_> {
    fn number(&mut self, window: usize, pair: usize, values: &[f32]) -> u32 {
        let next = self.number.len() as u32;
        *self.number.entry((window, pair)).or_insert_with(|| {
            self.values.extend_from_slice(values);
            next
        })
    }
}

/// The first hop of each candidate of some requests, raw: (len × width) × [`hop_width`].
///
/// # Errors
/// [`crate::Error::State`] for a window that `snapshots` lacks.
pub(super) fn first_hops(
    own: &Batch,
    snapshots: &Snapshots,
    requests: &[(u32, usize)],
    options: &GraphOptions,
) -> Result<Vec<f32>> {
    let mut hops = Vec::with_capacity(own.len * own.width * hop_width(options));
    let mut sums = None;
    for (&(user, window), candidates) in requests.iter().zip(own.candidates.chunks(own.width)) {
        let snapshot = snapshots.get(window)?;
        let sums = sums.get_or_insert_with(|| snapshot.sums());
        snapshot.first_hop(user, sums);
        candidates.iter().for_each(|&domain| sums.append(domain, &mut hops));
    }
    Ok(hops)
}

impl GraphBatch {
    /// The surroundings of (user, window) requests whose own features are in `own`; raw. `hops`: the first hops, where
    /// they are known.
    ///
    /// # Errors
    /// [`crate::Error::State`] for a window that `snapshots` lacks.
    pub fn new(
        own: Batch,
        hops: Option<Vec<f32>>,
        snapshots: &Snapshots,
        requests: &[(u32, usize)],
        domains: usize,
        options: &GraphOptions,
    ) -> Result<GraphBatch> {
        let rows = own.len * own.width;
        let hops = match hops {
            Some(hops) => hops,
            None => first_hops(&own, snapshots, requests, options)?,
        };
        let mut out = GraphBatch {
            hops,
            nodes: Vec::new(),
            widths: (hop_width(options), node_width(options)),
            edges: Vec::new(),
            own,
        };
        let mut entries: Vec<Vec<(u32, u32, f32)>> = vec![Vec::new(); options.relations()];
        let mut slots = vec![NO_SLOT; domains];
        let mut nodes = Nodes { number: FxHashMap::default(), values: &mut out.nodes };
        for (index, (&(user, window), candidates)) in
            requests.iter().zip(out.own.candidates.chunks(out.own.width)).enumerate()
        {
            let snapshot = snapshots.get(window)?;
            let first_row = (index * out.own.width) as u32;
            for (slot, &domain) in candidates.iter().enumerate() {
                slots[domain as usize] = slot as u32;
            }
            for (edges, entries) in snapshot.near().iter().zip(&mut entries) {
                for (other, weight) in edges.entries(user as usize) {
                    for pair in snapshot.pairs(other) {
                        let slot = slots[snapshot.domain(pair) as usize];
                        if slot != NO_SLOT {
                            let node = nodes.number(window, pair, snapshot.node(pair));
                            entries.push((first_row + slot, node, weight));
                        }
                    }
                }
            }
            if let Some(entries) = entries.last_mut() {
                let pairs = snapshot.pairs(user);
                let own: Vec<u32> = pairs.clone().map(|pair| snapshot.domain(pair)).collect();
                for (slot, &domain) in candidates.iter().enumerate() {
                    for (from, weight) in snapshot.led().entries(domain as usize) {
                        if let Ok(found) = own.binary_search(&from) {
                            let pair = pairs.start + found;
                            let node = nodes.number(window, pair, snapshot.node(pair));
                            entries.push((first_row + slot as u32, node, weight));
                        }
                    }
                }
            }
            for &domain in candidates {
                slots[domain as usize] = NO_SLOT;
            }
        }
        if nodes.number.is_empty() {
            // A node without edges: a matrix needs a column.
            out.nodes.resize(node_width(options), 0.0);
        }
        let count = out.nodes.len() / node_width(options);
        out.edges = entries.into_iter().map(|entries| Csr::from_triplets(rows, count, entries)).collect();
        Ok(out)
    }

    /// The same, what surrounds the instances scaled.
    pub fn scaled(mut self, scale: &GraphScale) -> GraphBatch {
        scale.hop.apply(&mut self.hops);
        scale.node.apply(&mut self.nodes);
        self
    }

    /// The matrices on a device.
    ///
    /// # Errors
    /// As [`Sparse::new`].
    pub fn inputs(&self, device: &Device) -> Result<GraphInputs> {
        let Batch { len, width, features, log_prior, .. } = &self.own;
        let rows = len * width;
        let (hop, node) = self.widths;
        let matrix =
            |values: Vec<f32>, shape: [usize; 2]| Tensor::<2>::from_data(TensorData::new(values, shape), device);
        let mut targets = Vec::with_capacity(features.len() + self.hops.len());
        for (own, hops) in features.chunks(Features::width()).zip(self.hops.chunks(hop)) {
            targets.extend_from_slice(own);
            targets.extend_from_slice(hops);
        }
        Ok(GraphInputs {
            targets: matrix(targets, [rows, Features::width() + hop]),
            nodes: matrix(self.nodes.clone(), [self.nodes.len() / node, node]),
            edges: self.edges.iter().map(|edges| Sparse::new(edges, device)).collect::<Result<_>>()?,
            log_prior: matrix(log_prior.clone(), [*len, *width]),
        })
    }
}

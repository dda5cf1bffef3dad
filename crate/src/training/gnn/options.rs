//! Settings of the graph network.

use serde::{Deserialize, Serialize};

use super::model::input_widths;
use crate::{
    nn::{Convolution, Fusion},
    training::DnnOptions,
};

/// How the graph is built.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GraphOptions {
    /// Users without an event in so many windows are nobody's neighbours.
    pub recent: usize,
    /// Neighbours of a user, at most.
    pub neighbours: usize,
    /// Windows after which a touched item counts half.
    pub item_half_life: f64,
    /// Power of the cosine of two users' items.
    pub item_power: i32,
    /// Windows after which an event counts half when users are compared by domains.
    pub domain_half_life: f64,
    /// Power of the cosine of two users' domains.
    pub domain_power: i32,
    /// As [`crate::graph::Resemblance::budget`], for each window.
    pub budget: u64,
    /// Whether the log's social edges are a relation of their own. Undated edges can't be shown to lie before a window:
    /// results with them are reported apart (PROTOCOL.md, rule 5).
    pub social: bool,
}

impl Default for GraphOptions {
    fn default() -> Self {
        GraphOptions {
            recent: 6,
            neighbours: 40,
            item_half_life: 4.0,
            item_power: 2,
            domain_half_life: 2.0,
            domain_power: 4,
            budget: 60_000_000,
            social: false,
        }
    }
}

impl GraphOptions {
    /// Kinds of edge: users by items, users by domains, users by acquaintance where it is on, domains by transitions.
    pub fn relations(&self) -> usize {
        3 + usize::from(self.social)
    }
}

/// A fusion of trained networks takes one of so many parts of their epochs.
const FUSING: usize = 4;

/// Hyper-parameters of the graph network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GnnOptions {
    /// What it shares with the network without a graph: candidates, epochs, widths, learning rate, …
    pub dnn: DnnOptions,
    /// The graph.
    pub graph: GraphOptions,
    /// Width of what a node sends.
    pub message: usize,
    /// Networks whose scores are averaged; they differ by their first values and by dropout.
    pub members: usize,
    /// Width of the pair network's layers beside the graph convolution; 0 for the graph convolution alone.
    pub tower: usize,
    /// Whether a fusion starts from graph convolutions and pair networks that were trained alone.
    pub carry_over: bool,
}

impl GnnOptions {
    /// Settings for a log that fit those of the network without a graph.
    pub fn for_dnn(dnn: DnnOptions) -> GnnOptions {
        GnnOptions { dnn, graph: GraphOptions::default(), message: 16, members: 3, tower: 0, carry_over: true }
    }

    /// The same, fused with a network of own features.
    pub fn fused(self) -> GnnOptions {
        GnnOptions { tower: self.dnn.hidden, ..self }
    }

    /// Passes over the train instances that a fusion of trained networks takes.
    pub(super) fn fusing_epochs(&self) -> usize {
        self.dnn.epochs.div_ceil(FUSING)
    }

    /// Passes over the train instances of all trainings together.
    pub fn passes(&self) -> usize {
        let alone = self.dnn.epochs;
        if self.tower > 0 && self.carry_over { 2 * alone + self.fusing_epochs() } else { alone }
    }

    /// Number of learned numbers of all members on a log of so many domains.
    pub fn parameter_count(&self, domains: usize) -> usize {
        self.members * self.shape(input_widths(&self.graph), domains).parameter_count()
    }

    /// Shape of each member for inputs of so many numbers.
    pub fn shape(&self, (own, target, node): (usize, usize, usize), domains: usize) -> Fusion {
        let fixed = self.dnn.embedding > 0 && self.dnn.candidates >= domains;
        let graph = Convolution {
            target,
            node,
            relations: self.graph.relations(),
            hidden: self.dnn.hidden,
            message: self.message,
            embedding: if fixed { self.dnn.embedding } else { 0 },
            domains,
        };
        Fusion { graph, own, tower: self.tower }
    }
}

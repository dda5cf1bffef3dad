//! The graph network of next items: convolution over the transitions between items, and users as decayed pools of what
//! they touched.
//!
//! In: [`Sequences`](super::next_item::Sequences) and what the items are. Out: [`ItemGraphModel`], which scores every item
//! as the next one and gives embeddings of items and users.

mod model;
mod objective;
mod options;
mod pools;

pub use model::{ItemGraphData, ItemGraphModel};
pub use options::ItemGraphOptions;

#[cfg(test)]
mod tests;

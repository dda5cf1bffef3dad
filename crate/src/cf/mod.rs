//! Collaborative filtering: who is like whom, what goes with what, and ridge regression from past to future, on sparse
//! matrices. Nothing is learned by gradient, and nothing dense of the size items × items is ever held.
//!
//! In: a [`Csr`](crate::graph::Csr) of users × items (or domains) with counts or weights. Out: neighbours as a `Csr`, and
//! weights from item to item.

mod conjugate_gradient;
mod ridge;
mod similarity;

pub use conjugate_gradient::conjugate_gradient;
pub use ridge::{Ridge, ridge};
pub use similarity::{Measure, Similarity, SimilarityIndex};

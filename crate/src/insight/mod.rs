//! What findings mean for the person who looks at them.
//!
//! In: a log and the models fitted on it. Out: [`Explanation`], which says what a forecast rests on, and
//! [`ItemExplanation`], which says it of a recommendation.

mod explain;

pub use explain::{
    EventEvidence, Explanation, FidelityCheck, ItemEvidence, ItemExplanation, NeighbourEvidence, explain, explain_item,
};

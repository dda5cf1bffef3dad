//! What findings mean for the person who looks at them.
//!
//! In: a log, and for some the models fitted on it. Out: [`Explanation`], which says what a forecast rests on, and
//! [`ItemExplanation`], which says it of a recommendation; [`Segments`] of users. Methods, sources and what they reach stand
//! in `docs/INSIGHT.md`.

mod explain;
mod segments;
mod watch;

pub use explain::{
    EventEvidence, Explanation, FidelityCheck, ItemEvidence, ItemExplanation, NeighbourEvidence, explain, explain_item,
};
pub use segments::{
    Segment, SegmentDomain, SegmentMove, SegmentOptions, Segments, Stability, adjusted_rand, segments, segments_in,
};

//! What findings mean for the person who looks at them.
//!
//! In: a log, and for some the models fitted on it. Out: [`Explanation`], which says what a forecast rests on, and
//! [`ItemExplanation`], which says it of a recommendation; [`Segments`] of users; their
//! [`Migration`] between domains; [`Anomalies`] among them. Methods, sources and what they reach stand
//! in `docs/INSIGHT.md`.

mod anomaly;
mod discovery;
mod explain;
mod logistic;
mod migration;
mod prospects;
mod segments;
mod watch;

pub use anomaly::{Anomalies, OddUser, Reason, Sign, anomalies};
pub use explain::{
    EventEvidence, Explanation, FidelityCheck, ItemEvidence, ItemExplanation, NeighbourEvidence, explain, explain_item,
};
pub use migration::{Exit, Lead, Migration, MigrationOptions, NetFlow, migration};
pub use prospects::{Foretold, Prospects, prospects, prospects_in};
pub use segments::{
    Segment, SegmentDomain, SegmentMove, SegmentOptions, Segments, Stability, adjusted_rand, segments, segments_in,
};

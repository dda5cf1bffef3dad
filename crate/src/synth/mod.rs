//! Synthetic logs with planted truth: the page's sample, and what tests check findings against.
//!
//! In: [`SynthOptions`] with a seed. Out: events user by user ([`Synth::events`]), in memory that does not grow with the number
//! of users; as a [`Log`](crate::event::Log) ([`Synth::log`]) or as CSV ([`write_csv`]); and the [`Truth`] behind them.

mod catalogue;
mod crowd;
mod csv;
mod events;
mod options;
mod plan;
mod sample;

pub use catalogue::Catalogue;
pub use crowd::{CrowdOptions, crowd, crowd_start};
pub use csv::{write_csv, write_edges_csv, write_items_csv};
pub use events::SynthEvent;
pub use options::{ClassShares, Itinerary, SampleOptions, SynthOptions};
pub use plan::{Truth, UserClass, UserTruth};
pub use sample::Synth;

#[cfg(test)]
mod tests;

//! The columnar behaviour log.
//!
//! In: events from a reader or a generator. Out: a [`Log`], sorted by user and time, 14 bytes an event plus dictionaries.

mod extend;
mod item;
mod kind;
mod log;
mod retain;
mod snapshot;

pub use driftscope_kernels::Dictionary;
pub use item::ItemTable;
pub use kind::{EventKind, KindTable};
pub use log::{Event, Log};

/// Id that stands for "no such entry" in the columns of a log and its tables.
pub const NONE: u32 = u32::MAX;

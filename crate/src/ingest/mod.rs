//! Reading logs: from bytes of files to a clean [`Log`](crate::event::Log) and a report of what was done to it.
//!
//! In: the bytes of one or more files, a [`FilePlan`] for each, [`CleaningOptions`]. Out: the
//! clean log, the [`QualityReport`], and on request the rows that were rejected. Accepted and rejected rows add up to
//! those read.

mod cells;
mod clean;
mod decode;
mod decoder;
mod detect;
mod events;
mod gunzip;
mod json;
mod loader;
mod plan;
mod quality;
mod raw;
mod records;
mod rejected;
mod rows;
mod tables;
mod time;

pub use clean::{Cleaned, Cleaner, Verdicts, clean};
pub use detect::inspect;
pub use loader::Loader;
pub use plan::{
    ColumnCounts, ColumnPlan, Compression, Encoding, FileInspection, FilePlan, FilePlanPatch, Format, KindWord, Note,
    NoteValue, Preset, Role, TableKind, TimeFormat,
};
pub use quality::{CleaningOptions, Effect, Example, FileReport, MissingDomain, QualityReport, RuleName, RuleReport};
pub use raw::RawLog;
pub use rejected::RejectedRows;

//! The one error type of the library.

use serde::Serialize;

/// Where in the input something went wrong. `line` and `column` count from 1; `column` is the field's number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// Name of the file as the person knows it.
    pub file: String,
    /// Line of the decompressed, decoded text, from 1; `None` where the whole file is meant.
    pub line: Option<u64>,
    /// Number of the field in that line, from 1; `None` where the whole line is meant.
    pub column: Option<u32>,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(column) = self.column {
            write!(f, ", column {column}")?;
        }
        Ok(())
    }
}

/// Everything that can go wrong. Each message says what happened, where, and what to do; values taken from the input
/// come last, since they may be sensitive.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The input has no bytes, or no rows.
    #[error("{place}: nothing to read: {hint}")]
    Empty { place: Place, hint: String },
    /// The input is not of a kind that can be read (binary, nested Parquet, unknown compression, …).
    #[error("{place}: this cannot be read as a log: {hint}")]
    Unreadable { place: Place, hint: String },
    /// The input breaks off or is damaged (truncated gzip, unclosed quote at the end, bad checksum).
    #[error("{place}: the file is damaged or cut off: {hint}")]
    Damaged { place: Place, hint: String },
    /// The input exceeds a safety limit (line length, expansion ratio, number of distinct values).
    #[error("{place}: {what} exceeds the limit of {limit}: {hint}")]
    TooLarge { place: Place, what: &'static str, limit: u64, hint: String },
    /// What was asked for needs more memory than there is, by estimate.
    #[error("{what} needs some {needed} bytes of memory, and {limit} is all there is: {hint}")]
    Memory { what: &'static str, needed: u64, limit: u64, hint: String },
    /// The columns do not hold what an analysis needs.
    #[error("{place}: {hint}")]
    Columns { place: Place, hint: String },
    /// The log is readable, but not enough of it is left for what was asked.
    #[error("not enough data for {what}: {hint}")]
    NotEnough { what: &'static str, hint: String },
    /// A parameter is outside its range.
    #[error("{name} is out of range: {hint}")]
    Parameter { name: &'static str, hint: String },
    /// A release would give away more than the privacy budget allows.
    #[error("the privacy budget does not cover this: {hint}")]
    Budget { hint: String },
    /// The person cancelled.
    #[error("cancelled")]
    Cancelled,
    /// The compute device failed or was lost.
    #[error("the compute device failed: {hint}")]
    Device { hint: String },
    /// A snapshot or checkpoint cannot be restored.
    #[error("this checkpoint cannot be restored: {hint}")]
    Checkpoint { hint: String },
    /// A call came out of order (for example a forecast before any training).
    #[error("{hint}")]
    State { hint: String },
}

impl Error {
    /// Stable name of the variant, for programs and for translation.
    pub fn code(&self) -> &'static str {
        match self {
            Error::Empty { .. } => "empty",
            Error::Unreadable { .. } => "unreadable",
            Error::Damaged { .. } => "damaged",
            Error::TooLarge { .. } => "too_large",
            Error::Memory { .. } => "memory",
            Error::Columns { .. } => "columns",
            Error::NotEnough { .. } => "not_enough",
            Error::Parameter { .. } => "parameter",
            Error::Budget { .. } => "budget",
            Error::Cancelled => "cancelled",
            Error::Device { .. } => "device",
            Error::Checkpoint { .. } => "checkpoint",
            Error::State { .. } => "state",
        }
    }

    /// Where in the input it happened, if it is about the input.
    pub fn place(&self) -> Option<&Place> {
        match self {
            Error::Empty { place, .. }
            | Error::Unreadable { place, .. }
            | Error::Damaged { place, .. }
            | Error::TooLarge { place, .. }
            | Error::Columns { place, .. } => Some(place),
            _ => None,
        }
    }
}

/// The library's result type.
pub type Result<T> = std::result::Result<T, Error>;

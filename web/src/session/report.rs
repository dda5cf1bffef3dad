//! The quality report as the page gets it.

use driftscope::interest::LogSummary;
use serde::{Deserialize, Serialize};

/// `QualityReport` of the page's types.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    files: Vec<FileReport>,
    rows_read: u64,
    rows_accepted: u64,
    rows_rejected: u64,
    rules: Vec<()>,
    summary: LogSummary,
    notes: Vec<()>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileReport {
    name: String,
    table: String,
    bytes: u64,
    rows_read: u64,
    rows_accepted: u64,
    rows_rejected: u64,
    problems: Vec<()>,
}

impl Report {
    /// The report of a log that was made, not read: every row is accepted, and no rule was applied.
    pub fn of_made(name: &str, summary: LogSummary) -> Self {
        let rows = summary.events as u64;
        let file = FileReport {
            name: name.to_owned(),
            table: "events".to_owned(),
            bytes: 0,
            rows_read: rows,
            rows_accepted: rows,
            rows_rejected: 0,
            problems: Vec::new(),
        };
        Self {
            files: vec![file],
            rows_read: rows,
            rows_accepted: rows,
            rows_rejected: 0,
            rules: Vec::new(),
            summary,
            notes: Vec::new(),
        }
    }
}

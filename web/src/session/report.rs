//! The quality report as the page gets it.

use driftscope::{ingest::QualityReport, interest::LogSummary};
use serde::{Deserialize, Serialize};

/// `QualityReport` of the page's types: what cleaning did, and what the clean log holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Report {
    #[serde(flatten)]
    quality: QualityReport,
    summary: LogSummary,
}

impl Report {
    /// Puts the two together.
    pub fn new(quality: QualityReport, summary: LogSummary) -> Self {
        Self { quality, summary }
    }

    /// Whether the log's domains were derived.
    pub fn derived(&self) -> bool {
        self.summary.domains_derived
    }

    /// The log holds something else now.
    pub fn set_summary(&mut self, summary: LogSummary) {
        self.summary = summary;
    }
}

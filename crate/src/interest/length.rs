//! How long a window is, and where its day begins.

use serde::{Deserialize, Serialize};

/// Length of a window. In JSON: `"day"`, `"week"`, `"days28"`, `"weeks13"`, or a number of seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum WindowLength {
    /// A local calendar day.
    Day,
    /// Seven local days from a Monday.
    Week,
    /// 28 local days.
    Days28,
    /// 13 weeks (91 local days): a quarter that always holds the same weekdays.
    Weeks13,
    /// A fixed number of seconds (at least 1).
    #[serde(untagged)]
    Seconds(u64),
}

impl WindowLength {
    /// Whole local days in a calendar window; `None` for a length in seconds.
    pub fn days(self) -> Option<i64> {
        match self {
            WindowLength::Day => Some(1),
            WindowLength::Week => Some(7),
            WindowLength::Days28 => Some(28),
            WindowLength::Weeks13 => Some(91),
            WindowLength::Seconds(_) => None,
        }
    }

    /// Length in seconds where no clock change falls into the window.
    pub fn seconds(self) -> u64 {
        match self {
            WindowLength::Seconds(seconds) => seconds,
            calendar => calendar.days().unwrap_or(1) as u64 * SECONDS_PER_DAY as u64,
        }
    }
}

/// Seconds of a day without a clock change.
pub const SECONDS_PER_DAY: i64 = 86_400;

/// How time is cut into windows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WindowOptions {
    /// Length of each window.
    pub length: WindowLength,
    /// IANA name of the time zone whose midnights are the borders, for example `Europe/Berlin`, or `UTC`.
    pub time_zone: String,
}

//! The rules that a log is cleaned by, and the report of what they did. The same shapes as in the package's `types.ts`.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::event::Log;

use super::plan::{Note, TableKind};

/// The cleaning rules, in the order in which they apply: a row that one rule takes out is not seen by the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum RuleName {
    MalformedRow,
    MissingUser,
    MissingItem,
    MissingTime,
    BadTime,
    TimeOutOfRange,
    ExactDuplicate,
    BotRate,
    UnknownKind,
    MissingDomain,
    SparseItem,
    SparseUser,
}

impl RuleName {
    /// All rules in order.
    pub const ALL: [RuleName; 12] = [
        RuleName::MalformedRow,
        RuleName::MissingUser,
        RuleName::MissingItem,
        RuleName::MissingTime,
        RuleName::BadTime,
        RuleName::TimeOutOfRange,
        RuleName::ExactDuplicate,
        RuleName::BotRate,
        RuleName::UnknownKind,
        RuleName::MissingDomain,
        RuleName::SparseItem,
        RuleName::SparseUser,
    ];

    /// The name in reports.
    pub fn name(self) -> &'static str {
        match self {
            RuleName::MalformedRow => "malformed_row",
            RuleName::MissingUser => "missing_user",
            RuleName::MissingItem => "missing_item",
            RuleName::MissingTime => "missing_time",
            RuleName::BadTime => "bad_time",
            RuleName::TimeOutOfRange => "time_out_of_range",
            RuleName::ExactDuplicate => "exact_duplicate",
            RuleName::BotRate => "bot_rate",
            RuleName::UnknownKind => "unknown_kind",
            RuleName::MissingDomain => "missing_domain",
            RuleName::SparseItem => "sparse_item",
            RuleName::SparseUser => "sparse_user",
        }
    }

    /// Whether the rule can be switched off. The first five cannot: such a row cannot become an event.
    pub fn switchable(self) -> bool {
        self > RuleName::BadTime
    }

    /// Whether the rule is on unless told otherwise. Off: unknown kinds (kept under their own name) and sparse users and
    /// items (whether they help depends on the question); their reports say how many rows they would take.
    pub fn on_by_default(self) -> bool {
        !matches!(self, RuleName::UnknownKind | RuleName::SparseItem | RuleName::SparseUser)
    }
}

/// What becomes of events whose item has no domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MissingDomain {
    /// Filed under the domain `unknown`.
    Unknown,
    /// [`MissingDomain::Derive`] where no item of the log has a domain, else [`MissingDomain::Unknown`].
    Auto,
    /// Left without a domain, for `interest::derive_domains` to fill.
    Derive,
    /// Taken out.
    Reject,
}

/// How a log is cleaned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CleaningOptions {
    /// Rules switched on or off; one that is not named keeps its default.
    pub rules: BTreeMap<RuleName, bool>,
    /// Inclusive range of plausible times in Unix seconds; `None`: found from the data.
    pub time_range: Option<(f64, f64)>,
    /// A user with more events than this in some minute is a bot. At least 1.
    pub max_events_per_minute: u32,
    pub min_events_per_user: u32,
    pub min_events_per_item: u32,
    pub missing_domain: MissingDomain,
    /// Weight by kind name; kinds that are not named keep theirs.
    pub kind_weights: BTreeMap<String, f32>,
}

impl Default for CleaningOptions {
    fn default() -> Self {
        Self {
            rules: RuleName::ALL.into_iter().map(|rule| (rule, rule.on_by_default())).collect(),
            time_range: None,
            max_events_per_minute: 60,
            min_events_per_user: 3,
            min_events_per_item: 2,
            missing_domain: MissingDomain::Auto,
            kind_weights: BTreeMap::new(),
        }
    }
}

impl CleaningOptions {
    /// Whether `rule` is on.
    pub fn enabled(&self, rule: RuleName) -> bool {
        !rule.switchable() || self.rules.get(&rule).copied().unwrap_or_else(|| rule.on_by_default())
    }

    /// What becomes of the events of `log` whose item has no domain; `None` where the rule is off.
    pub fn missing_domain_in(&self, log: &Log) -> Option<MissingDomain> {
        let choice = match self.missing_domain {
            MissingDomain::Auto if log.domains.is_empty() => MissingDomain::Derive,
            MissingDomain::Auto => MissingDomain::Unknown,
            choice => choice,
        };
        self.enabled(RuleName::MissingDomain).then_some(choice)
    }
}

/// Whether a rule takes rows out or changes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    Reject,
    Repair,
}

/// What one rule did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleReport {
    pub rule: RuleName,
    pub enabled: bool,
    pub switchable: bool,
    pub effect: Effect,
    /// Rows that the rule took out or changed; for a rule that is off, rows that it would have.
    pub touched: u64,
    /// Up to five of them.
    pub examples: Vec<Example>,
}

/// A row that a rule touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    pub file: String,
    pub line: u64,
    pub column: Option<u32>,
    /// The row, or for rules that look at events, its values; cut to 200 characters.
    pub text: String,
}

/// What became of one file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileReport {
    pub name: String,
    pub table: TableKind,
    pub bytes: u64,
    pub rows_read: u64,
    pub rows_accepted: u64,
    pub rows_rejected: u64,
    /// What went wrong with the file as a whole, for example `file.damaged`.
    pub problems: Vec<Note>,
}

/// The quality report without the log's summary, which `interest` makes. `rows_accepted + rows_rejected = rows_read`, for
/// each file and for all.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct QualityReport {
    pub files: Vec<FileReport>,
    pub rows_read: u64,
    pub rows_accepted: u64,
    pub rows_rejected: u64,
    pub rules: Vec<RuleReport>,
    pub notes: Vec<Note>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn options_have_the_shape_of_the_packages_types() {
        let options: CleaningOptions = serde_json::from_value(json!({
            "rules": { "bot_rate": false, "sparse_user": true },
            "timeRange": [10, 20.5],
            "missingDomain": "derive",
            "kindWeights": { "view": 2 },
        }))
        .unwrap();
        assert_eq!((options.time_range, options.missing_domain), (Some((10.0, 20.5)), MissingDomain::Derive));
        let switched = [RuleName::BotRate, RuleName::SparseUser, RuleName::SparseItem, RuleName::ExactDuplicate];
        assert_eq!(switched.map(|rule| options.enabled(rule)), [false, true, false, true]);
        let off = RuleName::ALL.map(|rule| (rule, false)).into();
        let none = CleaningOptions { rules: off, ..CleaningOptions::default() };
        assert_eq!(RuleName::ALL.into_iter().filter(|&rule| none.enabled(rule)).count(), 5);

        let mut defaults = serde_json::to_value(CleaningOptions::default()).unwrap();
        assert_eq!(defaults["rules"].as_object().map(|rules| rules.len()), Some(RuleName::ALL.len()));
        for rule in RuleName::ALL {
            assert_eq!(defaults["rules"][rule.name()], rule.on_by_default());
        }
        defaults["rules"].take();
        let expected = json!({
            "rules": null, "timeRange": null, "maxEventsPerMinute": 60, "minEventsPerUser": 3, "minEventsPerItem": 2,
            "missingDomain": "auto", "kindWeights": {},
        });
        assert_eq!(defaults, expected);
    }
}

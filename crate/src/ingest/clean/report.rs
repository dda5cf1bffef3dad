//! The quality report of a cleaning.

use jiff::Timestamp;

use crate::{
    event::{Log, NONE},
    ingest::{
        Note,
        quality::{CleaningOptions, Effect, Example, FileReport, MissingDomain, QualityReport, RuleName, RuleReport},
        raw::{EXAMPLES, RawLog, example_text},
    },
};

use super::{Cleaner, notes};

/// What a rule does to the rows that it touches.
pub(super) fn effect(rule: RuleName, options: &CleaningOptions) -> Effect {
    match (rule, options.missing_domain) {
        (RuleName::MissingDomain, choice) if choice != MissingDomain::Reject => Effect::Repair,
        _ => Effect::Reject,
    }
}

impl Cleaner<'_> {
    /// The report of all steps.
    pub(super) fn report(&self) -> QualityReport {
        let files: Vec<FileReport> = self.files().collect();
        let sum = |count: fn(&FileReport) -> u64| files.iter().map(count).sum();
        QualityReport {
            rows_read: sum(|file| file.rows_read),
            rows_accepted: sum(|file| file.rows_accepted),
            rows_rejected: sum(|file| file.rows_rejected),
            rules: RuleName::ALL.map(|rule| self.rule(rule)).into(),
            notes: self.raw.notes.iter().cloned().chain(self.notes()).collect(),
            files,
        }
    }

    fn files(&self) -> impl Iterator<Item = FileReport> + '_ {
        self.raw.files.iter().map(|file| {
            let rejected = file.rejected.total() + self.marks.rejected(file.first_event, file.events);
            FileReport {
                name: file.name.clone(),
                table: file.table,
                bytes: file.bytes,
                rows_read: file.rows,
                rows_accepted: file.rows.saturating_sub(rejected),
                rows_rejected: rejected,
                problems: file.problems.clone(),
            }
        })
    }

    /// What was rejected by the rule while reading, and touched by it while cleaning.
    fn rule(&self, rule: RuleName) -> RuleReport {
        let read = self.raw.files.iter().map(|file| file.rejected.by_rule(rule)).sum::<u64>();
        let tally = self.tallies.iter().find(|tally| tally.rule == rule);
        let examples = self.raw.examples.iter().filter(|(of, _)| *of == rule).map(|(_, example)| example.clone());
        let touched = tally.iter().flat_map(|tally| &tally.examples).map(|&event| example(self.raw, event));
        RuleReport {
            rule,
            enabled: self.options.enabled(rule),
            switchable: rule.switchable(),
            effect: effect(rule, &self.options),
            touched: read + tally.map_or(0, |tally| tally.touched),
            examples: examples.chain(touched).take(EXAMPLES).collect(),
        }
    }

    fn notes(&self) -> Vec<Note> {
        let strays = self.tallies.iter().any(|tally| tally.rule == RuleName::TimeOutOfRange && tally.touched > 0);
        let range = (self.options.time_range.is_none() && strays).then_some(self.span);
        notes::notes(&self.raw.log, &self.log, range, self.coarse)
    }
}

/// An event as an example.
fn example(raw: &RawLog, event: u32) -> Example {
    let (file, row) = raw.row_of(event);
    let file = raw.files.get(file);
    let text = described(&raw.log, event);
    Example {
        file: file.map_or_else(String::new, |file| file.name.clone()),
        line: file.map_or(0, |file| file.lines.line(row)),
        column: None,
        text: example_text(text.as_bytes()),
    }
}

/// The values of an event, since its row is not kept: user, item, domain, kind, time.
pub(in crate::ingest) fn described(log: &Log, event: u32) -> String {
    let Some(event) = log.get(event as usize) else { return String::new() };
    let domain = match log.domain_of(&event) {
        NONE => "–",
        domain => log.domains.name(domain),
    };
    let time = written(event.time.into());
    [log.users.name(event.user), log.items.name(event.item), domain, log.kinds.name(event.kind), &time].join(" · ")
}

/// A time in ISO 8601, UTC.
pub(super) fn written(seconds: f64) -> String {
    Timestamp::from_second(seconds as i64).map_or_else(|_| seconds.to_string(), |time| time.to_string())
}

/// Why nothing is left: the rule that took most of the rows.
pub(super) fn nothing_left(report: &QualityReport) -> String {
    let taking = report.rules.iter().filter(|rule| rule.enabled && rule.effect == Effect::Reject && rule.touched > 0);
    match taking.max_by_key(|rule| rule.touched) {
        None => "the log has no events".into(),
        Some(rule) => {
            let cure =
                if rule.switchable { "switch it off or change its limit" } else { "check the roles of the columns" };
            format!(
                "no row is left after cleaning; the rule {} took most of them, {} of {}: {cure}",
                rule.rule.name(),
                rule.touched,
                report.rows_read
            )
        }
    }
}

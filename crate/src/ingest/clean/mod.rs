//! Cleaning: from a log as read to a sorted log without what a person would not call an event, with a report of what went.
//!
//! In: a [`RawLog`] and [`CleaningOptions`]. Out: [`Cleaned`]. One file a rule; the rules apply in the order of
//! [`RuleName::ALL`], each on what those before it left. Nothing is read again, so the choice can be made anew at any time.

mod bots;
mod by_user;
mod domains;
mod duplicates;
mod notes;
mod report;
mod sparse;
mod tally;
mod time_range;
mod verdicts;

#[cfg(test)]
mod data_tests;
#[cfg(test)]
mod naive_tests;
#[cfg(test)]
mod tests;

pub(super) use report::described;
pub use verdicts::Verdicts;

use crate::{Error, Result, event::Log};

use super::{
    quality::{CleaningOptions, MissingDomain, QualityReport, RuleName},
    raw::RawLog,
};
use by_user::ByUser;
use tally::Tally;
use time_range::Density;
use verdicts::Marks;

/// A clean log and how it came to be.
#[derive(Debug, Clone)]
pub struct Cleaned {
    /// The events that passed, sorted, with only those users, items, domains, kinds and edges that they name.
    pub log: Log,
    /// What each rule did.
    pub report: QualityReport,
    /// Which event of the raw log was rejected by which rule.
    pub verdicts: Verdicts,
}

/// Cleans a log in one go. See [`Cleaner`].
///
/// # Errors
/// Those of [`Cleaner::new`] and [`Cleaner::finish`].
pub fn clean(raw: &RawLog, options: &CleaningOptions) -> Result<Cleaned> {
    let mut cleaner = Cleaner::new(raw, options)?;
    while cleaner.step() {}
    cleaner.finish()
}

/// What one step does: one pass over the events, at most two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    FindSpan,
    Times,
    GroupByUser,
    Duplicates,
    Bots,
    Kinds,
    Domains,
    Items,
    Users,
    Build,
}

const STAGES: [Stage; 10] = [
    Stage::FindSpan,
    Stage::Times,
    Stage::GroupByUser,
    Stage::Duplicates,
    Stage::Bots,
    Stage::Kinds,
    Stage::Domains,
    Stage::Items,
    Stage::Users,
    Stage::Build,
];

/// Cleans a log step by step, so that the caller can report progress and stop in between.
pub struct Cleaner<'a> {
    raw: &'a RawLog,
    options: CleaningOptions,
    done: usize,
    marks: Marks,
    tallies: Vec<Tally>,
    /// First and last plausible second, inclusive.
    span: (f64, f64),
    by_user: ByUser,
    /// Whether times were too coarse to say anything about rates.
    coarse: bool,
    log: Log,
}

impl<'a> Cleaner<'a> {
    /// A cleaner that has done nothing yet.
    ///
    /// # Errors
    /// [`Error::Parameter`] where the time range is no range, a rate of 0 is asked for, or a weight is negative or no number.
    pub fn new(raw: &'a RawLog, options: &CleaningOptions) -> Result<Self> {
        check(options)?;
        Ok(Self {
            raw,
            options: options.clone(),
            done: 0,
            marks: Marks::new(raw.log.len()),
            tallies: Vec::new(),
            span: (f64::NEG_INFINITY, f64::INFINITY),
            by_user: ByUser::default(),
            coarse: false,
            log: Log::new(),
        })
    }

    /// Does the next step. Returns whether there is more to do.
    pub fn step(&mut self) -> bool {
        if let Some(&stage) = STAGES.get(self.done) {
            self.run(stage);
            self.done += 1;
        }
        self.done < STAGES.len()
    }

    /// Steps done and in all, each as the number of events that it looks at.
    pub fn progress(&self) -> (u64, u64) {
        let events = self.raw.log.len() as u64;
        (self.done as u64 * events, STAGES.len() as u64 * events)
    }

    /// The result; steps that are left are done first.
    ///
    /// # Errors
    /// [`Error::NotEnough`] where no event passed; the hint names the rule that took most.
    pub fn finish(mut self) -> Result<Cleaned> {
        while self.step() {}
        let report = self.report();
        if self.log.is_empty() {
            return Err(Error::NotEnough { what: "an analysis", hint: report::nothing_left(&report) });
        }
        Ok(Cleaned { log: self.log, report, verdicts: self.marks.finish() })
    }

    fn run(&mut self, stage: Stage) {
        let (raw, log) = (self.raw, &self.raw.log);
        match stage {
            Stage::FindSpan => {
                let found = || time_range::plausible(&Density::new(log.times())).map(|(a, b)| (a.into(), b.into()));
                if let Some(span) = self.options.time_range.or_else(found) {
                    self.span = span;
                }
            }
            Stage::Times => {
                let (first, last) = self.span;
                self.apply(RuleName::TimeOutOfRange, |tally, marks| {
                    for (index, &time) in (0u32..).zip(log.times()) {
                        if !(first..=last).contains(&f64::from(time)) {
                            tally.touch(index, marks);
                        }
                    }
                });
            }
            Stage::GroupByUser => self.by_user = ByUser::new(log, &self.marks),
            Stage::Duplicates => {
                let by_user = std::mem::take(&mut self.by_user);
                self.apply(RuleName::ExactDuplicate, |tally, marks| {
                    duplicates::exact_duplicates(raw, &by_user, tally, marks);
                });
                self.by_user = by_user;
            }
            Stage::Bots => {
                let by_user = std::mem::take(&mut self.by_user);
                let gauge = bots::Gauge::new(log, &self.marks, self.options.max_events_per_minute);
                self.coarse = gauge.is_none() && self.options.enabled(RuleName::BotRate);
                self.apply(RuleName::BotRate, |tally, marks| {
                    if let Some(gauge) = gauge {
                        bots::bots(log, &by_user, gauge, tally, marks);
                    }
                });
            }
            Stage::Kinds => {
                self.apply(RuleName::UnknownKind, |tally, marks| domains::unknown_kinds(log, tally, marks));
            }
            Stage::Domains => {
                self.apply(RuleName::MissingDomain, |tally, marks| domains::missing_domains(log, tally, marks));
            }
            Stage::Items => {
                let least = self.options.min_events_per_item;
                self.apply(RuleName::SparseItem, |tally, marks| sparse::sparse_items(log, least, tally, marks));
            }
            Stage::Users => {
                let least = self.options.min_events_per_user;
                self.apply(RuleName::SparseUser, |tally, marks| sparse::sparse_users(log, least, tally, marks));
            }
            Stage::Build => self.build(),
        }
    }

    /// Runs one rule, on or off.
    fn apply(&mut self, rule: RuleName, run: impl FnOnce(&mut Tally, &mut Marks)) {
        let rejects = self.options.enabled(rule) && report::effect(rule, &self.options) == super::Effect::Reject;
        let mut tally = Tally::new(rule, rejects);
        run(&mut tally, &mut self.marks);
        self.tallies.push(tally);
    }

    fn build(&mut self) {
        self.log = self.raw.log.retained(|index, _| self.marks.accepted(index as u32));
        if self.options.missing_domain_in(&self.log) == Some(MissingDomain::Unknown) {
            domains::fill(&mut self.log);
        }
        for (name, &weight) in &self.options.kind_weights {
            self.log.kinds.set_weight(name, weight);
        }
    }
}

fn check(options: &CleaningOptions) -> Result<()> {
    let wrong = |name, hint: &str| Err(Error::Parameter { name, hint: hint.into() });
    if options.time_range.is_some_and(|(first, last)| !(first.is_finite() && last.is_finite() && first <= last)) {
        return wrong("time range", "the first time must not lie after the last");
    }
    if options.max_events_per_minute == 0 {
        return wrong("events per minute", "choose at least 1, or switch the rule off");
    }
    if options.kind_weights.values().any(|weight| !(weight.is_finite() && *weight >= 0.0)) {
        return wrong("weight", "choose weights of 0 or more");
    }
    Ok(())
}

//! The log as read: every event, and just enough bookkeeping to name the row that each came from.

use crate::event::Log;

use super::plan::{Note, TableKind};
use super::quality::{Example, RuleName};

/// Examples kept for each rule.
pub(super) const EXAMPLES: usize = 5;
/// Characters kept of an example's text.
pub(super) const EXAMPLE_LENGTH: usize = 200;

/// A log as read, before [`super::clean`]: events in the order of the files, 16 bytes each with the row fingerprint.
///
/// Reading rejects only what cannot become an event; everything else is [`super::clean`]'s choice, which can be made
/// again without reading again.
#[derive(Debug, Clone, Default)]
pub struct RawLog {
    /// All events in the order of the files.
    pub log: Log,
    /// Fingerprint of the whole row of each event: with equal values of the event it tells exact duplicates from rows
    /// that differ in a column that is not kept. Empty for logs loaded from columns or made.
    pub(super) fingerprints: Vec<u16>,
    /// The files, in the order in which they were read.
    pub(super) files: Vec<RawFile>,
    /// By parse rule (the five that cannot be switched off, and rows beyond 256 kinds): first examples.
    pub(super) examples: Vec<(RuleName, Example)>,
    pub(super) notes: Vec<Note>,
}

impl RawLog {
    /// Wraps a log that was made rather than read (the sample, or columns): every row is accepted.
    pub fn from_log(log: Log, name: &str) -> Self {
        let rows = log.len() as u64;
        let mut lines = LineIndex::default();
        lines.push(1);
        let file = RawFile { name: name.to_owned(), events: rows as u32, rows, lines, ..RawFile::default() };
        Self { log, files: vec![file], ..Self::default() }
    }

    /// File index and row ordinal of an event.
    pub(super) fn row_of(&self, event: u32) -> (usize, u64) {
        let file = self.files.partition_point(|file| file.first_event.saturating_add(file.events) <= event);
        let row = self.files.get(file).map_or(0, |f| f.row_of(event.saturating_sub(f.first_event)));
        (file, row)
    }
}

/// What is kept of one file.
#[derive(Debug, Clone)]
pub(super) struct RawFile {
    pub name: String,
    pub table: TableKind,
    pub bytes: u64,
    pub rows: u64,
    /// Index of its first event in the log, and how many there are.
    pub first_event: u32,
    pub events: u32,
    pub rejected: RejectedRuns,
    pub lines: LineIndex,
    pub problems: Vec<Note>,
}

impl Default for RawFile {
    fn default() -> Self {
        Self {
            name: String::new(),
            table: TableKind::Events,
            bytes: 0,
            rows: 0,
            first_event: 0,
            events: 0,
            rejected: RejectedRuns::default(),
            lines: LineIndex::default(),
            problems: Vec::new(),
        }
    }
}

impl RawFile {
    /// Row ordinal of the file's `nth` event: the nth row that was not rejected.
    fn row_of(&self, nth: u32) -> u64 {
        let mut row = u64::from(nth);
        for run in &self.rejected.runs {
            if run.first > row {
                break;
            }
            row += run.len;
        }
        row
    }
}

/// A run of consecutive rows rejected by one rule.
#[derive(Debug, Clone, Copy)]
struct Run {
    first: u64,
    len: u64,
    rule: RuleName,
}

/// Which rows of a file were rejected while it was read, as runs.
#[derive(Debug, Clone, Default)]
pub(super) struct RejectedRuns {
    runs: Vec<Run>,
    total: u64,
}

impl RejectedRuns {
    /// Notes that `row` (larger than all before) was rejected.
    pub fn push(&mut self, row: u64, rule: RuleName) {
        self.total += 1;
        match self.runs.last_mut() {
            Some(run) if run.first + run.len == row && run.rule == rule => run.len += 1,
            _ => self.runs.push(Run { first: row, len: 1, rule }),
        }
    }

    /// Rows rejected.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Rows rejected by `rule`.
    pub fn by_rule(&self, rule: RuleName) -> u64 {
        self.runs.iter().filter(|run| run.rule == rule).map(|run| run.len).sum()
    }

    /// The rule that rejected `row`, if any.
    pub fn rule(&self, row: u64) -> Option<RuleName> {
        let after = self.runs.partition_point(|run| run.first <= row);
        let run = self.runs.get(after.checked_sub(1)?)?;
        (row < run.first + run.len).then_some(run.rule)
    }
}

/// Rows between two remembered lines.
const STRIDE: u64 = 4096;

/// The line on which each row starts. Costs nothing while each row is on the line after the one before, and about one byte
/// a row from the first exception on. Finding a line looks at no more than [`STRIDE`] rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct LineIndex {
    first: u64,
    rows: u64,
    last: u64,
    /// Step from the line of the row before; empty while all steps are 1. 255 stands for an entry in `far`.
    steps: Vec<u8>,
    /// Row and step of the larger ones, by row.
    far: Vec<(u64, u64)>,
    /// Line of every `STRIDE`th row; empty while all steps are 1.
    marks: Vec<u64>,
}

impl LineIndex {
    /// Notes the line of the next row, which is not before that of the row before.
    pub fn push(&mut self, line: u64) {
        if self.rows == 0 {
            self.first = line;
            self.last = line.saturating_sub(1);
        }
        let step = line.saturating_sub(self.last);
        if step != 1 && self.steps.is_empty() {
            self.steps = vec![1; self.rows as usize];
            self.marks = (0..self.rows).step_by(STRIDE as usize).map(|row| self.first + row).collect();
        }
        if !self.steps.is_empty() {
            if step >= 255 {
                self.far.push((self.rows, step));
            }
            self.steps.push(step.min(255) as u8);
            if self.rows.is_multiple_of(STRIDE) {
                self.marks.push(line);
            }
        }
        self.rows += 1;
        self.last = line;
    }

    /// Line of `row`, from 1.
    pub fn line(&self, row: u64) -> u64 {
        let Some(&mark) = self.marks.get((row / STRIDE) as usize) else {
            return self.first + row;
        };
        let from = row / STRIDE * STRIDE;
        let steps = self.steps.iter().enumerate().take(row as usize + 1).skip(from as usize + 1);
        steps.fold(mark, |line, (index, &step)| {
            let far = || self.far.binary_search_by_key(&(index as u64), |&(at, _)| at).ok();
            line + match step {
                255 => far().and_then(|at| self.far.get(at)).map_or(255, |&(_, step)| step),
                step => u64::from(step),
            }
        })
    }
}

/// `row` cut to the length of an example, control characters and undecodable bytes made visible.
pub(super) fn example_text(row: &[u8]) -> String {
    // No character has more than four bytes.
    let (start, cut) = match row.split_at_checked(EXAMPLE_LENGTH * 4 + 4) {
        Some((start, _)) => (start, true),
        None => (row, false),
    };
    let text = String::from_utf8_lossy(start);
    let shown: String =
        text.chars().take(EXAMPLE_LENGTH).map(|c| if c.is_control() && c != '\t' { '\u{fffd}' } else { c }).collect();
    if cut || text.chars().nth(EXAMPLE_LENGTH).is_some() { shown + "…" } else { shown }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_are_remembered_across_jumps() {
        let lines = [2, 3, 4, 6, 6, 6, 7, 1000, 1001, 1400];
        let mut index = LineIndex::default();
        for line in lines {
            index.push(line);
        }
        assert_eq!((0..lines.len() as u64).map(|row| index.line(row)).collect::<Vec<_>>(), lines);
    }

    proptest! {
        #[test]
        fn any_lines_are_remembered(
            start in 1u64..5,
            plain in 0u64..10_000,
            steps in prop::collection::vec(prop_oneof![8 => Just(1u64), 1 => 0u64..3, 1 => 250u64..100_000], 0..9_000),
        ) {
            let mut lines: Vec<u64> = (start..start + plain).collect();
            let mut line = start + plain;
            lines.extend(steps.iter().map(|step| { line += step; line }));
            let mut index = LineIndex::default();
            lines.iter().for_each(|&line| index.push(line));
            for row in (0..lines.len()).step_by(97).chain(lines.len().checked_sub(1)) {
                prop_assert_eq!(index.line(row as u64), lines[row]);
            }
        }
    }

    #[test]
    fn an_event_finds_its_row_past_the_rejected_ones() {
        let mut file = RawFile::default();
        for row in [0, 1, 4, 6] {
            file.rejected.push(row, RuleName::BadTime);
        }
        assert_eq!([0, 1, 2, 3].map(|nth| file.row_of(nth)), [2, 3, 5, 7]);
        assert_eq!(
            (file.rejected.rule(4), file.rejected.rule(5), file.rejected.total()),
            (Some(RuleName::BadTime), None, 4)
        );
    }
}

//! The rejected rows as they stood, found by reading the files once more.

use crate::{Result, error::Error};

use super::{
    clean::described,
    plan::{FilePlan, TableKind},
    quality::RuleName,
    raw::{RawFile, RawLog, example_text},
    rows::{Row, RowReader},
};

/// Writes the rejected rows as CSV: file, line, rule, the row as it stood. The same files have to be pushed in the same
/// order as the first time; in pieces of any size.
///
/// Where several rows share a line (elements of a list in JSON), the first that was rejected is written whole and the others
/// cut to the length of an example. What is no UTF-8 in a row shows as `�`. A file name or row that begins with one of `= + - @`, a tab or a carriage return
/// gets an apostrophe in front, since spreadsheets would take it for a formula and run it.
#[derive(Default)]
pub struct RejectedRows {
    files: usize,
    open: Option<OpenFile>,
}

/// The file that is being read again.
struct OpenFile {
    /// `None` for a file that is not read.
    reader: Option<RowReader>,
    place: Place,
}

/// How far the file has been read.
struct Place {
    file: usize,
    rows: u64,
    events: u32,
    /// Line of the last row that was written.
    written: u64,
}

impl RejectedRows {
    /// A second pass that has read nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// The first line.
    pub fn header() -> &'static [u8] {
        b"file,line,rule,row\n"
    }

    /// The rejected events of a log that was made rather than read, which needs no second pass: the values of the event
    /// stand in for the row, its number for the line.
    pub fn made(raw: &RawLog, verdict: impl Fn(u32) -> Option<RuleName>) -> Vec<u8> {
        let mut out = Vec::new();
        let name = raw.files.first().map_or("", |file| file.name.as_str());
        for (line, event) in (1..).zip(0..raw.log.len() as u32) {
            if let Some(rule) = verdict(event) {
                write_line(name, line, rule, &described(&raw.log, event), &mut out);
            }
        }
        out
    }

    /// Starts a file of `raw`.
    ///
    /// # Errors
    /// [`Error::State`] where this is not the file that was read at this point the first time.
    pub fn begin(&mut self, raw: &RawLog, plan: &FilePlan) -> Result<()> {
        let expected = raw.files.get(self.files).filter(|_| self.open.is_none());
        if expected.is_none_or(|file| file.name != plan.name) {
            let hint = "the rejected rows are found in the same files in the same order; load them again".to_owned();
            return Err(Error::State { hint });
        }
        let reader = if plan.table == TableKind::Ignore { None } else { Some(RowReader::new(plan)?) };
        self.open = Some(OpenFile { reader, place: Place { file: self.files, rows: 0, events: 0, written: 0 } });
        self.files += 1;
        Ok(())
    }

    /// The lines of the rejected rows among those of `bytes`. `verdict`: the rule by which cleaning rejected an event of
    /// `raw`, if it did.
    ///
    /// # Errors
    /// [`Error::State`] while no file is open.
    pub fn push(&mut self, raw: &RawLog, verdict: impl Fn(u32) -> Option<RuleName>, bytes: &[u8]) -> Result<Vec<u8>> {
        let OpenFile { reader, place } = self.open.as_mut().ok_or_else(no_file)?;
        let mut out = Vec::new();
        if let (Some(reader), Some(file)) = (reader, raw.files.get(place.file)) {
            reader.push(bytes, &mut |row| {
                place.write(file, &verdict, &row, &mut out);
                Ok(())
            })?;
        }
        Ok(out)
    }

    /// Ends the file; gives the lines of the rejected rows among the last ones.
    ///
    /// # Errors
    /// [`Error::State`] while no file is open.
    pub fn end(&mut self, raw: &RawLog, verdict: impl Fn(u32) -> Option<RuleName>) -> Result<Vec<u8>> {
        let OpenFile { reader, mut place } = self.open.take().ok_or_else(no_file)?;
        let mut out = Vec::new();
        if let (Some(mut reader), Some(file)) = (reader, raw.files.get(place.file)) {
            reader.end(&mut |row| {
                place.write(file, &verdict, &row, &mut out);
                Ok(())
            })?;
        }
        Ok(out)
    }
}

impl Place {
    /// Takes note of a row, and writes it if it was rejected.
    fn write(&mut self, file: &RawFile, verdict: &impl Fn(u32) -> Option<RuleName>, row: &Row<'_>, out: &mut Vec<u8>) {
        let mut rule = file.rejected.rule(self.rows);
        self.rows += 1;
        if rule.is_none() && self.events < file.events {
            rule = verdict(file.first_event + self.events);
            self.events += 1;
        }
        if let Some(rule) = rule {
            let again = row.part > 0 && self.written == row.line;
            let text = if again { example_text(row.raw) } else { String::from_utf8_lossy(row.raw).into_owned() };
            write_line(&file.name, row.line, rule, &text, out);
            self.written = row.line;
        }
    }
}

fn write_line(file: &str, line: u64, rule: RuleName, row: &str, out: &mut Vec<u8>) {
    write_cell(file, out);
    out.extend_from_slice(format!(",{line},{},", rule.name()).as_bytes());
    write_cell(row, out);
    out.push(b'\n');
}

/// A quoted cell.
fn write_cell(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        out.push(b'\'');
    }
    for &byte in text.as_bytes() {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}

fn no_file() -> Error {
    Error::State { hint: "no file is being read again; begin one first".to_owned() }
}

//! Rows out of the bytes of one file.

use crate::Result;

use super::{
    cells::{Cells, Splitter},
    decode::TextReader,
    gunzip::Expansion,
    json::JsonRows,
    plan::{FilePlan, Format, Role},
    records::{Fault, Record, Records},
};

/// Roles of columns whose cells are names or times.
const SINGLE_LINE: [Role; 8] =
    [Role::User, Role::Item, Role::Domain, Role::Kind, Role::Time, Role::Platform, Role::Friend, Role::Property];

/// One row of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    /// Line of the unpacked text on which it starts, from 1.
    pub line: u64,
    /// The row as it stood, without its line end and at most a MiB of it; not always valid UTF-8.
    pub raw: &'a [u8],
    /// Which of the rows that share this line (elements of a list in JSON), from 0.
    pub part: u32,
    /// Its cells by position of the plan's columns, or what is wrong with it.
    pub cells: std::result::Result<Cells<'a>, Fault>,
}

/// Reads the rows of one file, as its plan says, in pieces of any size. Empty lines are no rows.
pub(super) struct RowReader {
    text: TextReader,
    records: Records,
    rows: Rows,
}

struct Rows {
    parser: Parser,
    /// Number of cells that a row must have; `None` where any will do.
    width: Option<usize>,
    /// Positions of cells that are names or times, which hold no line ends.
    single_line: Vec<usize>,
    /// Whether the header is still to come.
    header: bool,
}

enum Parser {
    Delimited(Splitter),
    Json(JsonRows),
}

impl RowReader {
    /// A reader for `plan`; where it names no columns, rows of any width are given out.
    ///
    /// # Errors
    /// [`Error::Parameter`](crate::Error::Parameter) for a delimiter that cannot separate cells.
    pub fn new(plan: &FilePlan) -> Result<Self> {
        Self::with_limits(plan, Expansion::default())
    }

    pub(super) fn with_limits(plan: &FilePlan, limits: Expansion) -> Result<Self> {
        let (parser, quoting) = match plan.format {
            Format::Delimited => {
                let splitter = Splitter::new(&plan.delimiter)?;
                let quoting = splitter.quoting();
                (Parser::Delimited(splitter), quoting)
            }
            Format::Jsonl => (Parser::Json(JsonRows::new(&plan.columns)), None),
        };
        let delimited = plan.format == Format::Delimited;
        Ok(Self {
            text: TextReader::new(&plan.name, plan.encoding, quoting.unwrap_or(b','), limits)?,
            records: Records::new(quoting),
            rows: Rows {
                parser,
                width: (delimited && !plan.columns.is_empty()).then_some(plan.columns.len()),
                single_line: SINGLE_LINE.into_iter().flat_map(|role| plan.positions(role)).collect(),
                header: delimited && plan.has_header,
            },
        })
    }

    /// Gives the rows that `bytes` complete to `each`.
    ///
    /// # Errors
    /// [`Error::Unreadable`](crate::Error::Unreadable) where the file is no text,
    /// [`Error::TooLarge`](crate::Error::TooLarge) where it expands too far, and those of `each`.
    pub fn push(&mut self, bytes: &[u8], each: &mut impl FnMut(Row<'_>) -> Result<()>) -> Result<()> {
        let Self { text, records, rows } = self;
        text.push(bytes, &mut |text| records.push(text, &mut |record| rows.give(record, each)))
    }

    /// Gives the rest of the rows; says whether the file is damaged or cut off.
    ///
    /// # Errors
    /// As [`RowReader::push`].
    pub fn end(&mut self, each: &mut impl FnMut(Row<'_>) -> Result<()>) -> Result<bool> {
        let Self { text, records, rows } = self;
        let damaged = text.end(&mut |text| records.push(text, &mut |record| rows.give(record, each)))?;
        records.end(damaged, &mut |record| rows.give(record, each))?;
        Ok(damaged)
    }

    /// Line that is being read.
    pub fn line(&self) -> u64 {
        self.records.line()
    }

    /// Bytes that are held because their record is not complete.
    #[cfg(test)]
    pub(super) fn bytes_held(&self) -> usize {
        self.records.bytes_held()
    }

    /// Bytes unpacked so far; where the file is damaged, those before the damage.
    pub fn bytes_unpacked(&self) -> u64 {
        self.text.bytes_unpacked()
    }
}

impl Rows {
    /// Whether the record is accepted. One of several lines is not where it has the wrong number of cells or a name in it
    /// holds a line end: then a quote was left open.
    fn give(&mut self, record: Record<'_>, each: &mut impl FnMut(Row<'_>) -> Result<()>) -> Result<bool> {
        let Record { line, raw, .. } = record;
        let row = Row { line, raw, part: 0, cells: Err(record.fault.unwrap_or(Fault { column: None })) };
        match &mut self.parser {
            _ if record.fault.is_some() => {
                if !std::mem::take(&mut self.header) {
                    each(row)?;
                }
            }
            Parser::Delimited(splitter) => {
                let cells = splitter.split(raw, record.quoted).and_then(|cells| checked(cells, self.width));
                if record.multiline
                    && !cells.is_ok_and(|cells| self.single_line.iter().all(|&at| is_single_line(cells, at)))
                {
                    return Ok(false);
                }
                if !std::mem::take(&mut self.header) {
                    each(Row { cells, ..row })?;
                }
            }
            Parser::Json(json) => match json.read(raw) {
                Ok(rows) => {
                    for part in 0..rows {
                        each(Row { part, cells: json.row(part), ..row })?;
                    }
                }
                Err(fault) => each(Row { cells: Err(fault), ..row })?,
            },
        }
        Ok(true)
    }
}

fn is_single_line(cells: Cells<'_>, position: usize) -> bool {
    !cells.get(position).trim_ascii().contains('\n')
}

/// `cells`, or the first that is missing or too many.
fn checked(cells: Cells<'_>, width: Option<usize>) -> std::result::Result<Cells<'_>, Fault> {
    match width {
        Some(width) if width != cells.len() => Err(Fault { column: Some(width.min(cells.len()) as u32 + 1) }),
        _ => Ok(cells),
    }
}

//! Files in, a [`RawLog`] out.

use crate::{
    MEMORY, Result,
    error::{Error, Place},
    memory::fits,
};

use super::{
    events::{EventRows, Rejection},
    plan::{FilePlan, Note, TableKind},
    quality::{Example, RuleName},
    raw::{EXAMPLES, RawFile, RawLog, example_text},
    rows::{Row, RowReader},
    tables::{EdgeColumns, EdgeTables, ItemColumns, ItemTables},
};

/// Events that one log may hold: they are numbered with 32 bits.
const EVENTS: usize = u32::MAX as usize - 1;
/// Bytes that an event takes at most at a time: 16 as it was read, 14 in the clean log beside it, and twice either while a
/// column grows or is put in order.
const EVENT_BYTES: usize = 64;
/// Bytes of a name and its place in a table, roughly.
const NAME_BYTES: usize = 64;

/// Reads files, one after the other, each in pieces of any size. Where the pieces begin and end changes nothing.
///
/// A row that cannot become an event is rejected by one of the first five rules and counted; the columns it needs are
/// those that the plan names. Where no column is the item, the domain stands in for it. Social edges of users without
/// events and listed items without events are left out of the log.
///
/// ```
/// # use driftscope::ingest::*;
/// # fn main() -> driftscope::Result<()> {
/// # let column = |name: &str, role| ColumnPlan { name: name.to_owned(), role };
/// let plan = FilePlan {
///     name: "log.csv".to_owned(),
///     table: TableKind::Events,
///     format: Format::Delimited,
///     compression: Compression::None,
///     encoding: Encoding::Utf8,
///     delimiter: ",".to_owned(),
///     has_header: false,
///     preset: Preset::Generic,
///     columns: vec![column("who", Role::User), column("what", Role::Item), column("when", Role::Time)],
///     time_format: TimeFormat::Seconds,
///     time_zone: "UTC".to_owned(),
///     default_kind: "purchase".to_owned(),
/// };
/// let mut loader = Loader::new();
/// loader.begin(plan)?;
/// loader.push(b"ann,tea,15115")?;
/// loader.push(b"39200\nann,cup,1511539260\n")?;
/// loader.end()?;
/// assert_eq!(loader.finish()?.log.len(), 2);
/// # Ok(())
/// # }
/// ```
pub struct Loader {
    /// Bytes that the log may take.
    memory: usize,
    raw: RawLog,
    items: ItemTables,
    edges: EdgeTables,
    open: Option<OpenFile>,
    rows: u64,
    tally: Tally,
}

/// The file that is being read.
struct OpenFile {
    reader: RowReader,
    table: Table,
    file: RawFile,
}

enum Table {
    Events(Box<EventRows>),
    Items(ItemColumns),
    Edges(EdgeColumns),
    Ignored,
}

/// Counts that become notes, and of the examples kept.
#[derive(Default)]
struct Tally {
    examples: [usize; RuleName::ALL.len()],
    kinds_lost: u64,
    platforms_lost: u64,
    fingerprints: Fingerprints,
}

impl Default for Loader {
    fn default() -> Self {
        Self::new()
    }
}

impl Loader {
    /// A loader that has read nothing, of a log that may take all the [`MEMORY`] there is.
    pub fn new() -> Self {
        Self::within(MEMORY)
    }

    /// As [`Loader::new`], of a log that may take `memory` bytes.
    pub fn within(memory: usize) -> Self {
        let (raw, items, edges) = Default::default();
        Self { memory, raw, items, edges, open: None, rows: 0, tally: Tally::default() }
    }

    /// Starts a file.
    ///
    /// # Errors
    /// [`Error::Columns`] where the plan's columns do not hold what its table needs (events: user, time, and item or
    /// domain); [`Error::Parameter`] for a delimiter or time zone that cannot be used; [`Error::State`] while another file
    /// is open.
    pub fn begin(&mut self, plan: FilePlan) -> Result<()> {
        if self.open.is_some() {
            return Err(Error::State { hint: "a file is being read; end it before the next one begins".to_owned() });
        }
        let table = match plan.table {
            TableKind::Events => Table::Events(Box::new(EventRows::new(&plan)?)),
            TableKind::Items => Table::Items(ItemColumns::new(&plan)?),
            TableKind::Edges => Table::Edges(EdgeColumns::new(&plan)?),
            TableKind::Ignore => Table::Ignored,
        };
        let reader = RowReader::new(&plan)?;
        let first_event = self.raw.log.len() as u32;
        let file = RawFile { name: plan.name, table: plan.table, first_event, ..RawFile::default() };
        self.open = Some(OpenFile { reader, table, file });
        Ok(())
    }

    /// Takes the next bytes of the file.
    ///
    /// # Errors
    /// [`Error::Unreadable`] where they are no text, [`Error::TooLarge`] where the file expands too far or there are more
    /// than 2³² events, [`Error::Memory`] where the log will not fit into memory, [`Error::State`] while no file is open.
    pub fn push(&mut self, bytes: &[u8]) -> Result<()> {
        let Self { memory, raw, items, edges, open, rows, tally } = self;
        let names = raw.log.users.len() + raw.log.items.len() + raw.log.domains.len();
        let needed = raw.log.len().saturating_mul(EVENT_BYTES).saturating_add(names.saturating_mul(NAME_BYTES));
        fits("this log", needed, *memory, "load a part of it, such as fewer days or a sample of the users")?;
        let OpenFile { reader, table, file } = open.as_mut().ok_or_else(no_file)?;
        file.bytes += bytes.len() as u64;
        if matches!(table, Table::Ignored) {
            return Ok(());
        }
        reader.push(bytes, &mut |row| {
            *rows += 1;
            take(row, table, file, raw, items, edges, tally)
        })
    }

    /// Ends the file. One that is damaged or cut off says so in its report, and its rows so far are kept.
    ///
    /// # Errors
    /// [`Error::Empty`] for a file without rows, [`Error::Damaged`] where damage is the reason, and those of
    /// [`Loader::push`].
    pub fn end(&mut self) -> Result<()> {
        let Self { raw, items, edges, open, rows, tally, .. } = self;
        let OpenFile { mut reader, mut table, mut file } = open.take().ok_or_else(no_file)?;
        if matches!(table, Table::Ignored) {
            raw.files.push(file);
            return Ok(());
        }
        let damaged = reader.end(&mut |row| {
            *rows += 1;
            take(row, &mut table, &mut file, raw, items, edges, tally)
        })?;
        let place = Place { file: file.name.clone(), line: Some(reader.line()), column: None };
        match (file.rows, damaged) {
            (0, true) => {
                let hint = "not one row can be unpacked; copy or export it once more".to_owned();
                return Err(Error::Damaged { place, hint });
            }
            (0, false) => {
                let hint = if file.bytes == 0 { "it has no bytes" } else { "it has no rows but at most a header" };
                return Err(Error::Empty { place: Place { line: None, ..place }, hint: hint.to_owned() });
            }
            (_, true) => file
                .problems
                .push(Note::new("file.damaged").with("line", reader.line()).with("byte", reader.bytes_unpacked())),
            (_, false) => {}
        }
        if let Table::Events(events) = &table {
            tally.platforms_lost += events.platforms_lost;
        }
        file.events = (raw.log.len() as u32).saturating_sub(file.first_event);
        raw.files.push(file);
        Ok(())
    }

    /// Rows read so far, of all files.
    pub fn rows_read(&self) -> u64 {
        self.rows
    }

    /// Joins the tables.
    ///
    /// # Errors
    /// [`Error::Columns`] where no file holds events or no row can become one; [`Error::State`] while a file is open.
    pub fn finish(self) -> Result<RawLog> {
        let Self { mut raw, items, edges, open, tally, .. } = self;
        if open.is_some() {
            return Err(Error::State { hint: "a file is still being read; end it first".to_owned() });
        }
        if raw.log.is_empty() {
            return Err(no_events(&raw));
        }
        items.join(&mut raw.log, &mut raw.notes);
        edges.join(&mut raw.log, &mut raw.notes);
        if tally.kinds_lost > 0 {
            raw.notes.push(Note::new("kinds.too_many").with("rows", tally.kinds_lost));
        }
        if tally.platforms_lost > 0 {
            raw.notes.push(Note::new("platforms.too_many").with("rows", tally.platforms_lost));
        }
        Ok(raw)
    }
}

/// Takes in one row of a file.
fn take(
    row: Row<'_>,
    table: &mut Table,
    file: &mut RawFile,
    raw: &mut RawLog,
    items: &mut ItemTables,
    edges: &mut EdgeTables,
    tally: &mut Tally,
) -> Result<()> {
    let ordinal = file.rows;
    file.rows += 1;
    file.lines.push(row.line);
    let outcome = match (row.cells, table) {
        (Err(fault), _) => Err(Rejection { rule: RuleName::MalformedRow, column: fault.column }),
        (Ok(cells), Table::Events(events)) => {
            if raw.log.len() >= EVENTS {
                let place = Place { file: file.name.clone(), line: Some(row.line), column: None };
                let hint = "load a part of the log".to_owned();
                return Err(Error::TooLarge { place, what: "the number of events", limit: EVENTS as u64, hint });
            }
            let outcome = events.read(&cells, &mut raw.log);
            if outcome.is_ok() {
                raw.fingerprints.push(tally.fingerprints.of(&row));
            }
            outcome
        }
        (Ok(cells), Table::Items(columns)) => items.read(columns, &cells),
        (Ok(cells), Table::Edges(columns)) => edges.read(columns, &cells),
        (Ok(_), Table::Ignored) => Ok(()),
    };
    let Err(Rejection { rule, column }) = outcome else { return Ok(()) };
    file.rejected.push(ordinal, rule);
    tally.kinds_lost += u64::from(rule == RuleName::UnknownKind);
    let kept = &mut tally.examples[rule as usize];
    if *kept < EXAMPLES {
        *kept += 1;
        let text = example_text(row.raw);
        raw.examples.push((rule, Example { file: file.name.clone(), line: row.line, column, text }));
    }
    Ok(())
}

/// Sixteen bits that depend on the whole row, the same on every machine.
#[derive(Default)]
struct Fingerprints {
    /// The line last seen and its checksum, which all its rows share.
    line: Option<(u64, crc32fast::Hasher)>,
}

impl Fingerprints {
    fn of(&mut self, row: &Row<'_>) -> u16 {
        let line = self.line.take().filter(|(line, _)| *line == row.line && row.part > 0);
        let (_, hasher) = self.line.insert(line.unwrap_or_else(|| {
            let mut hasher = crc32fast::Hasher::new();
            hasher.update(row.raw);
            (row.line, hasher)
        }));
        let mut hasher = hasher.clone();
        if row.part > 0 {
            hasher.update(&row.part.to_le_bytes());
        }
        hasher.finalize() as u16
    }
}

fn no_file() -> Error {
    Error::State { hint: "no file is being read; begin one first".to_owned() }
}

/// Why there are no events, with the place of the first row that most of the others are like.
fn no_events(raw: &RawLog) -> Error {
    let tables = || raw.files.iter().filter(|file| file.table == TableKind::Events);
    let Some(first) = tables().next() else {
        let place =
            Place { file: raw.files.first().map_or_else(String::new, |f| f.name.clone()), line: None, column: None };
        let hint = "none of the files holds events; say of one that it does, with its user, time and item".to_owned();
        return Error::Columns { place, hint };
    };
    let place = Place { file: first.name.clone(), line: None, column: None };
    let count = |rule| tables().map(|file| file.rejected.by_rule(rule)).sum::<u64>();
    // Of equally many the earlier rule.
    let Some(rule) = RuleName::ALL.into_iter().rev().max_by_key(|&rule| count(rule)) else {
        return Error::Empty { place, hint: "it has no rows".to_owned() };
    };
    let example = raw.examples.iter().find(|(own, _)| *own == rule).map(|(_, example)| example);
    let place = example.map_or(place, |e| Place { file: e.file.clone(), line: Some(e.line), column: e.column });
    let hint = format!(
        "not one row can become an event; {} of {} fail the rule {}: check the delimiter, the columns and the time format",
        count(rule),
        tables().map(|file| file.rows).sum::<u64>(),
        rule.name()
    );
    Error::Columns { place, hint }
}

#[cfg(test)]
mod tests;

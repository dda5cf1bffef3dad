//! How a file would be read, from its first bytes.

use driftscope_kernels::Order;
use std::collections::BTreeMap;

use super::{
    encoding::encoding_of,
    layout::{delimiter_of, format_of, is_json_array},
    magic::binary_kind,
    names::is_known,
    presets::{Shape, recognise},
    profile::Profile,
    roles,
    sample::{self, Rows},
};
use crate::{
    Result,
    error::{Error, Place},
    event::EventKind,
    ingest::{
        cells::is_missing,
        decode::{START, has_only_returns},
        decoder::decoded,
        plan::{
            ColumnCounts, ColumnPlan, Compression, FileInspection, FilePlan, FilePlanPatch, Format, KindWord, Note,
            Preset, Role, TableKind, TimeFormat,
        },
        time::TimeParser,
    },
};

/// Rows of the preview.
const PREVIEW: usize = 20;
/// Words of the kind column that are listed.
const WORDS: usize = 50;

/// Says how a file would be read. `head`: its first bytes, half a megabyte or all of it (`whole`). `changed`: what a person
/// has set, which is taken as given; the rest is found in its light.
///
/// # Errors
/// [`Error::Empty`] for a file without rows, [`Error::Unreadable`] for one that is no text, [`Error::Damaged`] for gzip that
/// cannot be unpacked, [`Error::TooLarge`] for gzip that expands too far, [`Error::Parameter`] for a delimiter or time zone
/// that cannot be used.
pub fn inspect(
    name: &str,
    compression: Compression,
    head: &[u8],
    whole: bool,
    changed: &FilePlanPatch,
) -> Result<FileInspection> {
    let place = || Place { file: name.to_owned(), line: None, column: None };
    let (bytes, whole) = sample::unpacked(name, head, whole)?;
    let gzip = compression == Compression::None && head.starts_with(&[0x1f, 0x8b]);
    if bytes.is_empty() {
        return Err(match gzip && !whole {
            true => Error::Damaged {
                place: place(),
                hint: "nothing of it can be unpacked; copy or export it once more".into(),
            },
            false => {
                Error::Empty { place: place(), hint: "the file has no bytes; check that its export finished".into() }
            }
        });
    }
    if let Some(what) = binary_kind(&bytes) {
        let hint = format!("it is {what}; export it as CSV, TSV, JSON Lines or Parquet");
        return Err(Error::Unreadable { place: place(), hint });
    }
    let guess = encoding_of(&bytes, whole);
    let encoding = changed.encoding.unwrap_or(guess.encoding);
    let text = with_line_feeds(decoded(&bytes, encoding)?);
    let text = sample::whole_lines(&text, whole);
    if is_json_array(text) {
        let hint = "it is one JSON array; write one object on each line (JSON Lines) or export it as CSV".into();
        return Err(Error::Unreadable { place: place(), hint });
    }
    let format = changed.format.unwrap_or_else(|| format_of(text));
    let delimiter = match (format, &changed.delimiter) {
        (Format::Jsonl, _) => String::new(),
        (Format::Delimited, Some(delimiter)) => delimiter.clone(),
        (Format::Delimited, None) => delimiter_of(text).to_owned(),
    };
    let mut plan = FilePlan {
        name: name.to_owned(),
        table: TableKind::Ignore,
        format,
        compression: if gzip { Compression::Gzip } else { compression },
        encoding,
        delimiter,
        has_header: false,
        preset: Preset::Generic,
        columns: Vec::new(),
        time_format: TimeFormat::Seconds,
        time_zone: changed.time_zone.clone().unwrap_or_else(|| "UTC".to_owned()),
        default_kind: EventKind::View.name().to_owned(),
    };
    let (names, rows) = table(&mut plan, text, changed)?;
    if rows.is_empty() {
        let hint = if plan.has_header { "it has a header but no rows" } else { "it has no rows that can be read" };
        return Err(Error::Empty { place: place(), hint: hint.to_owned() });
    }
    let width = names.as_ref().map_or_else(|| modal_width(&rows), Vec::len);
    let profiles: Vec<Profile> =
        (0..width).map(|at| Profile::new(rows.iter().map(move |row| row.get(at).map_or("", String::as_str)))).collect();
    choose(&mut plan, names.as_deref(), &profiles, changed);

    let mut notes = notes(&plan, guess.valid || changed.encoding.is_some());
    let rows = if format == Format::Jsonl { sample::rows(&plan, text)? } else { rows };
    let columns = counts(&plan, &rows)?;
    if let Some(time) = plan.positions(Role::Time).next() {
        let (parsed, filled) = columns.get(time).map_or((0, 0), |c| (c.parsed, rows.len() as u64 - c.empty));
        if plan.table == TableKind::Events && parsed * 2 < filled {
            notes.push(Note::new("plan.times_do_not_parse").with("parsed", parsed).with("rows", filled));
        }
    }
    Ok(FileInspection {
        kinds: kinds(&plan, &rows),
        rows_seen: rows.len() as u64,
        columns,
        preview: rows.into_iter().take(PREVIEW).collect(),
        notes,
        plan,
    })
}

fn with_line_feeds(text: String) -> String {
    let start = text.as_bytes();
    match has_only_returns(&start[..start.len().min(START)]) {
        true => text.replace('\r', "\n"),
        false => text,
    }
}

/// The names of the columns, where the file has some, and its rows without them. Sets whether there is a header.
fn table(plan: &mut FilePlan, text: &str, changed: &FilePlanPatch) -> Result<(Option<Vec<String>>, Rows)> {
    if plan.format == Format::Jsonl {
        let (keys, rows) = sample::json_columns(text);
        return Ok((Some(keys), rows));
    }
    let mut rows = sample::rows(plan, text)?;
    plan.has_header = changed.has_header.unwrap_or_else(|| has_header(&rows));
    if !plan.has_header || rows.is_empty() {
        return Ok((None, rows));
    }
    let names = rows.remove(0).iter().map(|name| name.trim().to_owned()).collect();
    Ok((Some(names), rows))
}

/// Whether the first row names the columns: it holds no numbers, and either names that are known or words above numbers.
fn has_header(rows: &[Vec<String>]) -> bool {
    let Some((first, rest)) = rows.split_first() else { return false };
    let is_number = |cell: &String| cell.trim().parse::<f64>().is_ok();
    let known = first.iter().filter(|name| is_known(name)).count();
    if first.iter().any(is_number) || first.iter().all(|cell| cell.trim().is_empty()) {
        return false;
    }
    let above_numbers = (0..first.len()).any(|at| {
        let profile = Profile::new(rest.iter().map(move |row| row.get(at).map_or("", String::as_str)));
        let name = first.get(at).map_or("", |name| name.trim());
        !name.is_empty() && (profile.is_numeric() || profile.is_time()) && !Profile::new([name].into_iter()).is_time()
    });
    known > 0 || above_numbers
}

/// The commonest number of cells.
fn modal_width(rows: &[Vec<String>]) -> usize {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    rows.iter().for_each(|row| *counts.entry(row.len()).or_default() += 1);
    counts.into_iter().max_by_key(|&(_, count)| count).map_or(0, |(width, _)| width)
}

/// Fills in what the columns are and what follows from it.
fn choose(plan: &mut FilePlan, names: Option<&[String]>, profiles: &[Profile], changed: &FilePlanPatch) {
    let shape = recognise(names, profiles, &plan.delimiter);
    let (preset, mut found, given) = match shape {
        Some(Shape { preset, roles, names, table, default_kind }) => {
            (preset, roles, Some((names, table, default_kind)))
        }
        None => {
            let roles = match names {
                Some(names) => roles::by_names(names, profiles),
                None => roles::by_content(profiles),
            };
            (Preset::Generic, roles, None)
        }
    };
    found.resize(profiles.len(), Role::Ignore);
    let spare = given.map_or(&[][..], |(names, ..)| names);
    let name_of = |at: usize| match names {
        Some(names) => names.get(at).cloned().unwrap_or_default(),
        None => spare.get(at).map_or_else(|| format!("column {}", at + 1), |&name| name.to_owned()),
    };
    plan.columns = found.iter().enumerate().map(|(at, &role)| ColumnPlan { name: name_of(at), role }).collect();
    if let Some(columns) = changed.columns.as_ref().filter(|columns| columns.len() == plan.columns.len()) {
        plan.columns.clone_from(columns);
    }
    let roles: Vec<Role> = plan.columns.iter().map(|column| column.role).collect();
    let own_columns = changed.columns.is_some();
    plan.preset = changed.preset.unwrap_or(preset);
    plan.table = changed.table.unwrap_or_else(|| match given {
        Some((_, table, _)) if !own_columns => table,
        _ => roles::table_of(&roles),
    });
    let by_names = || names.map_or(EventKind::View.name(), roles::default_kind);
    let kind = given.map_or_else(by_names, |(.., kind)| kind);
    plan.default_kind = changed.default_kind.clone().unwrap_or_else(|| kind.to_owned());
    if plan.preset == Preset::Taobao && changed.time_zone.is_none() {
        plan.time_zone = "Asia/Shanghai".to_owned();
    }
    let time = plan.positions(Role::Time).next().and_then(|at| profiles.get(at)?.time);
    plan.time_format = changed.time_format.or(time.map(|(format, _)| format)).unwrap_or(TimeFormat::Seconds);
}

/// How many cells are empty, differ, and parse as what their column is.
fn counts(plan: &FilePlan, rows: &[Vec<String>]) -> Result<Vec<ColumnCounts>> {
    let times = TimeParser::new(plan.time_format, &plan.time_zone)?;
    let count = |(at, column): (usize, &ColumnPlan)| {
        let cells = rows.iter().map(|row| row.get(at).map_or("", |cell| cell.trim()));
        let filled: Vec<&str> = cells.filter(|cell| !is_missing(cell)).collect();
        let parses = |cell: &&&str| match column.role {
            Role::Time => times.parse(cell).is_some_and(|time| u32::try_from(time).is_ok()),
            Role::Kind => EventKind::from_word(cell).is_some(),
            _ => true,
        };
        let parsed = filled.iter().filter(parses).count() as u64;
        let empty = (rows.len() - filled.len()) as u64;
        let distinct = filled.into_iter().collect::<std::collections::BTreeSet<_>>().len() as u64;
        ColumnCounts { parsed, empty, distinct }
    };
    Ok(plan.columns.iter().enumerate().map(count).collect())
}

/// The words of the kind column, most frequent first.
fn kinds(plan: &FilePlan, rows: &[Vec<String>]) -> Vec<KindWord> {
    let Some(at) = plan.positions(Role::Kind).next() else { return Vec::new() };
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for cell in rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.trim()).filter(|cell| !is_missing(cell)) {
        *counts.entry(cell).or_default() += 1;
    }
    let mut words: Vec<KindWord> = counts
        .into_iter()
        .map(|(word, count)| KindWord {
            word: word.to_owned(),
            kind: EventKind::from_word(word).map(|kind| kind.name().to_owned()),
            count,
        })
        .collect();
    words.order_by_key(|word| std::cmp::Reverse(word.count));
    words.truncate(WORDS);
    words
}

/// What a person should know before reading. `sure`: whether all bytes are valid in the encoding.
fn notes(plan: &FilePlan, sure: bool) -> Vec<Note> {
    let mut notes = Vec::new();
    if !sure {
        notes.push(Note::new("plan.encoding_doubtful"));
    }
    if plan.table == TableKind::Ignore {
        let has = |role| plan.has(role);
        notes.push(Note::new(match () {
            () if plan.preset != Preset::Generic => "plan.side_table",
            () if has(Role::User) && (has(Role::Item) || has(Role::Domain)) => "plan.no_time",
            () if has(Role::Time) && (has(Role::Item) || has(Role::Domain)) => "plan.no_user",
            () => "plan.no_table",
        }));
    }
    if plan.format == Format::Delimited && !plan.has_header {
        notes.push(Note::new("plan.no_header"));
    }
    if plan.format == Format::Delimited && plan.columns.len() == 1 {
        notes.push(Note::new("plan.one_column"));
    }
    notes
}

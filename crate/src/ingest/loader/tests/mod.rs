//! Reading files: each format, each kind of bad input, and properties that hold for all.

mod bad_input;
mod formats;
mod properties;
mod real_data;
mod tables;

use std::io::Write;

use flate2::{Compression as Level, write::GzEncoder};

use super::*;
use crate::event::NONE;
use crate::ingest::plan::{ColumnPlan, Compression, Encoding, Format, Preset, TimeFormat};

/// A plan for comma-separated events without a header; `columns`: `name role`, or only the role.
fn plan(columns: &[&str]) -> FilePlan {
    let column = |text: &&str| {
        let (name, role) = text.split_once(' ').unwrap_or((text, text));
        let role = serde_json::from_value(role.into()).expect("a role");
        ColumnPlan { name: name.to_owned(), role }
    };
    FilePlan {
        name: "log.csv".to_owned(),
        table: TableKind::Events,
        format: Format::Delimited,
        compression: Compression::None,
        encoding: Encoding::Utf8,
        delimiter: ",".to_owned(),
        has_header: false,
        preset: Preset::Generic,
        columns: columns.iter().map(column).collect(),
        time_format: TimeFormat::Seconds,
        time_zone: "UTC".to_owned(),
        default_kind: "purchase".to_owned(),
    }
}

/// User, item and time.
fn simple() -> FilePlan {
    plan(&["user", "item", "time"])
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Level::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Reads one file after the other, in pieces of `piece` bytes.
fn load(files: &[(FilePlan, &[u8])], piece: usize) -> Result<RawLog> {
    let mut loader = Loader::new();
    for (plan, bytes) in files {
        loader.begin(plan.clone())?;
        for bytes in bytes.chunks(piece) {
            loader.push(bytes)?;
        }
        loader.end()?;
    }
    loader.finish()
}

fn read(plan: FilePlan, bytes: impl AsRef<[u8]>) -> Result<RawLog> {
    load(&[(plan, bytes.as_ref())], 1 << 18)
}

/// Events as `user item domain kind time`.
fn events(raw: &RawLog) -> Vec<String> {
    let log = &raw.log;
    let domain = |item| Some(log.items.domain(item)).filter(|&d| d != NONE).map_or("-", |d| log.domains.name(d));
    log.iter()
        .map(|e| {
            let (user, item) = (log.users.name(e.user), log.items.name(e.item));
            format!("{user} {item} {} {} {}", domain(e.item), log.kinds.name(e.kind), e.time)
        })
        .collect()
}

/// Rejected rows as `rule line column`, of those kept as examples.
fn rejected(raw: &RawLog) -> Vec<String> {
    raw.examples
        .iter()
        .map(|(rule, e)| format!("{} {} {}", rule.name(), e.line, e.column.map_or("-".to_owned(), |c| c.to_string())))
        .collect()
}

/// Read, accepted and rejected rows of a file. Accepted is what the table took, so the three must add up.
fn counts(raw: &RawLog, file: usize) -> (u64, u64, u64) {
    let file = &raw.files[file];
    (file.rows, u64::from(file.events), file.rejected.total())
}

fn note<'a>(raw: &'a RawLog, code: &str) -> Option<&'a Note> {
    raw.notes.iter().find(|note| note.code == code)
}

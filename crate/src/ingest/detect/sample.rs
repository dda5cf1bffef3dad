//! The first rows of a file, cut into columns.

use crate::{
    Result,
    ingest::{
        gunzip::{Expansion, Gunzip},
        json,
        plan::{Encoding, FilePlan},
        rows::{Row, RowReader},
    },
};

/// Rows that are looked at.
pub(super) const ROWS: usize = 2000;
/// Columns that are looked at; keys of JSON beyond that are not offered.
pub(super) const COLUMNS: usize = 500;
/// Unpacked bytes that are looked at.
const BYTES: usize = 1 << 20;

/// Cells by row.
pub(super) type Rows = Vec<Vec<String>>;

/// The bytes of a file without gzip around them, and whether they are all of it.
pub(super) fn unpacked(name: &str, head: &[u8], whole: bool) -> Result<(Vec<u8>, bool)> {
    let mut out = Vec::new();
    let mut gunzip = Gunzip::new(Expansion::default());
    // In pieces, so that no more is unpacked than is looked at.
    for piece in head.chunks(16 * 1024) {
        gunzip.push(piece, name, &mut |plain| {
            out.extend_from_slice(plain);
            Ok(())
        })?;
        if out.len() >= BYTES {
            return Ok((out, false));
        }
    }
    gunzip.end(name, &mut |plain| {
        out.extend_from_slice(plain);
        Ok(())
    })?;
    Ok((out, whole && !gunzip.is_damaged()))
}

/// Decoded text without the line at its end that is cut off, where one is.
pub(super) fn whole_lines(text: &str, whole: bool) -> &str {
    match text.rfind('\n') {
        Some(end) if !whole => &text[..=end],
        _ => text,
    }
}

/// The first rows of decoded text as the plan cuts them, at most [`ROWS`]; those that cannot be read are left out.
pub(super) fn rows(plan: &FilePlan, text: &str) -> Result<Rows> {
    let plan = FilePlan { encoding: Encoding::Utf8, ..plan.clone() };
    let mut rows = Vec::new();
    let mut reader = RowReader::new(&plan)?;
    let mut take = |row: Row<'_>| {
        if let (Ok(cells), true) = (row.cells, rows.len() < ROWS) {
            rows.push(cells.iter().map(str::to_owned).collect());
        }
        Ok(())
    };
    reader.push(text.as_bytes(), &mut take)?;
    reader.end(&mut take)?;
    Ok(rows)
}

/// The flattened keys of JSON lines in the order of their first appearance, and by line the first value of each.
pub(super) fn json_columns(text: &str) -> (Vec<String>, Rows) {
    let mut keys: Vec<String> = Vec::new();
    let mut rows = Rows::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()).take(ROWS) {
        let mut row = vec![String::new(); keys.len()];
        let read = json::flatten(line, |key, value| {
            let at = keys.iter().position(|own| own == key).unwrap_or_else(|| {
                keys.push(key.to_owned());
                keys.len() - 1
            });
            if at >= COLUMNS {
                keys.truncate(COLUMNS);
                return;
            }
            row.resize(row.len().max(at + 1), String::new());
            if let Some(cell) = row.get_mut(at).filter(|cell| cell.is_empty()) {
                value.clone_into(cell);
            }
        });
        if read.is_some() {
            rows.push(row);
        }
    }
    (keys, rows)
}

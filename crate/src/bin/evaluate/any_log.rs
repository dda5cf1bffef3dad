//! Reads any log through the readers of `ingest`, without the cleaning that people's logs get on the page: the protocols
//! score every row that can become an event.

use std::path::Path;

use driftscope::{
    Error,
    error::Place,
    event::Log,
    ingest::{
        CleaningOptions, ColumnPlan, Compression, FilePlan, FilePlanPatch, Loader, QualityReport, Role, RuleName,
        TableKind, clean, inspect,
    },
};

use crate::{Failure, load, options::LogOptions};

/// Reads and joins all files. What could not become an event is said on stderr, unless `quiet`.
///
/// # Errors
/// Where a file cannot be read, lacks a column, or nothing in it can become an event: with file, line and column.
pub fn read(options: &LogOptions, quiet: bool) -> Result<Log, Failure> {
    let mut loader = Loader::new();
    let known: Vec<(Role, String)> =
        options.columns.iter().filter(|(role, _)| matches!(role, Role::Item | Role::Domain)).cloned().collect();
    let mut feed = |path: &Path, table: TableKind, wanted: &[(Role, String)], strict: bool| -> Result<(), Failure> {
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        load::feed(&mut loader, path, |head, whole| {
            plan(&name, (head, whole), table, wanted, strict, &options.time_zone)
        })
    };
    for path in &options.items {
        let own = !options.item_columns.is_empty();
        feed(path, TableKind::Items, if own { &options.item_columns } else { &known }, own)?;
    }
    for path in &options.files {
        feed(path, TableKind::Events, &options.columns, true)?;
    }
    for path in &options.social {
        feed(path, TableKind::Edges, &options.social_columns, true)?;
    }
    let raw = loader.finish()?;
    let rules = RuleName::ALL.map(|rule| (rule, false)).into();
    let cleaned = clean(&raw, &CleaningOptions { rules, ..CleaningOptions::default() })?;
    if !quiet {
        tell(&cleaned.report);
    }
    Ok(cleaned.log)
}

/// How a file is read: the named columns have their roles and no other has one. Where not `strict`, columns that are not
/// there are left to what the file tells by itself.
fn plan(
    name: &str,
    (head, whole): (&[u8], bool),
    table: TableKind,
    wanted: &[(Role, String)],
    strict: bool,
    time_zone: &str,
) -> Result<FilePlan, Failure> {
    let look = |patch: &FilePlanPatch| inspect(name, Compression::None, head, whole, patch);
    let mut zone = FilePlanPatch { time_zone: Some(time_zone.to_owned()), ..FilePlanPatch::default() };
    let mut found = look(&zone)?.plan;
    // Who names columns says that there is a header, where the file alone does not tell.
    if !found.has_header && wanted.iter().any(|(_, column)| column.parse::<usize>().is_err()) {
        zone.has_header = Some(true);
        found = look(&zone)?.plan;
    }
    let mut columns: Vec<ColumnPlan> =
        found.columns.iter().map(|column| ColumnPlan { role: Role::Ignore, ..column.clone() }).collect();
    let mut named = 0;
    for (role, column) in wanted {
        let at = columns.iter().position(|own| own.name == *column);
        let by_number = || column.parse::<usize>().ok()?.checked_sub(1).filter(|&at| at < columns.len());
        match at.or_else(by_number) {
            Some(at) => {
                columns[at].role = *role;
                named += 1;
            }
            None if strict => {
                let place = Place { file: name.to_owned(), line: Some(1), column: None };
                let there: Vec<&str> = found.columns.iter().map(|own| own.name.as_str()).collect();
                let hint = format!("there is no column {column}; there are: {}", there.join(", "));
                return Err(Error::Columns { place, hint }.into());
            }
            None => {}
        }
    }
    let columns = (named > 0 && named == wanted.len()).then_some(columns);
    Ok(look(&FilePlanPatch { table: Some(table), columns, ..zone })?.plan)
}

/// Says what of the files is no event, and where the first such row is.
fn tell(report: &QualityReport) {
    eprintln!("{} rows read, {} of them are events", report.rows_read, report.rows_accepted);
    for rule in report.rules.iter().filter(|rule| rule.enabled && rule.touched > 0) {
        let first = rule.examples.first().map_or_else(String::new, |example| {
            let place = Place { file: example.file.clone(), line: Some(example.line), column: example.column };
            format!(", first at {place}")
        });
        eprintln!("warning: {} rows left out, rule {}{first}", rule.touched, rule.rule.name());
    }
    for file in report.files.iter().filter(|file| file.problems.iter().any(|note| note.code == "file.damaged")) {
        eprintln!("warning: {} is damaged or cut off; its {} rows before that are used", file.name, file.rows_read);
    }
}

#[cfg(test)]
mod tests;

//! Mutated inputs for everything in the core that takes bytes or options from outside: each is read or refused, and none
//! panics. docs/ROBUSTNESS.md has the long runs. CONTRIBUTING.md has the command.

#![expect(clippy::unwrap_used, clippy::panic, reason = "what a test cannot go on without fails it")]

mod learnt;
mod model_file;
mod mutation;
mod reading;

use std::{io::Write, path::Path};

use driftscope::{
    Result,
    evaluation::{self, Models, RunState, TrainOptions, next_item::NextItemModels},
    event::Log,
    ingest::{CleaningOptions, FilePlan, FilePlanPatch, TableKind, clean},
    interest::{self, InterestOptions, Scope},
    training::{
        Checkpoint, Silent,
        transfer::{Base, Delta, Network},
    },
};
use flate2::{Compression, write::GzEncoder};
use pollster::block_on;
use serde::de::DeserializeOwned;

use learnt::LEARNT;
use mutation::fuzz;
use reading::{inspected, interest_options, look, look_at, read};

/// The files of the corpus whose names begin with `kind`.
fn corpus(kind: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fuzz/corpus");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.retain(|path| path.file_name().unwrap().to_str().unwrap().starts_with(kind));
    assert!(!files.is_empty(), "no file of the corpus is called {kind}…");
    files.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

#[test]
fn text() {
    fuzz("text", &corpus("text"), look);
}

#[test]
fn json_lines() {
    fuzz("json_lines", &corpus("lines"), look);
}

#[test]
fn gzip() {
    let seeds: Vec<_> = corpus("text").iter().map(|bytes| packed(bytes)).collect();
    fuzz("gzip", &seeds, look);
}

#[test]
fn text_in_gzip() {
    fuzz("text_in_gzip", &corpus("text"), |bytes| look(&packed(bytes)));
}

#[test]
fn item_tables() {
    fuzz("item_tables", &corpus("items"), |bytes| joined(TableKind::Items, bytes));
}

#[test]
fn social_edges() {
    fuzz("social_edges", &corpus("edges"), |bytes| joined(TableKind::Edges, bytes));
}

#[test]
fn logs() {
    fuzz("logs", &[LEARNT.log.to_bytes()], log);
}

#[test]
fn model_files() {
    fuzz("model_files", &LEARNT.files, |bytes| model_file(&model_file::with_checksum(bytes)));
}

#[test]
fn model_files_as_they_are() {
    fuzz("model_files_as_they_are", &LEARNT.files, model_file);
}

#[test]
fn model_documents() {
    fuzz("model_documents", &LEARNT.documents(), |bytes| {
        // The first byte says whose document it is.
        let (number, document) = bytes.split_first().unwrap_or((&0, &[]));
        model_file(&model_file::with_document(&LEARNT.files[usize::from(*number) % LEARNT.files.len()], document))
    });
}

#[test]
fn options() {
    fuzz("options", &corpus("options"), options_of_calls);
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

/// A table that is joined with a log.
fn joined(table: TableKind, bytes: &[u8]) -> Result<()> {
    let events = &corpus_of_events()[0];
    let plan = inspected("log.csv", events, &FilePlanPatch::default())?;
    let patch = FilePlanPatch { table: Some(table), ..FilePlanPatch::default() };
    let more = inspected("table.csv", bytes, &patch)?;
    look_at(&read([(plan, events.as_slice()), (more, bytes)])?)
}

fn corpus_of_events() -> &'static [Vec<u8>] {
    static EVENTS: std::sync::LazyLock<Vec<Vec<u8>>> = std::sync::LazyLock::new(|| corpus("text-header"));
    &EVENTS
}

/// A log as a project keeps it: what is accepted can be looked at, and written again.
fn log(bytes: &[u8]) -> Result<()> {
    let log = Log::from_bytes(bytes)?;
    let _ = interest::summary(&log, false);
    let _ = interest::evolution(&log, &Scope::Everyone, &interest_options());
    let _ = interest::user_events(&log, 0);
    assert!(Log::from_bytes(&log.to_bytes()).is_ok(), "a log that was read cannot be written and read again");
    Ok(())
}

/// A file as whatever it may be; what is accepted is used.
fn model_file(bytes: &[u8]) -> Result<()> {
    let log = &LEARNT.log;
    let models = Models::from_bytes(bytes).and_then(|models| {
        models.check(log)?;
        let _ = models.summary();
        block_on(evaluation::forecast(log, &models, &Scope::User { user: 1 }, None, &mut Silent)).map(drop)
    });
    let next_items = NextItemModels::from_bytes(bytes).and_then(|models| {
        block_on(evaluation::next_item::next_items(log, &models, 1, 5, None, &mut Silent)).map(drop)
    });
    let network = Network::from_bytes(bytes).map(drop);
    let delta = Delta::from_bytes(bytes).map(|delta| drop(delta.changes()));
    let run = RunState::from_bytes(bytes).map(|run| _ = run.current());
    let checkpoint = Checkpoint::from_bytes(bytes).map(|checkpoint| _ = checkpoint.epoch());
    let base = Base::from_bytes(bytes).map(|base| _ = base.parameter_count());
    models.or(next_items).or(network).or(delta).or(run).or(checkpoint).or(base)
}

/// Options as a damaged message would bring them, to every call that takes some.
fn options_of_calls(bytes: &[u8]) -> Result<()> {
    let log = &LEARNT.log;
    let events = &corpus_of_events()[0];
    let mut understood = false;
    if let Some(options) = parsed::<InterestOptions>(bytes, &mut understood) {
        let _ = interest::evolution(log, &Scope::Everyone, &options);
        let _ = interest::drift(log, &Scope::User { user: 0 }, &options);
    }
    if let Some(scope) = parsed::<Scope>(bytes, &mut understood) {
        let _ = interest::evolution(log, &scope, &interest_options());
    }
    if let Some(options) = parsed::<TrainOptions>(bytes, &mut understood) {
        let _ = evaluation::estimate(log, &options);
    }
    if let Some(plan) = parsed::<FilePlan>(bytes, &mut understood) {
        let _ = read([(plan, events.as_slice())]).and_then(|raw| look_at(&raw));
    }
    if let Some(patch) = parsed::<FilePlanPatch>(bytes, &mut understood) {
        let _ = inspected("log.csv", events, &patch);
    }
    if let Some(options) = parsed::<CleaningOptions>(bytes, &mut understood) {
        let plan = inspected("log.csv", events, &FilePlanPatch::default())?;
        let _ = clean(&read([(plan, events.as_slice())])?, &options);
    }
    if understood { Ok(()) } else { Err(driftscope::Error::Parameter { name: "options", hint: String::new() }) }
}

fn parsed<T: DeserializeOwned>(bytes: &[u8], understood: &mut bool) -> Option<T> {
    let value = serde_json::from_slice(bytes).ok();
    *understood |= value.is_some();
    value
}

//! Reading a log as the page does.

use driftscope::{
    Result,
    ingest::{CleaningOptions, Compression, FilePlan, FilePlanPatch, Loader, MissingDomain, RawLog, clean, inspect},
    interest::{
        InterestOptions, Scope, WindowLength, WindowOptions, derive_domains, drift, evolution, summary, transfer,
    },
};

/// Bytes that the loader gets at a time: few, so that pieces end within everything that can be cut.
const PIECE: usize = 61;

/// What the first bytes of a file suggest.
pub fn inspected(name: &str, bytes: &[u8], patch: &FilePlanPatch) -> Result<FilePlan> {
    Ok(inspect(name, Compression::None, bytes, true, patch)?.plan)
}

/// Reads files by their plans.
pub fn read<const N: usize>(files: [(FilePlan, &[u8]); N]) -> Result<RawLog> {
    let mut loader = Loader::new();
    for (plan, bytes) in files {
        loader.begin(plan)?;
        for piece in bytes.chunks(PIECE) {
            loader.push(piece)?;
        }
        loader.end()?;
    }
    loader.finish()
}

/// Reads one file by what its bytes suggest, and looks at it.
pub fn look(bytes: &[u8]) -> Result<()> {
    look_at(&read([(inspected("log", bytes, &FilePlanPatch::default())?, bytes)])?)
}

/// Everything that the page shows of a log before anything is trained.
pub fn look_at(raw: &RawLog) -> Result<()> {
    let options = CleaningOptions::default();
    let mut log = clean(raw, &options)?.log;
    let derive = options.missing_domain_in(&log) == Some(MissingDomain::Derive);
    let derived = derive && derive_domains(&mut log)?.domains > 0;
    let _ = summary(&log, derived);
    let options = interest_options();
    evolution(&log, &Scope::Everyone, &options)?;
    transfer(&log, &Scope::Everyone, &options, None, 20)?;
    drift(&log, &Scope::User { user: 0 }, &options).map(drop)
}

/// By day, with a half-life.
pub fn interest_options() -> InterestOptions {
    let window = WindowOptions { length: WindowLength::Day, time_zone: "Europe/Berlin".into() };
    InterestOptions { window, half_life: Some(2.0), weigh_kinds: true }
}

//! What is evaluated: a data set of the protocols, the planted sample, or any log.

use std::path::{Path, PathBuf};

use driftscope::{
    event::{Dictionary, Log},
    ingest::{CleaningOptions, RawLog, clean},
    interest::{WindowLength, WindowOptions, Windows},
    synth::{SampleOptions, Synth},
    training::{
        History, Split,
        next_item::{NextItemData, Sequences},
    },
};

use crate::{
    Failure, any_log,
    dataset::Dataset,
    load,
    options::{Cut, LogOptions, Options},
    sequences::{self, SequenceSet},
};

/// Name of the planted sample: the page's, 2,000 users over 100 days, by weeks.
pub const SAMPLE: &str = "sample";
/// Name under which results of `--log` stand.
pub const ANY: &str = "log";

/// A log with its windows and split (protocol INP).
pub struct InterestData {
    pub name: String,
    pub log: Log,
    pub history: History,
    pub split: Split,
}

/// What `--log` or the one named set holds, for interests.
pub fn interest(options: &Options) -> Result<InterestData, Failure> {
    match (options.sets.as_slice(), options.log.files.is_empty()) {
        ([], false) => interest_of_log(&options.log, options.quiet),
        ([name], true) => interest_of_set(name, options.data.as_deref(), options.trust),
        _ => Err("name one data set, or a --log; evaluate --help lists them".into()),
    }
}

/// A set of protocol INP, or the sample; with `trust` its social edges, too.
pub fn interest_of_set(name: &str, data: Option<&Path>, trust: bool) -> Result<InterestData, Failure> {
    if name == SAMPLE {
        let log = Synth::sample(SampleOptions { users: 2_000, days: 100, seed: 1 })?.log(|_| Ok(()))?;
        let log = clean(&RawLog::from_log(log, SAMPLE), &CleaningOptions::default())?.log;
        let window = WindowOptions { length: WindowLength::Week, time_zone: "UTC".to_owned() };
        let history = History::new(&log, Windows::of_log(&log, &window)?)?;
        let split = Split::choose(&history)?;
        return Ok(InterestData { name: name.to_owned(), log, history, split });
    }
    let set = Dataset::find(name).ok_or_else(|| format!("no data set for interests is called {name}"))?;
    let folder = folder(data, name)?;
    let mut log = (set.load)(&folder)?;
    if trust {
        load::add_trust(&mut log, &folder)?;
    }
    let history = History::new(&log, set.windows()?)?;
    Ok(InterestData { name: name.to_owned(), log, history, split: set.split()? })
}

fn interest_of_log(options: &LogOptions, quiet: bool) -> Result<InterestData, Failure> {
    let log = any_log::read(options, quiet)?;
    let windows = windows(&log, options)?;
    let split = Split::last(windows.len(), options.validation, options.test)?;
    let history = History::new(&log, windows)?.with_min_events(options.min_events);
    Ok(InterestData { name: ANY.to_owned(), log, history, split })
}

/// The windows of a log: of a length in seconds from the first event on, the last one as far as the log goes.
pub fn windows(log: &Log, options: &LogOptions) -> Result<Windows, Failure> {
    match options.window {
        Cut::Calendar(length) => {
            Ok(Windows::of_log(log, &WindowOptions { length, time_zone: options.time_zone.clone() })?)
        }
        Cut::Seconds(seconds) => {
            let (first, last) = log.span().ok_or("the log has no events")?;
            let count = (last - first) / seconds + 1;
            Ok(Windows::fixed(i64::from(first), seconds, count as usize)?)
        }
    }
}

/// Sequences for protocol LLO.
pub struct ItemData {
    pub name: String,
    pub set: SequenceSet,
    /// Of a `--log` also the log and its numbering.
    pub log: Option<(Log, NextItemData)>,
}

/// What `--log` or the one named set holds, for the next item.
pub fn next_item(options: &Options) -> Result<ItemData, Failure> {
    match (options.sets.as_slice(), options.log.files.is_empty()) {
        ([], false) => {
            let log = any_log::read(&options.log, options.quiet)?;
            let data = NextItemData::of_log(&log)?;
            let set = sequences_of_log(&log, &data)?;
            Ok(ItemData { name: ANY.to_owned(), set, log: Some((log, data)) })
        }
        ([name], true) => {
            if !sequences::SETS.contains(&name.as_str()) {
                return Err(format!("no data set for the next item is called {name}").into());
            }
            let set = sequences::load(&folder(options.data.as_deref(), name)?)?;
            Ok(ItemData { name: name.clone(), set, log: None })
        }
        _ => Err("name one data set, or a --log; evaluate --help lists them".into()),
    }
}

/// The sequences of a log. Ids and numbers stay as they are.
fn sequences_of_log(log: &Log, data: &NextItemData) -> Result<SequenceSet, Failure> {
    let mut items = Dictionary::new();
    for &entry in &data.entries {
        items.intern(log.items.name(entry));
    }
    if items.len() != data.entries.len() {
        return Err("two items have one name".into());
    }
    let users = (0..log.users.len() as u32).map(|user| log.users.name(user).to_owned()).collect();
    let sequences: Sequences = data.sequences.clone();
    Ok(SequenceSet { users, items, sequences, catalogue: data.catalogue.clone() })
}

/// The folder of a set: `--data`, or what is called like the set in it.
fn folder(data: Option<&Path>, name: &str) -> Result<PathBuf, Failure> {
    let data = data.ok_or("--data is missing: the folder of the data set")?;
    let inner = data.join(name);
    Ok(if inner.is_dir() { inner } else { data.to_owned() })
}

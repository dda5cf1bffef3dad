//! Remarks on a cleaned log.

use crate::{
    event::{Log, NONE},
    ingest::Note,
};

use super::{domains::UNKNOWN, report::written};

/// Seconds below which a log has one day's events.
const SHORT: u32 = 86_400;

/// What is worth knowing. `range`: the span that was found, where something lies outside it; `coarse`: whether rates could
/// not be measured.
pub(super) fn notes(raw: &Log, clean: &Log, range: Option<(f64, f64)>, coarse: bool) -> Vec<Note> {
    let mut notes = Vec::new();
    if let Some((first, last)) = range {
        let (first, last) = (written(first), written(last));
        notes.push(Note::new("times.range").with("from", first.as_str()).with("to", last.as_str()));
    }
    let domains = clean.domains.iter().filter(|&name| name != UNKNOWN).count();
    if domains == 0 {
        notes.push(Note::new("domains.none"));
    } else if domains == 1 {
        notes.push(Note::new("domains.one"));
    }
    let several = items_in_several_domains(clean);
    if several > 0 {
        notes.push(Note::new("items.variants").with("items", several));
    }
    if clean.users.len() == 1 {
        notes.push(Note::new("users.one"));
    }
    if clean.span().is_some_and(|(first, last)| last - first < SHORT) {
        notes.push(Note::new("times.one_day"));
    }
    if coarse {
        notes.push(Note::new("bots.coarse_times"));
    }
    let edges = raw.edges.len() - clean.edges.len();
    if edges > 0 {
        notes.push(Note::new("edges.without_events").with("edges", edges as u64));
    }
    notes
}

fn items_in_several_domains(log: &Log) -> u64 {
    let mut domains = vec![NONE; log.items.len()];
    let mut several = vec![false; log.items.len()];
    for item in 0..log.items.len() as u32 {
        let base = log.items.base(item) as usize;
        match domains[base] {
            NONE => domains[base] = log.items.domain(item),
            other => several[base] |= other != log.items.domain(item),
        }
    }
    several.iter().filter(|&&several| several).count() as u64
}

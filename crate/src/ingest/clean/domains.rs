//! Events of unknown kind, and events whose item has no domain.

use crate::event::{Event, EventKind, Log, NONE};

use super::{tally::Tally, verdicts::Marks};

/// Name of the domain of items that have none.
pub(super) const UNKNOWN: &str = "unknown";

/// Touches events whose kind is a word that [`EventKind::from_word`] does not know. A kind without a name is none.
pub(super) fn unknown_kinds(log: &Log, tally: &mut Tally, marks: &mut Marks) {
    let unknown: Vec<bool> =
        log.kinds.iter().map(|(name, _)| !name.is_empty() && EventKind::from_word(name).is_none()).collect();
    touch_where(log, tally, marks, |event| unknown.get(usize::from(event.kind)) == Some(&true));
}

/// Touches events whose item has no domain.
pub(super) fn missing_domains(log: &Log, tally: &mut Tally, marks: &mut Marks) {
    touch_where(log, tally, marks, |event| log.domain_of(event) == NONE);
}

fn touch_where(log: &Log, tally: &mut Tally, marks: &mut Marks, chosen: impl Fn(&Event) -> bool) {
    for (index, event) in (0u32..).zip(log.iter()) {
        if marks.accepted(index) && chosen(&event) {
            tally.touch(index, marks);
        }
    }
}

/// Files the items that have no domain under [`UNKNOWN`].
pub(super) fn fill(log: &mut Log) {
    let missing: Vec<u32> = (0..log.items.len() as u32).filter(|&item| log.items.domain(item) == NONE).collect();
    if !missing.is_empty() {
        let unknown = log.domains.intern(UNKNOWN);
        missing.into_iter().for_each(|item| log.items.set_domain(item, unknown));
    }
}

//! Items and users with too few events.

use crate::event::{Event, Log};

use super::{tally::Tally, verdicts::Marks};

/// Touches events of items that have fewer than `least` of them left. An item in several domains is one item.
pub(super) fn sparse_items(log: &Log, least: u32, tally: &mut Tally, marks: &mut Marks) {
    sparse(log, log.items.len(), |event| log.items.base(event.item), least, tally, marks);
}

/// Touches events of users who have fewer than `least` of them left.
pub(super) fn sparse_users(log: &Log, least: u32, tally: &mut Tally, marks: &mut Marks) {
    sparse(log, log.users.len(), |event| event.user, least, tally, marks);
}

/// One round: counts are those before it, also where taking events out makes others fall below the limit.
fn sparse(log: &Log, ids: usize, id: impl Fn(&Event) -> u32, least: u32, tally: &mut Tally, marks: &mut Marks) {
    let mut counts = vec![0u32; ids];
    for (index, event) in (0u32..).zip(log.iter()) {
        if let Some(count) = counts.get_mut(id(&event) as usize).filter(|_| marks.accepted(index)) {
            *count += 1;
        }
    }
    for (index, event) in (0u32..).zip(log.iter()) {
        let count = counts.get(id(&event) as usize).copied().unwrap_or_default();
        if count < least && marks.accepted(index) {
            tally.touch(index, marks);
        }
    }
}

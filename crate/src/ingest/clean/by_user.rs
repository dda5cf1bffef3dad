//! The events that passed so far, user by user.

use crate::event::Log;

use super::verdicts::Marks;

/// Accepted events of a log in the order of Log::sort, as indices: 4 bytes an event.
#[derive(Default)]
pub(super) struct ByUser {
    order: Vec<u32>,
    /// Offsets of each user's events.
    starts: Vec<u32>,
}

impl ByUser {
    /// Groups by user, each user's events by time and, within one time, place in the files.
    pub fn new(log: &Log, marks: &Marks) -> Self {
        let mut starts = vec![0u32; log.users.len() + 1];
        let accepted = || (0u32..).zip(log.iter()).filter(|&(index, _)| marks.accepted(index));
        for (_, event) in accepted() {
            starts[event.user as usize + 1] += 1;
        }
        for user in 1..starts.len() {
            starts[user] += starts[user - 1];
        }
        let mut next = starts.clone();
        let mut order = vec![0u32; starts.last().map_or(0, |&total| total as usize)];
        for (index, event) in accepted() {
            let slot = &mut next[event.user as usize];
            order[*slot as usize] = index;
            *slot += 1;
        }
        let times = log.times();
        let mut keys: Vec<u64> = Vec::new();
        for bounds in starts.windows(2) {
            let events = &mut order[bounds[0] as usize..bounds[1] as usize];
            if events.is_sorted_by_key(|&event| times[event as usize]) {
                continue;
            }
            // Time and index in one number: no two are equal, so the fast unstable sort keeps the order of the files.
            keys.clear();
            keys.extend(events.iter().map(|&event| u64::from(times[event as usize]) << 32 | u64::from(event)));
            keys.sort_unstable();
            for (event, key) in events.iter_mut().zip(&keys) {
                *event = *key as u32;
            }
        }
        Self { order, starts }
    }

    /// The events of each user, users by id.
    pub fn users(&self) -> impl Iterator<Item = &[u32]> {
        self.starts.windows(2).map(|bounds| &self.order[bounds[0] as usize..bounds[1] as usize])
    }
}

//! Rows that stand in the log more than once.

use crate::ingest::raw::RawLog;

use super::{by_user::ByUser, tally::Tally, verdicts::Marks};

/// Touches every copy of a row but the first in the order of the files. A copy has the same user, item, domain, kind, time
/// and platform, and where the log was read from files, the same fingerprint of the whole row: rows that differ in a column
/// that is not kept (a basket, a quantity) are no copies.
pub(super) fn exact_duplicates(raw: &RawLog, by_user: &ByUser, tally: &mut Tally, marks: &mut Marks) {
    let times = raw.log.times();
    let mut rows: Vec<(u64, u32)> = Vec::new();
    for events in by_user.users() {
        for moment in events.chunk_by(|&a, &b| times[a as usize] == times[b as usize]).filter(|moment| moment.len() > 1)
        {
            rows.clear();
            rows.extend(moment.iter().map(|&event| (key(raw, event), event)));
            rows.sort_unstable();
            for pair in rows.windows(2).filter(|pair| pair[0].0 == pair[1].0) {
                tally.touch(pair[1].1, marks);
            }
        }
    }
}

/// What must agree besides user and time: item entry (which says the domain), kind, platform, fingerprint.
fn key(raw: &RawLog, event: u32) -> u64 {
    let fingerprint = raw.fingerprints.get(event as usize).copied().unwrap_or_default();
    raw.log.get(event as usize).map_or(0, |e| {
        u64::from(e.item) << 32 | u64::from(e.kind) << 24 | u64::from(e.platform) << 16 | u64::from(fingerprint)
    })
}

//! The list of users.

use driftscope_kernels::Order;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::event::{Log, NONE};

/// Which users are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UserQuery {
    /// Part of the name, in upper or lower case; empty for all users.
    pub text: String,
    /// Number of rows to skip.
    pub offset: usize,
    /// Most rows to return.
    pub limit: usize,
}

/// Part of the list of users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserPage {
    /// Number of users that match.
    pub total: usize,
    /// Those asked for, by number of events, most first; equal ones by id.
    pub rows: Vec<UserRow>,
}

/// A user of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UserRow {
    /// Id in [`Log::users`].
    pub id: u32,
    /// Name as in the source.
    pub name: String,
    /// Number of events.
    pub events: u32,
    /// Name of the domain with most events (equal ones: the lower id); empty where no item has a domain.
    pub top_domain: String,
    /// Unix seconds of the first event.
    pub first_time: u32,
    /// Unix seconds of the last event.
    pub last_time: u32,
}

/// The users of a sorted log that have events and whose name contains the text. O(users) time, details only for the rows
/// that are returned.
pub fn users(log: &Log, query: &UserQuery) -> UserPage {
    let text = query.text.trim().to_lowercase();
    let mut found: Vec<(u32, u32)> = (0u32..)
        .zip(log.users.iter())
        .filter(|(_, name)| text.is_empty() || name.to_lowercase().contains(&text))
        .map(|(user, _)| (log.user_events(user).len() as u32, user))
        .filter(|&(events, _)| events > 0)
        .collect();
    let total = found.len();
    let order = |a: &(u32, u32), b: &(u32, u32)| b.0.cmp(&a.0).then(a.1.cmp(&b.1));
    let end = query.offset.saturating_add(query.limit).min(total);
    if end < total {
        found.select_nth_unstable_by(end, order);
        found.truncate(end);
    }
    // Far down a long list only the rows that are returned are put in order.
    let start = query.offset.min(found.len());
    if start > 0 && start < found.len() {
        found.select_nth_unstable_by(start, order);
    }
    let wanted = found.get_mut(start..).unwrap_or_default();
    wanted.order_by(order);
    let rows = wanted.iter().map(|&(events, id)| user_row(log, id, events)).collect();
    UserPage { total, rows }
}

/// The row of one user with `events` events.
pub(super) fn user_row(log: &Log, id: u32, events: u32) -> UserRow {
    let range = log.user_events(id);
    let times = &log.times()[range.clone()];
    let mut counts: FxHashMap<u32, u32> = FxHashMap::default();
    for event in log.slice(range) {
        let domain = log.domain_of(&event);
        if domain != NONE {
            *counts.entry(domain).or_default() += 1;
        }
    }
    let top = counts.into_iter().max_by_key(|&(domain, count)| (count, std::cmp::Reverse(domain)));
    UserRow {
        id,
        name: log.users.name(id).to_owned(),
        events,
        top_domain: top.map(|(domain, _)| log.domains.name(domain).to_owned()).unwrap_or_default(),
        first_time: times.first().copied().unwrap_or_default(),
        last_time: times.last().copied().unwrap_or_default(),
    }
}

//! What a user did before a window, as the places of a sequence.

use crate::{
    event::{Log, NONE},
    training::History,
};

/// Events of one user that lie close together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Session {
    /// Unix seconds of its first event.
    pub time: u32,
    /// Events of each domain, by domain.
    pub domains: Vec<(u32, f32)>,
    /// Events of each kind, by kind.
    pub kinds: Vec<(u8, f32)>,
    /// Events.
    pub events: f32,
}

/// A window holds at most so many sessions of a user: a day of four weeks, an hour of a day.
const SESSIONS_PER_WINDOW: i64 = 28;

/// The last `count` sessions of a user before `window`, oldest first: events with a domain inside the windows.
pub(super) fn past(log: &Log, history: &History, user: u32, window: usize, count: usize) -> Vec<Session> {
    let windows = history.windows();
    let start = windows.start(window);
    let span = ((windows.end(window) - start) / SESSIONS_PER_WINDOW).max(1) as u32;
    let range = log.user_events(user);
    let times = &log.times()[range.clone()];
    let before = range.start + times.partition_point(|&time| i64::from(time) < start);
    let mut sessions: Vec<Session> = Vec::new();
    // Backwards, so that only what is needed is read.
    let mut at = before;
    while at > range.start {
        at -= 1;
        let Some(event) = log.get(at) else { break };
        let domain = log.domain_of(&event);
        if domain == NONE || windows.index_of(event.time).is_none() {
            continue;
        }
        let full = sessions.len() == count;
        match sessions.last_mut() {
            Some(session) if session.time / span == event.time / span => {
                session.time = event.time;
                session.domains.push((domain, 1.0));
                session.kinds.push((event.kind, 1.0));
                session.events += 1.0;
            }
            _ if full => break,
            _ => sessions.push(Session {
                time: event.time,
                domains: vec![(domain, 1.0)],
                kinds: vec![(event.kind, 1.0)],
                events: 1.0,
            }),
        }
    }
    sessions.reverse();
    for session in &mut sessions {
        add_up(&mut session.domains);
        add_up(&mut session.kinds);
    }
    sessions
}

/// Entries of the same key become one, in order of the keys.
fn add_up<K: Ord + Copy>(entries: &mut Vec<(K, f32)>) {
    entries.sort_unstable_by_key(|entry| entry.0);
    entries.dedup_by(|next, kept| {
        let same = next.0 == kept.0;
        kept.1 += if same { next.1 } else { 0.0 };
        same
    });
}

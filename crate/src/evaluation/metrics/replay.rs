//! Click-through and conversion by replay of a log.
//!
//! Nobody was shown these lists, so this is replay of what happened, not of a logged policy: without lists shown at random
//! (Li et al. 2011, "Unbiased offline evaluation of contextual-bandit-based news article recommendation algorithms") the
//! rates are no unbiased estimate of what users would do. They are the share of moments at which the list held what the
//! user then turned to unprompted, as next-item evaluations of sessions count it (Ludewig & Jannach 2018, "Evaluation of
//! session-based recommendation algorithms"), and compare models on the same moments.

use serde::{Deserialize, Serialize};

use crate::event::{EventKind, Log};

/// Seconds without an event after which a user's next event begins a new session: half an hour, web analytics' custom
/// (Catledge & Pitkow 1995 measured 25.5 minutes).
pub const SESSION_GAP: u32 = 1800;

/// A moment at which a list is due: the begin of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occasion {
    /// Whose session.
    pub user: u32,
    /// When it begins, Unix seconds: the list may rest on all that lies strictly before.
    pub time: u32,
    /// How many of the user's events lie before, at least 1.
    pub past: usize,
    /// Items (first entry of the name, [`crate::event::ItemTable::base`]) that the user views, searches, marks or puts
    /// into the cart in the session, ascending.
    pub clicked: Vec<u32>,
    /// Items bought in the session, ascending.
    pub purchased: Vec<u32>,
}

/// How often the lists would have held what users turned to. A rate over nothing is NaN.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ReplayMetrics {
    /// CTR@k: share of the sessions with a click in which at least one clicked item is in the list.
    pub ctr: f64,
    /// Conversion@k: share of the sessions with a purchase in which at least one bought item is in the list.
    pub conversion: f64,
    /// Sessions with a click.
    pub clicking: usize,
    /// Sessions with a purchase.
    pub buying: usize,
}

/// The occasions from `from` (Unix seconds) on, by user, then time. A session is a run of a user's events without a gap
/// of `gap` seconds; the first of a user is none, since nothing lies before. `log` must be sorted.
pub fn occasions(log: &Log, from: i64, gap: u32) -> Vec<Occasion> {
    let mut out = Vec::new();
    for user in 0..log.users.len() as u32 {
        let events: Vec<_> = log.slice(log.user_events(user)).collect();
        let mut past = 0;
        for session in events.chunk_by(|a, b| b.time - a.time < gap) {
            let Some(first) = session.first() else { continue };
            if past > 0 && i64::from(first.time) >= from {
                let items = |wanted: fn(EventKind) -> bool| {
                    let kind = |id: u8| EventKind::from_word(log.kinds.name(id));
                    let chosen = session.iter().filter(|event| kind(event.kind).is_some_and(wanted));
                    let mut items: Vec<u32> = chosen.map(|event| log.items.base(event.item)).collect();
                    items.sort_unstable();
                    items.dedup();
                    items
                };
                out.push(Occasion {
                    user,
                    time: first.time,
                    past,
                    clicked: items(|kind| !matches!(kind, EventKind::Purchase | EventKind::Rating)),
                    purchased: items(|kind| kind == EventKind::Purchase),
                });
            }
            past += session.len();
        }
    }
    out
}

/// The rates of `lists`, one for each occasion in the same order, of base items.
pub fn replay<'a>(occasions: &[Occasion], lists: impl IntoIterator<Item = &'a [u32]>) -> ReplayMetrics {
    let (mut clicking, mut clicks, mut buying, mut purchases) = (0, 0, 0, 0);
    for (occasion, list) in occasions.iter().zip(lists) {
        let holds = |items: &[u32]| usize::from(list.iter().any(|item| items.binary_search(item).is_ok()));
        clicking += usize::from(!occasion.clicked.is_empty());
        clicks += holds(&occasion.clicked);
        buying += usize::from(!occasion.purchased.is_empty());
        purchases += holds(&occasion.purchased);
    }
    let rate = |hits: usize, all: usize| hits as f64 / all as f64;
    ReplayMetrics { ctr: rate(clicks, clicking), conversion: rate(purchases, buying), clicking, buying }
}

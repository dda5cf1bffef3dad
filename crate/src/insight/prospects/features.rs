//! What a user's past says at the end of a window: recency, frequency and gaps.

use std::ops::Range;

use crate::{event::Log, interest::Windows};

/// Number of features.
pub(super) const FEATURES: usize = 12;

/// What became of a user in a window, with what was known before it.
#[derive(Debug, Clone)]
pub(super) struct Instance {
    pub user: u32,
    /// The window in question.
    pub window: usize,
    pub features: [f64; FEATURES],
    /// Whether there is an event in it, and a purchase.
    pub active: bool,
    pub bought: bool,
}

impl Instance {
    /// Logarithm of the windows since the last event: what a recency baseline looks at.
    pub fn recency(&self) -> f64 {
        self.features[0]
    }

    /// Likewise since the last purchase; of one without any, since ever.
    pub fn purchase_recency(&self) -> f64 {
        self.features[8]
    }
}

/// Adds a user's instances of a range of windows: one for each in which something was known of him before. The window
/// after the last one may be asked for; what becomes of him in it is then not known and counts as nothing.
pub(super) fn instances(
    log: &Log,
    windows: &Windows,
    (user, asked): (u32, Range<usize>),
    purchase: Option<u8>,
    out: &mut Vec<Instance>,
) {
    let events = log.user_events(user);
    let counts = {
        // Events and purchases by window, with the last time of each.
        let mut counts: Vec<[u32; 2]> = vec![[0; 2]; windows.len()];
        for event in log.slice(events.clone()) {
            if let Some(window) = windows.index_of(event.time) {
                counts[window][0] += 1;
                counts[window][1] += u32::from(Some(event.kind) == purchase);
            }
        }
        counts
    };
    let Some(first) = counts.iter().position(|count| count[0] > 0) else { return };
    let of = |range: Range<usize>, place: usize| -> f64 {
        counts.get(range).unwrap_or_default().iter().map(|count| f64::from(count[place])).sum()
    };
    let log1p = |value: f64| libm::log1p(value.max(0.0));
    let bought = |event: &crate::event::Event| Some(event.kind) == purchase;
    for window in asked.start.max(first + 1)..asked.end {
        let length = (windows.end(window - 1) - windows.start(window - 1)).max(1) as f64;
        let end = windows.end(window - 1);
        let before = log.slice(events.clone()).take_while(|event| i64::from(event.time) < end);
        let (mut last, mut last_purchase) = (0_i64, None);
        for event in before {
            last = i64::from(event.time);
            last_purchase = if bought(&event) { Some(last) } else { last_purchase };
        }
        let ago = |time: i64| (end - time) as f64 / length;
        let tenure = (window - first) as f64;
        let active = counts[first..window].iter().filter(|count| count[0] > 0).count() as f64;
        let gap = tenure / active;
        let recent = window.saturating_sub(4).max(first);
        let recent_active = counts[recent..window].iter().filter(|count| count[0] > 0).count() as f64;
        let features = [
            log1p(ago(last)),
            log1p(ago(last) / gap),
            log1p(of(window - 1..window, 0)),
            log1p(of(recent..window, 0) / (window - recent) as f64),
            log1p(of(first..window, 0) / tenure),
            active / tenure,
            recent_active / (window - recent) as f64,
            log1p(tenure),
            log1p(last_purchase.map_or(tenure + 1.0, ago)),
            log1p(of(window - 1..window, 1)),
            log1p(of(first..window, 1) / tenure),
            // How the last window compares with the user's own mean.
            log1p(of(window - 1..window, 0)) - log1p(of(first..window, 0) / tenure),
        ];
        let own = counts.get(window).copied().unwrap_or_default();
        out.push(Instance { user, window, features, active: own[0] > 0, bought: own[1] > 0 });
    }
}

//! Events counted by user, window and domain, and the instances that are scored.

use std::ops::Range;

use super::split::MIN_EVENTS;
use crate::{
    Error, Result,
    event::{Log, NONE},
    interest::Windows,
};

/// Events of one user in one window and domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Number of the window.
    pub window: u32,
    /// Id of the domain.
    pub domain: u32,
    /// Number of events, at least 1.
    pub events: u32,
}

/// One (user, window) pair whose interest is to be forecast.
#[derive(Debug, Clone)]
pub struct Instance {
    /// Id of the user.
    pub user: u32,
    /// Number of the window.
    pub window: usize,
    /// The truth: indices into [`History::cells`].
    pub cells: Range<usize>,
    /// The domain with most events in the window, if there is just one.
    pub label: Option<u32>,
    /// The label of the user's last active window before.
    pub previous: Option<u32>,
}

/// Counts of a log, by user, then window, then domain. Events without a domain or outside the windows don't count.
#[derive(Debug)]
pub struct History {
    windows: Windows,
    domains: usize,
    cells: Vec<Cell>,
    /// Offsets of each user's cells, one more than users.
    starts: Vec<usize>,
    /// windows × domains, row-major: events of all users.
    totals: Vec<u32>,
    min_events: u32,
}

/// A (windows × domains) table larger than this would not fit the memory of a tab.
const MAX_TOTALS: usize = 50_000_000;

impl History {
    /// Counts a sorted log.
    ///
    /// # Errors
    /// [`Error::State`] for a log that is not sorted; [`Error::NotEnough`] without domains; [`Error::Parameter`] where
    /// windows × domains is beyond what memory allows.
    pub fn new(log: &Log, windows: Windows) -> Result<History> {
        if !log.is_sorted() {
            return Err(Error::State { hint: "the log must be sorted before it is counted".into() });
        }
        let domains = log.domains.len();
        if domains == 0 {
            return Err(Error::NotEnough { what: "a forecast", hint: "no event has an interest domain".into() });
        }
        if domains.saturating_mul(windows.len()) > MAX_TOTALS {
            return Err(Error::Parameter {
                name: "window length",
                hint: format!("{} windows of {domains} domains are too many: choose longer windows", windows.len()),
            });
        }
        let mut totals = vec![0_u32; windows.len() * domains];
        let mut cells: Vec<Cell> = Vec::new();
        let mut starts = vec![0];
        let mut events: Vec<(u32, u32)> = Vec::new();
        for user in 0..log.users.len() as u32 {
            events.clear();
            events.extend(log.slice(log.user_events(user)).filter_map(|event| {
                let domain = log.domain_of(&event);
                let window = windows.index_of(event.time)?;
                (domain != NONE).then_some((window as u32, domain))
            }));
            events.sort_unstable();
            for same in events.chunk_by(|a, b| a == b) {
                let (window, domain) = same[0];
                totals[window as usize * domains + domain as usize] += same.len() as u32;
                cells.push(Cell { window, domain, events: same.len() as u32 });
            }
            starts.push(cells.len());
        }
        Ok(History { windows, domains, cells, starts, totals, min_events: MIN_EVENTS })
    }

    /// The same counts; [`History::scored`] asks for `events` in the window and before it instead of 5.
    pub fn with_min_events(self, events: u32) -> History {
        History { min_events: events, ..self }
    }

    /// The windows.
    pub fn windows(&self) -> &Windows {
        &self.windows
    }

    /// Number of windows that the log fills: a last one that it only begins is left out.
    pub fn complete_windows(&self) -> usize {
        self.windows.len() - usize::from(self.windows.last_partial())
    }

    /// Number of domains.
    pub fn domains(&self) -> usize {
        self.domains
    }

    /// Number of users, active or not.
    pub fn users(&self) -> usize {
        self.starts.len() - 1
    }

    /// All cells, by user, window and domain.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The cells of a user in windows before `window`, earliest first.
    pub fn past(&self, user: u32, window: usize) -> &[Cell] {
        let own = self.user_range(user);
        let cells = &self.cells[own];
        &cells[..cells.partition_point(|cell| (cell.window as usize) < window)]
    }

    /// Events of all users in a window, by domain.
    pub fn totals(&self, window: usize) -> &[u32] {
        &self.totals[window * self.domains..(window + 1) * self.domains]
    }

    /// Events of all users in a range of windows, by domain.
    pub fn sum(&self, windows: Range<usize>) -> Vec<u64> {
        let mut sum = vec![0_u64; self.domains];
        for window in windows {
            for (slot, &events) in sum.iter_mut().zip(self.totals(window)) {
                *slot += u64::from(events);
            }
        }
        sum
    }

    /// The instances of a range of windows with at least `own` events in the window and at least `before` events in all
    /// windows before it, by user, then window.
    pub fn instances(&self, windows: Range<usize>, own: u32, before: u32) -> Vec<Instance> {
        let mut out = Vec::new();
        for user in 0..self.users() as u32 {
            let range = self.user_range(user);
            let mut seen = 0_u32;
            let mut previous = None;
            let mut start = range.start;
            for group in self.cells[range].chunk_by(|a, b| a.window == b.window) {
                let end = start + group.len();
                let events: u32 = group.iter().map(|cell| cell.events).sum();
                let window = group[0].window as usize;
                let label = label(group);
                if windows.contains(&window) && events >= own && seen >= before {
                    out.push(Instance { user, window, cells: start..end, label, previous });
                }
                seen += events;
                previous = label;
                start = end;
            }
        }
        out
    }

    /// The instances of a range of windows that are chosen on or scored: with at least 5 events in the window and 5
    /// before it, unless [`History::with_min_events`] says otherwise.
    pub fn scored(&self, windows: &Range<usize>) -> Vec<Instance> {
        self.instances(windows.clone(), self.min_events, self.min_events)
    }

    /// The cells that hold an instance's truth.
    pub fn truth(&self, instance: &Instance) -> &[Cell] {
        &self.cells[instance.cells.clone()]
    }

    fn user_range(&self, user: u32) -> Range<usize> {
        match (self.starts.get(user as usize), self.starts.get(user as usize + 1)) {
            (Some(&start), Some(&end)) => start..end,
            _ => 0..0,
        }
    }
}

/// The domain with most events, unless several share the maximum.
pub(crate) fn label(cells: &[Cell]) -> Option<u32> {
    let most = cells.iter().map(|cell| cell.events).max()?;
    let mut top = cells.iter().filter(|cell| cell.events == most);
    let first = top.next()?;
    top.next().is_none().then_some(first.domain)
}

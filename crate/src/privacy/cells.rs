//! Who did what when, as cells of a domain × window table.

use crate::{
    Result,
    event::{Log, NONE},
    interest::{InterestOptions, Scope, Windows},
};

/// One user's doings in one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct UserCell {
    /// Id in [`Log::domains`].
    pub domain: u32,
    /// Number of the window.
    pub window: usize,
    /// Number of events.
    pub events: u32,
}

/// Calls `each` with the cells of one user after the other, by domain and window, each cell once. Events whose item has no
/// domain are left out.
///
/// # Errors
/// As [`Windows::of_log`] and [`Scope::users`].
pub(super) fn each_users_cells(
    log: &Log,
    scope: &Scope,
    options: &InterestOptions,
    mut each: impl FnMut(&[UserCell]),
) -> Result<Windows> {
    let windows = Windows::of_log(log, &options.window)?;
    let mut cells: Vec<UserCell> = Vec::new();
    for user in scope.users(log)? {
        cells.clear();
        for event in log.slice(log.user_events(user)) {
            let domain = log.domain_of(&event);
            if let Some(window) = windows.index_of(event.time).filter(|_| domain != NONE) {
                cells.push(UserCell { domain, window, events: 1 });
            }
        }
        cells.sort_unstable_by_key(|cell| (cell.domain, cell.window));
        cells.dedup_by(|next, kept| {
            let same = (next.domain, next.window) == (kept.domain, kept.window);
            kept.events += u32::from(same);
            same
        });
        each(&cells);
    }
    Ok(windows)
}

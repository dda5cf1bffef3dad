//! Interest over time.
//!
//! In: a sorted [`Log`](crate::event::Log). Out: [`Windows`] of time, users' [`Profile`]s in them, and what follows from
//! these: [`evolution()`], [`transfer()`], [`drift()`]; the list of [`users()`], one user's [`user_events()`] and
//! [`nearest_users()`]; and the [`summary()`] of a log.
//! The definitions and formulas stand in `docs/INTEREST.md`.

mod change;
mod derive;
mod distance;
mod drift;
mod evolution;
mod length;
mod nearest;
mod profile;
mod scope;
mod summary;
mod transfer;
mod user_events;
mod users;
mod windows;

pub use derive::{Derived, OTHER, derive_domains};
pub use distance::jensen_shannon;
pub use drift::{ChangePoint, Drift, drift, user_change_points};
pub use evolution::{DomainRow, Evolution, MAX_CELLS, evolution};
pub use length::{SECONDS_PER_DAY, WindowLength, WindowOptions};
pub use nearest::{NearUser, SharedDomain, nearest_users};
pub use profile::{Profile, Profiler};
pub use scope::{InterestOptions, Scope};
pub use summary::{KindSummary, LogSummary, PlatformSummary, suggested_window, summary};
pub(crate) use transfer::paired;
pub use transfer::{Between, DomainName, Flow, OtherFlows, Stay, Transfer, transfer};
pub use user_events::{ItemName, UserEvents, user_events};
pub use users::{UserPage, UserQuery, UserRow, users};
pub use windows::{MAX_WINDOWS, Windows};

#[cfg(test)]
mod tests;

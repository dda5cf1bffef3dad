//! Interest over time.
//!
//! In: a sorted [`Log`](crate::event::Log). Out: [`Windows`] of time, and what users' interests do in them.
//! The definitions and formulas stand in `docs/INTEREST.md`.

mod length;
mod windows;

pub use length::{SECONDS_PER_DAY, WindowLength, WindowOptions};
pub use windows::{MAX_WINDOWS, Windows};

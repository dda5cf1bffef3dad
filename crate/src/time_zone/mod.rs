//! Time zones by name: natively from the IANA database that `jiff` brings along, in wasm from the host's `Intl`, which every
//! browser has. The database is 70 KB of a compressed engine.

#[cfg(not(target_family = "wasm"))]
mod native;
#[cfg(any(target_family = "wasm", test))]
mod transitions;
#[cfg(target_family = "wasm")]
mod web;

use jiff::tz::TimeZone;

use crate::{Error, Result};
#[cfg(not(target_family = "wasm"))]
use native::find;
#[cfg(target_family = "wasm")]
use web::find;

/// The zone of an IANA name.
///
/// # Errors
/// [`Error::Parameter`] for a name that is not known.
pub(crate) fn time_zone(name: &str) -> Result<TimeZone> {
    find(name).ok_or_else(|| Error::Parameter {
        name: "time zone",
        hint: format!("use an IANA name such as Europe/Berlin, Asia/Shanghai or UTC, not {name:?}"),
    })
}

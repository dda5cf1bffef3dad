//! The IANA database of `jiff`.

use jiff::tz::TimeZone;

pub(super) fn find(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}

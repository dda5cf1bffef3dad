//! The zones that the host's `Intl` knows.

use std::cell::RefCell;

use jiff::tz::TimeZone;
use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;

use super::transitions::zone_from;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl)]
    type DateTimeFormat;

    #[wasm_bindgen(catch, constructor, js_namespace = Intl)]
    fn new(locale: &str, options: &Object) -> Result<DateTimeFormat, JsValue>;

    #[wasm_bindgen(catch, method)]
    fn format(this: &DateTimeFormat, milliseconds: f64) -> Result<String, JsValue>;
}

thread_local! {
    /// The zone of last time: it takes thousands of looks at the clock, and the same is asked for again and again.
    static LAST: RefCell<Option<(String, TimeZone)>> = const { RefCell::new(None) };
}

pub(super) fn find(name: &str) -> Option<TimeZone> {
    if name == "UTC" {
        return Some(TimeZone::UTC);
    }
    let last = LAST.with_borrow(|last| last.as_ref().filter(|(known, _)| known == name).map(|(_, zone)| zone.clone()));
    if last.is_some() {
        return last;
    }
    let options = Object::new();
    for (key, value) in [("timeZone", name), ("timeZoneName", "longOffset")] {
        Reflect::set(&options, &key.into(), &value.into()).ok()?;
    }
    let clock = DateTimeFormat::new("en-US", &options).ok()?;
    let zone = zone_from(name, |time| offset_in(&clock.format(time as f64 * 1e3).ok()?))?;
    LAST.set(Some((name.to_owned(), zone.clone())));
    Some(zone)
}

/// Seconds east of UTC out of a text such as `1/1/1970, GMT-05:00`; before 1972 there may be seconds; UTC itself is `GMT`.
fn offset_in(text: &str) -> Option<i32> {
    let (_, offset) = text.split_once("GMT")?;
    let (sign, digits) = match offset.chars().next() {
        None => return Some(0),
        Some('+') => (1, offset.get(1..)?),
        // ASCII or U+2212.
        Some(minus) => (-1, offset.get(minus.len_utf8()..)?),
    };
    let parts = digits.split(':').zip([3_600, 60, 1]);
    let seconds = parts.map(|(part, unit)| part.trim().parse::<i32>().ok().map(|number| number * unit));
    Some(sign * seconds.sum::<Option<i32>>()?)
}

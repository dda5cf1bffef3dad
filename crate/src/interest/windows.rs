//! The windows of an analysis.

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use serde::{Serialize, Serializer, ser::SerializeSeq};

use super::{WindowLength, WindowOptions};
use crate::{Error, Result, event::Log, time_zone::time_zone};

/// Most windows that one analysis may have: 54 years of days.
pub const MAX_WINDOWS: usize = 20_000;

/// Consecutive spans of time without a gap: window `i` holds the times `bounds[i] <= t < bounds[i + 1]`, in Unix seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Windows {
    #[serde(serialize_with = "as_floats")]
    bounds: Vec<i64>,
    last_partial: bool,
    /// Usual length in seconds: where to start looking for a time's window.
    #[serde(skip)]
    step: i64,
}

impl Windows {
    /// The windows that cover all events of `log`.
    ///
    /// # Errors
    /// [`Error::NotEnough`] for a log without events; otherwise as [`Windows::covering`].
    pub fn of_log(log: &Log, options: &WindowOptions) -> Result<Windows> {
        let (first, last) = log
            .span()
            .ok_or_else(|| Error::NotEnough { what: "windows of time", hint: "the log holds no events".into() })?;
        Windows::covering(first, last, options)
    }

    /// The windows that cover the times `first..=last` (Unix seconds).
    ///
    /// Days begin at local midnight, weeks on Monday at local midnight. Windows of 28 days and 13 weeks begin at local
    /// midnight of the first event's day and end 28 or 91 local days later, so that a clock change makes one window an
    /// hour shorter or longer instead of shifting all borders after it. Windows in seconds all have exactly that length;
    /// they are counted from local midnight of the first event's day, beginning with the one that holds the first event.
    ///
    /// The last window counts as partial where the log stops with more than an eighth of it still to come.
    ///
    /// # Errors
    /// [`Error::Parameter`] for an unknown time zone, a length of 0, or more than [`MAX_WINDOWS`] windows.
    pub fn covering(first: u32, last: u32, options: &WindowOptions) -> Result<Windows> {
        let zone = time_zone(&options.time_zone)?;
        let (first, last) = (i64::from(first.min(last)), i64::from(first.max(last)));
        let length = i64::try_from(options.length.seconds()).unwrap_or(i64::MAX);
        if length == 0 {
            return Err(Error::Parameter { name: "window length", hint: "a window lasts at least one second".into() });
        }
        if (last - first) / length >= MAX_WINDOWS as i64 {
            return Err(too_many((last - first) / length + 1));
        }
        let day = local_date(first, &zone)?;
        let bounds = match options.length {
            WindowLength::Seconds(_) => even_bounds(midnight(day, &zone)?, length, first, last),
            WindowLength::Week => {
                let back = i64::from(day.weekday().to_monday_zero_offset());
                calendar_bounds(day.checked_sub(back.days()).map_err(calendar)?, 7, last, &zone)?
            }
            calendar_length => calendar_bounds(day, calendar_length.days().unwrap_or(1), last, &zone)?,
        };
        let count = bounds.len() - 1;
        if count > MAX_WINDOWS {
            return Err(too_many(count as i64));
        }
        let (start, end) = (bounds[count - 1], bounds[count]);
        let last_partial = end - 1 - last > (end - start) / 8;
        Ok(Windows { bounds, last_partial, step: length })
    }

    /// `count` windows of `seconds` each from `origin` (Unix seconds) on, as evaluation protocols define them. Times
    /// outside lie in no window: see [`Windows::ending_at`] for a last window of another length.
    ///
    /// # Errors
    /// [`Error::Parameter`] for no window, more than [`MAX_WINDOWS`], a length of 0, or times beyond all calendars.
    pub fn fixed(origin: i64, seconds: u32, count: usize) -> Result<Windows> {
        if seconds == 0 || count == 0 {
            return Err(Error::Parameter {
                name: "window length",
                hint: "there must be at least one window of at least one second".into(),
            });
        }
        if count > MAX_WINDOWS {
            return Err(too_many(count as i64));
        }
        let step = i64::from(seconds);
        let bound = |index: usize| origin.checked_add(step * index as i64);
        let bounds = (0..=count)
            .map(bound)
            .collect::<Option<Vec<i64>>>()
            .ok_or_else(|| Error::Parameter { name: "origin", hint: format!("{origin} is no time in Unix seconds") })?;
        Ok(Windows { bounds, last_partial: false, step })
    }

    /// The same windows, the last one ending at `end` (Unix seconds, exclusive) instead: it takes what is left of a year,
    /// or stops with the log.
    ///
    /// # Errors
    /// [`Error::Parameter`] where `end` is not after the start of the last window.
    pub fn ending_at(mut self, end: i64) -> Result<Windows> {
        let start = self.start(self.len() - 1);
        if end <= start {
            return Err(Error::Parameter {
                name: "end of the last window",
                hint: format!("it must lie after its start, {start}, and is {end}"),
            });
        }
        if let Some(bound) = self.bounds.last_mut() {
            *bound = end;
        }
        Ok(self)
    }

    /// The first `count` of these windows, at least one.
    pub fn first(mut self, count: usize) -> Windows {
        if count < self.len() {
            self.bounds.truncate(count.max(1) + 1);
            self.last_partial = false;
        }
        self
    }

    /// Index of the window that holds `time`, if one does. O(1): clock changes move a border by an hour or so, so the
    /// first guess is right or next to right.
    #[inline]
    pub fn index_of(&self, time: u32) -> Option<usize> {
        let time = i64::from(time);
        let count = self.len();
        if time < self.bounds[0] || time >= self.bounds[count] {
            return None;
        }
        let mut index = (((time - self.bounds[0]) / self.step) as usize).min(count - 1);
        while time < self.bounds[index] {
            index -= 1;
        }
        while time >= self.bounds[index + 1] {
            index += 1;
        }
        Some(index)
    }

    /// Number of windows, at least 1.
    #[expect(clippy::len_without_is_empty, reason = "there is always a window")]
    pub fn len(&self) -> usize {
        self.bounds.len() - 1
    }

    /// Start of each window and, last, the end of the last one: `len() + 1` Unix seconds, strictly increasing.
    pub fn bounds(&self) -> &[i64] {
        &self.bounds
    }

    /// First second of window `index`.
    ///
    /// # Panics
    /// Where there is no such window.
    pub fn start(&self, index: usize) -> i64 {
        self.bounds[index]
    }

    /// First second after window `index`.
    ///
    /// # Panics
    /// Where there is no such window.
    pub fn end(&self, index: usize) -> i64 {
        self.bounds[index + 1]
    }

    /// Whether the log stops well before the last window's end, so that its counts are too low.
    pub fn last_partial(&self) -> bool {
        self.last_partial
    }
}

fn too_many(count: i64) -> Error {
    Error::Parameter {
        name: "window length",
        hint: format!("{count} windows would be needed, at most {MAX_WINDOWS} are possible: choose longer windows"),
    }
}

fn calendar(error: jiff::Error) -> Error {
    Error::Parameter { name: "window length", hint: format!("the calendar ends here: {error}") }
}

fn local_date(time: i64, zone: &TimeZone) -> Result<Date> {
    Ok(zone.to_datetime(Timestamp::from_second(time).map_err(calendar)?).date())
}

/// First second of a local day. Where the clock skips midnight, the day begins when the clock goes on.
fn midnight(day: Date, zone: &TimeZone) -> Result<i64> {
    let start = zone.to_ambiguous_timestamp(day.at(0, 0, 0, 0)).compatible().map_err(calendar)?;
    Ok(start.as_second())
}

/// Local midnights every `days` days from `day` until the first one after `last`. A day that a zone never had (Samoa,
/// 30 December 2011) gives no window of its own.
fn calendar_bounds(mut day: Date, days: i64, last: i64, zone: &TimeZone) -> Result<Vec<i64>> {
    let mut bounds = vec![midnight(day, zone)?];
    loop {
        day = day.checked_add(days.days()).map_err(calendar)?;
        let bound = midnight(day, zone)?;
        if bound > bounds[bounds.len() - 1] {
            bounds.push(bound);
        }
        if bound > last {
            return Ok(bounds);
        }
    }
}

fn even_bounds(midnight: i64, length: i64, first: i64, last: i64) -> Vec<i64> {
    let before = first.saturating_sub(midnight) / length;
    let mut bounds = vec![midnight + before * length];
    while bounds[bounds.len() - 1] <= last {
        bounds.push(bounds[bounds.len() - 1].saturating_add(length));
    }
    bounds
}

/// JavaScript's numbers are floats, exact for every Unix second.
fn as_floats<S: Serializer>(bounds: &[i64], serializer: S) -> std::result::Result<S::Ok, S::Error> {
    let mut sequence = serializer.serialize_seq(Some(bounds.len()))?;
    for &bound in bounds {
        sequence.serialize_element(&(bound as f64))?;
    }
    sequence.end()
}

#[cfg(test)]
mod tests;

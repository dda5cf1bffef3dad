//! Times as logs write them, to Unix seconds.

use jiff::{civil::DateTime, tz::TimeZone};

use super::plan::TimeFormat;
use crate::{Result, time_zone::time_zone};

/// Reads the times of one file.
#[derive(Debug, Clone)]
pub(super) struct TimeParser {
    format: TimeFormat,
    zone: TimeZone,
}

impl TimeParser {
    /// `zone`: IANA name of the zone of times that carry none of their own.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a zone that is not known.
    pub fn new(format: TimeFormat, zone: &str) -> Result<TimeParser> {
        Ok(TimeParser { format, zone: time_zone(zone)? })
    }

    /// Unix seconds (rounded down), or `None` for what is no time of the format. Where clocks are set back, the first of
    /// two equal times is meant; where they are set forward, a time in the gap moves with them.
    pub fn parse(&self, text: &str) -> Option<i64> {
        let text = text.trim_ascii();
        match self.format {
            TimeFormat::Seconds => number(text, 1),
            TimeFormat::Milliseconds => number(text, 1_000),
            TimeFormat::Microseconds => number(text, 1_000_000),
            TimeFormat::CompactDate => self.local(compact(text)?),
            TimeFormat::Text => match fields(text)? {
                (time, Some(offset)) => Some(TimeZone::UTC.to_timestamp(time).ok()?.as_second() - offset),
                (time, None) => self.local(time),
            },
        }
    }

    fn local(&self, time: DateTime) -> Option<i64> {
        Some(self.zone.to_timestamp(time).ok()?.as_second())
    }
}

/// A decimal number of units, `per_second` of which make a second.
fn number(text: &str, per_second: i64) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let (negative, digits) = match whole.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, whole),
    };
    let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if digits.is_empty() || !is_number(digits) || !is_number(fraction) {
        return None;
    }
    let units: i64 = digits.parse().ok()?;
    if !negative {
        return Some(units / per_second);
    }
    let below = i64::from(fraction.bytes().any(|byte| byte != b'0'));
    (-units).checked_sub(below).map(|units| units.div_euclid(per_second))
}

/// `YYYYMMDD`, or `YYYYMMDDHHMMSS`.
fn compact(text: &str) -> Option<DateTime> {
    let mut rest = Cursor(text.as_bytes());
    let date = (rest.digits(4, 4)? as i16, rest.digits(2, 2)?, rest.digits(2, 2)?);
    let time = if rest.0.is_empty() { (0, 0, 0) } else { (rest.digits(2, 2)?, rest.digits(2, 2)?, rest.digits(2, 2)?) };
    if rest.0.is_empty() { civil(date, time) } else { None }
}

/// `YYYY-MM-DD`, then if anything `T` or a space and `HH`, `HH:MM` or `HH:MM:SS`, a fraction, and a zone (`Z`, `UTC`,
/// `GMT`, `+08`, `+0800`, `+08:00`; a space may stand before it). Slashes or dots may stand for the dashes; month, day and
/// hour may have one digit. The second part is the zone's seconds east of UTC.
fn fields(text: &str) -> Option<(DateTime, Option<i64>)> {
    let mut rest = Cursor(text.as_bytes());
    let year = rest.digits(4, 4)? as i16;
    let separator = rest.one_of(b"-/.")?;
    let month = rest.digits(1, 2)?;
    rest.one_of(&[separator])?;
    let day = rest.digits(1, 2)?;
    let (mut time, mut zone) = ((0, 0, 0), None);
    if rest.one_of(b"Tt ").is_some() {
        time.0 = rest.digits(1, 2)?;
        if rest.one_of(b":").is_some() {
            time.1 = rest.digits(2, 2)?;
            if rest.one_of(b":").is_some() {
                time.2 = rest.digits(2, 2)?;
                if rest.one_of(b".,").is_some() {
                    rest.digits(1, 9)?;
                }
            }
        }
        rest.one_of(b" ");
        zone = rest.zone()?;
    }
    // A leap second counts as the second before it, as in Unix time.
    time.2 = if time.2 == 60 { 59 } else { time.2 };
    if rest.0.is_empty() { Some((civil((year, month, day), time)?, zone)) } else { None }
}

fn civil((year, month, day): (i16, u32, u32), (hour, minute, second): (u32, u32, u32)) -> Option<DateTime> {
    let small = |number: u32| i8::try_from(number).ok();
    DateTime::new(year, small(month)?, small(day)?, small(hour)?, small(minute)?, small(second)?, 0).ok()
}

/// What is left to be read.
struct Cursor<'a>(&'a [u8]);

impl Cursor<'_> {
    /// A number of at least `least` and at most `most` digits, at most nine.
    fn digits(&mut self, least: usize, most: usize) -> Option<u32> {
        let count = self.0.iter().take(most).take_while(|byte| byte.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at_checked(count).filter(|_| count >= least)?;
        self.0 = rest;
        Some(digits.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0')))
    }

    fn one_of(&mut self, bytes: &[u8]) -> Option<u8> {
        let (&first, rest) = self.0.split_first().filter(|(first, _)| bytes.contains(first))?;
        self.0 = rest;
        Some(first)
    }

    /// Seconds east of UTC, `Some(None)` where the text ends here.
    fn zone(&mut self) -> Option<Option<i64>> {
        if self.0.is_empty() {
            return Some(None);
        }
        if [&b"Z"[..], b"z", b"UTC", b"GMT"].contains(&self.0) {
            self.0 = &[];
            return Some(Some(0));
        }
        let sign = if self.one_of(b"+-")? == b'+' { 1 } else { -1 };
        let hours = self.digits(2, 2)?;
        self.one_of(b":");
        let minutes = if self.0.is_empty() { 0 } else { self.digits(2, 2)? };
        (hours < 24 && minutes < 60).then(|| Some(sign * i64::from(hours * 3_600 + minutes * 60)))
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::*;

    fn parse(format: TimeFormat, zone: &str, text: &str) -> Option<i64> {
        TimeParser::new(format, zone).unwrap().parse(text)
    }

    #[test]
    fn numbers_are_in_the_unit_of_the_format() {
        use TimeFormat::{Microseconds, Milliseconds, Seconds};
        let cases = [
            (Seconds, "1511539200", Some(1_511_539_200)),
            (Seconds, " 1396321232.277 ", Some(1_396_321_232)),
            (Seconds, "0", Some(0)),
            (Seconds, "-0.5", Some(-1)),
            (Milliseconds, "1433221332117", Some(1_433_221_332)),
            (Milliseconds, "-1", Some(-1)),
            (Microseconds, "1611817434123456", Some(1_611_817_434)),
            (Seconds, "", None),
            (Seconds, "-", None),
            (Seconds, ".5", None),
            (Seconds, "1e9", None),
            (Seconds, "1.5.2", None),
            (Seconds, "+1", None),
            (Seconds, "2017-11-25", None),
            (Seconds, "99999999999999999999", None),
        ];
        for (format, text, expected) in cases {
            assert_eq!(parse(format, "UTC", text), expected, "{format:?} {text:?}");
        }
    }

    #[test]
    fn text_is_read_with_and_without_a_zone() {
        // Expected values from GNU date: `date -u -d "2019-10-01 00:00:00 UTC" +%s`.
        let cases = [
            ("UTC", "2019-10-01 00:00:00 UTC", Some(1_569_888_000)),
            ("Asia/Shanghai", "2019-10-01 00:00:00 UTC", Some(1_569_888_000)),
            ("UTC", "2019-10-01T00:00:00Z", Some(1_569_888_000)),
            ("UTC", "2019-10-01T08:00:00.123+08:00", Some(1_569_888_000)),
            ("UTC", "2019-10-01 08:00:00 +0800", Some(1_569_888_000)),
            ("UTC", "2019-10-01T02:30-05", Some(1_569_915_000)),
            ("Asia/Shanghai", "2017-11-25 00:00:00", Some(1_511_539_200)),
            ("Asia/Shanghai", "2017-11-25", Some(1_511_539_200)),
            ("UTC", "2014/12/6 2", Some(1_417_831_200)),
            ("UTC", "2024.02.29", Some(1_709_164_800)),
            ("UTC", "2016-12-31T23:59:60Z", Some(1_483_228_799)),
            ("UTC", "2024-05-01T10:00[Europe/Berlin]", None),
            ("UTC", "1969-12-31T23:59:59Z", Some(-1)),
            ("UTC", "2023-02-29", None),
            ("UTC", "2023-13-01", None),
            ("UTC", "2023-01/01", None),
            ("UTC", "2023-01-01 25:00:00", None),
            ("UTC", "2023-01-01 10:00:00 CET", None),
            ("UTC", "2023-01-01x", None),
            ("UTC", "yesterday", None),
            ("UTC", "", None),
        ];
        for (zone, text, expected) in cases {
            assert_eq!(parse(TimeFormat::Text, zone, text), expected, "{zone} {text:?}");
        }
    }

    #[test]
    fn where_clocks_change_a_time_is_still_a_time() {
        // Berlin, 2024: 02:00 to 03:00 is left out on 31 March and comes twice on 27 October.
        let berlin = |text| parse(TimeFormat::Text, "Europe/Berlin", text);
        assert_eq!(berlin("2024-03-31 01:59:59"), Some(1_711_846_799));
        assert_eq!(berlin("2024-03-31 02:30:00"), Some(1_711_848_600));
        assert_eq!(berlin("2024-03-31 03:30:00"), Some(1_711_848_600));
        assert_eq!(berlin("2024-10-27 02:30:00"), Some(1_729_989_000));
        assert_eq!(berlin("2024-10-27 03:00:00"), Some(1_729_994_400));
    }

    #[test]
    fn compact_dates_may_carry_a_time() {
        let compact = |zone, text| parse(TimeFormat::CompactDate, zone, text);
        assert_eq!(compact("UTC", "20190101"), Some(1_546_300_800));
        assert_eq!(compact("Asia/Shanghai", "20190101"), Some(1_546_272_000));
        assert_eq!(compact("UTC", "20190101000102"), Some(1_546_300_862));
        for text in ["2019010", "201901011", "20190230", "2019-01-01"] {
            assert_eq!(compact("UTC", text), None, "{text}");
        }
    }

    #[test]
    fn an_unknown_zone_is_named() {
        let error = TimeParser::new(TimeFormat::Text, "Mars/Olympus").unwrap_err();
        assert!(error.to_string().contains("Mars/Olympus"), "{error}");
    }

    proptest! {
        #[test]
        fn any_time_that_is_written_is_read_back(seconds in -10_000_000_000_i64..100_000_000_000) {
            let text = Timestamp::from_second(seconds).unwrap().to_string();
            prop_assert_eq!(parse(TimeFormat::Text, "America/New_York", &text), Some(seconds));
        }

        #[test]
        fn no_text_makes_it_panic(text in ".{0,40}", digits in "[-0-9:/. TZ+]{0,30}") {
            for format in [TimeFormat::Seconds, TimeFormat::Microseconds, TimeFormat::CompactDate, TimeFormat::Text] {
                let parser = TimeParser::new(format, "Europe/Lisbon").unwrap();
                let _ = (parser.parse(&text), parser.parse(&digits));
            }
        }
    }
}

//! What the cells of one column look like.

use std::collections::BTreeSet;

use crate::{
    event::EventKind,
    ingest::{cells::is_missing, plan::TimeFormat, time::TimeParser},
};

/// Unix seconds of 1990 and 2100: times of a log lie between.
const PLAUSIBLE: std::ops::Range<i64> = 631_152_000..4_102_444_800;
/// Up to so many different cells are kept.
const WORDS: usize = 64;
const FORMATS: [TimeFormat; 5] = [
    TimeFormat::Seconds,
    TimeFormat::Milliseconds,
    TimeFormat::Microseconds,
    TimeFormat::CompactDate,
    TimeFormat::Text,
];

/// Counts over the cells of a column.
#[derive(Debug, Clone, Default)]
pub(super) struct Profile {
    /// Cells that hold something.
    pub filled: usize,
    pub distinct: usize,
    /// Of these: whole numbers, numbers with a fraction, known words for kinds of event, and lists of MovieLens (`A|B`).
    pub whole: usize,
    pub fractions: usize,
    pub kinds: usize,
    pub lists: usize,
    /// The different cells of a column that has few, in order.
    pub words: Vec<String>,
    /// The format by which most are plausible times, and how many are.
    pub time: Option<(TimeFormat, usize)>,
}

impl Profile {
    /// Looks at the cells of a column.
    pub fn new<'a>(cells: impl Iterator<Item = &'a str> + Clone) -> Self {
        let filled = cells.map(str::trim_ascii).filter(|cell| !is_missing(cell));
        let mut profile = Profile { time: time_format(filled.clone()), ..Profile::default() };
        let mut seen = BTreeSet::new();
        for cell in filled {
            profile.filled += 1;
            seen.insert(cell);
            let digits = cell.strip_prefix('-').unwrap_or(cell);
            if digits.bytes().all(|byte| byte.is_ascii_digit()) {
                profile.whole += 1;
            } else if digits.parse::<f64>().is_ok_and(f64::is_finite) {
                profile.fractions += 1;
            }
            profile.kinds += usize::from(EventKind::from_word(cell).is_some());
            profile.lists += usize::from(cell.contains('|'));
        }
        profile.distinct = seen.len();
        if seen.len() <= WORDS {
            profile.words = seen.into_iter().map(str::to_owned).collect();
        }
        profile
    }

    /// Whether at least nine of ten cells that hold something are counted in `part`.
    pub fn mostly(&self, part: usize) -> bool {
        self.filled > 0 && part * 10 >= self.filled * 9
    }

    /// Whether the column holds times.
    pub fn is_time(&self) -> bool {
        self.time.is_some_and(|(_, count)| self.mostly(count))
    }

    /// Whether the column holds numbers.
    pub fn is_numeric(&self) -> bool {
        self.mostly(self.whole + self.fractions)
    }
}

/// The format by which most cells are plausible times, and how many.
fn time_format<'a>(cells: impl Iterator<Item = &'a str> + Clone) -> Option<(TimeFormat, usize)> {
    let mut best = None;
    for format in FORMATS {
        let parser = TimeParser::new(format, "UTC").ok()?;
        let plausible = |cell: &&str| parser.parse(cell).is_some_and(|time| PLAUSIBLE.contains(&time));
        let count = cells.clone().filter(plausible).count();
        if count > best.map_or(0, |(_, count)| count) {
            best = Some((format, count));
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    fn format(cells: &[&str]) -> Option<TimeFormat> {
        let profile = Profile::new(cells.iter().copied());
        profile.time.filter(|_| profile.is_time()).map(|(format, _)| format)
    }

    #[test]
    fn the_unit_of_a_time_shows_in_its_size() {
        assert_eq!(format(&["1511544070", "1511561733", ""]), Some(TimeFormat::Seconds));
        assert_eq!(format(&["1396437466.94"]), Some(TimeFormat::Seconds));
        assert_eq!(format(&["1433221332117"]), Some(TimeFormat::Milliseconds));
        assert_eq!(format(&["1611817434123456"]), Some(TimeFormat::Microseconds));
        assert_eq!(format(&["20190101", "20191231"]), Some(TimeFormat::CompactDate));
        assert_eq!(format(&["20190101123000"]), Some(TimeFormat::CompactDate));
        assert_eq!(format(&["2019-10-01 00:00:00 UTC"]), Some(TimeFormat::Text));
        assert_eq!(format(&["17", "2520377"]), None);
        assert_eq!(format(&["2520377", "2145813", "51380041013"]), None);
        assert_eq!(format(&["", "NULL"]), None);
    }

    #[test]
    fn cells_are_counted_by_what_they_are() {
        let profile = Profile::new(["pv", "buy", "7", "-2.5", "A|B", "NaN"].into_iter());
        assert_eq!(
            (profile.filled, profile.kinds, profile.whole, profile.fractions, profile.lists, profile.distinct),
            (5, 2, 1, 1, 1, 5)
        );
    }
}

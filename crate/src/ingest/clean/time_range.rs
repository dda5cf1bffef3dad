//! The span of a log, and the times that lie outside it.
//!
//! All of it works on the number of events in each quarter of an hour ([`Density`]), which every zone's days and hours are
//! made of. Three rules in order, each on what the one before left: placeholders, remote times, thin margins. The last two
//! look at one side at a time; the other side is the mirror image.

/// Seconds of a quarter of an hour.
const QUARTER: u32 = 900;
const QUARTERS_PER_DAY: u32 = 96;
/// The last quarter of an hour that 32-bit Unix seconds reach.
const LAST: u32 = u32::MAX / QUARTER;

/// Days since 1970 that stand for "no time": 1970-01-01, 2038-01-19 (the end of signed 32-bit seconds), 2099-12-31,
/// 2106-02-07 (the end of unsigned ones). A day to each side allows for zones.
const PLACEHOLDERS: [u32; 4] = [0, 24_855, 47_481, 49_710];
/// What must be empty around a placeholder, so that it is one.
const PLACEHOLDER_DISTANCE: u32 = 365 * QUARTERS_PER_DAY;

/// A distance is remote where it exceeds this many times the longest pause further inside …
const PAUSES: u32 = 30;
/// … and this many quarters of an hour, with at most one event in so many beyond it.
const REMOTE: [(u32, u64); 2] = [(365 * QUARTERS_PER_DAY, 100), (7 * QUARTERS_PER_DAY, 1000)];
/// In a log of at least so many events, one may be remote however small the share allowed.
const SMALL: u64 = 20;

/// At most one event in so many lies in a thin margin.
const MARGIN_SHARE: u64 = 1000;
/// Times this many days later (or earlier, at the end) show what to expect: weekdays, months, years.
const SHIFTS: [u32; 9] = [1, 2, 3, 4, 5, 6, 7, 28, 364];
/// A margin holds at most one of so many events that were to be expected.
const THIN: u64 = 50;
/// The first quarter and the first hour inside hold so many times as many as the last outside.
const JUMP: u64 = 10;
/// Quarters of the longest distance between a margin and the log.
const NEAR: u32 = 7 * QUARTERS_PER_DAY;

/// Numbers of events by quarter of an hour, the empty ones left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Density {
    quarters: Vec<u32>,
    /// Events before each of them, and in the end all: one entry more.
    before: Vec<u64>,
}

impl Density {
    /// Counts times. One pass, at most 19 MB while it runs.
    pub fn new(times: &[u32]) -> Self {
        let (Some(first), Some(last)) = (times.iter().min(), times.iter().max()) else {
            return Self::of([]);
        };
        let first = first / QUARTER;
        let mut counts = vec![0u32; (last / QUARTER - first) as usize + 1];
        for time in times {
            counts[(time / QUARTER - first) as usize] += 1;
        }
        Self::of((first..).zip(counts).filter(|&(_, count)| count > 0).map(|(quarter, count)| (quarter, count.into())))
    }

    fn of(counts: impl IntoIterator<Item = (u32, u64)>) -> Self {
        let mut density = Self { quarters: Vec::new(), before: vec![0] };
        let mut total = 0;
        for (quarter, count) in counts {
            total += count;
            density.quarters.push(quarter);
            density.before.push(total);
        }
        density
    }

    fn total(&self) -> u64 {
        self.before.last().copied().unwrap_or_default()
    }

    fn iter(&self) -> impl DoubleEndedIterator<Item = (u32, u64)> {
        self.quarters.iter().zip(self.before.windows(2)).map(|(&quarter, pair)| (quarter, pair[1] - pair[0]))
    }

    /// Events in the quarters from `start` up to but without `end`.
    fn count(&self, start: u32, end: u32) -> u64 {
        let place = |quarter| self.before[self.quarters.partition_point(|&other| other < quarter)];
        place(end.max(start)) - place(start)
    }

    /// The same in reversed time.
    fn mirrored(&self) -> Self {
        Self::of(self.iter().rev().map(|(quarter, count)| (LAST - quarter, count)))
    }

    fn without_first(&self, quarters: usize) -> Self {
        Self::of(self.iter().skip(quarters))
    }

    /// First and last quarter.
    fn span(&self) -> Option<(u32, u32)> {
        Some((*self.quarters.first()?, *self.quarters.last()?))
    }
}

/// First and last second of the span of a log, in whole quarters of an hour: everything else is stray. `None` for no events.
///
/// 1. *Placeholders*: times on a day of [`PLACEHOLDERS`], or the day before or after, are left out where there are others and
///    none within a year of it.
/// 2. *Remote times*: beyond a pause longer than 30 times the longest pause further inside. Either the pause exceeds a year
///    and at most 1 % of the events lie beyond it, or it exceeds a week and at most 1 in 1000 do.
/// 3. *Thin margins*: at most 1 in 1000 events before a quarter e such that (with o the events of the last P days before e,
///    from the first of them on) the same times P days later hold at least 50·o, for P of 1 to 7, 28 and 364 days as far as
///    the log reaches; the quarter and the hour from e on hold at least 10 times as many events as those before e; and the hour
///    from e on holds at least a tenth of the same hour 1 to 7 days later, so that a log that ebbs away is not cut. Of several
///    such e the innermost counts.
pub(super) fn plausible(density: &Density) -> Option<(u32, u32)> {
    let mut inside = without_placeholders(density);
    for _ in 0..2 {
        for strays in [remote, margin] {
            inside = inside.without_first(strays(&inside));
        }
        inside = inside.mirrored();
    }
    let (first, last) = inside.span()?;
    Some((first * QUARTER, last.saturating_mul(QUARTER).saturating_add(QUARTER - 1)))
}

fn without_placeholders(density: &Density) -> Density {
    let mut inside = density.clone();
    for day in PLACEHOLDERS {
        let (start, end) = (day.saturating_sub(1) * QUARTERS_PER_DAY, (day + 2) * QUARTERS_PER_DAY);
        let here = inside.count(start, end);
        let around = inside.count(start.saturating_sub(PLACEHOLDER_DISTANCE), end + PLACEHOLDER_DISTANCE);
        if around == here && here < inside.total() {
            inside = Density::of(inside.iter().filter(|(quarter, _)| !(start..end).contains(quarter)));
        }
    }
    inside
}

/// Number of leading quarters that are remote.
fn remote(density: &Density) -> usize {
    let total = density.total();
    let allowed = |share: u64| if total < SMALL { 0 } else { (total / share).max(u64::from(share == REMOTE[0].1)) };
    // The longest pause on the way from where strays may end on the far side to where they may on this one.
    let most = allowed(REMOTE[0].1);
    let mut longest = 0u32;
    let pauses = density.quarters.windows(2).enumerate().rev();
    for (index, pair) in pauses.skip_while(|&(index, _)| total - density.before[index + 1] <= most) {
        let pause = pair[1] - pair[0] - 1;
        let beyond = density.before[index + 1];
        let far = |&(distance, share): &(u32, u64)| pause > distance && beyond <= allowed(share);
        if pause > longest.saturating_mul(PAUSES) && REMOTE.iter().any(far) {
            return index + 1;
        }
        longest = longest.max(pause);
    }
    0
}

/// Number of leading quarters that are a thin margin.
fn margin(density: &Density) -> usize {
    let allowed = density.total() / MARGIN_SHARE;
    let candidates = density.before.partition_point(|&before| before <= allowed);
    // What lies beyond this may be a margin on the other side, and shows nothing of what is usual.
    let end = density.before.partition_point(|&before| before < density.total() - allowed).saturating_sub(1);
    let end = density.quarters.get(end).copied().unwrap_or_default();
    (1..candidates).rev().find(|&index| is_edge(density, index, end)).unwrap_or(0)
}

/// Whether the log begins at the quarter with this index, and what lies before it is a thin margin. `end`: the last quarter
/// to compare with.
fn is_edge(density: &Density, index: usize, end: u32) -> bool {
    let edge = density.quarters[index];
    let (count, hour) = (|start, end| density.count(start, end), 4);
    let jumps = |length: u32| count(edge, edge + length) >= JUMP * count(edge.saturating_sub(length), edge);
    if edge - density.quarters[index - 1] > NEAR || !jumps(1) || !jumps(hour) {
        return false;
    }
    let shifts = SHIFTS.iter().map(|days| days * QUARTERS_PER_DAY).filter(|shift| edge + shift <= end);
    let mut compared = false;
    let mut usual = u64::MAX;
    for shift in shifts {
        if shift <= NEAR {
            usual = usual.min(count(edge + shift, edge + shift + hour));
        }
        let first = density.quarters.partition_point(|&quarter| quarter < edge.saturating_sub(shift));
        if first == index {
            continue;
        }
        compared = true;
        let start = density.quarters[first];
        if count(start + shift, edge + shift) < THIN * count(start, edge) {
            return false;
        }
    }
    compared && JUMP * count(edge, edge + hour) >= usual
}

#[cfg(test)]
mod tests;

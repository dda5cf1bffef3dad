//! A zone out of a function that gives its offset from UTC at any time.

use jiff::tz::TimeZone;

/// Seconds between two looks at the clock. No zone has changed it twice within so short a time since 1970.
const STEP: i64 = 10 * 86_400;
/// Where logs end: they count seconds in 32 bits.
const END: i64 = u32::MAX as i64;

/// The zone `name` from 1970 to 2106. `offset_at`: seconds east of UTC at a Unix time.
pub(super) fn zone_from(name: &str, mut offset_at: impl FnMut(i64) -> Option<i32>) -> Option<TimeZone> {
    let mut offset = offset_at(0)?;
    let mut offsets = vec![offset];
    let mut changes: Vec<(i64, u8)> = Vec::new();
    for start in (0..END).step_by(STEP as usize) {
        let end = (start + STEP).min(END);
        let next = offset_at(end)?;
        if next == offset {
            continue;
        }
        // The first second of the new offset.
        let (mut before, mut after) = (start, end);
        while after - before > 1 {
            let middle = before + (after - before) / 2;
            if offset_at(middle)? == offset { before = middle } else { after = middle }
        }
        let kind = offsets.iter().position(|&known| known == next).unwrap_or_else(|| {
            offsets.push(next);
            offsets.len() - 1
        });
        changes.push((after, u8::try_from(kind).ok()?));
        offset = next;
    }
    TimeZone::tzif(name, &tzif(&changes, &offsets)).ok()
}

/// The file format of RFC 9636, version 2: an empty block of 32 bits, then one of 64 bits, and no rule for what comes after.
fn tzif(changes: &[(i64, u8)], offsets: &[i32]) -> Vec<u8> {
    // One abbreviation for all kinds of time, since nobody sees it.
    const ABBREVIATION: &[u8] = b"LOC\0";
    let header = |changes: usize, kinds: usize, letters: usize| {
        let counts = [0, 0, 0, changes, kinds, letters].map(|count| (count as u32).to_be_bytes());
        [b"TZif2".as_slice(), &[0; 15], counts.as_flattened()].concat()
    };
    let mut out = header(0, 1, ABBREVIATION.len());
    out.extend([0; 6]);
    out.extend(ABBREVIATION);
    out.extend(header(changes.len(), offsets.len(), ABBREVIATION.len()));
    out.extend(changes.iter().flat_map(|(time, _)| time.to_be_bytes()));
    out.extend(changes.iter().map(|&(_, kind)| kind));
    for offset in offsets {
        out.extend(offset.to_be_bytes());
        out.extend([0, 0]);
    }
    out.extend(ABBREVIATION);
    out.extend(b"\n\n");
    out
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, civil::DateTime};

    use super::*;

    /// A zone made from the offsets of jiff's own gives the same answers, both ways, around every change and between.
    #[test]
    fn a_zone_is_known_by_its_offsets() {
        for name in [
            "America/New_York",
            "Europe/Berlin",
            "Asia/Shanghai",
            "Asia/Kolkata",
            "Africa/Casablanca",
            "Africa/Monrovia",
            "America/Sao_Paulo",
            "Asia/Hebron",
            "Australia/Lord_Howe",
            "Pacific/Apia",
            "Antarctica/Troll",
            "Europe/Dublin",
            "Asia/Pyongyang",
            "UTC",
        ] {
            let known = TimeZone::get(name).unwrap();
            let offset = |zone: &TimeZone, time: i64| zone.to_offset(Timestamp::from_second(time).unwrap()).seconds();
            let made = zone_from(name, |time| Some(offset(&known, time))).unwrap();
            for hour in (0..END / 3_600).step_by(5) {
                for time in [hour * 3_600, hour * 3_600 - 1] {
                    assert_eq!(offset(&made, time.max(0)), offset(&known, time.max(0)), "{name} at {time}");
                }
            }
            for minutes in (1_440..60_000_000_i64).step_by(97) {
                let local: DateTime = TimeZone::UTC.to_datetime(Timestamp::from_second(minutes * 60).unwrap());
                let both = [&made, &known].map(|zone| zone.to_timestamp(local).unwrap());
                assert_eq!(both[0], both[1], "{name} at {local}");
            }
        }
    }

    #[test]
    fn a_clock_that_cannot_be_read_makes_no_zone() {
        assert!(zone_from("Nowhere", |time| (time < 1_000_000_000).then_some(0)).is_none());
    }
}

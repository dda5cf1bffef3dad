use proptest::prelude::*;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg32;

use super::*;

const HOUR: u32 = 3600;
const DAY: u32 = 24 * HOUR;
/// 2021-03-14 00:00 UTC.
const START: u32 = 18_700 * DAY;
const NONE: [u32; 0] = [];

/// How a shop's customers come.
#[derive(Debug, Clone)]
struct Shop {
    days: u32,
    /// Events on the first day, and how many times as many on the last.
    per_day: f64,
    growth: f64,
    /// Opening hours: first hour, and how many.
    open: (u32, u32),
    /// Closed on these days of the week.
    closed: Vec<u32>,
    /// Closed from this day on for so many days.
    holidays: (u32, u32),
    /// Hour of the first day at which the log begins.
    from: u32,
    seed: u64,
}

impl Shop {
    fn busy(days: u32) -> Self {
        let (open, holidays) = ((0, 24), (0, 0));
        Self { days, per_day: 2400.0, growth: 1.0, open, closed: Vec::new(), holidays, from: 0, seed: 3 }
    }

    fn times(&self) -> Vec<u32> {
        let mut rng = Pcg32::seed_from_u64(self.seed);
        let mut times = Vec::new();
        for day in 0..self.days {
            let mean = self.per_day * self.growth.powf(f64::from(day) / f64::from(self.days));
            let holiday = day >= self.holidays.0 && day - self.holidays.0 < self.holidays.1;
            if holiday || self.closed.contains(&(day % 7)) {
                continue;
            }
            let whole = mean.floor();
            let count = whole as u32 + u32::from(rng.random::<f64>() < mean - whole);
            for _ in 0..count {
                let second = self.open.0 * HOUR + rng.random_range(0..self.open.1 * HOUR);
                if day > 0 || second >= self.from * HOUR {
                    times.push(START + day * DAY + second);
                }
            }
        }
        times
    }
}

fn shop() -> impl Strategy<Value = Shop> {
    let hours = (0u32..12, 4u32..13);
    let closed = prop::collection::vec(0u32..7, 0..3);
    let holidays = (0u32..300, prop_oneof![Just(0u32), 7u32..60]);
    (
        1u32..400,
        -1.0f64..4.3,
        prop_oneof![Just(1.0), 0.01f64..1.0, 1.0f64..100.0],
        hours,
        closed,
        holidays,
        0u32..24,
        any::<u64>(),
    )
        .prop_map(|(days, magnitude, growth, open, closed, holidays, from, seed)| Shop {
            days,
            // No more than some 300,000 events.
            per_day: 10f64.powf(magnitude).min(3e5 / f64::from(days) / growth.max(1.0)),
            growth,
            open,
            closed,
            holidays,
            from,
            seed,
        })
}

/// Times that lie outside the span that is found, ascending.
fn strays(times: &[u32]) -> Vec<u32> {
    let Some((first, last)) = plausible(&Density::new(times)) else { return Vec::new() };
    let mut strays: Vec<u32> = times.iter().copied().filter(|time| !(first..=last).contains(time)).collect();
    strays.sort_unstable();
    strays
}

fn planted(mut times: Vec<u32>, others: &[u32]) -> Vec<u32> {
    times.extend(others);
    strays(&times)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn shops_that_open_close_pause_grow_or_fade_lose_nothing(shop in shop()) {
        let times = shop.times();
        // One in a thousand events, weeks of nothing, and then all the others: nobody could tell these from strays.
        let before = times.partition_point(|&time| time < START + shop.holidays.0 * DAY);
        let fewer = before.min(times.len() - before);
        prop_assume!(shop.holidays.1 == 0 || fewer == 0 || fewer > times.len() / 1000);
        prop_assert_eq!(strays(&times), NONE);
    }

    #[test]
    fn strays_far_from_a_busy_log_are_found_and_no_others(
        days in 8u32..40,
        early in prop::collection::vec(DAY..3000 * DAY, 0..12),
        late in prop::collection::vec(DAY..3000 * DAY, 0..12),
    ) {
        let mut expected: Vec<u32> = early.iter().map(|before| START - before).collect();
        expected.extend(late.iter().map(|after| START + days * DAY + after));
        expected.sort_unstable();
        prop_assert_eq!(planted(Shop::busy(days).times(), &expected), expected);
    }

}

proptest! {
    // Times from 1970 to 2106 take 19 MB to count.
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn any_times_at_all_have_a_span(times in prop::collection::vec(any::<u32>(), 0..200)) {
        let span = plausible(&Density::new(&times));
        prop_assert_eq!(span.is_some(), !times.is_empty());
        // At most 1.1 % on each side, and what may be placeholders.
        prop_assert!(strays(&times).len() <= 4 + times.len() / 20);
    }

    #[test]
    fn time_reversed_finds_the_mirror_image(times in prop::collection::vec(any::<u32>(), 1..60)) {
        let density = Density::new(&times);
        prop_assert_eq!(density.mirrored().mirrored(), density);
    }
}

#[test]
fn placeholders_come_out_however_many_there_are() {
    let placeholders = [0, 1, DAY + 7 * HOUR, i32::MAX as u32, 24_855 * DAY, u32::MAX, 47_481 * DAY];
    let many: Vec<u32> = placeholders.iter().flat_map(|&time| vec![time; 500]).collect();
    let mut expected = many.clone();
    expected.sort_unstable();
    assert_eq!(planted(Shop::busy(2).times(), &many), expected);
    // Seconds since the start of an experiment are no placeholders, and neither is a log that lives through 2038.
    let since_start: Vec<u32> = (0..50_000).map(|n| n * 40).collect();
    assert_eq!(strays(&since_start), NONE);
    let through: Vec<u32> = (0..50_000).map(|n| i32::MAX as u32 - 1_000_000 + n * 40).collect();
    assert_eq!(strays(&through), NONE);
    assert_eq!(strays(&[0, 0, 0]), NONE);
}

#[test]
fn minutes_before_a_sharp_start_are_out_and_a_log_that_ebbs_away_is_in() {
    let bulk = Shop { per_day: 9600.0, ..Shop::busy(9) }.times();
    let before = [1, 3, 40, 700, 1900, 5000, 30_000].map(|seconds| START - seconds);
    let mut expected = before.to_vec();
    expected.sort_unstable();
    assert_eq!(planted(bulk.clone(), &before), expected);
    // Sessions that began before midnight go on for a while: fewer and fewer events, over three hours.
    let end = START + 9 * DAY;
    let mut ebb = Vec::new();
    let mut after = 20.0f64;
    while after < 3.0 * 3600.0 {
        ebb.push(end + after as u32);
        after *= 1.35;
    }
    assert!(ebb.len() > 15 && ebb.len() < bulk.len() / 1000);
    assert_eq!(planted(bulk, &ebb), NONE);
}

#[test]
fn a_closed_first_day_with_a_few_events_stays() {
    // Closed on Sundays but for two events each; the log begins on one.
    let shop = Shop { per_day: 2000.0, open: (8, 10), closed: vec![0], ..Shop::busy(40) };
    let mut times = shop.times();
    for sunday in (0..40).step_by(7) {
        times.extend([9 * HOUR, 15 * HOUR].map(|second| START + sunday * DAY + second));
    }
    assert_eq!(strays(&times), NONE);
}

#[test]
fn a_small_log_loses_a_time_years_away_and_none_within_the_year() {
    let times: Vec<u32> = (0..30).map(|n| START + n * n * HOUR).collect();
    assert_eq!(planted(times.clone(), &[START - 1000 * DAY]), [START - 1000 * DAY]);
    assert_eq!(planted(times, &[START - 300 * DAY]), NONE);
    // Too few to say what is usual.
    assert_eq!(strays(&[START, START + 5, START + 2000 * DAY]), NONE);
}

#[test]
fn exponential_growth_from_a_first_customer_loses_nobody() {
    // Event number n comes when the log has grown to n: pauses shrink from weeks to minutes.
    let times: Vec<u32> = (1..50_000u32).map(|n| START + (f64::from(n).ln() * 60.0 * 86_400.0) as u32).collect();
    assert_eq!(strays(&times), NONE);
    let end = times.last().copied().unwrap_or_default();
    let fading: Vec<u32> = times.iter().map(|time| START + (end - time)).collect();
    assert_eq!(strays(&fading), NONE);
}

use proptest::prelude::*;

use super::*;

fn options(length: WindowLength, zone: &str) -> WindowOptions {
    WindowOptions { length, time_zone: zone.into() }
}

fn unix(text: &str) -> u32 {
    u32::try_from(text.parse::<Timestamp>().unwrap().as_second()).unwrap()
}

#[test]
fn days_follow_local_midnight_through_clock_changes() {
    let windows = Windows::covering(
        unix("2024-03-30T12:00:00+01:00"),
        unix("2024-04-01T10:00:00+02:00"),
        &options(WindowLength::Day, "Europe/Berlin"),
    )
    .unwrap();
    let hours: Vec<i64> = windows.bounds().windows(2).map(|pair| (pair[1] - pair[0]) / 3600).collect();
    assert_eq!(hours, [24, 23, 24]);
    assert_eq!(windows.start(0), i64::from(unix("2024-03-30T00:00:00+01:00")));
    assert_eq!(windows.index_of(unix("2024-03-31T23:30:00+02:00")), Some(1));
    assert_eq!(windows.index_of(unix("2024-04-01T00:00:00+02:00")), Some(2));
}

#[test]
fn weeks_begin_on_monday() {
    let sunday = unix("2017-11-26T23:59:59+08:00");
    let windows = Windows::covering(sunday, sunday + 1, &options(WindowLength::Week, "Asia/Shanghai")).unwrap();
    assert_eq!(windows.len(), 2);
    assert_eq!(windows.start(0), i64::from(unix("2017-11-20T00:00:00+08:00")));
    assert_eq!(windows.index_of(sunday), Some(0));
    assert_eq!(windows.index_of(sunday + 1), Some(1));
}

#[test]
fn long_windows_begin_with_the_first_day() {
    for (length, days) in [(WindowLength::Days28, 28), (WindowLength::Weeks13, 91)] {
        let first = unix("2017-01-01T15:00:00Z");
        let windows = Windows::covering(first, first + 100 * 86_400, &options(length, "UTC")).unwrap();
        assert_eq!(windows.start(0), i64::from(unix("2017-01-01T00:00:00Z")));
        assert_eq!(windows.end(0) - windows.start(0), days * 86_400);
        assert!(windows.last_partial());
    }
}

#[test]
fn a_day_that_never_was_makes_no_empty_window() {
    let windows = Windows::covering(
        unix("2011-12-29T00:00:00-10:00"),
        unix("2012-01-01T00:00:00+14:00"),
        &options(WindowLength::Day, "Pacific/Apia"),
    )
    .unwrap();
    assert_eq!(windows.len(), 3);
}

#[test]
fn seconds_begin_with_the_window_of_the_first_event() {
    let first = unix("2020-05-05T20:07:00Z");
    let windows = Windows::covering(first, first + 3600, &options(WindowLength::Seconds(900), "UTC")).unwrap();
    assert_eq!(windows.start(0), i64::from(unix("2020-05-05T20:00:00Z")));
    assert_eq!(windows.len(), 5);
}

#[test]
fn too_many_windows_and_bad_parameters_are_refused_with_a_hint() {
    let (first, last) = (unix("1995-01-01T00:00:00Z"), unix("2025-01-01T00:00:00Z"));
    assert_eq!(Windows::covering(first, last, &options(WindowLength::Day, "UTC")).unwrap().len(), 10_959);
    let bad =
        [(WindowLength::Seconds(1), "UTC"), (WindowLength::Seconds(0), "UTC"), (WindowLength::Day, "Europe/Atlantis")];
    for (length, zone) in bad {
        let error = Windows::covering(first, last, &options(length, zone)).unwrap_err();
        assert_eq!(error.code(), "parameter");
    }
    assert!(Windows::of_log(&Log::new(), &options(WindowLength::Day, "UTC")).is_err());
}

#[test]
fn windows_longer_than_all_of_time_are_one_window() {
    let windows = Windows::covering(5, u32::MAX, &options(WindowLength::Seconds(u64::MAX), "America/Lima")).unwrap();
    assert_eq!((windows.len(), windows.index_of(5), windows.index_of(u32::MAX)), (1, Some(0), Some(0)));
}

#[test]
fn the_last_fixed_window_takes_the_rest_of_the_year() {
    let origin = 1_483_228_800;
    let windows = Windows::fixed(origin, 2_419_200, 13).unwrap();
    let end = windows.end(12) as u32;
    assert_eq!((windows.index_of(end - 1), windows.index_of(end)), (Some(12), None));
    let windows = windows.ending_at(i64::from(unix("2018-01-01T05:00:00Z"))).unwrap();
    assert_eq!((windows.index_of(end), windows.index_of(origin as u32 - 1)), (Some(12), None));
    assert!(windows.ending_at(origin).is_err());
    assert!(
        Windows::fixed(i64::MAX, 1, 1).is_err() && Windows::fixed(0, 0, 1).is_err() && Windows::fixed(0, 1, 0).is_err()
    );
}

#[test]
fn window_lengths_look_like_the_types_of_the_page() {
    for (length, json) in
        [(WindowLength::Days28, "\"days28\""), (WindowLength::Day, "\"day\""), (WindowLength::Seconds(60), "60")]
    {
        assert_eq!(serde_json::to_string(&length).unwrap(), json);
        assert_eq!(serde_json::from_str::<WindowLength>(json).unwrap(), length);
    }
    let windows = Windows::fixed(0, 10, 2).unwrap();
    assert_eq!(serde_json::to_string(&windows).unwrap(), r#"{"bounds":[0.0,10.0,20.0],"lastPartial":false}"#);
}

proptest! {
    #[test]
    fn every_time_of_the_span_lies_in_the_window_that_a_search_finds(
        first in 0u32..2_000_000_000,
        span in 0u32..200_000_000,
        at in 0f64..=1.0,
        length in prop::sample::select(vec![
            WindowLength::Day, WindowLength::Week, WindowLength::Days28, WindowLength::Weeks13, WindowLength::Seconds(100_003),
        ]),
        zone in prop::sample::select(vec!["UTC", "America/Sao_Paulo", "Europe/London", "Asia/Shanghai", "Australia/Lord_Howe"]),
    ) {
        let windows = Windows::covering(first, first + span, &options(length, zone)).unwrap();
        prop_assert!(windows.bounds().windows(2).all(|pair| pair[0] < pair[1]));
        let time = first + (f64::from(span) * at) as u32;
        let expected = windows.bounds().partition_point(|&bound| bound <= i64::from(time)) - 1;
        prop_assert_eq!(windows.index_of(time), Some(expected));
        prop_assert_eq!(windows.index_of(first), Some(0));
        prop_assert_eq!(windows.index_of(first + span), Some(windows.len() - 1));
    }
}

#[test]
fn a_longer_log_continues_the_same_windows() {
    let first = unix("2024-03-13T10:00:00+01:00");
    for length in [WindowLength::Day, WindowLength::Week, WindowLength::Days28, WindowLength::Seconds(5 * 3600)] {
        let to = |days: u32| {
            let options = options(length, "Europe/Berlin");
            Windows::covering(first, first + days * 86_400, &options).unwrap()
        };
        let (short, long) = (to(40), to(200));
        assert!(long.len() > short.len());
        assert_eq!(long.bounds()[..=short.len()], *short.bounds());
    }
}

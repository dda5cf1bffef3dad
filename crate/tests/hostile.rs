//! Content that means harm, or is out of all proportion: it is read as what it is, or refused with a reason.

use driftscope::{
    Error, Result,
    event::Log,
    ingest::{CleaningOptions, Compression, FilePlanPatch, Loader, RawLog, clean, inspect},
    interest::{
        InterestOptions, Scope, UserQuery, WindowLength, WindowOptions, drift, evolution, summary, transfer, users,
    },
};

/// Markup, scripts, names that JavaScript objects have, formulas, direction marks, quotes, characters of every length.
const NAMES: [&str; 12] = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "__proto__",
    "constructor",
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(A1)",
    "\u{202e}gnp.exe",
    "\u{2066}isolated\u{2069}",
    "\"quoted\", and cut",
    "ß\u{301}€𝄞👩\u{200d}👩\u{200d}👧",
    "%00${7*7}{{7*7}}",
];

/// Reads a file as the page does: looks at its first bytes, then reads it by what was found, in pieces.
fn read(bytes: &[u8]) -> Result<RawLog> {
    let head = &bytes[..bytes.len().min(512 << 10)];
    let whole = head.len() == bytes.len();
    let plan = inspect("log.csv", Compression::None, head, whole, &FilePlanPatch::default())?.plan;
    let mut loader = Loader::new();
    loader.begin(plan)?;
    for piece in bytes.chunks(256 << 10) {
        loader.push(piece)?;
    }
    loader.end()?;
    loader.finish()
}

/// Everything that the page shows before anything is trained.
fn look_at(raw: &RawLog) -> Result<Log> {
    let log = clean(raw, &CleaningOptions::default())?.log;
    let _ = summary(&log, false);
    let window = WindowOptions { length: WindowLength::Week, time_zone: "Europe/Berlin".into() };
    let options = InterestOptions { window, half_life: Some(2.0), weigh_kinds: true };
    evolution(&log, &Scope::Everyone, &options)?;
    transfer(&log, &Scope::Everyone, &options, None, 20)?;
    drift(&log, &Scope::Everyone, &options)?;
    Ok(log)
}

fn csv(rows: impl Iterator<Item = String>) -> Vec<u8> {
    let header = "user_id,item_id,category,event_type,timestamp\n".to_owned();
    std::iter::once(header).chain(rows).collect::<String>().into_bytes()
}

fn time(row: usize) -> usize {
    1_700_000_000 + row * 3_600
}

#[test]
fn names_come_through_as_they_are() {
    let rows = (0..600).map(|row| {
        let name = format!("\"{}\"", NAMES[row % NAMES.len()].replace('"', "\"\""));
        format!("{name},{name},{name},{name},{}\n", time(row))
    });
    let log = look_at(&read(&csv(rows)).unwrap()).unwrap();
    let query = UserQuery { text: String::new(), offset: 0, limit: 50 };
    let sorted = |mut names: Vec<String>| {
        names.sort();
        names
    };
    let expected = sorted(NAMES.map(str::to_owned).to_vec());
    assert_eq!(sorted(users(&log, &query).rows.into_iter().map(|row| row.name).collect()), expected);
    assert_eq!(sorted(log.domains.iter().map(str::to_owned).collect()), expected);
    assert_eq!(sorted(log.kinds.iter().map(|(name, _)| name.to_owned()).collect()), expected);
}

#[test]
fn a_cell_of_ten_megabytes_costs_its_row_only() {
    let row = |user: &str, n: usize| format!("{user},i{},d,view,{}\n", n % 9, time(n));
    let huge = "x".repeat(10_000_000);
    let rows = (0..100).map(|n| row("u", n)).chain([row(&huge, 100)]).chain((101..200).map(|n| row("u", n)));
    let raw = read(&csv(rows)).unwrap();
    assert_eq!(raw.log.len(), 199);
    look_at(&raw).unwrap();
}

#[test]
fn of_a_million_kinds_the_first_are_kept_and_the_rest_named_as_too_many() {
    let rows = (0..1_000_000).map(|n| format!("u{},i{},d,kind{n},{}\n", n % 100, n % 50, 1_700_000_000 + n));
    let raw = read(&csv(rows)).unwrap();
    assert!((200..=256).contains(&raw.log.len()), "{}", raw.log.len());
    let report = clean(&raw, &CleaningOptions::default()).unwrap().report;
    let told = serde_json::to_string(&report).unwrap();
    assert!(told.contains("kinds.too_many"), "{told}");
    look_at(&raw).unwrap();
}

#[test]
fn domains_without_number_are_read_and_the_flows_between_them_refused() {
    // Each of 8 users has some 5,800 domains a week, and others the week after: 34 million pairs a step.
    let rows = (0..300_000).map(|n| format!("u{},i{},d{},view,{}\n", n % 8, n / 2, n / 2, 1_700_000_000 + n * 13));
    let raw = read(&csv(rows)).unwrap();
    assert_eq!(raw.log.domains.len(), 150_000);
    let refused = look_at(&raw).map(drop);
    assert!(matches!(refused, Err(Error::Memory { .. })), "{refused:?}");
}

//! Cleanings of real logs, checked against counts made with pandas. Skipped where the data are not there.

use std::path::PathBuf;

use crate::ingest::{
    CleaningOptions, ColumnPlan, Compression, Encoding, FilePlan, Format, Loader, MissingDomain, Preset, QualityReport,
    RawLog, RejectedRows, RuleName, TableKind, TimeFormat,
};

use super::clean;

/// The bytes of a file of a data set; `None`, and a line that says so, where it is not there.
fn bytes(set: &str, name: &str) -> Option<Vec<u8>> {
    let root = std::env::var_os("DRIFTSCOPE_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"), PathBuf::from);
    let path = root.join(set).join(name);
    let bytes = std::fs::read(&path).ok();
    if bytes.is_none() {
        println!("skipped: there is no {}", path.display());
    }
    bytes
}

/// The files of a data set, read with these columns.
fn read(set: &str, files: &[(&str, TableKind, &str)]) -> Option<RawLog> {
    let mut loader = Loader::new();
    for (name, table, columns) in files {
        let bytes = bytes(set, name)?;
        loader.begin(plan(name, *table, columns)).unwrap();
        bytes.chunks(1 << 18).for_each(|piece| loader.push(piece).unwrap());
        loader.end().unwrap();
    }
    Some(loader.finish().unwrap())
}

/// `columns`: the roles in order, `-` for those not read.
fn plan(name: &str, table: TableKind, columns: &str) -> FilePlan {
    let role = |word: &str| if word == "-" { "ignore".to_owned() } else { word.to_owned() };
    let column = |word| ColumnPlan { name: role(word), role: serde_json::from_value(role(word).into()).unwrap() };
    FilePlan {
        name: name.to_owned(),
        table,
        format: Format::Delimited,
        compression: Compression::Gzip,
        encoding: Encoding::Utf8,
        delimiter: if name.contains(".tsv") { "\t" } else { "," }.to_owned(),
        has_header: true,
        preset: Preset::Generic,
        columns: columns.split(' ').map(column).collect(),
        time_format: TimeFormat::Seconds,
        time_zone: "UTC".to_owned(),
        default_kind: "purchase".to_owned(),
    }
}

/// Rows touched by each rule that touched any.
fn touched(report: &QualityReport) -> Vec<(RuleName, u64)> {
    assert_eq!(report.rows_accepted + report.rows_rejected, report.rows_read);
    report.rules.iter().filter(|rule| rule.touched > 0).map(|rule| (rule.rule, rule.touched)).collect()
}

#[test]
fn taobao_loses_its_strays_and_nothing_else() {
    let columns = "user item domain kind time";
    let Some(raw) = read("taobao_userbehavior", &[("events.csv.gz", TableKind::Events, columns)]) else { return };
    let options = CleaningOptions { min_events_per_user: 5, ..Default::default() };
    let cleaned = clean(&raw, &options).unwrap();
    let (time, item, user) = (RuleName::TimeOutOfRange, RuleName::SparseItem, RuleName::SparseUser);
    assert_eq!(touched(&cleaned.report), [(time, 35), (item, 40_879), (user, 7)]);
    assert_eq!((cleaned.report.rows_rejected, cleaned.log.len()), (35, 84_440));
    // 2017-11-25 00:00 to 2017-12-04 00:00 in UTC+8.
    let inside = 1_511_539_200..1_512_316_800;
    assert!(cleaned.log.times().iter().all(|time| inside.contains(time)));

    // The second pass finds just these rows.
    let Some(bytes) = bytes("taobao_userbehavior", "events.csv.gz") else { return };
    let mut second = RejectedRows::new();
    let verdict = |event| cleaned.verdicts.rule(event);
    second.begin(&raw, &plan("events.csv.gz", TableKind::Events, columns)).unwrap();
    let mut rows = second.push(&raw, verdict, &bytes).unwrap();
    rows.extend(second.end(&raw, verdict).unwrap());
    let rows = String::from_utf8(rows).unwrap();
    let times = rows
        .lines()
        .filter(|line| line.contains(",time_out_of_range,"))
        .map(|line| line.trim_end_matches('"').rsplit(',').next().and_then(|time| time.parse::<u32>().ok()).unwrap());
    assert_eq!(times.filter(|time| !inside.contains(time)).count(), 35);
    assert_eq!(rows.lines().count(), 35);
}

#[test]
fn ciao_loses_its_duplicates_and_nothing_else() {
    let files = [
        ("ratings.csv.gz", TableKind::Events, "user item domain - - time"),
        ("trust.csv.gz", TableKind::Edges, "user friend"),
    ];
    let Some(raw) = read("ciao", &files) else { return };
    let report = clean(&raw, &CleaningOptions::default()).unwrap().report;
    assert_eq!(touched(&report), [(RuleName::ExactDuplicate, 190), (RuleName::SparseItem, 67_542)]);
    assert_eq!(report.rows_rejected, 190);
}

#[test]
fn complete_journey_keeps_every_line() {
    let columns = "user - item - - - - - time";
    let mut files =
        ["transactions_q1.csv.gz", "transactions_q2.csv.gz", "transactions_q3.csv.gz", "transactions_q4.csv.gz"]
            .map(|name| (name, TableKind::Events, columns))
            .to_vec();
    files.push(("products.csv.gz", TableKind::Items, "item - - - domain title -"));
    let Some(raw) = read("complete_journey", &files) else { return };
    let report = clean(&raw, &CleaningOptions::default()).unwrap().report;
    // Lines of products that have no category, that were bought once, and of households with fewer than three lines.
    let (domain, item, user) = (RuleName::MissingDomain, RuleName::SparseItem, RuleName::SparseUser);
    assert_eq!(touched(&report), [(domain, 5738), (item, 22_559), (user, 9)]);
    assert_eq!((report.rows_read, report.rows_rejected), (1_192_907 + 92_331, 0));
    let options = CleaningOptions { missing_domain: MissingDomain::Reject, ..Default::default() };
    assert_eq!(clean(&raw, &options).unwrap().report.rows_rejected, 5738);
}

#[test]
fn yoochoose_keeps_its_last_sessions() {
    let columns = "user item time";
    let files = ["train.tsv.gz", "test.tsv.gz"].map(|name| (name, TableKind::Events, columns));
    let Some(raw) = read("yoochoose_100k", &files) else { return };
    let report = clean(&raw, &CleaningOptions::default()).unwrap().report;
    let (duplicate, domain, user) = (RuleName::ExactDuplicate, RuleName::MissingDomain, RuleName::SparseUser);
    assert_eq!(touched(&report), [(duplicate, 1), (domain, 83_845), (user, 18_306)]);
    assert_eq!(report.rows_rejected, 1);
}

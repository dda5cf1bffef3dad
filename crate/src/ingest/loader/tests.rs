use std::io::Write;
use std::path::PathBuf;

use flate2::{Compression as Level, write::GzEncoder};

use super::*;
use crate::event::NONE;
use crate::ingest::plan::{ColumnPlan, Compression, Encoding, Format, Preset, TimeFormat};

/// A plan for comma-separated events without a header; `columns`: `name role`, or only the role.
fn plan(columns: &[&str]) -> FilePlan {
    let column = |text: &&str| {
        let (name, role) = text.split_once(' ').unwrap_or((text, text));
        let role = serde_json::from_value(role.into()).expect("a role");
        ColumnPlan { name: name.to_owned(), role }
    };
    FilePlan {
        name: "log.csv".to_owned(),
        table: TableKind::Events,
        format: Format::Delimited,
        compression: Compression::None,
        encoding: Encoding::Utf8,
        delimiter: ",".to_owned(),
        has_header: false,
        preset: Preset::Generic,
        columns: columns.iter().map(column).collect(),
        time_format: TimeFormat::Seconds,
        time_zone: "UTC".to_owned(),
        default_kind: "purchase".to_owned(),
    }
}

/// User, item and time.
fn simple() -> FilePlan {
    plan(&["user", "item", "time"])
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Level::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Reads one file after the other, in pieces of `piece` bytes.
fn load(files: &[(FilePlan, &[u8])], piece: usize) -> Result<RawLog> {
    let mut loader = Loader::new();
    for (plan, bytes) in files {
        loader.begin(plan.clone())?;
        for bytes in bytes.chunks(piece) {
            loader.push(bytes)?;
        }
        loader.end()?;
    }
    loader.finish()
}

fn read(plan: FilePlan, bytes: impl AsRef<[u8]>) -> Result<RawLog> {
    load(&[(plan, bytes.as_ref())], 1 << 18)
}

/// Events as `user item domain kind time`.
fn events(raw: &RawLog) -> Vec<String> {
    let log = &raw.log;
    let domain = |item| Some(log.items.domain(item)).filter(|&d| d != NONE).map_or("-", |d| log.domains.name(d));
    log.iter()
        .map(|e| {
            let (user, item) = (log.users.name(e.user), log.items.name(e.item));
            format!("{user} {item} {} {} {}", domain(e.item), log.kinds.name(e.kind), e.time)
        })
        .collect()
}

/// Rejected rows as `rule line column`, of those kept as examples.
fn rejected(raw: &RawLog) -> Vec<String> {
    raw.examples
        .iter()
        .map(|(rule, e)| format!("{} {} {}", rule.name(), e.line, e.column.map_or("-".to_owned(), |c| c.to_string())))
        .collect()
}

/// Read, accepted and rejected rows of a file. Accepted is what the table took, so the three must add up.
fn counts(raw: &RawLog, file: usize) -> (u64, u64, u64) {
    let file = &raw.files[file];
    (file.rows, u64::from(file.events), file.rejected.total())
}

fn note<'a>(raw: &'a RawLog, code: &str) -> Option<&'a Note> {
    raw.notes.iter().find(|note| note.code == code)
}

#[test]
fn plain_and_gzip_give_the_same_events() {
    let text = "u1,i1,10\r\nu2,i2,20\nu1,\"i,\"\"3\n\",30";
    let raw = read(simple(), text).unwrap();
    assert_eq!(events(&raw), ["u1 i1 - purchase 10", "u2 i2 - purchase 20", "u1 i,\"3 - purchase 30"]);
    assert_eq!(counts(&raw, 0), (3, 3, 0));
    let parts = [gzip(b"u1,i1,10\r\nu2,i"), gzip(b"2,20\nu1,\"i,\"\"3\n\",30")].concat();
    assert_eq!(events(&read(simple(), parts).unwrap()), events(&raw));
}

/// Folder of a real data set, if it is there.
fn data(set: &str) -> Option<PathBuf> {
    let root = std::env::var_os("DRIFTSCOPE_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data"), PathBuf::from);
    let folder = root.join(set);
    let there = folder.is_dir();
    if !there {
        println!("skipped: there is no {}", folder.display());
    }
    there.then_some(folder)
}

fn file(folder: &std::path::Path, name: &str, mut plan: FilePlan) -> (FilePlan, Vec<u8>) {
    plan.name = name.to_owned();
    plan.has_header = true;
    (plan, std::fs::read(folder.join(name)).unwrap())
}

#[test]
fn complete_journey_is_read_whole() {
    let Some(folder) = data("complete_journey") else { return };
    let transactions = plan(&[
        "household_id user",
        "basket ignore",
        "product_id item",
        "quantity ignore",
        "sales_value ignore",
        "retail_disc ignore",
        "coupon_disc ignore",
        "store_id ignore",
        "timestamp time",
    ]);
    let mut products = plan(&[
        "product_id item",
        "manufacturer_id ignore",
        "department ignore",
        "brand ignore",
        "product_category domain",
        "product_type title",
        "package_size ignore",
    ]);
    products.table = TableKind::Items;
    let mut files = vec![file(&folder, "products.csv.gz", products)];
    for quarter in 1..=4 {
        files.push(file(&folder, &format!("transactions_q{quarter}.csv.gz"), transactions.clone()));
    }
    let files: Vec<_> = files.iter().map(|(plan, bytes)| (plan.clone(), bytes.as_slice())).collect();
    let begin = std::time::Instant::now();
    let raw = load(&files, 1 << 18).unwrap();
    println!("{} rows in {:?}", raw.log.len(), begin.elapsed());
    assert_eq!(
        (1..5).map(|file| counts(&raw, file)).collect::<Vec<_>>(),
        [(296_664, 296_664, 0), (296_219, 296_219, 0), (295_667, 295_667, 0), (304_357, 304_357, 0)]
    );
    assert_eq!((raw.log.users.len(), raw.log.items.len(), raw.files[0].rows), (1_970, 63_491, 92_331));
    assert_eq!(raw.log.domains.len(), 302);
}

#[test]
fn taobao_is_read_whole() {
    let Some(folder) = data("taobao_userbehavior") else { return };
    let plan = plan(&["user", "item", "category domain", "behavior kind", "timestamp time"]);
    let (plan, bytes) = file(&folder, "events.csv.gz", plan);
    let raw = read(plan, bytes).unwrap();
    assert_eq!(counts(&raw, 0), (84_475, 84_475, 0));
    assert_eq!(
        (raw.log.users.len(), raw.log.items.len() - raw.log.items.variant_count(), raw.log.domains.len()),
        (815, 55_368, 2_914)
    );
    let kinds: Vec<_> = raw.log.kinds.iter().map(|(name, _)| name.to_owned()).collect();
    assert_eq!(kinds.len(), 4);
}

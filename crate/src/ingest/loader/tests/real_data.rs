//! The data sets that lie beside the repository, where they do.

use std::path::PathBuf;

use super::*;
use crate::ingest::{CleaningOptions, RejectedRows, clean};

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
fn taobao_is_read_whole_and_loses_its_strays() {
    let Some(folder) = data("taobao_userbehavior") else { return };
    let plan = plan(&["user", "item", "category domain", "behavior kind", "timestamp time"]);
    let (plan, bytes) = file(&folder, "events.csv.gz", plan);
    let raw = read(plan.clone(), &bytes).unwrap();
    assert_eq!(counts(&raw, 0), (84_475, 84_475, 0));
    let items = raw.log.items.len() - raw.log.items.variant_count();
    assert_eq!((raw.log.users.len(), items, raw.log.domains.len()), (815, 55_368, 2_914));
    let mut kinds = vec![0; raw.log.kinds.len()];
    raw.log.iter().for_each(|event| kinds[usize::from(event.kind)] += 1);
    let mut kinds: Vec<_> = raw.log.kinds.iter().zip(kinds).map(|((name, _), events)| (name, events)).collect();
    kinds.sort_unstable();
    assert_eq!(kinds, [("cart", 4_497), ("favourite", 2_356), ("purchase", 1_750), ("view", 75_872)]);

    let cleaned = clean(&raw, &CleaningOptions::default()).unwrap();
    let mut pass = RejectedRows::new();
    pass.begin(&raw, &plan).unwrap();
    let verdict = |event| cleaned.verdicts.rule(event);
    let mut out = RejectedRows::header().to_vec();
    out.extend(pass.push(&raw, verdict, &bytes).unwrap());
    out.extend(pass.end(&raw, verdict).unwrap());
    let rows: Vec<_> = csv::Reader::from_reader(out.as_slice()).into_records().map(|row| row.unwrap()).collect();
    assert_eq!((rows.len() as u64, raw.log.len()), (cleaned.report.rows_rejected, rows.len() + cleaned.log.len()));
    let strays: Vec<_> = rows.iter().filter(|row| &row[2] == "time_out_of_range").collect();
    assert_eq!(strays.len(), 35);
    // Nine days from 2017-11-25 00:00 UTC+8 on.
    for row in strays {
        let time: i64 = row[3].rsplit(',').next().unwrap().parse().unwrap();
        assert!(!(1_511_539_200..1_512_316_800).contains(&time), "{row:?}");
    }
}

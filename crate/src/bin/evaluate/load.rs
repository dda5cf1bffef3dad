//! Reads the data sets exactly as PROTOCOL.md's table "Loading" says: this is the protocol's own reading, without the
//! cleaning that people's logs get.

use std::{
    collections::{HashMap, HashSet},
    fs::File,
    path::Path,
};

use csv::{ByteRecord, Reader};
use driftscope::event::{Event, Log};
use flate2::read::MultiGzDecoder;

use crate::Failure;

/// 2001-01-01 UTC.
pub const CIAO_START: i64 = 978_307_200;
/// 2017-11-25 00:00 UTC+8.
pub const TAOBAO_START: i64 = 1_511_539_200;
const TAOBAO_END: i64 = 1_512_316_800;
const NO_CATEGORY: [&str; 2] = ["", "COUPON/MISC ITEMS"];

/// `ratings.csv.gz`: the first row of each (user, item) in file order, then those from 2001 on.
pub fn ciao(folder: &Path) -> Result<Log, Failure> {
    let mut log = Log::new();
    let mut seen = HashSet::new();
    each(&folder.join("ratings.csv.gz"), ["user", "item", "category", "timestamp"], |[user, item, domain, time]| {
        let time = seconds(time)?;
        if seen.insert((user.to_owned(), item.to_owned())) && time >= CIAO_START {
            push(&mut log, user, item, domain, "rating", time)?;
        }
        Ok(())
    })?;
    log.sort();
    Ok(log)
}

/// All `transactions_*.csv.gz`, joined with `products.csv.gz`; rows without a category are left out.
pub fn complete_journey(folder: &Path) -> Result<Log, Failure> {
    let mut categories = HashMap::new();
    each(&folder.join("products.csv.gz"), ["product_id", "product_category"], |[product, category]| {
        categories.insert(product.to_owned(), category.to_owned());
        Ok(())
    })?;
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("transactions_")))
        .collect();
    files.sort();
    if files.is_empty() {
        return Err(format!("{}: no transactions_*.csv.gz", folder.display()).into());
    }
    let mut log = Log::new();
    for file in files {
        each(&file, ["household_id", "product_id", "timestamp"], |[user, item, time]| match categories.get(item) {
            Some(domain) if !NO_CATEGORY.contains(&domain.as_str()) => {
                push(&mut log, user, item, domain, "purchase", seconds(time)?)
            }
            _ => Ok(()),
        })?;
    }
    log.sort();
    Ok(log)
}

/// `events.csv.gz`, those within the nine days.
pub fn taobao(folder: &Path) -> Result<Log, Failure> {
    let mut log = Log::new();
    let columns = ["user", "item", "category", "behavior", "timestamp"];
    each(&folder.join("events.csv.gz"), columns, |[user, item, domain, kind, time]| {
        let time = seconds(time)?;
        if (TAOBAO_START..TAOBAO_END).contains(&time) {
            push(&mut log, user, item, domain, kind, time)?;
        }
        Ok(())
    })?;
    log.sort();
    Ok(log)
}

fn push(log: &mut Log, user: &str, item: &str, domain: &str, kind: &str, time: i64) -> Result<(), Failure> {
    let time = u32::try_from(time).map_err(|_| format!("the time lies outside 1970 to 2106: {time}"))?;
    let kind = log.kinds.intern(kind).ok_or("more than 256 kinds of event")?;
    let user = log.users.intern(user);
    let domain = log.domains.intern(domain);
    let item = log.items.intern(item, domain);
    log.push(Event { user, item, time, kind, platform: 0 });
    Ok(())
}

fn seconds(text: &str) -> Result<i64, Failure> {
    text.parse().map_err(|_| format!("not a time in Unix seconds: {text:?}").into())
}

/// Calls `row` with the named columns of each row; errors say file and line.
fn each<const N: usize>(
    path: &Path,
    columns: [&str; N],
    mut row: impl FnMut([&str; N]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let place = path.display();
    let file = File::open(path).map_err(|error| format!("{place}: {error}"))?;
    let mut reader = Reader::from_reader(MultiGzDecoder::new(file));
    let header = reader.headers().map_err(|error| format!("{place}: {error}"))?;
    let mut indices = [0; N];
    for (index, name) in indices.iter_mut().zip(columns) {
        *index =
            header.iter().position(|own| own == name).ok_or_else(|| format!("{place}: there is no column {name}"))?;
    }
    let mut record = ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(|error| format!("{place}: {error}"))? {
        let line = record.position().map_or(0, csv::Position::line);
        let mut fields = [""; N];
        for (field, &index) in fields.iter_mut().zip(&indices) {
            let bytes = record.get(index).unwrap_or_default();
            *field = std::str::from_utf8(bytes).map_err(|error| format!("{place}, line {line}: {error}"))?;
        }
        row(fields).map_err(|error| format!("{place}, line {line}: {error}"))?;
    }
    Ok(())
}

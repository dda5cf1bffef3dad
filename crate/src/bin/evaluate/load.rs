//! Reads the data sets exactly as PROTOCOL.md's table "Loading" says: through the readers of `ingest`, but without the
//! cleaning that people's logs get.

use std::{collections::HashSet, fs::File, io::Read, path::Path};

use driftscope::{
    event::{Event, Log, NONE},
    ingest::{self, Compression, FilePlan, FilePlanPatch, Loader, Role, TableKind, TimeFormat},
};

use flate2::read::MultiGzDecoder;

use crate::Failure;

/// 2001-01-01 UTC.
pub const CIAO_START: i64 = 978_307_200;
/// 2017-11-25 00:00 UTC+8.
pub const TAOBAO_START: i64 = 1_511_539_200;
const TAOBAO_END: i64 = 1_512_316_800;
const NO_CATEGORY: &str = "COUPON/MISC ITEMS";
/// Bytes that are read at a time.
const PIECE: usize = 1 << 18;

/// `ratings.csv.gz`: the first row of each (user, item) in file order, then those from 2001 on.
pub fn ciao(folder: &Path) -> Result<Log, Failure> {
    let columns = [("user", Role::User), ("item", Role::Item), ("category", Role::Domain), ("timestamp", Role::Time)];
    let mut files = Files::default();
    files.read(folder, "ratings.csv.gz", TableKind::Events, &columns, "rating")?;
    let mut seen = HashSet::new();
    files.events(|log, event| {
        seen.insert((event.user, log.items.base(event.item))) && i64::from(event.time) >= CIAO_START
    })
}

/// All `transactions_*.csv.gz`, joined with `products.csv.gz`; rows without a category are left out.
pub fn complete_journey(folder: &Path) -> Result<Log, Failure> {
    let entries = std::fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut names: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .filter(|name| name.starts_with("transactions_"))
        .collect();
    names.sort();
    if names.is_empty() {
        return Err(format!("{}: no transactions_*.csv.gz", folder.display()).into());
    }
    let mut files = Files::default();
    let products = [("product_id", Role::Item), ("product_category", Role::Domain)];
    files.read(folder, "products.csv.gz", TableKind::Items, &products, "")?;
    let columns = [("household_id", Role::User), ("product_id", Role::Item), ("timestamp", Role::Time)];
    for name in names {
        files.read(folder, &name, TableKind::Events, &columns, "purchase")?;
    }
    files.events(|log, event| {
        let domain = log.domain_of(event);
        domain != NONE && log.domains.name(domain) != NO_CATEGORY
    })
}

/// `events.csv.gz`, those within the nine days.
pub fn taobao(folder: &Path) -> Result<Log, Failure> {
    let columns = [
        ("user", Role::User),
        ("item", Role::Item),
        ("category", Role::Domain),
        ("behavior", Role::Kind),
        ("timestamp", Role::Time),
    ];
    let mut files = Files::default();
    files.read(folder, "events.csv.gz", TableKind::Events, &columns, "")?;
    files.events(|_, event| (TAOBAO_START..TAOBAO_END).contains(&i64::from(event.time)))
}

/// Adds the directed edges of `trust.csv.gz` to the log of the same folder, each once.
pub fn add_trust(log: &mut Log, folder: &Path) -> Result<(), Failure> {
    let path = folder.join("trust.csv.gz");
    let file = File::open(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut seen = HashSet::new();
    for record in csv::Reader::from_reader(MultiGzDecoder::new(file)).records() {
        let record = record?;
        let user = |index: usize| log.users.get(record.get(index).unwrap_or_default());
        // Whoever has no event stands for nobody's taste.
        let (Some(a), Some(b)) = (user(0), user(1)) else { continue };
        if seen.insert((a, b)) {
            log.edges.push((a, b));
        }
    }
    Ok(())
}

/// The files of a data set, read so far.
#[derive(Default)]
struct Files {
    loader: Loader,
    /// Rows of events tables.
    rows: u64,
}

impl Files {
    /// Reads a file with a header; of its columns only those that are named.
    fn read(
        &mut self,
        folder: &Path,
        name: &str,
        table: TableKind,
        columns: &[(&str, Role)],
        kind: &str,
    ) -> Result<(), Failure> {
        let before = self.loader.rows_read();
        feed(&mut self.loader, &folder.join(name), |head, whole| {
            let mut plan = ingest::inspect(name, Compression::None, head, whole, &FilePlanPatch::default())?.plan;
            assign(&mut plan, columns)?;
            plan.table = table;
            plan.time_format = TimeFormat::Seconds;
            plan.default_kind = kind.to_owned();
            Ok(plan)
        })?;
        if table == TableKind::Events {
            self.rows += self.loader.rows_read() - before;
        }
        Ok(())
    }

    /// The events that `keep` accepts, sorted, with tables of just what they name.
    fn events(self, mut keep: impl FnMut(&Log, &Event) -> bool) -> Result<Log, Failure> {
        let read = self.loader.finish()?.log;
        if read.len() as u64 != self.rows {
            return Err(format!("of {} rows, {} are no events", self.rows, self.rows - read.len() as u64).into());
        }
        let mut log = Log::new();
        for event in read.iter().filter(|event| keep(&read, event)) {
            let kind = log.kinds.intern(read.kinds.name(event.kind)).ok_or("more than 256 kinds of event")?;
            let user = log.users.intern(read.users.name(event.user));
            let domain = log.domains.intern(read.domains.name(read.domain_of(&event)));
            let item = log.items.intern(read.items.name(event.item), domain);
            log.push(Event { user, item, kind, ..event });
        }
        log.sort();
        Ok(log)
    }
}

/// Reads a file in pieces; `plan` gets the first of them, and whether it is the whole file.
pub fn feed(
    loader: &mut Loader,
    path: &Path,
    plan: impl FnOnce(&[u8], bool) -> Result<FilePlan, Failure>,
) -> Result<(), Failure> {
    let failed = |error| format!("{}: {error}", path.display());
    let mut file = File::open(path).map_err(failed)?;
    let mut piece = Vec::with_capacity(PIECE);
    let mut next = |piece: &mut Vec<u8>| -> Result<bool, Failure> {
        piece.clear();
        Ok(file.by_ref().take(PIECE as u64).read_to_end(piece).map_err(failed)? > 0)
    };
    next(&mut piece)?;
    loader.begin(plan(&piece, piece.len() < PIECE)?)?;
    loop {
        loader.push(&piece)?;
        if !next(&mut piece)? {
            break;
        }
    }
    Ok(loader.end()?)
}

/// Gives the named columns their roles, and no other.
fn assign(plan: &mut FilePlan, columns: &[(&str, Role)]) -> Result<(), Failure> {
    plan.columns.iter_mut().for_each(|column| column.role = Role::Ignore);
    for &(name, role) in columns {
        let column = plan.columns.iter_mut().find(|column| column.name == name);
        column.ok_or_else(|| format!("{}: there is no column {name}", plan.name))?.role = role;
    }
    Ok(())
}

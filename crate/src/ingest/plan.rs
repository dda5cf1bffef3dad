//! How a file is to be read, and what was found out about it. The same shapes as in the package's `types.ts`.

use driftscope_kernels::Order;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::detect::domain_rank;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TableKind {
    /// One event a row.
    Events,
    /// One item a row, with its domain or title.
    Items,
    /// One directed social edge a row.
    Edges,
    /// Not read.
    Ignore,
}

/// What a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    User,
    Item,
    /// Interest domain. Several columns may have this role: the first non-empty one counts, best-known name first.
    Domain,
    Kind,
    Time,
    Platform,
    Title,
    /// Second user of an edge.
    Friend,
    /// Name of an item's property (RetailRocket).
    Property,
    /// Value of an item's property (RetailRocket).
    Value,
    Ignore,
}

/// Character encoding of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    #[serde(rename = "utf-8")]
    Utf8,
    #[serde(rename = "utf-16le")]
    Utf16Le,
    #[serde(rename = "utf-16be")]
    Utf16Be,
    #[serde(rename = "gb18030")]
    Gb18030,
}

/// Known shapes of log. The preset decides defaults and the few readings that columns alone do not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    Taobao,
    CompleteJourney,
    Rees46,
    #[serde(rename = "retailrocket")]
    RetailRocket,
    Ga4,
    AmazonReviews,
    #[serde(rename = "movielens")]
    MovieLens,
    Generic,
}

/// How times are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeFormat {
    /// Unix seconds, fractions allowed.
    Seconds,
    /// Unix milliseconds.
    Milliseconds,
    /// Unix microseconds.
    Microseconds,
    /// `YYYYMMDD`.
    CompactDate,
    /// ISO 8601 or `YYYY-MM-DD HH:MM:SS`, with or without a zone.
    Text,
}

/// How records are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Delimited,
    Jsonl,
}

/// What wraps the file. `Zip` and `Parquet` are unpacked by the caller, who hands in plain bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Compression {
    None,
    Gzip,
    Zip,
    Parquet,
}

/// A column's name and role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnPlan {
    pub name: String,
    pub role: Role,
}

/// How one file is to be read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FilePlan {
    /// Name of the file as the person knows it.
    pub name: String,
    pub table: TableKind,
    pub format: Format,
    pub compression: Compression,
    pub encoding: Encoding,
    /// `","`, `"\t"`, `"::"`, … ; empty for JSON Lines.
    pub delimiter: String,
    pub has_header: bool,
    pub preset: Preset,
    /// By position; JSON Lines: by first appearance of the flattened key (`items[].item_id`).
    pub columns: Vec<ColumnPlan>,
    pub time_format: TimeFormat,
    /// IANA zone for times that carry none of their own.
    pub time_zone: String,
    /// Kind of every event of a file that has no kind column.
    pub default_kind: String,
}

impl FilePlan {
    /// Positions of the columns with `role`.
    pub fn positions(&self, role: Role) -> impl Iterator<Item = usize> + '_ {
        self.columns.iter().enumerate().filter(move |(_, column)| column.role == role).map(|(position, _)| position)
    }

    /// Positions of the columns with a domain in the order in which they are asked: the best-known name first.
    pub fn domain_positions(&self) -> Vec<usize> {
        let mut positions: Vec<usize> = self.positions(Role::Domain).collect();
        positions.order_by_key(|&at| domain_rank(self.columns.get(at).map_or("", |column| column.name.as_str())));
        positions
    }

    /// Whether some column has `role`.
    pub fn has(&self, role: Role) -> bool {
        self.positions(role).next().is_some()
    }
}

/// The parts of a plan that a person set by hand (`Partial<FilePlan>`).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FilePlanPatch {
    pub table: Option<TableKind>,
    pub format: Option<Format>,
    pub encoding: Option<Encoding>,
    pub delimiter: Option<String>,
    pub has_header: Option<bool>,
    pub preset: Option<Preset>,
    pub columns: Option<Vec<ColumnPlan>>,
    pub time_format: Option<TimeFormat>,
    pub time_zone: Option<String>,
    pub default_kind: Option<String>,
}

/// What the first bytes of a file tell.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileInspection {
    pub plan: FilePlan,
    /// The first rows as raw cells, header left out.
    pub preview: Vec<Vec<String>>,
    /// One entry a column.
    pub columns: Vec<ColumnCounts>,
    pub rows_seen: u64,
    /// Words of the kind column, most frequent first.
    pub kinds: Vec<KindWord>,
    pub notes: Vec<Note>,
}

/// Of the rows seen: how many cells parse as what the role says, are empty, and differ from each other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnCounts {
    pub parsed: u64,
    pub empty: u64,
    pub distinct: u64,
}

/// A word of the kind column and the kind it was taken for (`None`: unknown, kept under its own name).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindWord {
    pub word: String,
    pub kind: Option<String>,
    pub count: u64,
}

/// A translatable remark: `code` picks the sentence, `values` fill it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Note {
    pub code: String,
    pub values: BTreeMap<String, NoteValue>,
}

/// A value of a [`Note`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum NoteValue {
    Number(f64),
    Text(String),
}

impl From<u64> for NoteValue {
    fn from(value: u64) -> Self {
        NoteValue::Number(value as f64)
    }
}

impl From<&str> for NoteValue {
    fn from(value: &str) -> Self {
        NoteValue::Text(value.to_owned())
    }
}

impl Note {
    /// A remark without values.
    pub fn new(code: &str) -> Self {
        Self { code: code.to_owned(), values: BTreeMap::new() }
    }

    /// Adds a value.
    pub fn with(mut self, name: &str, value: impl Into<NoteValue>) -> Self {
        self.values.insert(name.to_owned(), value.into());
        self
    }
}

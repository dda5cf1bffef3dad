//! Cells out of a record.

use csv_core::{ReadRecordResult, ReaderBuilder, Terminator};
use memchr::{memchr, memchr_iter, memmem::Finder};

use crate::{Result, error::Error};

use super::records::Fault;

/// The cells of one row. A cell that is not there is empty.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cells<'a> {
    text: &'a str,
    ranges: &'a [(u32, u32)],
}

impl<'a> Cells<'a> {
    /// Cells at `ranges` of `text`.
    pub fn new(text: &'a str, ranges: &'a [(u32, u32)]) -> Self {
        Self { text, ranges }
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.ranges.len()
    }

    /// The cell at a position, as it stands.
    pub fn get(&self, position: usize) -> &'a str {
        let range = self.ranges.get(position);
        range.and_then(|&(start, end)| self.text.get(start as usize..end as usize)).unwrap_or("")
    }

    /// The cell at a position without blanks around it; `None` where it holds nothing, or one of the usual words for that.
    pub fn value(&self, position: usize) -> Option<&'a str> {
        let text = self.get(position).trim_ascii();
        (!is_missing(text)).then_some(text)
    }

    /// All cells.
    pub fn iter(&self) -> impl Iterator<Item = &'a str> + '_ {
        (0..self.len()).map(|position| self.get(position))
    }
}

/// Whether a trimmed cell stands for "no value": empty, or what databases, R and Python write for that.
pub(super) fn is_missing(text: &str) -> bool {
    text.len() <= 4 && matches!(text, "" | "\\N" | "NULL" | "null" | "NaN" | "nan" | "NA" | "None")
}

/// Splits records at a delimiter, which with one byte obeys quotes.
pub(super) struct Splitter {
    delimiter: Delimiter,
    /// Text of a record without its quotes.
    unquoted: Vec<u8>,
    ends: Vec<usize>,
    ranges: Vec<(u32, u32)>,
}

enum Delimiter {
    Byte(u8, Box<csv_core::Reader>),
    Text(Box<Finder<'static>>),
}

impl Splitter {
    /// # Errors
    /// [`Error::Parameter`] for a delimiter that is empty or holds a quote or a line end.
    pub fn new(delimiter: &str) -> Result<Self> {
        let delimiter = match delimiter.as_bytes() {
            [] => return Err(unusable("there is none; choose the character between two cells")),
            bytes if bytes.iter().any(|byte| matches!(byte, b'"' | b'\n' | b'\r' | 0)) => {
                return Err(unusable("quotes, line ends and NUL cannot separate cells; choose another character"));
            }
            [byte] => {
                let reader = ReaderBuilder::new().delimiter(*byte).terminator(Terminator::Any(b'\n')).build();
                Delimiter::Byte(*byte, Box::new(reader))
            }
            text => Delimiter::Text(Box::new(Finder::new(text).into_owned())),
        };
        Ok(Self { delimiter, unquoted: Vec::new(), ends: Vec::new(), ranges: Vec::new() })
    }

    /// The delimiter next to which quotes count.
    pub fn quoting(&self) -> Option<u8> {
        match self.delimiter {
            Delimiter::Byte(byte, _) => Some(byte),
            Delimiter::Text(_) => None,
        }
    }

    /// The cells of `record`, which holds quotes if `quoted`.
    ///
    /// # Errors
    /// The cell that holds invalid UTF-8 or a NUL.
    pub fn split<'a>(&'a mut self, record: &'a [u8], quoted: bool) -> std::result::Result<Cells<'a>, Fault> {
        self.ranges.clear();
        let mut bytes = record;
        let mut start = 0;
        match &mut self.delimiter {
            Delimiter::Byte(_, reader) if quoted => {
                let (text, ends) = unquote(reader, record, &mut self.unquoted, &mut self.ends);
                bytes = text;
                for &end in ends {
                    self.ranges.push((start, end as u32));
                    start = end as u32;
                }
            }
            Delimiter::Byte(delimiter, _) => {
                for end in memchr_iter(*delimiter, record).chain([record.len()]) {
                    self.ranges.push((start, end as u32));
                    start = end as u32 + 1;
                }
            }
            Delimiter::Text(finder) => {
                let length = finder.needle().len() as u32;
                for end in finder.find_iter(record).chain([record.len()]) {
                    self.ranges.push((start, end as u32));
                    start = end as u32 + length;
                }
            }
        }
        let bad = match std::str::from_utf8(bytes) {
            Ok(text) => match memchr(0, bytes) {
                None => return Ok(Cells::new(text, &self.ranges)),
                Some(at) => at,
            },
            Err(error) => error.valid_up_to(),
        };
        let column = self.ranges.partition_point(|&(_, end)| end as usize <= bad) + 1;
        Err(Fault { column: Some(column as u32) })
    }
}

fn unusable(hint: &str) -> Error {
    Error::Parameter { name: "delimiter", hint: hint.to_owned() }
}

/// One record through csv-core: its text without quotes, and the end of each cell in it. `text` and `ends` are room that
/// only grows, since clearing it for every record would take longer than to read one.
fn unquote<'a>(
    reader: &mut csv_core::Reader,
    record: &[u8],
    text: &'a mut Vec<u8>,
    ends: &'a mut Vec<usize>,
) -> (&'a [u8], &'a [usize]) {
    reader.reset();
    // Cells without their quotes are never longer than with them; and there is at most one more than bytes.
    text.resize(text.len().max(record.len() + 1), 0);
    ends.resize(ends.len().max(record.len() + 2), 0);
    let (mut read, mut written, mut cells) = (0, 0, 0);
    loop {
        let (result, taken, filled, ended) =
            reader.read_record(&record[read..], &mut text[written..], &mut ends[cells..]);
        read += taken;
        written += filled;
        cells += ended;
        // The end of the input, given as an empty piece, ends the record.
        if !matches!(result, ReadRecordResult::InputEmpty) {
            break;
        }
    }
    (&text[..written], &ends[..cells])
}

//! Records out of text: lines, and with quotes, cells that hold line ends.

use driftscope_kernels::{Found, Scan};
use memchr::memchr;

use crate::Result;

/// Bytes that one record may have. A longer one is a malformed row, of which no more than this is ever held.
pub(super) const LIMIT: usize = 1 << 20;

/// One record of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'a> {
    /// Line on which it starts, from 1.
    pub line: u64,
    /// As it stood, without its line end; at most [`LIMIT`] bytes.
    pub raw: &'a [u8],
    /// Whether it holds quotes.
    pub quoted: bool,
    /// Whether a quoted cell in it runs over more than one line.
    pub multiline: bool,
    pub fault: Option<Fault>,
}

/// What is wrong with a row that could not be read. `column` from 1, where it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault {
    pub column: Option<u32>,
}

/// Splits text into records.
///
/// A quote that is never closed must not swallow the rows after it. So where a quoted cell runs over [`driftscope_kernels::QUOTED_LINES`] lines,
/// over [`LIMIT`] bytes or to the end of the file, where text follows its closing quote on another line, or where the
/// consumer refuses the record (see [`super::rows`]), only the line on which the record starts is a malformed row,
/// and reading goes on with the next line.
pub(super) struct Records {
    /// Text that is not yet given out, from the start of a record.
    pending: Vec<u8>,
    /// Line of its first byte, from 1.
    line: u64,
    /// Whether the rest of an overlong line is being thrown away.
    skipping: bool,
    scan: Scan,
    /// The delimiter next to which quotes count; `None` where they have no meaning.
    quoting: Option<u8>,
}

impl Records {
    /// `quoting`: the delimiter next to which quotes count; `None` where they have no meaning.
    pub fn new(quoting: Option<u8>) -> Self {
        Self { pending: Vec::new(), line: 1, skipping: false, scan: Scan::default(), quoting }
    }

    /// Line that is being read.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Room taken by text that is not yet given out.
    #[cfg(test)]
    pub fn bytes_held(&self) -> usize {
        self.pending.capacity()
    }

    /// Takes text and gives out the records that are complete. `give` says whether it accepts a record; only one that runs
    /// over several lines may be refused, and comes again as its first line, faulty.
    ///
    /// # Errors
    /// Those of `give`.
    pub fn push(&mut self, text: &[u8], give: &mut impl FnMut(Record<'_>) -> Result<bool>) -> Result<()> {
        self.pending.extend_from_slice(text);
        self.advance(None, give)
    }

    /// Gives out what is left. `cut`: the file is known to break off, so its last line is faulty.
    ///
    /// # Errors
    /// Those of `give`.
    pub fn end(&mut self, cut: bool, give: &mut impl FnMut(Record<'_>) -> Result<bool>) -> Result<()> {
        self.advance(Some(cut), give)
    }

    /// `end`: `None` while more text may come, else whether it was cut off.
    fn advance(&mut self, end: Option<bool>, give: &mut impl FnMut(Record<'_>) -> Result<bool>) -> Result<()> {
        let mut pending = std::mem::take(&mut self.pending);
        let mut at = 0;
        while let Some(step) = pending.get(at..).filter(|rest| !rest.is_empty()).map(|rest| self.step(rest, end, give))
        {
            match step? {
                0 => break,
                taken => at += taken,
            }
        }
        pending.drain(..at);
        self.pending = pending;
        Ok(())
    }

    /// Gives out the first record of `rest`; tells how many bytes are done with, 0 where more text is needed.
    fn step(
        &mut self,
        rest: &[u8],
        end: Option<bool>,
        give: &mut impl FnMut(Record<'_>) -> Result<bool>,
    ) -> Result<usize> {
        if self.skipping {
            let Some(break_at) = memchr(b'\n', rest) else { return Ok(rest.len()) };
            self.skipping = false;
            self.line += 1;
            return Ok(break_at + 1);
        }
        let found = self.scan.run(rest, self.quoting, end.is_some());
        let Scan { first_break, breaks, quoted, open_column, .. } = self.scan;
        let stop = match found {
            Found::More if rest.len() <= LIMIT => return Ok(0),
            Found::Record(stop) => Some(stop),
            Found::More | Found::Unclosed => None,
        };
        self.scan = Scan::default();
        let record = Record { line: self.line, raw: rest, quoted, multiline: false, fault: None };
        // A record that is whole and of one line, or of several and accepted.
        if let Some(stop) = stop.filter(|&stop| stop <= LIMIT) {
            let cut = end == Some(true) && stop == rest.len();
            let whole = Record { raw: without_return(&rest[..stop]), multiline: breaks > 0, ..record };
            let taken = (stop + 1).min(rest.len());
            if breaks == 0 {
                let fault = cut.then_some(Fault { column: None });
                if !whole.raw.is_empty() {
                    give(Record { fault, ..whole })?;
                }
                self.line += 1;
                return Ok(taken);
            }
            if !cut && give(whole)? {
                self.line += breaks + 1;
                return Ok(taken);
            }
        }
        // Else only its first line counts, as a faulty one.
        let first = first_break.or_else(|| memchr(b'\n', rest)).unwrap_or(rest.len());
        let overlong = first > LIMIT;
        let fault = Some(Fault { column: open_column.filter(|_| !overlong) });
        give(Record { raw: without_return(&rest[..first.min(LIMIT)]), fault, ..record })?;
        if first == rest.len() {
            self.skipping = end.is_none();
            return Ok(first);
        }
        self.line += 1;
        Ok(first + 1)
    }
}

fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

//! Text in UTF-8 out of the bytes of a file.

use crate::{
    Result,
    error::{Error, Place},
};

use super::{
    decoder::Decoder,
    gunzip::{Expansion, Gunzip},
    plan::Encoding,
};

/// Stands in the text for bytes that the encoding does not know. It occurs in no UTF-8, so the row that holds it is found
/// out like one with invalid UTF-8.
const INVALID: u8 = 0xff;
/// What decoders put for bytes that they do not know. A file that holds it has lost the character earlier, which is no better.
const REPLACEMENT: char = '\u{fffd}';
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();
/// Bytes of text by which a file is judged.
pub(super) const START: usize = 4096;

/// Unpacks and decodes a file. The text may still hold invalid UTF-8 (from a file in UTF-8, or marks for what could not be
/// decoded); whoever splits it into rows checks each.
pub(super) struct TextReader {
    file: String,
    unpacked: Gunzip,
    text: Text,
}

struct Text {
    /// `None` for UTF-8.
    decoder: Option<Decoder>,
    decoded: Vec<u8>,
    /// The first bytes, until there are enough to judge by; then `None`.
    start: Option<Vec<u8>>,
    /// Whether lines end in carriage returns alone, as spreadsheets on a Macintosh may write them.
    carriage_returns: bool,
    /// A control character that the file uses as its delimiter.
    delimiter: u8,
}

impl TextReader {
    /// A reader of `file`. `delimiter`: its first byte, which may be a control character.
    ///
    /// # Errors
    /// [`Error::Parameter`] where the host does not know the encoding.
    pub fn new(file: &str, encoding: Encoding, delimiter: u8, limits: Expansion) -> Result<Self> {
        let decoder = Decoder::new(encoding)?;
        Ok(Self {
            file: file.to_owned(),
            unpacked: Gunzip::new(limits),
            text: Text { decoder, decoded: Vec::new(), start: Some(Vec::new()), carriage_returns: false, delimiter },
        })
    }

    /// Gives `sink` the text of `bytes`.
    ///
    /// # Errors
    /// [`Error::Unreadable`] where the file is no text, [`Error::TooLarge`] where it expands too far, and those of `sink`.
    pub fn push(&mut self, bytes: &[u8], sink: &mut impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let Self { file, unpacked, text } = self;
        unpacked.push(bytes, file, &mut |plain| text.push(plain, false, file, sink))
    }

    /// Gives the rest of the text; says whether the file is damaged or cut off.
    ///
    /// # Errors
    /// As [`TextReader::push`].
    pub fn end(&mut self, sink: &mut impl FnMut(&[u8]) -> Result<()>) -> Result<bool> {
        let Self { file, unpacked, text } = self;
        unpacked.end(file, &mut |plain| text.push(plain, false, file, sink))?;
        text.push(&[], true, file, sink)?;
        text.judge(file, sink)?;
        Ok(unpacked.is_damaged())
    }

    /// Bytes unpacked so far; where the file is damaged, those before the damage.
    pub fn bytes_unpacked(&self) -> u64 {
        self.unpacked.bytes_unpacked()
    }
}

impl Text {
    fn push(&mut self, bytes: &[u8], last: bool, file: &str, sink: &mut impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let Some(decoder) = &mut self.decoder else {
            return self.pass_on(bytes, file, sink);
        };
        let mut decoded = std::mem::take(&mut self.decoded);
        decoded.clear();
        mark(&decoder.decode(bytes, last)?, &mut decoded);
        self.pass_on(&decoded, file, sink)?;
        self.decoded = decoded;
        Ok(())
    }

    fn pass_on(&mut self, text: &[u8], file: &str, sink: &mut impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        match &mut self.start {
            None if self.carriage_returns => sink(&with_line_feeds(text)),
            None => sink(text),
            Some(start) => {
                start.extend_from_slice(text);
                if start.len() < START { Ok(()) } else { self.judge(file, sink) }
            }
        }
    }

    /// Looks at the first bytes and gives them out.
    fn judge(&mut self, file: &str, sink: &mut impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let Some(start) = self.start.take() else { return Ok(()) };
        let judged = &start[..start.len().min(START)];
        self.check(judged, file)?;
        self.carriage_returns = has_only_returns(judged);
        self.pass_on(start.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&start), file, sink)
    }

    /// More than a quarter of control characters and undecodable bytes is no text.
    fn check(&self, start: &[u8], file: &str) -> Result<()> {
        let control = |&&byte: &&u8| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r') && byte != self.delimiter;
        let strange = start.iter().filter(control).count()
            + start.utf8_chunks().map(|chunk| chunk.invalid().len()).sum::<usize>();
        if strange * 4 <= start.len() {
            return Ok(());
        }
        Err(Error::Unreadable {
            place: Place { file: file.to_owned(), line: None, column: None },
            hint: format!(
                "{strange} of its first {} bytes are no text; choose another encoding, or export it as CSV or JSON Lines",
                start.len()
            ),
        })
    }
}

/// Whether the lines of a text that starts like this end in carriage returns alone.
pub(super) fn has_only_returns(start: &[u8]) -> bool {
    // The last byte may be the first of a CR LF.
    start.split_last().is_some_and(|(_, before)| before.contains(&b'\r')) && !start.contains(&b'\n')
}

fn with_line_feeds(text: &[u8]) -> Vec<u8> {
    text.iter().map(|&byte| if byte == b'\r' { b'\n' } else { byte }).collect()
}

/// Appends `text` to `out` with marks for what could not be decoded.
fn mark(text: &str, out: &mut Vec<u8>) {
    for (index, part) in text.split(REPLACEMENT).enumerate() {
        if index > 0 {
            out.push(INVALID);
        }
        out.extend_from_slice(part.as_bytes());
    }
}

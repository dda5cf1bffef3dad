//! The decoders of `encoding_rs`.

use super::{label, unknown};
use crate::{Result, ingest::plan::Encoding};

/// Decodes a text piece by piece.
pub(in crate::ingest) struct Decoder(encoding_rs::Decoder);

impl Decoder {
    /// `None` for UTF-8.
    ///
    /// # Errors
    /// None here; see the other implementation.
    pub fn new(encoding: Encoding) -> Result<Option<Decoder>> {
        let Some(label) = label(encoding) else { return Ok(None) };
        let known = encoding_rs::Encoding::for_label(label.as_bytes()).ok_or_else(|| unknown(label))?;
        Ok(Some(Decoder(known.new_decoder_with_bom_removal())))
    }

    /// The next piece of the text; `last`: no bytes follow. What cannot be decoded becomes U+FFFD.
    ///
    /// # Errors
    /// None here; see the other implementation.
    pub fn decode(&mut self, mut bytes: &[u8], last: bool) -> Result<String> {
        let mut text = String::new();
        loop {
            text.reserve(self.0.max_utf8_buffer_length(bytes.len()).unwrap_or(bytes.len()));
            let (result, read, _) = self.0.decode_to_string(bytes, &mut text, last);
            bytes = bytes.get(read..).unwrap_or_default();
            if result == encoding_rs::CoderResult::InputEmpty {
                return Ok(text);
            }
        }
    }
}

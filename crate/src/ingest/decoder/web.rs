//! The host's `TextDecoder`.

use web_sys::{TextDecodeOptions, TextDecoder};

use super::{label, unknown};
use crate::{Result, ingest::plan::Encoding};

/// Decodes a text piece by piece.
pub(in crate::ingest) struct Decoder {
    decoder: TextDecoder,
    label: &'static str,
}

impl Decoder {
    /// `None` for UTF-8.
    ///
    /// # Errors
    /// [`crate::Error::Parameter`] where the host does not know the encoding (Node without its full ICU).
    pub fn new(encoding: Encoding) -> Result<Option<Decoder>> {
        let Some(label) = label(encoding) else { return Ok(None) };
        let decoder = TextDecoder::new_with_label(label).map_err(|_| unknown(label))?;
        Ok(Some(Decoder { decoder, label }))
    }

    /// The next piece of the text; `last`: no bytes follow. What cannot be decoded becomes U+FFFD.
    ///
    /// # Errors
    /// [`crate::Error::Parameter`] where the host refuses.
    pub fn decode(&mut self, bytes: &[u8], last: bool) -> Result<String> {
        let options = TextDecodeOptions::new();
        options.set_stream(!last);
        self.decoder.decode_with_u8_array_and_options(bytes, &options).map_err(|_| unknown(self.label))
    }
}

//! Decoders of the encodings that are not UTF-8, by the [encoding standard]: natively those of `encoding_rs`, in wasm the
//! host's own `TextDecoder`. The tables of GB18030 and of its relatives are a tenth of an engine, and every browser has them.
//!
//! [encoding standard]: https://encoding.spec.whatwg.org

#[cfg(not(target_family = "wasm"))]
mod native;
#[cfg(target_family = "wasm")]
mod web;

use super::plan::Encoding;
use crate::{Error, Result};

#[cfg(not(target_family = "wasm"))]
pub(super) use native::Decoder;
#[cfg(target_family = "wasm")]
pub(super) use web::Decoder;

/// All of a text, without its byte order mark. What cannot be decoded becomes U+FFFD.
///
/// # Errors
/// [`Error::Parameter`] where the host does not know the encoding.
pub(super) fn decoded(bytes: &[u8], encoding: Encoding) -> Result<String> {
    match Decoder::new(encoding)? {
        None => {
            let text = String::from_utf8_lossy(bytes);
            Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
        }
        Some(mut decoder) => decoder.decode(bytes, true),
    }
}

/// Name in the encoding standard; `None` for UTF-8, which needs no decoder.
fn label(encoding: Encoding) -> Option<&'static str> {
    match encoding {
        Encoding::Utf8 => None,
        Encoding::Utf16Le => Some("utf-16le"),
        Encoding::Utf16Be => Some("utf-16be"),
        Encoding::Gb18030 => Some("gb18030"),
    }
}

fn unknown(label: &str) -> Error {
    Error::Parameter { name: "encoding", hint: format!("{label} cannot be decoded here; save the file as UTF-8") }
}

//! How much memory there is, and the refusal of what will not fit: before it is begun, since an engine that runs out of
//! memory is lost with all that it holds.

use crate::{Error, Result};

/// Bytes that may be used: WebAssembly has 4 GiB, of which some is left for what is not counted. Natively there is no limit.
pub const MEMORY: usize = if cfg!(target_family = "wasm") { 3 << 30 } else { usize::MAX };

/// Whether `needed` bytes for `what` lie within `limit`.
///
/// # Errors
/// [`Error::Memory`] where they do not; `hint` says what to do.
pub(crate) fn fits(what: &'static str, needed: usize, limit: usize, hint: &str) -> Result<()> {
    if needed <= limit {
        return Ok(());
    }
    Err(Error::Memory { what, needed: needed as u64, limit: limit as u64, hint: hint.to_owned() })
}

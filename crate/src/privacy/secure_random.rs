//! Randomness that nobody can predict.

use chacha20::{ChaCha20Rng, rand_core::SeedableRng};

use crate::{Error, Result};

/// A ChaCha20 generator, seeded with 32 bytes of the operating system (in a browser: `crypto.getRandomValues`).
///
/// # Errors
/// [`Error::State`] where the system gives no random bytes.
pub fn secure_random() -> Result<ChaCha20Rng> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| Error::State {
        hint: format!("this system gives no random numbers, without which nothing can be hidden: {error}"),
    })?;
    Ok(ChaCha20Rng::from_seed(seed))
}

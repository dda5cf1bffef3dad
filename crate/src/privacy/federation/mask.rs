//! Masks that vanish in a sum.

use std::fmt;

use chacha20::{
    ChaCha20Rng,
    rand_core::{Rng, SeedableRng},
};
use hmac::{Hmac, KeyInit, Mac};
use rand::CryptoRng;
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use x25519_dalek::StaticSecret;

use crate::{Error, Result};

/// What others need of a [`MaskKey`]. It has to come from the shop itself: who could swap it could read along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PublicKey(pub [u8; 32]);

/// A shop's secret for one federation (X25519, RFC 7748).
pub struct MaskKey(StaticSecret);

/// Says that there is a key, not which.
impl fmt::Debug for MaskKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MaskKey(…)")
    }
}

impl MaskKey {
    /// A new key.
    pub fn random(rng: &mut impl CryptoRng) -> Self {
        let mut bytes = [0; 32];
        rng.fill_bytes(&mut bytes);
        MaskKey(StaticSecret::from(bytes))
    }

    /// The key that was kept.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        MaskKey(StaticSecret::from(bytes))
    }

    /// The key itself, to be kept where nobody else reads.
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// What the others get.
    pub fn public(&self) -> PublicKey {
        PublicKey(x25519_dalek::PublicKey::from(&self.0).to_bytes())
    }

    /// Adds the mask that this shop shares with `peer` for the round that starts from `start`, or takes it off, whichever the
    /// other does not.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a key that gives no secret.
    pub(super) fn mask(&self, peer: PublicKey, start: u32, numbers: &mut [u64]) -> Result<()> {
        let shared = self.0.diffie_hellman(&x25519_dalek::PublicKey::from(peer.0));
        if !shared.was_contributory() {
            return Err(Error::Parameter { name: "peers", hint: "one of the public keys is none".into() });
        }
        // HMAC as a key derivation (RFC 5869's extract step): a secret of the curve is not uniform.
        let mut mac = Hmac::<Sha256>::new(&[0; 64].into());
        mac.update(shared.as_bytes());
        mac.update(b"driftscope mask");
        mac.update(&start.to_le_bytes());
        let mut stream = ChaCha20Rng::from_seed(mac.finalize().into_bytes().into());
        let adds = self.public() < peer;
        for number in numbers {
            let mask = stream.next_u64();
            *number = if adds { number.wrapping_add(mask) } else { number.wrapping_sub(mask) };
        }
        Ok(())
    }
}

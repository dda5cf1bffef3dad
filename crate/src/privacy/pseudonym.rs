//! Pseudonyms: names that only the holder of a key can make.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use rand::CryptoRng;
use sha2::Sha256;

use crate::{
    Error, Result,
    event::{Dictionary, Log},
};

/// Bytes of the code that make a pseudonym: 128 bits, so that among 10⁹ users two collide with a chance of 10⁻²¹.
const BYTES: usize = 16;

/// A secret of 32 bytes. Who has it can tell whose pseudonym is whose by trying names; who has not can neither find names
/// nor make pseudonyms. Two shops that share a key get the same pseudonyms for the same people, and so can join their logs
/// without showing each other a name.
#[derive(Clone)]
pub struct PseudonymKey([u8; 32]);

/// Says that there is a key, not which.
impl fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PseudonymKey(…)")
    }
}

impl PseudonymKey {
    /// A new key. `rng` must be one that nobody can predict, as [`secure_random`](super::secure_random) is.
    pub fn random(rng: &mut impl CryptoRng) -> Self {
        let mut key = [0; 32];
        rng.fill_bytes(&mut key);
        PseudonymKey(key)
    }

    /// The key that was kept.
    ///
    /// # Errors
    /// [`Error::Parameter`] for another length than 32 bytes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let key = bytes.try_into().map_err(|_| Error::Parameter {
            name: "key",
            hint: format!("a key has 32 bytes, this one {}", bytes.len()),
        })?;
        Ok(PseudonymKey(key))
    }

    /// The key itself, to be kept where nobody else reads.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first 128 bits of HMAC-SHA-256 (RFC 2104, FIPS 198-1) of `space`, a zero byte and `name`, as 32 hexadecimal
    /// digits. `space` says what is named ("user", "item"), so that a user and an item of one name stay unrelated.
    pub fn pseudonym(&self, space: &str, name: &str) -> String {
        // A key shorter than a block of the hash counts as if zeros followed.
        let mut block = [0; 64];
        block.iter_mut().zip(self.0).for_each(|(byte, key)| *byte = key);
        let mut mac = Hmac::<Sha256>::new(&block.into());
        mac.update(space.as_bytes());
        mac.update(&[0]);
        mac.update(name.as_bytes());
        let code = mac.finalize().into_bytes();
        code.iter().take(BYTES).map(|byte| format!("{byte:02x}")).collect()
    }

    /// The log with pseudonyms for its users. Ids, events and edges stay as they are; items and domains keep their names.
    /// Pseudonyms do not make a log anonymous: who knows some of a person's events may find the others.
    ///
    /// # Errors
    /// [`Error::State`] should two users get the same pseudonym (never seen: the chance is below 10⁻²⁰).
    pub fn pseudonymise(&self, log: &Log) -> Result<Log> {
        let mut users = Dictionary::new();
        for (id, name) in log.users.iter().enumerate() {
            if users.intern(&self.pseudonym("user", name)) as usize != id {
                return Err(Error::State { hint: "two users got the same pseudonym: choose another key".into() });
            }
        }
        let mut hidden = log.clone();
        hidden.users = users;
        Ok(hidden)
    }
}

#[cfg(test)]
mod tests {
    use chacha20::{ChaCha20Rng, rand_core::SeedableRng};

    use super::*;

    fn counting() -> PseudonymKey {
        PseudonymKey(std::array::from_fn(|index| index as u8))
    }

    #[test]
    fn the_code_is_what_another_implementation_says() {
        // Python: hmac.new(bytes(range(32)), b"user\0Anna", hashlib.sha256).hexdigest()[:32]
        assert_eq!(counting().pseudonym("user", "Anna"), "db5365707b2ecb85a8eacd1db147cc83");
    }

    #[test]
    fn keys_and_spaces_tell_names_apart() {
        let mut rng = ChaCha20Rng::seed_from_u64(1);
        let (one, other) = (PseudonymKey::random(&mut rng), PseudonymKey::random(&mut rng));
        let names = [
            one.pseudonym("user", "a"),
            one.pseudonym("item", "a"),
            one.pseudonym("user", "b"),
            other.pseudonym("user", "a"),
        ];
        assert!((0..4).all(|a| (0..a).all(|b| names[a] != names[b])), "{names:?}");
        assert_eq!(PseudonymKey::from_bytes(one.as_bytes()).unwrap().pseudonym("user", "a"), names[0]);
        assert!(PseudonymKey::from_bytes(&[0; 31]).is_err());
        assert!(!format!("{one:?}").contains(&one.as_bytes()[0].to_string()));
    }

    #[test]
    fn a_log_keeps_all_but_the_names_of_its_users() {
        let log = crate::synth::Synth::sample(crate::synth::SampleOptions { users: 50, days: 30, seed: 1 })
            .unwrap()
            .log(|_| Ok(()))
            .unwrap();
        let hidden = counting().pseudonymise(&log).unwrap();
        assert!(hidden.iter().eq(log.iter()) && hidden.edges == log.edges && hidden.is_sorted());
        assert!(
            hidden.users.iter().zip(log.users.iter()).all(|(code, name)| code == counting().pseudonym("user", name))
        );
        assert!(hidden.domains.iter().eq(log.domains.iter()));
    }
}

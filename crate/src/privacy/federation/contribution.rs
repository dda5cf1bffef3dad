//! What one shop gives.

use rand::CryptoRng;
use rand_distr::{Distribution, StandardNormal};
use serde::{Deserialize, Serialize};

use super::{MaskKey, PublicKey};
use crate::{
    Error, Result,
    training::{
        DnnOptions,
        saved::{self, Kind},
        transfer::{Adapted, Base, checksum},
    },
};

/// Numbers are sent as multiples of this part of one, so that sums are exact in any order, and masks vanish from them exactly.
pub(super) const PARTS: f64 = (1u32 << 24) as f64;
/// Limits below which a sum of up to [`MOST_PEERS`] contributions stays within 64 bits.
pub(super) const MOST_USERS: u32 = 1 << 23;
pub(super) const MOST_NORM: f64 = 128.0;
pub(super) const MOST_PEERS: usize = 64;

/// How a shop limits what its contribution tells.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Protection {
    /// The change is shortened to this Euclidean norm.
    pub clip: f64,
    /// Standard deviation of the noise on each number, over `clip`; 0: none. It hides the shop among shops, not one user among
    /// the shop's users.
    pub noise: f64,
}

/// A change of a network, weighted by the number of users that it was learned from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contribution {
    /// CRC-32 of the parameters that the training started from.
    pub(super) start: u32,
    /// Number of users that it was learned from.
    pub(super) users: u32,
    /// What it was clipped to, and the noise on it.
    pub(super) protection: Protection,
    /// users · (θ_new − θ_pre) as multiples of 1/2²⁴, in two's complement; with the masks on it, if there are any.
    pub(super) numbers: Vec<u64>,
    /// Whose masks are on it.
    pub(super) mask: Option<Masked>,
}

/// Who takes part in a masked sum.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Masked {
    pub own: PublicKey,
    /// All that take part, `own` included, ascending.
    pub all: Vec<PublicKey>,
}

/// The options of a shop's training whose network can be merged with others': the base's members, and no embedding of domains, which
/// other shops do not share.
pub fn federated_options(base: &Base, options: &DnnOptions) -> DnnOptions {
    DnnOptions { embedding: 0, members: base.members(), hidden: base.hidden(), ..options.clone() }
}

impl Contribution {
    /// What `adapted`, trained from `base` on so many users, changed.
    ///
    /// # Errors
    /// [`Error::Parameter`] where it was not trained from `base` with [`federated_options`], or a number is out of range.
    pub fn new(
        base: &Base,
        adapted: &Adapted,
        users: u32,
        protection: Protection,
        rng: &mut impl CryptoRng,
    ) -> Result<Self> {
        if adapted.before != base.parameters() {
            return Err(Error::Parameter {
                name: "network",
                hint: "this was not trained from the network that the others start from, or with other options".into(),
            });
        }
        let pairs = adapted.before.iter().flatten().zip(adapted.dnn.parameters().iter().flatten());
        let change = pairs.map(|(&old, &new)| f64::from(new) - f64::from(old)).collect();
        Self::of(base, change, users, protection, rng)
    }

    /// As [`Contribution::new`], of the change by itself.
    pub(super) fn of(
        base: &Base,
        change: Vec<f64>,
        users: u32,
        protection: Protection,
        rng: &mut impl CryptoRng,
    ) -> Result<Self> {
        let Protection { clip, noise } = protection;
        if !(clip > 0.0 && clip <= MOST_NORM && (0.0..=1.0).contains(&noise)) {
            return Err(Error::Parameter {
                name: "protection",
                hint: format!(
                    "clip must be above 0 and at most {MOST_NORM}, noise from 0 to 1, not {clip} and {noise}"
                ),
            });
        }
        if !(1..=MOST_USERS).contains(&users) {
            return Err(Error::Parameter { name: "users", hint: format!("1 to {MOST_USERS} users, not {users}") });
        }
        let norm = norm(&change);
        if !norm.is_finite() {
            return Err(Error::Parameter {
                name: "network",
                hint: "its training went astray: a number is not finite".into(),
            });
        }
        let shorter = if norm > clip { clip / norm } else { 1.0 };
        let numbers = change.iter().map(|change| {
            let drawn: f64 = if noise > 0.0 { StandardNormal.sample(rng) } else { 0.0 };
            fixed(f64::from(users) * (shorter * change + clip * noise * drawn))
        });
        let numbers = numbers.collect();
        Ok(Contribution { start: checksum(base.parameters()), users, protection, numbers, mask: None })
    }

    /// The same with masks that vanish in the sum of the contributions of all of `peers`, whose public keys they are, and nowhere
    /// before (Bonawitz et al. 2017, without recovery: if one is missing, nothing can be read). Who sends two contributions with
    /// one key from one start shows their difference.
    ///
    /// # Errors
    /// [`Error::Parameter`] for fewer than two or too many peers, or keys that are none; [`Error::State`] if it is masked already.
    pub fn masked(mut self, key: &MaskKey, peers: &[PublicKey]) -> Result<Self> {
        if self.mask.is_some() {
            return Err(Error::State { hint: "this contribution is masked already".into() });
        }
        let own = key.public();
        let mut all: Vec<PublicKey> = peers.iter().copied().chain([own]).collect();
        all.sort_unstable();
        all.dedup();
        if !(3..=MOST_PEERS).contains(&all.len()) {
            return Err(Error::Parameter {
                name: "peers",
                hint: format!(
                    "3 to {MOST_PEERS} shops can hide in a sum, not {}: of two, each would see the other's",
                    all.len()
                ),
            });
        }
        for &peer in all.iter().filter(|&&peer| peer != own) {
            key.mask(peer, self.start, &mut self.numbers)?;
        }
        self.mask = Some(Masked { own, all });
        Ok(self)
    }

    /// Number of users that it was learned from.
    pub fn users(&self) -> u32 {
        self.users
    }

    /// Euclidean norm of the change; `None` where it is masked.
    pub fn norm(&self) -> Option<f64> {
        let users = f64::from(self.users.max(1));
        self.mask.is_none().then(|| norm(&self.numbers.iter().map(|&n| value(n) / users).collect::<Vec<_>>()))
    }

    /// As a file (`docs/MODEL_FORMAT.md`).
    ///
    /// # Errors
    /// [`Error::Checkpoint`] where it cannot be encoded.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        saved::save(Kind::Contribution, self)
    }

    /// Back from a file. What it claims is checked by [`merge`](super::merge).
    ///
    /// # Errors
    /// [`Error::Checkpoint`] for bytes that are damaged, of another version or no contribution.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        saved::load(Kind::Contribution, bytes)
    }
}

pub(super) fn norm(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum::<f64>().sqrt()
}

fn fixed(value: f64) -> u64 {
    libm::round(value * PARTS) as i64 as u64
}

/// What a sum of numbers stands for.
pub(super) fn value(number: u64) -> f64 {
    number as i64 as f64 / PARTS
}

//! Several shops train apart and exchange files; nobody runs a server, and no log leaves its shop.
//!
//! In: a network that all start from ([`Base`](crate::training::transfer::Base)), and each shop's training from there
//! ([`Adapted`](crate::training::transfer::Adapted)). Each makes a [`Contribution`], a file that holds what its training changed,
//! clipped, and with noise where it is wanted; a [`MaskKey`] hides it in such a way that only the sum of all can be read. Whoever has
//! all files merges them ([`merge`]): federated averaging (McMahan et al. 2017). What came out is what the next round starts from.

mod contribution;
mod mask;
mod merge;

pub use contribution::{Contribution, Protection, federated_options};
pub use mask::{MaskKey, PublicKey};
pub use merge::{Limits, merge};

#[cfg(test)]
mod tests;

//! What may leave the tab, and in which form.
//!
//! In: a log, or what was computed from it. Out: pseudonyms ([`PseudonymKey`]), aggregates in which nobody stands out
//! ([`suppress`], [`anonymous_evolution`]), aggregates with noise ([`private_evolution`]) and the account of what that cost
//! ([`Ledger`], [`SampledGaussian`]); and [`federation`], training together without sending a log.
//!
//! Noise and keys come from [`secure_random`], not from the seeded generator that the models use: what can be predicted
//! hides nothing.

mod account;
mod bernoulli;
mod cells;
mod complement;
mod evolution;
pub mod federation;
mod noise;
mod pseudonym;
mod sampled_gaussian;
mod secure_random;
mod suppress;

pub use account::{Ledger, PrivacyLoss, Release, Spending};
pub use evolution::{AnonymousEvolution, PrivateEvolution, PrivateOptions, anonymous_evolution, private_evolution};
pub use noise::{Noise, Ratio};
pub use pseudonym::PseudonymKey;
pub use sampled_gaussian::SampledGaussian;
pub use secure_random::secure_random;
pub use suppress::{Cell, Suppressed, Totals, suppress};

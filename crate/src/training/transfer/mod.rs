//! Transfer learning: the pair-scoring network does not know which domains a log has, so what it learned on one log can be
//! carried to another with other users, items and domains.
//!
//! In: one or several logs ([`Source`]). Out: a [`Base`] network that forecasts on a log it has never seen
//! ([`Base::zero_shot`]), and that [`fine_tune`] adapts: θ_new = θ_pre + Δθ, where [`Delta`] is what can be saved, looked
//! at, applied and taken back exactly. [`base`] is the network that ships with the program.

mod base;
mod delta;
mod lessons;
mod pretrain;
mod zero_shot;

pub use base::{Base, base};
pub(crate) use delta::checksum;
pub use delta::{Change, Delta, Network};
pub use lessons::Source;
pub use pretrain::{Adapted, FineTuning, Keep, Pretraining, fine_tune, pretrain};
pub use zero_shot::{Trust, ZeroShot};

#[cfg(test)]
mod tests;

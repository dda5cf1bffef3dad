//! What the first bytes of a file tell about the whole: how it is packed and written, and what its columns are.

mod encoding;
mod inspect;
mod layout;
mod magic;
mod names;
mod presets;
mod profile;
mod roles;
mod sample;

#[cfg(test)]
mod tests;

pub use inspect::inspect;
pub(super) use names::domain_rank;

//! Which item comes next (protocol LLO): sequences per user, the leave-last-out split, and models over them.
//!
//! In: a sorted [`crate::event::Log`], or sequences as they stand in a file, and the items' content. Out: models that
//! score every item for an input sequence. Items are numbered 0, 1, 2, … here, whatever they are called in the log.

mod catalogue;
mod item_to_item;
mod markov;
mod popularity;
mod ranking;
mod sequences;

pub use catalogue::{Catalogue, NextItemData};
pub use item_to_item::{ItemToItem, Recency};
pub use markov::{MarkovOptions, markov};
pub use popularity::ItemPopularity;
pub use ranking::ItemRanker;
pub use sequences::{MIN_LENGTH, Sequence, Sequences, Target};

//! Which item comes next (protocol LLO): sequences per user, the leave-last-out split, and models over them.
//!
//! In: a sorted [`crate::event::Log`], or sequences as they stand in a file, and the items' content. Out: models that
//! score every item for an input sequence. Items are numbered 0, 1, 2, … here, whatever they are called in the log.

mod blend;
mod catalogue;
mod closed;
mod content;
mod domains;
mod evidence;
mod item_to_item;
mod lists;
mod markov;
mod members;
mod neighbours;
mod popularity;
mod ranking;
mod sequences;
mod trees;
mod weights;

pub use blend::Blend;
pub use catalogue::{Catalogue, NextItemData};
pub use closed::closed_form;
pub use content::ContentIndex;
pub use domains::{DomainOptions, ItemsByDomain};
pub use evidence::{EVIDENCE, Evidence};
pub use item_to_item::{ItemToItem, Recency};
pub use lists::Lists;
pub use markov::{MarkovOptions, markov};
pub use members::{MEMBER_NAMES, MEMBERS, Members};
pub use neighbours::{UserNeighbours, UserOptions, item_neighbours, user_items};
pub use popularity::ItemPopularity;
pub use ranking::ItemRanker;
pub use sequences::{MIN_LENGTH, Sequence, Sequences, Target};
pub use trees::{Boosting, TreeOptions, Trees};

use super::Observer;
use crate::{Error, Result};

/// Gives others their turn, and ends where the person wants it.
async fn cancellable(observer: &mut impl Observer) -> Result<()> {
    observer.pause().await;
    if observer.cancelled() { Err(Error::Cancelled) } else { Ok(()) }
}

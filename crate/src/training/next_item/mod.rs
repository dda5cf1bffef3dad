//! Which item comes next (protocol LLO): sequences per user, the leave-last-out split, and models over them.
//!
//! In: a sorted [`crate::event::Log`], or sequences as they stand in a file, and the items' content. Out: models that
//! score every item for an input sequence. Items are numbered 0, 1, 2, … here, whatever they are called in the log.

mod catalogue;
mod closed;
mod content;
mod domains;
mod evidence;
mod forest;
mod held_out;
mod item_network;
mod item_to_item;
mod lists;
mod markov;
mod members;
mod neighbours;
mod paced;
mod popularity;
mod ranking;
mod relations;
mod sequences;
mod study;
mod trees;
mod two_stage;
mod weights;

pub use catalogue::{Catalogue, NextItemData};
pub use closed::{ClosedForm, closed_form};
pub use content::ContentIndex;
pub use domains::{DomainOptions, ItemsByDomain};
pub use evidence::{EVIDENCE, Evidence};
use held_out::HeldOut;
pub use item_network::{ItemNetwork, ItemTuning};
pub use item_to_item::{ItemToItem, Recency};
pub use lists::Lists;
pub use markov::{MarkovOptions, markov};
pub use members::{MEMBER_NAMES, MEMBERS, Members};
pub use neighbours::{UserNeighbours, UserOptions, item_neighbours, user_items};
pub use popularity::ItemPopularity;
pub use ranking::ItemRanker;
use relations::{RELATIONS, Relations};
pub use sequences::{MIN_LENGTH, Sequence, Sequences, Target};
pub use study::{Study, TwoStageData};
pub use trees::{Boosting, TreeOptions, Trees};
pub use two_stage::{Order, TwoStage};

/// Items that a two-stage ranker orders for a user.
const CANDIDATES: usize = 100;

use super::Observer;
use crate::{Error, Result};

#[cfg(test)]
mod tests;

/// Gives others their turn, and ends where the person wants it.
async fn cancellable(observer: &mut impl Observer) -> Result<()> {
    observer.pause().await;
    if observer.cancelled() { Err(Error::Cancelled) } else { Ok(()) }
}

//! The cheap models that the blend is made of.

use serde::{Deserialize, Serialize};

use super::{
    Catalogue, ClosedForm, ContentIndex, ItemPopularity, ItemToItem, MarkovOptions, Recency, Sequence, Sequences,
    UserNeighbours, UserOptions, closed_form, item_neighbours, item_to_item::add_rows, markov, paced::matrix,
};
use crate::{
    Result,
    cf::{Measure, Ridge, Similarity},
    graph::Csr,
    training::Observer,
};

/// Number of members.
pub const MEMBERS: usize = 8;
/// Names of the members, in the order of their scores.
pub const MEMBER_NAMES: [&str; MEMBERS] =
    ["item", "transitions", "two_hops", "content", "item_slow", "closed", "user", "popularity"];

/// All members, fitted on the same sequences. The settings are those of PROTOCOL.md's sparse blend where it has the member.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Members {
    /// Item neighbours, cosine.
    pub item: Csr,
    /// Directed transitions.
    pub transitions: ItemToItem,
    /// Neighbours of neighbours.
    pub two_hops: Csr,
    /// Attributes in common.
    pub content: ContentIndex,
    /// Ridge regression from past to future.
    pub closed: ItemToItem,
    /// User neighbours, cosine.
    pub user: UserNeighbours,
    /// ln(1 + events).
    pub popularity: ItemPopularity,
    /// Mean place of each item in the sequences, from 0 (always first) to 1 (always last): where there is no common clock,
    /// what came up lately stands at the end.
    pub lateness: Vec<f32>,
}

/// Neighbours of neighbours that an item keeps.
const TWO_HOPS: usize = 150;
const FAST: Recency = Recency::steps(0.6);
const SLOW: Recency = Recency::steps(0.9);
const CONTENT: Recency = Recency::steps(0.7);

impl Members {
    /// Fits them all.
    ///
    /// # Errors
    /// [`crate::Error::Cancelled`].
    pub async fn fit(sequences: &Sequences, catalogue: &Catalogue, observer: &mut impl Observer) -> Result<Members> {
        let similarity = Similarity { measure: Measure::Cosine, shrinkage: 2.0 };
        let item = item_neighbours(sequences, similarity, 400, observer).await?;
        let near = item.top(60);
        let others = (0..).zip(near.product_rows(&near)).map(|(item, row): (u32, Vec<(u32, f32)>)| {
            let mut row: Vec<(u32, f32)> = row.into_iter().filter(|entry| entry.0 != item).collect();
            if row.len() > TWO_HOPS {
                row.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
                row.truncate(TWO_HOPS);
            }
            row
        });
        let two_hops = matrix(sequences.items(), others, observer).await?;
        let transitions = markov(sequences, &MarkovOptions::default(), observer).await?;
        let ridge = Ridge { lambda: 100.0, active: 150 };
        let closed = closed_form(sequences, ClosedForm::Slit, ridge, observer).await?;
        let user = UserNeighbours::fit(sequences, UserOptions::default());
        let mut lateness = vec![0.0_f32; sequences.items()];
        for sequence in sequences.iter() {
            for (place, &item) in sequence.items.iter().enumerate() {
                lateness[item as usize] += (place as f32 + 0.5) / sequence.items.len() as f32;
            }
        }
        for (late, count) in lateness.iter_mut().zip(sequences.counts()) {
            *late /= count.max(1) as f32;
        }
        Ok(Members {
            item,
            transitions,
            two_hops,
            content: ContentIndex::new(&catalogue.content),
            closed: ItemToItem { matrix: closed, recency: Recency::steps(0.7) },
            user,
            popularity: ItemPopularity::fit(sequences),
            lateness,
        })
    }

    /// Each member's score of every item, 0 for those of the input. `user`: left out of the user neighbours.
    pub fn scores(&self, user: Option<u32>, input: Sequence<'_>, scores: &mut [Vec<f32>; MEMBERS]) {
        let [item, transitions, two_hops, content, slow, closed, users, popularity] = scores;
        for some in [&mut *item, transitions, two_hops, content, slow, closed, users] {
            some.fill(0.0);
        }
        add_rows(&self.item, FAST, input, item);
        self.transitions.add_scores(input, transitions);
        add_rows(&self.two_hops, FAST, input, two_hops);
        self.content.add_scores(input, CONTENT, content);
        add_rows(&self.item, SLOW, input, slow);
        self.closed.add_scores(input, closed);
        self.user.add_scores(user, input, users);
        popularity.copy_from_slice(self.popularity.scores());
        for some in scores {
            for &item in input.items {
                some[item as usize] = 0.0;
            }
        }
    }
}

//! Item and user neighbours of next-item models.

use serde::{Deserialize, Serialize};

use super::{Recency, Sequence, Sequences, paced::matrix};
use crate::{
    Result,
    cf::{Measure, Similarity, SimilarityIndex},
    graph::Csr,
    training::Observer,
};

/// Users × items with each event's weight by recency; an item that occurs twice adds up.
pub fn user_items(sequences: &Sequences, recency: Recency) -> Csr {
    let row = |sequence: Sequence<'_>| weighted(sequence, recency);
    Csr::from_rows(sequences.items(), sequences.iter().map(row))
}

/// The input as a sparse row: items ascending, none twice, with the sum of their events' weights.
fn weighted(sequence: Sequence<'_>, recency: Recency) -> Vec<(u32, f32)> {
    let weights = recency.weights(sequence);
    let mut row: Vec<(u32, f32)> = sequence.items.iter().copied().zip(weights).filter(|entry| entry.1 > 0.0).collect();
    row.sort_by_key(|entry| entry.0);
    row.dedup_by(|later, first| {
        let same = later.0 == first.0;
        if same {
            first.1 += later.1;
        }
        same
    });
    row
}

/// Item × item similarity of the users who touched them; each user weighs 1/length, since a long sequence says less about
/// any two of its items. The `count` nearest of each item.
///
/// # Errors
/// [`crate::Error::Cancelled`].
pub async fn item_neighbours(
    sequences: &Sequences,
    similarity: Similarity,
    count: usize,
    observer: &mut impl Observer,
) -> Result<Csr> {
    let users = user_items(sequences, Recency::steps(1.0));
    let lengths: Vec<f32> = (0..users.rows()).map(|user| (users.row(user).0.len() as f32).sqrt()).collect();
    let users = users.map(|user, _, _| 1.0 / lengths[user as usize].max(1.0));
    let index = SimilarityIndex::new(users.transpose(), similarity);
    matrix(sequences.items(), index.neighbour_rows(count), observer).await
}

/// How users are compared.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct UserOptions {
    /// Cosine or Pearson.
    pub similarity: Similarity,
    /// Weights of everyone's events.
    pub recency: Recency,
    /// Users that count.
    pub count: usize,
}

impl Default for UserOptions {
    fn default() -> Self {
        let similarity = Similarity { measure: Measure::Cosine, shrinkage: 0.0 };
        UserOptions { similarity, recency: Recency::steps(0.7), count: 100 }
    }
}

/// score(i) = Σ over the `count` users v most similar to the input of similarity(v) · weight of i in v's sequence, weights by
/// recency. Users are compared on their items' weights times ln(1 + users / users who touched the item).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UserNeighbours {
    options: UserOptions,
    index: SimilarityIndex,
    /// The logarithm, for each item.
    rarity: Vec<f32>,
}

impl UserNeighbours {
    /// Keeps the users of `sequences`.
    pub fn fit(sequences: &Sequences, options: UserOptions) -> UserNeighbours {
        let rows = user_items(sequences, options.recency);
        let users = rows.rows() as f32;
        let mut holders = vec![0_u32; rows.columns()];
        rows.indices().iter().for_each(|&item| holders[item as usize] += 1);
        let rarity: Vec<f32> = holders.iter().map(|&n| libm::log1pf(users / n.max(1) as f32)).collect();
        let rows = rows.map(|_, item, weight| weight * rarity[item as usize]);
        UserNeighbours { options, index: SimilarityIndex::new(rows, options.similarity), rarity }
    }

    /// How users are compared.
    pub fn options(&self) -> &UserOptions {
        &self.options
    }

    /// Adds the scores of all items to `scores`. `user`: a user who does not count.
    pub fn add_scores(&self, user: Option<u32>, input: Sequence<'_>, scores: &mut [f32]) {
        let (items, weights): (Vec<u32>, Vec<f32>) = weighted(input, self.options.recency)
            .into_iter()
            .filter_map(|(item, weight)| Some((item, weight * self.rarity.get(item as usize)?)))
            .unzip();
        for (other, similarity) in self.index.nearest(&items, &weights, user, self.options.count) {
            for (item, weight) in self.index.rows().entries(other as usize) {
                scores[item as usize] += similarity * weight / self.rarity[item as usize];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::training::Silent;

    #[test]
    fn an_item_twice_adds_up_and_a_user_is_not_its_own_neighbour() {
        let sequences = Sequences::new(4, &[vec![0, 1, 0], vec![0, 1, 2], vec![3]]).unwrap();
        let users = user_items(&sequences, Recency::steps(0.5));
        assert_eq!(users.row(0), (&[0, 1][..], &[1.25, 0.5][..]));
        let model = UserNeighbours::fit(&sequences, UserOptions::default());
        let mut scores = [0.0; 4];
        model.add_scores(Some(0), sequences.user(0), &mut scores);
        assert!(scores[2] > 0.0 && scores[3] == 0.0, "{scores:?}");
        // Only user 1 has item 2, and is not asked.
        let mut scores = [0.0; 4];
        model.add_scores(Some(1), sequences.user(1), &mut scores);
        assert!(scores[0] > 0.0 && scores[2] == 0.0, "{scores:?}");
    }

    #[test]
    fn items_touched_together_are_neighbours() {
        let sequences = Sequences::new(4, &[vec![0, 1], vec![0, 1], vec![2, 3, 1]]).unwrap();
        let similarity = Similarity { measure: Measure::Cosine, shrinkage: 0.0 };
        let near = pollster::block_on(item_neighbours(&sequences, similarity, 1, &mut Silent)).unwrap();
        // Users weigh 1/length: (1/2 + 1/2) / √(1 · (1 + 1/3)).
        assert_eq!((near.row(0).0, near.row(3).0), (&[1][..], &[2][..]));
        assert!((near.row(0).1[0] - 1.0 / (4.0_f32 / 3.0).sqrt()).abs() < 1e-6);
    }
}

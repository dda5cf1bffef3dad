//! Items by the user's interest in their domains.

use serde::{Deserialize, Serialize};

use super::{Catalogue, Recency, Sequence, Sequences};
use crate::event::NONE;

/// How a user's interest in the domains is read off the input.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DomainOptions {
    /// Events of the input that count, from the last one back.
    pub last: u32,
    /// Weight of each of them.
    pub recency: Recency,
    /// How many events the domains' popularity counts for.
    pub prior: f32,
}

/// score(i) = share(u, domain of i) · share of i among the events in its domain, with share(u, ·) the weighted domain
/// shares of the input, plus the popularity prior. An item without a domain scores 0.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ItemsByDomain {
    /// How the input is read.
    pub options: DomainOptions,
    domain: Vec<u32>,
    /// Share of each item among the events in its domain.
    within: Vec<f32>,
    /// Share of each domain among all events.
    popularity: Vec<f32>,
}

impl ItemsByDomain {
    /// Counts the sequences.
    pub fn fit(sequences: &Sequences, catalogue: &Catalogue, options: DomainOptions) -> ItemsByDomain {
        let domain = catalogue.domains.clone();
        let domains = domain.iter().filter(|&&own| own != NONE).max().map_or(0, |&most| most as usize + 1);
        let counts = sequences.counts();
        let mut events = vec![0_u32; domains];
        for (&own, &count) in domain.iter().zip(&counts) {
            if let Some(sum) = events.get_mut(own as usize) {
                *sum += count;
            }
        }
        let all = events.iter().sum::<u32>().max(1) as f32;
        let share = |(&own, &count): (&u32, &u32)| {
            events.get(own as usize).map_or(0.0, |&sum| count as f32 / sum.max(1) as f32)
        };
        ItemsByDomain {
            options,
            within: domain.iter().zip(&counts).map(share).collect(),
            domain,
            popularity: events.iter().map(|&events| events as f32 / all).collect(),
        }
    }

    /// Adds the scores of all items to `scores`.
    pub fn add_scores(&self, input: Sequence<'_>, scores: &mut [f32]) {
        let mut shares: Vec<f32> = self.popularity.iter().map(|share| self.options.prior * share).collect();
        let weights = self.options.recency.weights(input);
        for (&item, weight) in input.items.iter().zip(weights).rev().take(self.options.last as usize) {
            let own = self.domain.get(item as usize).copied().unwrap_or(NONE);
            if let Some(share) = shares.get_mut(own as usize) {
                *share += weight;
            }
        }
        for ((score, &own), within) in scores.iter_mut().zip(&self.domain).zip(&self.within) {
            *score += shares.get(own as usize).map_or(0.0, |share| share * within);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::Csr;

    #[test]
    fn scores_of_a_worked_example() {
        // Items 0, 1 in domain 0; 2, 3 in domain 1; 4 in none.
        let catalogue =
            Catalogue::new(Csr::from_triplets(5, 2, vec![(0, 0, 1.0), (1, 0, 1.0), (2, 1, 1.0), (3, 1, 1.0)]));
        let sequences = Sequences::new(5, &[vec![0, 0, 1, 2], vec![0, 3, 3, 4]]).unwrap();
        let options = DomainOptions { last: 2, recency: Recency::steps(0.5), prior: 0.0 };
        let score = |options: DomainOptions| {
            let mut scores = [0.0; 5];
            let input = Sequence { items: &[2, 2, 0], times: &[], kinds: &[] };
            ItemsByDomain::fit(&sequences, &catalogue, options).add_scores(input, &mut scores);
            scores
        };
        assert_eq!(score(options), [0.75, 0.25, 0.5 / 3.0, 0.5 * 2.0 / 3.0, 0.0]);
        assert_eq!(score(DomainOptions { last: 1, ..options }), [0.75, 0.25, 0.0, 0.0, 0.0]);
        // Popularity: domain 0 has 4 of 7 events, domain 1 the other 3.
        let with = score(DomainOptions { last: 0, prior: 7.0, ..options });
        assert!(with.iter().zip([3.0, 1.0, 1.0, 2.0, 0.0]).all(|(a, b): (&f32, f32)| (a - b).abs() < 1e-5), "{with:?}");
    }
}

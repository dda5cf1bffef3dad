//! What was forecast instead of what.

use driftscope_kernels::Order;
use std::collections::BTreeMap;

use serde::Serialize;

use super::Outcome;
use crate::interest::DomainName;

/// Classes that a [`Confusion`] tells apart; the others are one more class.
pub const CONFUSED: usize = 12;

/// Labelled outcomes by their label (row) and by the first domain of their forecast (column).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Confusion {
    /// The most frequent labels, most frequent first.
    pub domains: Vec<DomainName>,
    /// (n + 1) × (n + 1) outcomes for n `domains`, row-major; the last row and the last column are all other domains.
    pub counts: Vec<usize>,
}

/// The confusion matrix of the labels that occur most (ties: the smaller id first). Outcomes without a label don't count.
/// `name` names a domain.
pub fn confusion(outcomes: &[Outcome], name: impl Fn(u32) -> String) -> Confusion {
    let labelled = || outcomes.iter().filter_map(|outcome| Some((outcome.label?, outcome.ranked.first().copied())));
    let mut frequency: BTreeMap<u32, usize> = BTreeMap::new();
    for (label, _) in labelled() {
        *frequency.entry(label).or_default() += 1;
    }
    let mut labels: Vec<(u32, usize)> = frequency.into_iter().collect();
    labels.order_by_key(|&(id, count)| (std::cmp::Reverse(count), id));
    labels.truncate(CONFUSED);
    let others = labels.len();
    let place: BTreeMap<u32, usize> = labels.iter().enumerate().map(|(place, &(id, _))| (id, place)).collect();
    let at = |domain: Option<u32>| domain.and_then(|id| place.get(&id).copied()).unwrap_or(others);
    let mut counts = vec![0; (others + 1) * (others + 1)];
    for (label, first) in labelled() {
        if let Some(count) = counts.get_mut(at(Some(label)) * (others + 1) + at(first)) {
            *count += 1;
        }
    }
    Confusion { domains: labels.into_iter().map(|(id, _)| DomainName { id, name: name(id) }).collect(), counts }
}

//! Interest domains for a log that has none, or not for all items: items that the same users meet close together belong
//! together.
//!
//! Steps: co-occurrence of items within users' nearby events → cosine similarity, each item's nearest neighbours
//! ([`cooccurrence`]) → communities ([`louvain`]) → small communities and items without enough evidence go where most of
//! their similarity lies, what has none to a domain of its own, [`OTHER`] → names from the top items.

mod cooccurrence;
mod louvain;

use cooccurrence::{Graph, similarity};
use driftscope_kernels::Order;

use crate::{
    Error, Result,
    event::{Log, NONE},
};

/// Name of the domain of items that were never seen beside others.
pub const OTHER: &str = "Other";
/// Items that a community needs to become a domain.
const LEAST_ITEMS: usize = 3;
/// Share of the items' events that a community needs to become a domain.
const LEAST_SHARE: f64 = 5e-4;
/// Rounds in which domains spread to items without one.
const SPREAD_ROUNDS: usize = 8;
/// Items that give a domain its name, and how many characters of each.
const NAME_ITEMS: usize = 2;
const NAME_CHARACTERS: usize = 28;

/// What was derived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Derived {
    /// Domains that are new.
    pub domains: usize,
    /// Items that got a domain, those in [`OTHER`] included.
    pub items: usize,
    /// Items that went to [`OTHER`].
    pub others: usize,
}

/// Gives every item that has no domain one. Where no item has a domain, domains are found; where some have, the others join
/// the domain that most of their similarity points to. Deterministic; nothing is dropped.
///
/// # Errors
/// [`Error::State`] for a log that is not sorted.
pub fn derive_domains(log: &mut Log) -> Result<Derived> {
    if !log.is_sorted() {
        return Err(Error::State { hint: "the log must be sorted before domains are derived".into() });
    }
    let missing: Vec<u32> = (0..log.items.len() as u32).filter(|&item| log.items.domain(item) == NONE).collect();
    if missing.is_empty() {
        return Ok(Derived { domains: 0, items: 0, others: 0 });
    }
    let before = log.domains.len();
    let counts = item_counts(log);
    let graph = similarity(log);
    let mut labels: Vec<u32> = (0..log.items.len() as u32).map(|item| log.items.domain(item)).collect();
    let known = missing.len() < labels.len();
    if !known {
        labels = large_communities(&graph, &counts);
    }
    spread(&graph, &mut labels);
    if !known {
        let names = names(log, &labels, &counts);
        let ids: Vec<u32> = names.iter().map(|name| log.domains.intern(name)).collect();
        labels.iter_mut().filter(|label| **label != NONE).for_each(|label| *label = ids[*label as usize]);
    }
    let mut others = 0;
    for &item in &missing {
        let mut domain = labels[item as usize];
        if domain == NONE {
            domain = log.domains.intern(OTHER);
            others += 1;
        }
        log.items.set_domain(item, domain);
    }
    Ok(Derived { domains: log.domains.len() - before, items: missing.len(), others })
}

fn item_counts(log: &Log) -> Vec<u32> {
    let mut counts = vec![0; log.items.len()];
    for event in log.iter() {
        if let Some(count) = counts.get_mut(log.items.base(event.item) as usize) {
            *count += 1;
        }
    }
    counts
}

/// Communities that are large enough, numbered by their events, most first; [`NONE`] for the items of the others.
fn large_communities(graph: &Graph, counts: &[u32]) -> Vec<u32> {
    let mut labels = louvain::communities(graph);
    let mut sizes: Vec<(u64, usize, u32)> =
        (0..labels.iter().max().map_or(0, |&last| last + 1)).map(|c| (0, 0, c)).collect();
    for (&label, &count) in labels.iter().zip(counts) {
        let size = &mut sizes[label as usize];
        size.0 += u64::from(count);
        size.1 += 1;
    }
    let total: u64 = counts.iter().map(|&count| u64::from(count)).sum();
    sizes.retain(|&(events, items, _)| items >= LEAST_ITEMS && events as f64 >= LEAST_SHARE * total as f64);
    sizes.order_by_key(|&(events, _, community)| (std::cmp::Reverse(events), community));
    let mut number = vec![NONE; labels.len()];
    for (new, &(.., community)) in (0u32..).zip(&sizes) {
        number[community as usize] = new;
    }
    labels.iter_mut().for_each(|label| *label = number[*label as usize]);
    labels
}

/// Unlabelled items take the label that most of their similarity points to, round by round.
fn spread(graph: &Graph, labels: &mut [u32]) {
    for _ in 0..SPREAD_ROUNDS {
        let mut found: Vec<(usize, u32)> = Vec::new();
        for item in (0..labels.len()).filter(|&item| labels[item] == NONE) {
            let mut votes: Vec<(u32, f64)> = graph
                .neighbours(item)
                .iter()
                .map(|&(neighbour, weight)| (labels[neighbour as usize], weight))
                .filter(|&(label, _)| label != NONE)
                .collect();
            votes.sort_by_key(|&(label, _)| label);
            let sums =
                votes.chunk_by(|a, b| a.0 == b.0).map(|run| (run[0].0, run.iter().map(|vote| vote.1).sum::<f64>()));
            if let Some((label, _)) = sums.reduce(|best, next| if next.1 > best.1 { next } else { best }) {
                found.push((item, label));
            }
        }
        if found.is_empty() {
            break;
        }
        for (item, label) in found {
            labels[item] = label;
        }
    }
}

/// Each domain's name: its most frequent items, by title where there is one. Never equal to another domain's.
fn names(log: &Log, labels: &[u32], counts: &[u32]) -> Vec<String> {
    let domains = labels.iter().filter(|&&label| label != NONE).max().map_or(0, |&last| last as usize + 1);
    let mut top: Vec<Vec<u32>> = vec![Vec::new(); domains];
    let mut order: Vec<u32> = (0..labels.len() as u32).collect();
    order.order_by_key(|&item| (std::cmp::Reverse(counts[item as usize]), item));
    for item in order {
        if let Some(items) = top.get_mut(labels[item as usize] as usize)
            && items.len() < NAME_ITEMS
        {
            items.push(item);
        }
    }
    let mut used = std::collections::BTreeSet::from([OTHER.to_owned()]);
    let unique = |items: Vec<u32>| {
        let base = items
            .into_iter()
            .map(|item| short(log.items.title(item).unwrap_or(log.items.name(item))))
            .collect::<Vec<_>>();
        let base = base.join(" · ");
        let numbered = (2..).map(|number| format!("{base} ({number})"));
        let name = std::iter::once(base.clone()).chain(numbered).find(|name| !used.contains(name)).unwrap_or_default();
        used.insert(name.clone());
        name
    };
    top.into_iter().map(unique).collect()
}

fn short(title: &str) -> String {
    let title = title.trim();
    if title.chars().count() <= NAME_CHARACTERS {
        return title.to_owned();
    }
    let cut: String = title.chars().take(NAME_CHARACTERS - 1).collect();
    format!("{}…", cut.trim_end())
}

#[cfg(test)]
mod tests;

//! What ranked lists are like, whether they hit or not.

use std::ops::Range;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::training::History;

/// Properties of the lists of a split. A mean over nothing is NaN.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ListMetrics {
    /// Catalogue coverage: share of the catalogue that is in at least one list (Ge et al. 2010, "Beyond accuracy").
    pub coverage: f64,
    /// Intra-list diversity: mean over lists of the mean of 1 − similarity over the pairs of a list, 0 (all alike) to 1
    /// (Ziegler et al. 2005; similarity of [`Catalogue::similarity`]). Lists of fewer than two entries don't count.
    pub diversity: f64,
    /// Novelty: mean over lists of the mean self-information of their entries, −log2 of an entry's share of the train
    /// events, in bits (Zhou et al. 2010; Vargas & Castells 2011). Empty lists don't count.
    pub novelty: f64,
}

/// Pairs whose similarity is remembered: lists are drawn from few entries, so that the same pairs come again and again.
const PAIRS_KEPT: usize = 1 << 18;

/// What is recommended from: items or domains, by id, with their popularity and content.
#[derive(Debug, Clone, PartialEq)]
pub struct Catalogue {
    /// Bits of surprise of each entry.
    information: Vec<f64>,
    /// Sorted attributes of each entry.
    attributes: Vec<Vec<u32>>,
}

impl Catalogue {
    /// `events`: train events of each entry; `attributes`: what each entry is like, as ids of anything that entries can
    /// have in common (an item's domain and words, a domain's users). Each entry's share of the events is smoothed by one
    /// event (Laplace), so that one without events has a finite self-information.
    pub fn new(events: &[u64], attributes: Vec<Vec<u32>>) -> Catalogue {
        let total = events.iter().sum::<u64>() + events.len() as u64;
        let mut attributes = attributes;
        attributes.resize(events.len(), Vec::new());
        for own in &mut attributes {
            own.sort_unstable();
            own.dedup();
        }
        let bits = |&own: &u64| (total as f64 / (own + 1) as f64).log2();
        Catalogue { information: events.iter().map(bits).collect(), attributes }
    }

    /// The domains of a log by their events in the `train` windows; two are alike as far as the same users turn to both.
    pub fn of_domains(history: &History, train: Range<usize>) -> Catalogue {
        let mut users = vec![Vec::new(); history.domains()];
        for user in 0..history.users() as u32 {
            for cell in history.past(user, train.end).iter().filter(|cell| train.start <= cell.window as usize) {
                if let Some(own) = users.get_mut(cell.domain as usize) {
                    own.push(user);
                }
            }
        }
        Catalogue::new(&history.sum(train), users)
    }

    /// Number of entries.
    pub fn len(&self) -> usize {
        self.information.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.information.is_empty()
    }

    /// Cosine of two entries' attributes as 0/1 vectors, |A ∩ B| / √(|A| |B|), 0 to 1; 0 where one has none.
    pub fn similarity(&self, a: u32, b: u32) -> f64 {
        let own = |entry: u32| self.attributes.get(entry as usize).map_or(&[] as &[u32], Vec::as_slice);
        let (a, b) = (own(a), own(b));
        if a.is_empty() || b.is_empty() {
            return 0.0;
        }
        let (few, many) = if a.len() <= b.len() { (a, b) } else { (b, a) };
        let common = few.iter().filter(|attribute| many.binary_search(attribute).is_ok()).count();
        common as f64 / ((a.len() * b.len()) as f64).sqrt()
    }
}

/// The properties of lists of ids of the catalogue; ids beyond it don't count.
pub fn list_metrics<'a>(lists: impl IntoIterator<Item = &'a [u32]>, catalogue: &Catalogue) -> ListMetrics {
    let mut seen: FxHashSet<u32> = FxHashSet::default();
    let mut similarities: FxHashMap<(u32, u32), f64> = FxHashMap::default();
    let (mut diversity, mut novelty) = (Mean::default(), Mean::default());
    for list in lists {
        let known: Vec<u32> = list.iter().copied().filter(|&id| (id as usize) < catalogue.len()).collect();
        seen.extend(&known);
        let mut pairs = Mean::default();
        for (place, &a) in known.iter().enumerate() {
            for &b in known.iter().skip(place + 1) {
                let pair = (a.min(b), a.max(b));
                let similarity = similarities.get(&pair).copied().unwrap_or_else(|| catalogue.similarity(a, b));
                if similarities.len() < PAIRS_KEPT {
                    similarities.insert(pair, similarity);
                }
                pairs.add(1.0 - similarity);
            }
        }
        if pairs.count > 0 {
            diversity.add(pairs.value());
        }
        if !known.is_empty() {
            let bits = known.iter().filter_map(|&id| catalogue.information.get(id as usize));
            novelty.add(bits.sum::<f64>() / known.len() as f64);
        }
    }
    ListMetrics {
        coverage: seen.len() as f64 / catalogue.len() as f64,
        diversity: diversity.value(),
        novelty: novelty.value(),
    }
}

#[derive(Default)]
struct Mean {
    sum: f64,
    count: usize,
}

impl Mean {
    fn add(&mut self, value: f64) {
        self.sum += value;
        self.count += 1;
    }

    fn value(&self) -> f64 {
        self.sum / self.count as f64
    }
}

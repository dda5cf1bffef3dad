//! The metrics of protocol INP.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::training::{History, Instance, ndcg};

/// Means over the instances of a split (PROTOCOL.md, "Prediction and metrics"). A mean over nothing is NaN.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Metrics {
    /// NDCG@10, linear gain, over all instances.
    pub ndcg10: f64,
    /// Share of labelled instances whose first domain is the label.
    pub accuracy: f64,
    /// Share of labelled instances with the label among the first three.
    pub accuracy_top3: f64,
    /// Mean recall over the classes that occur as a label.
    pub macro_recall: f64,
    /// Mean F1 over the same classes.
    pub macro_f1: f64,
    /// Accuracy where the label differs from the user's previous one.
    pub accuracy_transfer: f64,
    /// Accuracy where the label is the previous one.
    pub accuracy_stable: f64,
    /// Scored instances.
    pub instances: usize,
    /// Those with a unique top domain.
    pub labelled: usize,
    /// Labelled instances whose label differs from the previous one.
    pub transfer: usize,
    /// Labelled instances whose label is the previous one.
    pub stable: usize,
}

/// How one instance was predicted.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The user, by which the bootstrap draws.
    pub user: u32,
    /// NDCG@10.
    pub ndcg10: f64,
    /// The true label.
    pub label: Option<u32>,
    /// The label of the user's last active window before.
    pub previous: Option<u32>,
    /// Domains, best first, at most ten.
    pub ranked: Vec<u32>,
}

impl Outcome {
    /// The outcome of a ranked list for an instance.
    pub fn new(history: &History, instance: &Instance, ranked: Vec<u32>) -> Outcome {
        Outcome {
            user: instance.user,
            ndcg10: ndcg(&ranked, history.truth(instance)),
            label: instance.label,
            previous: instance.previous,
            ranked,
        }
    }
}

/// Counts of one class.
#[derive(Default)]
struct Class {
    positive: usize,
    hit: usize,
    predicted: usize,
}

/// The metrics of some outcomes.
pub fn metrics(outcomes: &[Outcome]) -> Metrics {
    let mut classes: BTreeMap<u32, Class> = BTreeMap::new();
    let (mut hits, mut top3) = (0, 0);
    let (mut transfer, mut transfer_hits, mut stable, mut stable_hits) = (0, 0, 0, 0);
    let mut labelled = 0;
    for outcome in outcomes {
        let Some(label) = outcome.label else { continue };
        labelled += 1;
        let first = outcome.ranked.first().copied();
        let hit = usize::from(first == Some(label));
        hits += hit;
        top3 += usize::from(outcome.ranked.iter().take(3).any(|&domain| domain == label));
        let class = classes.entry(label).or_default();
        class.positive += 1;
        class.hit += hit;
        if let Some(first) = first {
            classes.entry(first).or_default().predicted += 1;
        }
        match outcome.previous {
            Some(previous) if previous == label => {
                stable += 1;
                stable_hits += hit;
            }
            Some(_) => {
                transfer += 1;
                transfer_hits += hit;
            }
            None => {}
        }
    }
    let true_classes: Vec<&Class> = classes.values().filter(|class| class.positive > 0).collect();
    let over = |hits: usize, all: usize| hits as f64 / all as f64;
    let mean = |sum: f64, all: usize| sum / all as f64;
    Metrics {
        ndcg10: mean(outcomes.iter().map(|outcome| outcome.ndcg10).sum(), outcomes.len()),
        accuracy: over(hits, labelled),
        accuracy_top3: over(top3, labelled),
        macro_recall: mean(true_classes.iter().map(|c| over(c.hit, c.positive)).sum(), true_classes.len()),
        // 2TP + FP + FN = positives + predictions of the class.
        macro_f1: mean(
            true_classes.iter().map(|c| over(2 * c.hit, c.positive + c.predicted)).sum(),
            true_classes.len(),
        ),
        accuracy_transfer: over(transfer_hits, transfer),
        accuracy_stable: over(stable_hits, stable),
        instances: outcomes.len(),
        labelled,
        transfer,
        stable,
    }
}

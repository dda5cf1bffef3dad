//! How good predictions are. [`Metrics`]: interest in the next window (protocol INP). [`ListMetrics`]: what the lists are
//! like, whether they hit or not. [`ReplayMetrics`]: how often a list would have held what the user then looked at and
//! bought.

mod calibration;
mod classes;
mod confusion;
mod lists;
mod outcome;
mod ranking;
mod replay;

use serde::{Deserialize, Serialize};

pub use calibration::{BINS, ReliabilityBin, calibration_error, reliability};
pub use confusion::{CONFUSED, Confusion, confusion};
pub use lists::{Catalogue, ListMetrics, list_metrics};
pub use outcome::Outcome;
pub use ranking::area_under_curve;
pub use replay::{Occasion, ReplayMetrics, SESSION_GAP, occasions, replay};

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
    /// Mean precision over the classes that occur as a label; 0 for a class that is never predicted.
    pub macro_precision: f64,
    /// Mean recall over the same classes.
    pub macro_recall: f64,
    /// Mean F1 over the same classes.
    pub macro_f1: f64,
    /// Accuracy where the label differs from the user's previous one.
    pub accuracy_transfer: f64,
    /// Accuracy where the label is the previous one.
    pub accuracy_stable: f64,
    /// Expected calibration error of the first domain's share ([`calibration_error`]).
    pub calibration_error: f64,
    /// Brier score of the shares against the label, summed over domains, 0 to 2 (Brier 1950).
    pub brier: f64,
    /// Scored instances.
    pub instances: usize,
    /// Those with a unique top domain.
    pub labelled: usize,
    /// Domains that occur as a label.
    pub classes: usize,
    /// Labelled instances whose label differs from the previous one.
    pub transfer: usize,
    /// Labelled instances whose label is the previous one.
    pub stable: usize,
}

/// The metrics of some outcomes.
pub fn metrics(outcomes: &[Outcome]) -> Metrics {
    let (mut hits, mut top3) = (0, 0);
    let (mut transfer, mut transfer_hits, mut stable, mut stable_hits) = (0, 0, 0, 0);
    let (mut labelled, mut squared_error) = (0, 0.0);
    for outcome in outcomes {
        let Some(label) = outcome.label else { continue };
        labelled += 1;
        squared_error += outcome.squared_error;
        let hit = usize::from(outcome.hit() == Some(true));
        hits += hit;
        top3 += usize::from(outcome.ranked.iter().take(3).any(|&domain| domain == label));
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
    let over = |hits: usize, all: usize| hits as f64 / all as f64;
    let means = classes::macro_means(outcomes);
    Metrics {
        ndcg10: outcomes.iter().map(|outcome| outcome.ndcg10).sum::<f64>() / outcomes.len() as f64,
        accuracy: over(hits, labelled),
        accuracy_top3: over(top3, labelled),
        macro_precision: means.precision,
        macro_recall: means.recall,
        macro_f1: means.f1,
        accuracy_transfer: over(transfer_hits, transfer),
        accuracy_stable: over(stable_hits, stable),
        calibration_error: calibration_error(&reliability(outcomes)),
        brier: squared_error / labelled as f64,
        instances: outcomes.len(),
        labelled,
        classes: means.classes,
        transfer,
        stable,
    }
}

#[cfg(test)]
mod tests;

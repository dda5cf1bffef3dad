//! Precision, recall and F1 of each class against the rest.

use std::collections::BTreeMap;

use super::Outcome;

/// Counts of one class over the labelled outcomes.
#[derive(Debug, Default, Clone, Copy)]
struct Class {
    positive: usize,
    hit: usize,
    predicted: usize,
}

/// Plain means over the classes that occur as a label; a class that is only ever predicted has no term of its own
/// (PROTOCOL.md, "Prediction and metrics"). NaN without labelled outcomes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct MacroMeans {
    /// TP / (TP + FP), 0 for a class that is never predicted.
    pub precision: f64,
    /// TP / (TP + FN).
    pub recall: f64,
    /// 2 TP / (2 TP + FP + FN).
    pub f1: f64,
    /// Classes that occur as a label.
    pub classes: usize,
}

pub(super) fn macro_means(outcomes: &[Outcome]) -> MacroMeans {
    let mut classes: BTreeMap<u32, Class> = BTreeMap::new();
    for outcome in outcomes {
        let Some(label) = outcome.label else { continue };
        let first = outcome.ranked.first().copied();
        let class = classes.entry(label).or_default();
        class.positive += 1;
        class.hit += usize::from(first == Some(label));
        if let Some(first) = first {
            classes.entry(first).or_default().predicted += 1;
        }
    }
    let own: Vec<Class> = classes.into_values().filter(|class| class.positive > 0).collect();
    let mean = |term: fn(&Class) -> f64| own.iter().map(term).sum::<f64>() / own.len() as f64;
    MacroMeans {
        precision: mean(|class| class.hit as f64 / class.predicted.max(1) as f64),
        recall: mean(|class| class.hit as f64 / class.positive as f64),
        // 2 TP + FP + FN = positives + predictions of the class.
        f1: mean(|class| (2 * class.hit) as f64 / (class.positive + class.predicted) as f64),
        classes: own.len(),
    }
}

//! Results as JSON with the names of PROTOCOL.md's scorer.

use std::path::Path;

use driftscope::{
    evaluation::{
        Gain, Metrics, ModelName, Outcome, bootstrap_differences,
        next_item::{NextItemMetrics, NextItemOutcome},
    },
    training::{History, Split, TOP, next_item::Sequences},
};
use serde_json::{Map, Value, json};

/// The part of a split that is scored.
pub fn part(validation: bool) -> &'static str {
    if validation { "val" } else { "test" }
}

/// What heads every result.
pub fn head(protocol: &str, set: &str, validation: bool, file: Option<&Path>) -> Map<String, Value> {
    let name = file.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    fields(json!({ "protocol": protocol, "set": set, "split": part(validation), "predictions": name }))
}

/// The metrics of protocol INP.
pub fn interest(m: &Metrics, outcomes: &[Outcome], domains: usize) -> Map<String, Value> {
    let full = TOP.min(domains);
    fields(json!({
        "ndcg10": m.ndcg10,
        "n": m.instances,
        "n_cls": m.labelled,
        "acc": m.accuracy,
        "acc_top3": m.accuracy_top3,
        "macro_recall": m.macro_recall,
        "macro_f1": m.macro_f1,
        "classes": m.classes,
        "transfer_share": m.transfer as f64 / (m.transfer + m.stable).max(1) as f64,
        "n_transfer": m.transfer,
        "acc_transfer": m.accuracy_transfer,
        "n_stable": m.stable,
        "acc_stable": m.accuracy_stable,
        "extra_instances": 0,
        "short_lists": outcomes.iter().filter(|own| own.ranked.len() < full).count(),
        "unknown_domains": 0,
    }))
}

/// The facts of the data that protocol INP's results name.
pub fn facts(history: &History, split: &Split, validation: bool, users: usize) -> Value {
    let windows = if validation { &split.validation } else { &split.test };
    let events: u64 = history.cells().iter().map(|cell| u64::from(cell.events)).sum();
    json!({
        "users": users,
        "domains": history.domains(),
        "events": events,
        "periods": history.windows().len(),
        "scored_periods": [windows.start, windows.end - 1],
    })
}

/// The metrics of protocol LLO. `inputs`: what the lists were made from.
pub fn next_item(m: &NextItemMetrics, outcomes: &[NextItemOutcome], inputs: &Sequences) -> Map<String, Value> {
    let have = |own: &NextItemOutcome| inputs.user(own.user as usize).items;
    let different = |own: &NextItemOutcome| {
        let mut items = have(own).to_vec();
        items.sort_unstable();
        items.dedup();
        items.len()
    };
    let short = |own: &&NextItemOutcome| own.ranked.len() < TOP.min(inputs.items() - different(own));
    fields(json!({
        "hr10": m.hr10,
        "ndcg10": m.ndcg10,
        "hr5": m.hr5,
        "ndcg5": m.ndcg5,
        "mrr10": m.mrr10,
        "users": m.users,
        "items": inputs.items(),
        "repeats": outcomes.iter().filter(|own| have(own).contains(&own.target)).count(),
        "extra_users": 0,
        "short_lists": outcomes.iter().filter(short).count(),
        "unknown_items": 0,
    }))
}

/// `vs_baseline`: the baseline's metrics of the given names and the differences with their intervals.
pub fn against(name: ModelName, metrics: &Map<String, Value>, keep: &[&str], gains: &[(&str, Option<Gain>)]) -> Value {
    let own: Map<String, Value> =
        keep.iter().filter_map(|&key| Some((key.to_owned(), metrics.get(key)?.clone()))).collect();
    let mut bootstrap = fields(json!({ "unit": "user", "resamples": 2000 }));
    for (key, gain) in gains {
        let gain = gain.map(|gain| {
            json!({
                "diff": gain.difference,
                "lo95": gain.low,
                "hi95": gain.high,
                "share_of_resamples_above_0": gain.above,
            })
        });
        bootstrap.insert((*key).to_owned(), gain.into());
    }
    json!({ "baseline": name, "baseline_metrics": own, "bootstrap": bootstrap })
}

/// The difference in accuracy of two models on the same instances, over those with a label.
pub fn accuracy_gain(outcomes: &[Outcome], baseline: &[Outcome]) -> Option<Gain> {
    let score = |own: &Outcome| Some(f64::from(u8::from(own.hit()?)));
    let pairs = outcomes.iter().zip(baseline);
    let differences: Vec<(u32, f64)> = pairs.filter_map(|(a, b)| Some((a.user, score(a)? - score(b)?))).collect();
    bootstrap_differences(&differences)
}

/// The difference in HR@10 of two models on the same users.
pub fn hit_gain(outcomes: &[NextItemOutcome], baseline: &[NextItemOutcome]) -> Option<Gain> {
    let hit = |own: &NextItemOutcome| f64::from(u8::from(own.rank().is_some()));
    let pairs = outcomes.iter().zip(baseline);
    bootstrap_differences(&pairs.map(|(a, b)| (a.user, hit(a) - hit(b))).collect::<Vec<_>>())
}

/// Mean and spread (sample standard deviation) over runs of each number that all of them have, by name.
pub fn summary(runs: &[Map<String, Value>]) -> Value {
    let (mut means, mut spreads) = (Map::new(), Map::new());
    for key in runs.first().map(|run| run.keys().cloned().collect::<Vec<_>>()).unwrap_or_default() {
        let numbers: Option<Vec<f64>> = runs.iter().map(|run| run.get(&key)?.as_f64()).collect();
        if let Some((mean, spread)) = numbers.map(|numbers| mean_and_spread(&numbers)) {
            means.insert(key.clone(), json!(mean));
            spreads.insert(key, json!(spread));
        }
    }
    json!({ "mean": means, "spread": spreads })
}

/// Mean and sample standard deviation, 0 for a single number.
pub fn mean_and_spread(numbers: &[f64]) -> (f64, f64) {
    let count = numbers.len() as f64;
    let mean = numbers.iter().sum::<f64>() / count;
    let squares: f64 = numbers.iter().map(|number| (number - mean).powi(2)).sum();
    (mean, (squares / (count - 1.0).max(1.0)).sqrt())
}

/// The fields of a JSON object.
pub fn fields(value: Value) -> Map<String, Value> {
    if let Value::Object(fields) = value { fields } else { Map::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_summed_up_by_what_they_share() {
        let runs = [json!({"a": 1.0, "b": "x", "c": 3}), json!({"a": 2.0, "b": "y"}), json!({"a": 6.0, "b": "z"})];
        let summary = summary(&runs.map(fields));
        assert_eq!(summary["mean"], json!({ "a": 3.0 }));
        // numpy: np.std([1, 2, 6], ddof=1)
        assert!((summary["spread"]["a"].as_f64().unwrap() - 2.645_751_311_064_590_7).abs() < 1e-12);
        assert_eq!(mean_and_spread(&[4.0]), (4.0, 0.0));
    }
}

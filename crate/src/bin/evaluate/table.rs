//! `evaluate table SET…|--log FILE… --models a,b,c --seeds 1,2,3`: models side by side, with the baselines, as Markdown or
//! JSON. Each model is compared with the best of the simple rules on validation.

use driftscope::{
    evaluation::{
        Catalogue, ModelName, Outcome, bootstrap_differences, list_metrics, metrics,
        next_item::{NEXT_ITEM_BASELINES, NextItemScored},
    },
    nn::{self, Device},
};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{
    Failure,
    data::{self, InterestData},
    interest, nextitem,
    options::{self, Options, Print},
    print, scores,
    sequences::SETS,
};

/// The rules that forecast interests.
const INTEREST_BASELINES: [ModelName; 6] = [
    ModelName::Popularity,
    ModelName::Persistent,
    ModelName::MovingAverage,
    ModelName::UserFrequency,
    ModelName::DecayPrior,
    ModelName::Markov,
];

/// One set's models.
#[derive(Serialize)]
struct Table {
    set: String,
    /// `INP`, or `LLO` with its setting.
    protocol: String,
    /// The best of the simple rules on validation, which the gains are against.
    baseline: Option<ModelName>,
    rows: Vec<Row>,
    /// Models that could not be fitted, and why.
    missing: Vec<(ModelName, String)>,
}

/// One model's results over its seeds.
#[derive(Serialize)]
struct Row {
    model: ModelName,
    seeds: Vec<u64>,
    /// Mean and spread over the seeds of each number on test.
    test: Value,
    /// Mean NDCG@10 on validation.
    validation: f64,
    /// NDCG@10 minus the baseline's, each instance's mean over the seeds, with its interval.
    gain: Option<[f64; 3]>,
    /// The same minus that of the row above, where that is a model that was asked for, too.
    step: Option<[f64; 3]>,
    seconds: f64,
    /// User and NDCG@10 of each instance, mean over the seeds.
    #[serde(skip)]
    instances: Vec<(u32, f64)>,
}

/// Runs the command with the arguments after its name.
pub fn run(parser: lexopt::Parser) -> Result<(), Failure> {
    let Some(options) = options::parse(parser)? else { return Ok(()) };
    let device = pollster::block_on(nn::device())?;
    let mut sets = options.sets.clone();
    if !options.log.files.is_empty() {
        sets.push(data::ANY.to_owned());
    }
    if sets.is_empty() {
        return Err("name data sets, or a --log; evaluate --help lists them".into());
    }
    let mut tables = Vec::new();
    for set in &sets {
        let table = if SETS.contains(&set.as_str()) {
            next_items(set, &options, &device)?
        } else {
            let only = if set == data::ANY { Vec::new() } else { vec![set.clone()] };
            let mut own = Options { sets: only, ..options.clone() };
            if set != data::ANY {
                own.log.files.clear();
            }
            interests(&data::interest(&own)?, &options, &device)?
        };
        if options.print != Print::Json {
            print::line(&markdown(&table))?;
        }
        tables.push(table);
    }
    if options.print == Print::Json {
        print::line(&serde_json::to_string_pretty(&tables)?)?;
    }
    Ok(())
}

/// The baselines and what else is asked for, each once.
fn names(baselines: &[ModelName], asked: &[ModelName]) -> Vec<ModelName> {
    let mut names = baselines.to_vec();
    for &name in asked {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Seeds of a model: one where nothing about it is random.
fn seeds(name: ModelName, options: &Options) -> &[u64] {
    let random = !name.is_baseline()
        && !matches!(
            name,
            ModelName::CfUserCosine | ModelName::CfUserPearson | ModelName::CfItem | ModelName::CfClosed
        );
    if random { &options.seeds } else { options.seeds.get(..1).unwrap_or_default() }
}

fn interests(data: &InterestData, options: &Options, device: &Device) -> Result<Table, Failure> {
    let catalogue = Catalogue::of_domains(&data.history, data.split.train.clone());
    let test = Options { validation: false, ..options.clone() };
    let set = if options.trust { format!("{}+trust", data.name) } else { data.name.clone() };
    rows(&set, "INP", names(&INTEREST_BASELINES, &options.models), options, |name, seed| {
        let fitted = interest::fit(data, name, seed, &test, device)?;
        let m = metrics(&fitted.outcomes);
        let mut own = scores::interest(&m, &fitted.outcomes, data.history.domains());
        let lists = list_metrics(fitted.outcomes.iter().map(|own| own.ranked.as_slice()), &catalogue);
        own.append(&mut scores::fields(json!({
            "macro_precision": m.macro_precision,
            "calibration_error": m.calibration_error,
            "brier": m.brier,
            "coverage": lists.coverage,
            "diversity": lists.diversity,
            "novelty": lists.novelty,
        })));
        Ok(Run {
            scores: own,
            validation: fitted.validation.ndcg10,
            instances: fitted.outcomes.iter().map(|own: &Outcome| (own.user, own.ndcg10)).collect(),
            seconds: fitted.seconds,
        })
    })
}

fn next_items(set: &str, options: &Options, device: &Device) -> Result<Table, Failure> {
    let mut own = Options { sets: vec![set.to_owned()], validation: false, ..options.clone() };
    own.log.files.clear();
    let sequences = data::next_item(&own)?.set;
    let catalogue = nextitem::catalogue(&sequences);
    let protocol = if options.refit { "LLO, refit" } else { "LLO, no-refit" };
    rows(set, protocol, names(&NEXT_ITEM_BASELINES, &options.models), options, |name, seed| {
        let NextItemScored { validation, test, outcomes, seconds, .. } =
            nextitem::fit(&sequences, name, seed, &own, device)?;
        let lists = list_metrics(outcomes.iter().map(|own| own.ranked.as_slice()), &catalogue);
        let mut scores = scores::fields(json!(test));
        scores.append(&mut scores::fields(json!(lists)));
        let instances = outcomes.iter().map(|own| (own.user, own.ndcg10())).collect();
        Ok(Run { scores, validation: validation.ndcg10, instances, seconds })
    })
}

/// One model with one seed.
struct Run {
    scores: Map<String, Value>,
    validation: f64,
    instances: Vec<(u32, f64)>,
    seconds: f64,
}

/// Runs each model with each seed. One that cannot be fitted is named with the reason.
fn rows(
    set: &str,
    protocol: &str,
    names: Vec<ModelName>,
    options: &Options,
    run: impl Fn(ModelName, u64) -> Result<Run, Failure>,
) -> Result<Table, Failure> {
    let mut table =
        Table { set: set.to_owned(), protocol: protocol.to_owned(), baseline: None, rows: vec![], missing: vec![] };
    for name in names {
        let seeds = seeds(name, options);
        let runs: Result<Vec<Run>, Failure> = seeds.iter().map(|&seed| run(name, seed)).collect();
        match runs {
            Ok(runs) => table.rows.push(row(name, seeds, &runs)),
            Err(error) => {
                eprintln!("{set}: {} is left out: {error}", name.name());
                table.missing.push((name, error.to_string()));
            }
        }
    }
    let rules = table.rows.iter().filter(|row| row.model.is_baseline());
    let best = rules.max_by(|a, b| a.validation.total_cmp(&b.validation)).map(|row| (row.model, row.instances.clone()));
    let Some((baseline, instances)) = best else { return Err(format!("{set}: no baseline could be fitted").into()) };
    table.baseline = Some(baseline);
    for row in table.rows.iter_mut().filter(|row| row.model != baseline) {
        row.gain = gain(&row.instances, &instances);
    }
    for at in 1..table.rows.len() {
        if let [above, row] = &mut table.rows[at - 1..=at]
            && !above.model.is_baseline()
        {
            row.step = gain(&row.instances, &above.instances);
        }
    }
    Ok(table)
}

/// Mean difference of the same instances' numbers, with its interval.
fn gain(own: &[(u32, f64)], other: &[(u32, f64)]) -> Option<[f64; 3]> {
    let differences: Vec<(u32, f64)> = own.iter().zip(other).map(|(own, other)| (own.0, own.1 - other.1)).collect();
    bootstrap_differences(&differences).map(|gain| [gain.difference, gain.low, gain.high])
}

fn row(model: ModelName, seeds: &[u64], runs: &[Run]) -> Row {
    let count = runs.len() as f64;
    let mean = |number: fn(&Run) -> f64| runs.iter().map(number).sum::<f64>() / count;
    let mut instances: Vec<(u32, f64)> = runs.first().map(|run| run.instances.clone()).unwrap_or_default();
    for (at, instance) in instances.iter_mut().enumerate() {
        instance.1 = runs.iter().filter_map(|run| run.instances.get(at)).map(|own| own.1).sum::<f64>() / count;
    }
    Row {
        model,
        seeds: seeds.to_vec(),
        test: scores::summary(&runs.iter().map(|run| run.scores.clone()).collect::<Vec<_>>()),
        validation: mean(|run| run.validation),
        gain: None,
        step: None,
        seconds: mean(|run| run.seconds),
        instances,
    }
}

/// Columns by protocol: the name of the number and what stands above it.
const INTEREST_COLUMNS: [(&str, &str); 12] = [
    ("ndcg10", "NDCG@10"),
    ("acc", "accuracy"),
    ("macro_precision", "macro precision"),
    ("macro_recall", "macro recall"),
    ("macro_f1", "macro F1"),
    ("acc_transfer", "acc transfer"),
    ("acc_stable", "acc stable"),
    ("calibration_error", "ECE"),
    ("brier", "Brier"),
    ("coverage", "coverage"),
    ("diversity", "diversity"),
    ("novelty", "novelty"),
];
const NEXT_ITEM_COLUMNS: [(&str, &str); 6] = [
    ("hr10", "HR@10"),
    ("ndcg10", "NDCG@10"),
    ("mrr10", "MRR@10"),
    ("coverage", "coverage"),
    ("diversity", "diversity"),
    ("novelty", "novelty"),
];

/// A table for docs/MODELS.md.
fn markdown(table: &Table) -> String {
    let columns: &[(&str, &str)] = if table.protocol == "INP" { &INTEREST_COLUMNS } else { &NEXT_ITEM_COLUMNS };
    let heads: Vec<&str> = columns.iter().map(|column| column.1).collect();
    let baseline = table.baseline.map_or("", ModelName::name);
    let mut out = format!("\n**{}** ({}; gains in NDCG@10 are against {baseline})\n\n", table.set, table.protocol);
    out += &format!(
        "| model | seeds | val NDCG@10 | {} | gain [95 %] | over the row above [95 %] | s |\n",
        heads.join(" | ")
    );
    out += &format!("|---|---|---|{}---|---|---|\n", "---|".repeat(columns.len()));
    for row in &table.rows {
        let number = |part: &str, name: &str| row.test[part][name].as_f64().unwrap_or(f64::NAN);
        let cell = |&(name, _): &(&str, &str)| {
            let digits = if name == "novelty" {
                1
            } else if name.contains("ndcg") || name == "hr10" {
                4
            } else {
                3
            };
            let mean = short(number("mean", name), digits);
            let spread = number("spread", name);
            if row.seeds.len() > 1 && name.contains("ndcg") { format!("{mean} ± {}", short(spread, 4)) } else { mean }
        };
        let cells: Vec<String> = columns.iter().map(cell).collect();
        let interval = |gain: Option<[f64; 3]>| {
            gain.map_or_else(String::new, |[difference, low, high]| {
                format!("{} [{}, {}]", signed(difference), signed(low), signed(high))
            })
        };
        let (gain, step) = (interval(row.gain), interval(row.step));
        let (name, seeds, validation) = (row.model.name(), row.seeds.len(), short(row.validation, 4));
        out += &format!(
            "| {name} | {seeds} | {validation} | {} | {gain} | {step} | {:.1} |\n",
            cells.join(" | "),
            row.seconds
        );
    }
    for (name, reason) in &table.missing {
        out += &format!("\n{}: not measured: {reason}\n", name.name());
    }
    out
}

/// Without the zero before the point.
fn short(number: f64, digits: usize) -> String {
    let text = format!("{number:.digits$}");
    text.strip_prefix('0').filter(|rest| !rest.is_empty()).map_or(text.clone(), str::to_owned)
}

fn signed(number: f64) -> String {
    format!("{}{}", if number < 0.0 { "−" } else { "+" }, short(number.abs(), 4))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(name: ModelName, seed: u64) -> Result<Run, Failure> {
        let gain = match name {
            ModelName::DecayPrior => 0.0,
            ModelName::Dnn => 0.1 * seed as f64,
            ModelName::DnnGnn => 0.3,
            ModelName::Persistent => -0.2,
            _ => return Err("there is none".into()),
        };
        let instances = (0..40).map(|user| (user, 0.5 + gain)).collect();
        let scores = scores::fields(json!({ "ndcg10": 0.5 + gain, "acc": 0.25 }));
        Ok(Run { scores, validation: 0.4 + gain, instances, seconds: 1.0 })
    }

    #[test]
    fn each_model_is_compared_with_the_best_rule_and_the_missing_are_named() {
        let parser = lexopt::Parser::from_args(["--seeds", "1,2,3"]);
        let options = options::parse(parser).unwrap().unwrap();
        let asked = names(&[ModelName::Persistent, ModelName::DecayPrior], &[ModelName::Dnn, ModelName::DnnGnn]);
        let table = rows("set", "INP", [asked, vec![ModelName::Gnn]].concat(), &options, run).unwrap();
        assert_eq!(table.baseline, Some(ModelName::DecayPrior));
        assert_eq!(table.rows.iter().map(|row| row.seeds.len()).collect::<Vec<_>>(), [1, 1, 3, 3]);
        let [difference, low, high] = table.rows[2].gain.unwrap();
        assert!((difference - 0.2).abs() < 1e-12 && (low - 0.2).abs() < 1e-9 && (high - 0.2).abs() < 1e-9);
        assert!(table.rows[1].gain.is_none() && table.rows[0].gain.is_some_and(|gain| gain[2] < 0.0));
        // Only models that were asked for are compared with the row above.
        assert!(table.rows[2].step.is_none());
        let [difference, low, high] = table.rows[3].step.unwrap();
        assert!([difference, low, high].iter().all(|number| (number - 0.1).abs() < 1e-9));
        let text = markdown(&table);
        assert!(text.contains("| dnn | 3 | .6000 | .7000 ± .1000 | .250 |"), "{text}");
        assert!(
            text.contains("−.2000 [−.2000, −.2000]") && text.contains("gnn: not measured: there is none"),
            "{text}"
        );
    }
}

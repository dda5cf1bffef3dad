//! `evaluate interest SET|--log FILE… --model M --out FILE`: fits a model natively by protocol INP, writes its prediction
//! file and prints the results as JSON.

use std::path::{Path, PathBuf};

use driftscope::{
    evaluation::{
        Aim, Catalogue, CompareOptions, Metrics, Model, ModelName, Outcome, Scored, compare, list_metrics, metrics,
        paired_bootstrap, reliability, score,
    },
    nn::{self, Device},
    training::{Features, FirstPlace, Observer, Prior, Ranker},
};
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::{
    Failure,
    data::{self, InterestData},
    options::{self, Options, Print},
    predictions, print, scores,
    watch::Watch,
};

/// A fitted model and how it did on the part that is scored.
pub struct Fitted {
    pub model: Model,
    pub validation: Metrics,
    /// Only where test is scored.
    pub test: Option<Metrics>,
    /// Of the part that is scored, by user, then window.
    pub outcomes: Vec<Outcome>,
    /// What other aims of the first place would have given, where shares alone decide.
    pub first_places: Value,
    /// Passes over the train instances.
    pub epochs: Option<usize>,
    pub seconds: f64,
}

/// Runs the command with the arguments after its name.
pub fn run(parser: lexopt::Parser) -> Result<(), Failure> {
    let Some(options) = options::parse(parser)? else { return Ok(()) };
    if options.out.is_none() && options.print != Print::Json {
        return Err("--out FILE is missing (it may be left out with --json)".into());
    }
    let mut observer = Watch { quiet: options.quiet };
    let begin = observer.seconds();
    let data = data::interest(&options)?;
    let seconds_to_load = observer.seconds() - begin;
    let device = pollster::block_on(nn::device())?;
    let name = options.models.first().copied().unwrap_or(ModelName::Dnn);
    let baseline = match options.baseline {
        Some(baseline) => Some(fit(&data, baseline, first_seed(&options), &options, &device)?),
        None => None,
    };
    let mut runs = Vec::new();
    for &seed in &options.seeds {
        let fitted = fit(&data, name, seed, &options, &device)?;
        let out = options.out.as_deref().map(|out| with_seed(out, seed, options.seeds.len()));
        if let Some(out) = &out {
            let windows = if options.validation { &data.split.validation } else { &data.split.test };
            predictions::write(out, &data.log, &data.history.scored(windows), &fitted.outcomes)?;
        }
        let mut printed = match options.print {
            Print::Json => as_scorer(&data, &fitted, options.validation, out.as_deref()),
            Print::Plain | Print::Markdown => Map::new(),
        };
        if let Some(baseline) = &baseline {
            printed.insert("vs_baseline".to_owned(), against(&data, &fitted, baseline));
        }
        printed.append(&mut scores::fields(json!({
            "set": data.name,
            "model": if options.trust { format!("{}+trust", name.name()) } else { name.name().to_owned() },
            "seed": seed,
            "validation": fitted.validation,
            "test": fitted.test,
            "parameters": fitted.model.parameter_count(),
            "features": Features::width(),
            "chosen": chosen(&fitted.model),
            "firstPlace": fitted.model.first().map(parts),
            "otherFirstPlaces": fitted.first_places,
            "epochs": fitted.epochs,
            "secondsToLoad": seconds_to_load,
            "seconds": fitted.seconds,
            "out": out,
        })));
        runs.push(printed);
    }
    show(runs)
}

/// Prints one run as it is, several with mean and spread.
pub fn show(mut runs: Vec<Map<String, Value>>) -> Result<(), Failure> {
    let value = match (runs.len(), runs.pop()) {
        (1, Some(run)) => Value::Object(run),
        (_, last) => {
            runs.extend(last);
            let mut all = scores::fields(scores::summary(&runs));
            all.insert("runs".to_owned(), json!(runs));
            Value::Object(all)
        }
    };
    print::line(&serde_json::to_string_pretty(&value)?)
}

/// The first seed.
pub fn first_seed(options: &Options) -> u64 {
    options.seeds.first().copied().unwrap_or(1)
}

/// The file of one seed: of several, the seed stands before the name's first dot.
pub fn with_seed(path: &Path, seed: u64, seeds: usize) -> PathBuf {
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    if seeds < 2 {
        return path.to_owned();
    }
    let (stem, end) = name.split_once('.').map_or((name.as_str(), String::new()), |(a, b)| (a, format!(".{b}")));
    path.with_file_name(format!("{stem}.seed{seed}{end}"))
}

/// Fits a model and scores it.
pub fn fit(
    data: &InterestData,
    name: ModelName,
    seed: u64,
    options: &Options,
    device: &Device,
) -> Result<Fitted, Failure> {
    let mut observer = Watch { quiet: options.quiet };
    if !options.quiet {
        eprintln!("{}: {}, seed {seed}", data.name, name.name());
    }
    let begin = observer.seconds();
    let InterestData { log, history, split, .. } = data;
    let settings = CompareOptions {
        seed,
        epochs: options.epochs,
        init: options.init,
        social: options.trust,
        no_carry_over: !options.carry_over,
        aim: options.aim,
        resume: None,
    };
    let names = [name];
    let run = compare((log, history), split, &names, settings, device, &mut observer);
    let one = pollster::block_on(run)?.scored.pop().ok_or("no model was scored")?;
    let Scored { model, validation, test, chosen, mut outcomes, curve, .. } = one;
    let first_places = first_places(data, &model, &chosen, &outcomes, options.validation);
    if options.validation {
        let ranker = Ranker::new(&history.sum(split.train.clone()));
        let instances = history.scored(&split.validation);
        let scored = score((log, history), &model, &ranker, &instances, device, &mut observer);
        outcomes = pollster::block_on(scored)?;
    }
    let epochs = curve.last().map(|point| point.epoch + 1);
    let test = (!options.validation).then_some(test);
    Ok(Fitted { model, validation, test, outcomes, first_places, epochs, seconds: observer.seconds() - begin })
}

/// The rules that the other aims choose on validation, and what they give.
fn first_places(
    data: &InterestData,
    model: &Model,
    chosen: &[Outcome],
    outcomes: &[Outcome],
    validation_only: bool,
) -> Value {
    if !model.has_first() || model.first().is_some() {
        return Value::Null;
    }
    let InterestData { history, split, .. } = data;
    let parts_of = [(history.scored(&split.validation), chosen), (history.scored(&split.test), outcomes)];
    let rules = [Aim::Balanced, Aim::Moving].map(|aim| {
        let [(instances, outcomes), _] = &parts_of;
        let rule = aim.choose(history, split.train.clone(), instances, outcomes)?;
        let [validation, test] = parts_of.each_ref().map(|(instances, outcomes)| {
            let pairs = outcomes.iter().zip(instances);
            metrics(&pairs.map(|(one, instance)| one.decided(history, instance, &rule)).collect::<Vec<_>>())
        });
        let test = (!validation_only).then_some(test);
        Some(json!({ "aim": aim, "rule": parts(&rule), "validation": validation, "test": test }))
    });
    json!(rules.into_iter().flatten().collect::<Vec<Value>>())
}

fn parts(rule: &FirstPlace) -> Value {
    json!({ "stay": rule.stay, "rare": rule.rare })
}

/// All that the protocol's scorer prints, and what it does not measure.
fn as_scorer(data: &InterestData, fitted: &Fitted, validation: bool, out: Option<&Path>) -> Map<String, Value> {
    let InterestData { name, log, history, split } = data;
    let m = metrics(&fitted.outcomes);
    let mut all = scores::head("INP", name, validation, out);
    all.append(&mut scores::interest(&m, &fitted.outcomes, history.domains()));
    all.insert("data".to_owned(), scores::facts(history, split, validation, log.users.len()));
    let catalogue = Catalogue::of_domains(history, split.train.clone());
    let lists = list_metrics(fitted.outcomes.iter().map(|own| own.ranked.as_slice()), &catalogue);
    all.append(&mut scores::fields(json!({
        "macro_precision": m.macro_precision,
        "calibration_error": m.calibration_error,
        "brier": m.brier,
        "coverage": lists.coverage,
        "diversity": lists.diversity,
        "novelty": lists.novelty,
        "reliability": reliability(&fitted.outcomes),
    })));
    all
}

fn against(data: &InterestData, fitted: &Fitted, baseline: &Fitted) -> Value {
    let own = scores::interest(&metrics(&baseline.outcomes), &baseline.outcomes, data.history.domains());
    let gains = [
        ("ndcg10", paired_bootstrap(&fitted.outcomes, &baseline.outcomes)),
        ("acc", scores::accuracy_gain(&fitted.outcomes, &baseline.outcomes)),
    ];
    let keep = ["ndcg10", "acc", "macro_recall", "macro_f1", "acc_transfer", "acc_stable"];
    scores::against(baseline.model.name(), &own, &keep, &gains)
}

/// What was chosen on validation.
fn chosen(model: &Model) -> Value {
    match model {
        Model::Persistent { .. } | Model::UserFrequency(_) => json!({}),
        Model::Popularity(popularity) => json!({ "lastWindow": popularity.last }),
        Model::ClosedForm(closed) => json!({ "ridge": closed.options, "share": closed.share }),
        Model::Neighbours(neighbours) => json!({ "share": neighbours.share }),
        Model::Blend(blend) => json!({
            "average": blend.average,
            "members": blend.members.iter().map(|(model, picks)| json!([model.name(), picks])).collect::<Vec<_>>(),
        }),
        Model::Markov(markov) => json!({ "smoothing": markov.smoothing, "share": markov.share }),
        Model::MovingAverage { windows, .. } => json!({ "windows": windows }),
        Model::DecayPrior(prior) => json!({ "halfLife": prior.half_life, "weight": prior.weight }),
        Model::Dnn(dnn) | Model::Base(dnn) => on_prior(dnn.prior(), dnn.options()),
        Model::Gnn(gnn) | Model::DnnGnn(gnn) => on_prior(gnn.prior(), gnn.options()),
        Model::Sequence(sequence) => on_prior(sequence.prior(), sequence.options()),
    }
}

/// What was chosen for a network that is a residual on the prior.
fn on_prior(prior: &Prior, options: impl Serialize) -> Value {
    json!({ "halfLife": prior.half_life, "weight": prior.weight, "options": options })
}

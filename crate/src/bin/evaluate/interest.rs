//! `evaluate interest <set> --data DIR [--model M] [--seed N] [--split val|test] --out FILE`: fits a model natively by
//! protocol INP, writes its prediction file and prints a summary as JSON.

use std::path::PathBuf;

use driftscope::{
    evaluation::{CompareOptions, Model, ModelName, Scored, compare},
    nn,
    training::{Dnn, Features, History, Observer, Silent},
};
use lexopt::prelude::*;
use serde_json::json;

use crate::{Failure, USAGE, dataset::Dataset, predictions, watch::Watch};

struct Arguments {
    set: &'static Dataset,
    data: PathBuf,
    out: PathBuf,
    model: ModelName,
    seed: u64,
    validation: bool,
    epochs: Option<usize>,
    no_carry_over: bool,
    quiet: bool,
}

fn arguments(mut parser: lexopt::Parser) -> Result<Arguments, Failure> {
    let (mut places, mut data, mut out) = (Vec::new(), None, None);
    let (mut model, mut seed, mut validation, mut epochs, mut quiet) = (ModelName::Dnn, 1, false, None, false);
    let mut no_carry_over = false;
    while let Some(argument) = parser.next()? {
        match argument {
            Value(value) => places.push(value.string()?),
            Long("data") => data = Some(PathBuf::from(parser.value()?)),
            Long("out") => out = Some(PathBuf::from(parser.value()?)),
            Long("seed") => seed = parser.value()?.parse()?,
            Long("epochs") => epochs = Some(parser.value()?.parse()?),
            Long("no-carry-over") => no_carry_over = true,
            Long("quiet") => quiet = true,
            Long("model") => {
                let name = parser.value()?.string()?;
                model = ModelName::from_name(&name).ok_or_else(|| format!("unknown model {name}\n{USAGE}"))?;
            }
            Long("split") => match parser.value()?.string()?.as_str() {
                "val" => validation = true,
                "test" => validation = false,
                other => return Err(format!("--split is val or test, not {other}").into()),
            },
            Long("help") | Short('h') => return Err(USAGE.into()),
            other => return Err(format!("{}\n{USAGE}", other.unexpected()).into()),
        }
    }
    let set = match places.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [name] => Dataset::find(name).ok_or_else(|| format!("unknown data set {name}\n{USAGE}"))?,
        _ => return Err(USAGE.into()),
    };
    let data = data.ok_or_else(|| format!("--data is missing\n{USAGE}"))?;
    let out = out.ok_or_else(|| format!("--out is missing\n{USAGE}"))?;
    Ok(Arguments { set, data, out, model, seed, validation, epochs, no_carry_over, quiet })
}

/// Runs the command with the arguments after its name.
pub fn run(parser: lexopt::Parser) -> Result<(), Failure> {
    let arguments = arguments(parser)?;
    let mut observer = Watch { quiet: arguments.quiet };
    let begin = observer.seconds();
    let log = (arguments.set.load)(&arguments.data)?;
    let history = History::new(&log, arguments.set.windows()?)?;
    let split = arguments.set.split()?;
    let loaded = observer.seconds();
    let device = pollster::block_on(nn::device())?;
    let names = [arguments.model];
    let Arguments { seed, epochs, no_carry_over, .. } = arguments;
    let settings = CompareOptions { seed, epochs, no_carry_over, resume: None };
    let run = compare((&log, &history), &split, &names, settings, &device, &mut observer);
    let compared = pollster::block_on(run)?;
    let [Scored { model, validation, test, outcomes, curve, .. }] = compared.scored.as_slice() else {
        return Err("no model was scored".into());
    };
    let windows = if arguments.validation { &split.validation } else { &split.test };
    let instances = history.instances(windows.clone(), 5, 5);
    if arguments.validation {
        let mut silent = Silent;
        let ranker = driftscope::training::Ranker::new(&history.sum(split.train.clone()));
        let score = driftscope::evaluation::score((&log, &history), model, &ranker, &instances, &device, &mut silent);
        predictions::write(&arguments.out, &log, &instances, &pollster::block_on(score)?)?;
    } else {
        predictions::write(&arguments.out, &log, &instances, outcomes)?;
    }
    let summary = json!({
        "set": arguments.set.name,
        "model": model.name(),
        "seed": arguments.seed,
        "validation": validation,
        "test": test,
        "parameters": model.parameter_count(),
        "features": Features::width(),
        "chosen": chosen(model),
        "epochs": curve.last().map(|point| point.epoch + 1),
        "secondsToLoad": loaded - begin,
        "seconds": observer.seconds() - loaded,
        "out": arguments.out,
    });
    println!("{}", serde_json::to_string_pretty(&summary)?);
    Ok(())
}

/// What was chosen on validation.
fn chosen(model: &Model) -> serde_json::Value {
    match model {
        Model::Persistent { .. } | Model::UserFrequency(_) => json!({}),
        Model::Popularity(popularity) => json!({ "lastWindow": popularity.last }),
        Model::Markov(markov) => json!({ "smoothing": markov.smoothing, "share": markov.share }),
        Model::MovingAverage { windows, .. } => json!({ "windows": windows }),
        Model::DecayPrior(prior) => json!({ "halfLife": prior.half_life, "weight": prior.weight }),
        Model::Gnn(gnn) | Model::DnnGnn(gnn) => {
            json!({ "halfLife": gnn.prior().half_life, "weight": gnn.prior().weight, "options": gnn.options() })
        }
        Model::Dnn(dnn) => json!({ "halfLife": prior(dnn).0, "weight": prior(dnn).1, "options": dnn.options() }),
    }
}

fn prior(dnn: &Dnn) -> (f64, f64) {
    (dnn.prior().half_life, dnn.prior().weight)
}

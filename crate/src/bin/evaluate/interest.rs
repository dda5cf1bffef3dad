//! `evaluate interest <set> --data DIR [--model M] [--seed N] [--split val|test] --out FILE`: fits a model natively by
//! protocol INP, writes its prediction file and prints a summary as JSON.

use std::path::PathBuf;

use driftscope::{
    evaluation::{CompareOptions, Model, ModelName, Scored, compare},
    nn,
    training::{Features, History, Init, Observer, Prior, Silent},
};
use lexopt::prelude::*;
use serde::Serialize;
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
    init: Init,
    quiet: bool,
}

fn arguments(mut parser: lexopt::Parser) -> Result<Arguments, Failure> {
    let (mut places, mut data, mut out) = (Vec::new(), None, None);
    let mut init = Init::Scratch;
    let (mut model, mut seed, mut validation, mut epochs, mut quiet) = (ModelName::Dnn, 1, false, None, false);
    while let Some(argument) = parser.next()? {
        match argument {
            Value(value) => places.push(value.string()?),
            Long("data") => data = Some(PathBuf::from(parser.value()?)),
            Long("out") => out = Some(PathBuf::from(parser.value()?)),
            Long("seed") => seed = parser.value()?.parse()?,
            Long("epochs") => epochs = Some(parser.value()?.parse()?),
            Long("init") => match parser.value()?.string()?.as_str() {
                "scratch" => init = Init::Scratch,
                "base" => init = Init::Base,
                other => return Err(format!("--init is scratch or base, not {other}").into()),
            },
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
    Ok(Arguments { set, data, out, model, seed, validation, epochs, init, quiet })
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
    let settings =
        CompareOptions { seed: arguments.seed, epochs: arguments.epochs, init: arguments.init, resume: None };
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
        Model::Dnn(dnn) | Model::Base(dnn) => on_prior(dnn.prior(), dnn.options()),
        Model::Sequence(sequence) => on_prior(sequence.prior(), sequence.options()),
    }
}

/// What was chosen for a network that is a residual on the prior.
fn on_prior(prior: &Prior, options: impl Serialize) -> serde_json::Value {
    json!({ "halfLife": prior.half_life, "weight": prior.weight, "options": options })
}

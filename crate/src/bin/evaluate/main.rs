//! `evaluate interest <set> --data DIR [--model M] [--seed N] [--split val|test] --out FILE`: fits a model natively by
//! protocol INP, writes its prediction file and prints a summary as JSON. Exit code 2 with a message where it can't.

mod dataset;
mod load;
mod predictions;

use std::{path::PathBuf, process::ExitCode};

use driftscope::{
    evaluation::{Model, ModelName, Scored, compare},
    nn,
    training::{Dnn, DnnOptions, Features, History, Observer, Run, Silent, TrainingProgress},
};
use lexopt::prelude::*;
use serde_json::json;

use dataset::Dataset;

const USAGE: &str = "usage: evaluate interest <ciao|complete_journey|taobao_userbehavior> --data DIR \
[--model persistent|moving_average|decay_prior|dnn] [--seed N] [--split val|test] [--epochs N] [--quiet] --out FILE";

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("evaluate: {error}");
            ExitCode::from(2)
        }
    }
}

struct Arguments {
    set: &'static Dataset,
    data: PathBuf,
    out: PathBuf,
    model: ModelName,
    seed: u64,
    validation: bool,
    epochs: Option<usize>,
    quiet: bool,
}

fn arguments() -> Result<Arguments, Failure> {
    let mut parser = lexopt::Parser::from_env();
    let (mut places, mut data, mut out) = (Vec::new(), None, None);
    let (mut model, mut seed, mut validation, mut epochs, mut quiet) = (ModelName::Dnn, 1, false, None, false);
    while let Some(argument) = parser.next()? {
        match argument {
            Value(value) => places.push(value.string()?),
            Long("data") => data = Some(PathBuf::from(parser.value()?)),
            Long("out") => out = Some(PathBuf::from(parser.value()?)),
            Long("seed") => seed = parser.value()?.parse()?,
            Long("epochs") => epochs = Some(parser.value()?.parse()?),
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
        ["interest", name] => Dataset::find(name).ok_or_else(|| format!("unknown data set {name}\n{USAGE}"))?,
        _ => return Err(USAGE.into()),
    };
    let data = data.ok_or_else(|| format!("--data is missing\n{USAGE}"))?;
    let out = out.ok_or_else(|| format!("--out is missing\n{USAGE}"))?;
    Ok(Arguments { set, data, out, model, seed, validation, epochs, quiet })
}

fn run() -> Result<(), Failure> {
    let arguments = arguments()?;
    let mut observer = Watch { quiet: arguments.quiet };
    let begin = observer.seconds();
    let log = (arguments.set.load)(&arguments.data)?;
    let history = History::new(&log, arguments.set.windows()?)?;
    let split = arguments.set.split()?;
    let loaded = observer.seconds();
    let mut options = DnnOptions::for_size(history.domains(), history.instances(split.train.clone(), 2, 2).len());
    options.epochs = arguments.epochs.unwrap_or(options.epochs);
    let device = pollster::block_on(nn::device())?;
    let names = [arguments.model];
    let settings = Run { options: &options, seed: arguments.seed, resume: None };
    let run = compare((&log, &history), &split, &names, settings, &device, &mut observer);
    let compared = pollster::block_on(run)?;
    let [Scored { model, validation, test, outcomes, .. }] = compared.scored.as_slice() else {
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
        "epochs": compared.curve.last().map(|point| point.epoch + 1),
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
        Model::Persistent { .. } => json!({}),
        Model::MovingAverage { windows, .. } => json!({ "windows": windows }),
        Model::DecayPrior(prior) => json!({ "halfLife": prior.half_life, "weight": prior.weight }),
        Model::Dnn(dnn) => json!({ "halfLife": prior(dnn).0, "weight": prior(dnn).1, "options": dnn.options() }),
    }
}

fn prior(dnn: &Dnn) -> (f64, f64) {
    (dnn.prior().half_life, dnn.prior().weight)
}

/// Prints the end of each epoch to stderr.
struct Watch {
    quiet: bool,
}

impl Observer for Watch {
    fn progress(&mut self, progress: TrainingProgress) {
        let Some(point) = progress.point.filter(|_| !self.quiet) else { return };
        if let Some(ndcg) = point.validation_ndcg10 {
            let (epoch, loss) = (point.epoch + 1, point.loss);
            eprintln!(
                "epoch {epoch}, step {}/{}: loss {loss:.5}, validation NDCG@10 {ndcg:.4}",
                point.step, progress.total
            );
        }
    }

    fn cancelled(&mut self) -> bool {
        false
    }

    fn seconds(&mut self) -> f64 {
        Silent.seconds()
    }

    async fn pause(&mut self) {}
}

//! `evaluate prequential <set> --data DIR [--model dnn|gnn|dnn+gnn] [--seed N] [--split val|test] [--update JSON] [--json]`:
//! trains a model by protocol INP, then forecasts window after window with it as it is, updated, and trained anew.
//!
//! `--split test` goes through the test windows with the model that `evaluate interest` tests. `--split val` stops before
//! them and begins as many windows earlier (at least three): choices are made there.

use std::path::PathBuf;

use driftscope::{
    evaluation::{CompareOptions, Gain, Model, ModelName, Prequential, Scored, compare, prequential},
    nn,
    training::{History, Split, online::UpdateOptions},
};
use lexopt::prelude::*;

use crate::{
    Failure, USAGE,
    dataset::Dataset,
    print,
    watch::{ProcessorTime, Watch},
};

struct Arguments {
    set: &'static Dataset,
    data: PathBuf,
    model: ModelName,
    seed: u64,
    validation: bool,
    update: UpdateOptions,
    json: bool,
    quiet: bool,
}

fn arguments(mut parser: lexopt::Parser) -> Result<Arguments, Failure> {
    let (mut places, mut data, mut update) = (Vec::new(), None, UpdateOptions::default());
    let (mut model, mut seed, mut validation, mut json, mut quiet) = (ModelName::Dnn, 1, false, false, false);
    while let Some(argument) = parser.next()? {
        match argument {
            Value(value) => places.push(value.string()?),
            Long("data") => data = Some(PathBuf::from(parser.value()?)),
            Long("seed") => seed = parser.value()?.parse()?,
            Long("json") => json = true,
            Long("quiet") => quiet = true,
            Long("update") => update = serde_json::from_str(&parser.value()?.string()?)?,
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
    update.seed = seed;
    Ok(Arguments { set, data, model, seed, validation, update, json, quiet })
}

/// The windows that are gone through, and what the model is trained and chosen on before.
fn split(whole: &Split, validation: bool) -> Split {
    if !validation {
        return whole.clone();
    }
    let test = whole.test.start - whole.test.len().max(3)..whole.test.start;
    let train = test.start - whole.validation.len();
    Split { train: 0..train, validation: train..test.start, test }
}

/// Runs the command with the arguments after its name.
pub fn run(parser: lexopt::Parser) -> Result<(), Failure> {
    let arguments = arguments(parser)?;
    // What an update costs is a share of what retraining costs, whatever else the machine does meanwhile.
    let mut observer = ProcessorTime(Watch { quiet: arguments.quiet });
    let log = (arguments.set.load)(&arguments.data)?;
    let history = History::new(&log, arguments.set.windows()?)?;
    let split = split(&arguments.set.split()?, arguments.validation);
    let device = pollster::block_on(nn::device())?;
    let data = (&log, &history);
    let asked = CompareOptions { seed: arguments.seed, ..CompareOptions::default() };
    let names = [arguments.model];
    let run = compare(data, &split, &names, asked, &device, &mut observer);
    let compared = pollster::block_on(run)?;
    let [Scored { model, .. }] = compared.scored.as_slice() else {
        return Err("no model was trained".into());
    };
    let (windows, update) = (split.test.clone(), &arguments.update);
    let found = match model {
        Model::Dnn(dnn) => pollster::block_on(prequential(dnn, data, windows, update, &device, &mut observer))?,
        Model::Gnn(gnn) | Model::DnnGnn(gnn) => {
            pollster::block_on(prequential(gnn, data, windows, update, &device, &mut observer))?
        }
        other => return Err(format!("{} is not updated by gradient steps", other.name().name()).into()),
    };
    if arguments.json {
        print::line(&serde_json::to_string_pretty(&found)?)
    } else {
        print::line(&table(&found).join("\n"))
    }
}

fn table(found: &Prequential) -> Vec<String> {
    let heads = "window  instances  frozen  updated  retrained  new  replayed  steps  kept  before  after  rate  s / s";
    let mut lines = vec![heads.to_owned()];
    for one in &found.windows {
        let (ndcg, update) = (one.ndcg10, &one.update);
        lines.push(format!(
            "{:>6} {:>10} {:>7.4} {:>8.4} {:>10.4} {:>4} {:>9} {:>6} {:>5} {:>7.4} {:>6.4} {:.0e} {:.2} / {:.2} drift {:.1}",
            one.window,
            one.instances,
            ndcg.frozen,
            ndcg.updated,
            ndcg.retrained,
            update.instances,
            update.replayed,
            update.steps,
            update.kept,
            update.before.unwrap_or(f64::NAN),
            update.after.unwrap_or(f64::NAN),
            update.learning_rate,
            update.seconds,
            one.retrain_seconds,
            update.drift.map_or(f64::NAN, |drift| drift.score),
        ));
    }
    let overall = found.overall;
    let gain = |gain: Option<Gain>| {
        gain.map_or(String::new(), |gain| format!("{:+.4} [{:.4}, {:.4}]", gain.difference, gain.low, gain.high))
    };
    lines.extend([
        format!(
            "all: frozen {:.4}, updated {:.4}, retrained {:.4}",
            overall.frozen, overall.updated, overall.retrained
        ),
        format!("updated - frozen {}, updated - retrained {}", gain(found.over_frozen), gain(found.over_retrained)),
        format!(
            "cost: {:.3} of the processor time, {:.3} of the gradient steps",
            found.seconds_share, found.steps_share
        ),
    ]);
    lines
}

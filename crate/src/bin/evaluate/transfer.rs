//! `evaluate transfer <set> --data DIR --from shipped|FILE|<set>[,<set>…] [--train-windows N] [--seed N] [--epochs N]
//! [--members N] [--save DIR]`:
//! pre-trains on other logs (or takes a base model), forecasts on the set without training, trains on from
//! there and from nothing, and prints all scores with their differences as JSON. `--save DIR` keeps θ_pre, θ_new and Δθ.

use std::path::{Path, PathBuf};

use driftscope::{
    evaluation::{Metrics, Model, Outcome, metrics, paired_bootstrap, score},
    nn::{self, Device},
    training::{
        DnnOptions, Observer, Ranker, Silent,
        transfer::{Adapted, Base, FineTuning, Keep, Source, ZeroShot, base, fine_tune},
    },
};
use lexopt::prelude::*;
use serde_json::{Value, json};

use crate::{Failure, USAGE, cut::Cut, dataset::Dataset, pretrain, print, watch::Watch};

struct Arguments {
    set: &'static Dataset,
    data: PathBuf,
    from: String,
    train_windows: Option<usize>,
    seed: u64,
    epochs: usize,
    members: usize,
    save: Option<PathBuf>,
    quiet: bool,
}

fn arguments(mut parser: lexopt::Parser) -> Result<Arguments, Failure> {
    let (mut places, mut data, mut from, mut train_windows) = (Vec::new(), None, None, None);
    let (mut seed, mut epochs, mut members, mut save, mut quiet) = (1, 6, 1, None, false);
    while let Some(argument) = parser.next()? {
        match argument {
            lexopt::Arg::Value(value) => places.push(value.string()?),
            Long("data") => data = Some(PathBuf::from(parser.value()?)),
            Long("from") => from = Some(parser.value()?.string()?),
            Long("train-windows") => train_windows = Some(parser.value()?.parse()?),
            Long("seed") => seed = parser.value()?.parse()?,
            Long("epochs") => epochs = parser.value()?.parse()?,
            Long("members") => members = parser.value()?.parse()?,
            Long("save") => save = Some(PathBuf::from(parser.value()?)),
            Long("quiet") => quiet = true,
            Long("help") | Short('h') => return Err(USAGE.into()),
            other => return Err(format!("{}\n{USAGE}", other.unexpected()).into()),
        }
    }
    let set = match places.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [name] => find(name)?,
        _ => return Err(USAGE.into()),
    };
    let data = data.ok_or_else(|| format!("--data is missing\n{USAGE}"))?;
    let from = from.ok_or_else(|| format!("--from is missing\n{USAGE}"))?;
    Ok(Arguments { set, data, from, train_windows, seed, epochs, members, save, quiet })
}

fn find(name: &str) -> Result<&'static Dataset, Failure> {
    Dataset::find(name).ok_or_else(|| format!("unknown data set {name}\n{USAGE}").into())
}

/// The folder of another data set, beside that of this one.
fn beside(data: &Path, set: &Dataset) -> PathBuf {
    data.parent().unwrap_or(data).join(set.name)
}

/// The base that `--from` names.
fn source_of(arguments: &Arguments, observer: &mut impl Observer) -> Result<Base, Failure> {
    if arguments.from == "shipped" {
        return Ok(base()?);
    }
    if Path::new(&arguments.from).is_file() {
        return Ok(Base::from_bytes(&std::fs::read(&arguments.from)?)?);
    }
    let mut cuts = Vec::new();
    for name in arguments.from.split(',') {
        let set = find(name)?;
        if set.name == arguments.set.name {
            return Err("a log cannot be transferred from itself".into());
        }
        cuts.push(Cut::dataset(set, &beside(&arguments.data, set), None)?);
    }
    let settings = pretrain::settings(arguments.seed, arguments.epochs, arguments.members, arguments.from.clone());
    // Real logs are larger than synthetic ones, and fewer.
    let settings = driftscope::training::transfer::Pretraining { steps_per_log: 100, ..settings };
    pretrain::on(&cuts, &settings, observer)
}

/// A forecaster's scores.
struct Scores {
    validation: Metrics,
    test: Metrics,
    outcomes: Vec<Outcome>,
}

fn scores(cut: &Cut, model: &Model, device: &Device) -> Result<Scores, Failure> {
    let ranker = Ranker::new(&cut.history.sum(cut.split.train.clone()));
    let on = |windows: &std::ops::Range<usize>| {
        let instances = cut.history.instances(windows.clone(), 5, 5);
        pollster::block_on(score((&cut.log, &cut.history), model, &ranker, &instances, device, &mut Silent))
    };
    let (validation, outcomes) = (on(&cut.split.validation)?, on(&cut.split.test)?);
    Ok(Scores { validation: metrics(&validation), test: metrics(&outcomes), outcomes })
}

impl Scores {
    fn json(&self, others: &[(&str, &Scores)]) -> Value {
        let short = |metrics: &Metrics| json!({ "ndcg10": metrics.ndcg10, "accuracy": metrics.accuracy, "macroF1": metrics.macro_f1 });
        let mut value = json!({ "validation": short(&self.validation), "test": short(&self.test) });
        for (name, other) in others {
            value[format!("minus_{name}")] = json!(paired_bootstrap(&self.outcomes, &other.outcomes));
        }
        value
    }
}

/// Factors of the learning rate that are tried for a fifth of the steps; all steps are taken at the first.
const RATES: [f64; 3] = [1.0, 0.3, 3.0];

/// So many steps in all, in few epochs, since validation after each decides which is kept.
fn share_of_steps(options: &DnnOptions, instances: usize, share: f64) -> (DnnOptions, usize) {
    let full = options.epochs * instances.div_ceil(options.batch);
    let total = ((full as f64 * share) as usize).max(1);
    let epochs = if share < 1.0 { options.epochs.min(4).min(total) } else { options.epochs };
    (DnnOptions { epochs, ..options.clone() }, total / epochs)
}

/// Writes θ_pre, θ_new and Δθ into a folder.
fn keep(adapted: &Adapted, folder: &Path, name: &str) -> Result<(), Failure> {
    std::fs::create_dir_all(folder)?;
    let [before, after] = adapted.networks();
    let files = [("before", before.to_bytes()?), ("after", after.to_bytes()?), ("delta", adapted.delta.to_bytes()?)];
    for (what, bytes) in files {
        std::fs::write(folder.join(format!("{name}-{what}.safetensors")), bytes)?;
    }
    Ok(())
}

/// Runs the command with the arguments after its name.
pub fn run(parser: lexopt::Parser) -> Result<(), Failure> {
    let arguments = arguments(parser)?;
    let mut observer = Watch { quiet: arguments.quiet };
    let device = &pollster::block_on(nn::device())?;
    let begin = observer.seconds();
    let base = source_of(&arguments, &mut observer)?;
    let pretrained = observer.seconds();
    let cut = &Cut::dataset(arguments.set, &arguments.data, arguments.train_windows)?;
    let source = cut.source();
    let instances = cut.history.instances(cut.split.train.clone(), cut.options.min_events, cut.options.min_events);

    let prior = scores(cut, &Model::DecayPrior(cut.prior.clone()), device)?;
    let mut out = json!({
        "set": arguments.set.name,
        "from": base.trained_on(),
        "seed": arguments.seed,
        "trainInstances": instances.len(),
        "prior": prior.json(&[]),
        "pretrainSeconds": pretrained - begin,
    });
    let raw = pollster::block_on(base.forecaster(source, &mut observer))?;
    out["zeroShotFullTrust"] = scores(cut, &Model::Dnn(raw), device)?.json(&[("prior", &prior)]);
    let ZeroShot { dnn, trust } = pollster::block_on(base.zero_shot_on(source, device, &mut observer))?;
    let zero_shot = scores(cut, &Model::Dnn(dnn), device)?;
    out["zeroShot"] = zero_shot.json(&[("prior", &prior)]);
    out["zeroShot"]["trust"] = json!(trust);
    let untrained = Base::untrained(cut.options.hidden, cut.options.members, arguments.seed);
    for (name, share) in [("full", 1.0), ("fifth", 0.2)] {
        let (options, steps) = share_of_steps(&cut.options, instances.len(), share);
        let source = Source { options: &options, ..source };
        let mut train = |base: &Base, save: Option<&Path>| -> Result<(Scores, Value), Failure> {
            // The rate is chosen on validation, for both alike.
            let mut best: Option<(Adapted, f64)> = None;
            for &rate in if share < 1.0 { RATES.as_slice() } else { &RATES[..1] } {
                let tuning = FineTuning { steps, rate, keep: Keep::Best, seed: arguments.seed };
                let adapted = pollster::block_on(fine_tune(base, source, tuning, device, &mut observer))?;
                let better = |(best, _): &(Adapted, f64)| adapted.validation_ndcg10 > best.validation_ndcg10;
                if best.as_ref().is_none_or(better) {
                    best = Some((adapted, rate));
                }
            }
            let (adapted, rate) = best.ok_or("no rate")?;
            if let Some(folder) = save {
                keep(&adapted, folder, name)?;
            }
            let steps = adapted.curve.last().map_or(0, |point| point.step);
            let about = json!({ "steps": steps, "rate": rate, "changes": adapted.delta.changes() });
            Ok((scores(cut, &Model::Dnn(adapted.dnn), device)?, about))
        };
        let (scratch, about_scratch) = train(&untrained, None)?;
        let (tuned, about_tuned) = train(&base, arguments.save.as_deref())?;
        let mut value = tuned.json(&[("prior", &prior), ("scratch", &scratch), ("zero_shot", &zero_shot)]);
        value["run"] = about_tuned;
        let mut from_scratch = scratch.json(&[("prior", &prior)]);
        from_scratch["run"] = about_scratch;
        out[name] = json!({ "fineTuned": value, "scratch": from_scratch });
    }
    print::line(&serde_json::to_string_pretty(&out)?)
}

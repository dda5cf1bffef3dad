//! `evaluate coldstart <set> --data DIR [--social] [--seed N]`: forecasts for users with fewer than five events before the
//! window (protocol COLD, docs/MODELS.md), by several models, with their differences to the best baseline as JSON.

use std::{collections::HashSet, fs::File, path::PathBuf};

use driftscope::{
    evaluation::{Model, Outcome, metrics, paired_bootstrap, score},
    nn,
    training::{
        ColdStart, Fitted, Instance, Observer, Prior, PriorGrid, Ranker, Run, Silent, cold_instances, fit,
        transfer::{Source, base},
    },
};
use flate2::read::MultiGzDecoder;
use lexopt::prelude::*;
use serde_json::json;

use crate::{Failure, USAGE, cut::Cut, dataset::Dataset, print, watch::Watch};

/// Directed edges of a log that has them, beside its events.
fn add_edges(cut: &mut Cut, path: PathBuf) -> Result<(), Failure> {
    let file = File::open(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut seen = HashSet::new();
    for record in csv::Reader::from_reader(MultiGzDecoder::new(file)).records() {
        let record = record?;
        let user = |index: usize| cut.log.users.get(record.get(index).unwrap_or_default());
        // Whoever has no event stands for nobody's taste.
        let (Some(a), Some(b)) = (user(0), user(1)) else { continue };
        if seen.insert((a, b)) {
            cut.log.edges.push((a, b));
        }
    }
    Ok(())
}

/// Runs the command with the arguments after its name.
pub fn run(mut parser: lexopt::Parser) -> Result<(), Failure> {
    let (mut places, mut data, mut social, mut seed, mut quiet) = (Vec::new(), None, false, 1, false);
    while let Some(argument) = parser.next()? {
        match argument {
            Value(value) => places.push(value.string()?),
            Long("data") => data = Some(PathBuf::from(parser.value()?)),
            Long("social") => social = true,
            Long("seed") => seed = parser.value()?.parse()?,
            Long("quiet") => quiet = true,
            Long("help") | Short('h') => return Err(USAGE.into()),
            other => return Err(format!("{}\n{USAGE}", other.unexpected()).into()),
        }
    }
    let set = match places.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [name] => Dataset::find(name).ok_or_else(|| format!("unknown data set {name}\n{USAGE}"))?,
        _ => return Err(USAGE.into()),
    };
    let data = data.ok_or_else(|| format!("--data is missing\n{USAGE}"))?;
    let mut cut = Cut::dataset(set, &data, None)?;
    if social {
        add_edges(&mut cut, data.join("trust.csv.gz"))?;
    }
    let mut observer = Watch { quiet };
    let (log, history, split) = (&cut.log, &cut.history, &cut.split);
    let train = split.train.clone();
    let (validation, test) =
        (cold_instances(history, split.validation.clone()), cold_instances(history, split.test.clone()));
    let ranker = Ranker::new(&history.sum(train.clone()));
    let device = &pollster::block_on(nn::device())?;

    let crowd = Prior::new(history, train.clone(), 1.0, 1e9)?;
    let cold_prior = Prior::choose(history, train.clone(), &validation, &ranker, PriorGrid::default())?;
    let cold = ColdStart::choose(log, history, train.clone(), &validation, social)?;
    let run = Run { options: &cut.options, seed, resume: None };
    let Fitted { dnn, .. } = pollster::block_on(fit(log, history, split, &cut.prior, run, device, &mut observer))?;
    let on_cold = Source { prior: &cold_prior, ..cut.source() };
    let cold_dnn = pollster::block_on(base()?.forecaster(on_cold, &mut observer))?;
    let models = [
        ("popularity", Model::DecayPrior(crowd)),
        ("decay_prior", Model::DecayPrior(cut.prior.clone())),
        ("decay_prior chosen on cold users", Model::DecayPrior(cold_prior.clone())),
        ("dnn", Model::Dnn(dnn)),
        ("base", Model::Dnn(cold_dnn)),
    ];
    let of = |model: &Model, instances: &[Instance]| {
        pollster::block_on(score((log, history), model, &ranker, instances, device, &mut Silent))
    };
    let of_cold = |instances: &[Instance]| -> Result<Vec<Outcome>, Failure> {
        let requests: Vec<(u32, usize)> = instances.iter().map(|one| (one.user, one.window)).collect();
        let mut outcomes = Vec::with_capacity(requests.len());
        cold.each_shares((log, history), &requests, |index, shares| {
            outcomes.push(Outcome::new(history, &instances[index], &ranker, shares));
        })?;
        Ok(outcomes)
    };
    let mut scored = Vec::new();
    for (name, model) in &models {
        scored.push((*name, of(model, &validation)?, of(model, &test)?));
    }
    scored.push((if social { "cold start+trust" } else { "cold start" }, of_cold(&validation)?, of_cold(&test)?));
    let empty = test.iter().filter(|one| history.past(one.user, one.window).is_empty()).count();
    // The baseline is the best of the three that know nothing but popularity and the user's own events.
    let baseline = scored[..3].iter().max_by(|a, b| metrics(&a.1).ndcg10.total_cmp(&metrics(&b.1).ndcg10));
    let (baseline, _, reference) = baseline.ok_or("no baseline")?;
    let rows: Vec<_> = scored
        .iter()
        .map(|(name, validation, test)| {
            json!({
                "model": name,
                "validation": metrics(validation).ndcg10,
                "test": metrics(test),
                "gain": paired_bootstrap(test, reference),
            })
        })
        .collect();
    let summary = json!({
        "set": set.name,
        "seed": seed,
        "validationInstances": validation.len(),
        "testInstances": test.len(),
        "testInstancesWithoutAnyEvent": empty,
        "edges": log.edges.len(),
        "chosen": { "halfLife": cold.prior().half_life, "weight": cold.prior().weight, "mixture": cold.mixture() },
        "baseline": baseline,
        "models": rows,
        "seconds": observer.seconds(),
    });
    print::line(&serde_json::to_string_pretty(&summary)?)
}

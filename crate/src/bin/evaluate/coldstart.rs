//! `evaluate coldstart <set> --data DIR [--social] [--seed N]`: forecasts for users with fewer than five events before the
//! window (protocol COLD, docs/MODELS.md), by several models, with their differences to the best baseline as JSON.

use std::path::PathBuf;

use driftscope::{
    evaluation::{ColdUsers, Model, Outcome, metrics, paired_bootstrap},
    nn,
    training::{
        Fitted, Instance, Observer, Prior, PriorGrid, Ranker, Run, Silent, cold_instances, fit, transfer::base,
    },
};
use lexopt::prelude::*;
use serde_json::json;

use crate::{Failure, USAGE, cut::Cut, dataset::Dataset, load::add_trust, print, watch::Watch};

/// Whose shares are scored.
#[derive(Clone, Copy)]
enum Shares<'a> {
    /// A model's.
    Alone(&'a Model),
    /// What a forecast by a model says of such users.
    Forecast(&'a Model),
    /// The back-off mixture's.
    Mixture,
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
        add_trust(&mut cut.log, &data)?;
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
    let run = Run { options: &cut.options, seed, resume: None };
    let Fitted { dnn, .. } = pollster::block_on(fit(log, history, split, &cut.prior, run, device, &mut observer))?;
    let carried = pollster::block_on(base()?.zero_shot_on(cut.source(), device, &mut observer))?.dnn;
    let fitted = [Model::Dnn(dnn), Model::Base(carried)];
    // As the page forecasts: after training, and before any.
    let parts = (train, split.validation.clone());
    let cold = ColdUsers::choose((log, history), parts, &fitted, social, device, &mut observer);
    let cold = pollster::block_on(cold)?;
    let mixture = cold.mixture();
    let of = |shares: Shares<'_>, instances: &[Instance]| -> Result<Vec<Outcome>, Failure> {
        let requests: Vec<(u32, usize)> = instances.iter().map(|one| (one.user, one.window)).collect();
        let mut outcomes = Vec::with_capacity(requests.len());
        let add = |index: usize, shares: &[f64]| {
            outcomes.push(Outcome::new(history, &instances[index], &ranker, shares));
        };
        let data = (log, history);
        match shares {
            Shares::Alone(model) => {
                pollster::block_on(model.each_shares(data, &requests, device, &mut Silent, add))?;
            }
            Shares::Forecast(model) => {
                pollster::block_on(cold.each_shares(model, data, &requests, device, &mut Silent, add))?;
            }
            Shares::Mixture => {
                let (mut mixture, mut add) = (mixture.on(log, history)?, add);
                requests.iter().enumerate().for_each(|(index, &(user, at))| add(index, &mixture.of(user, at)));
            }
        }
        Ok(outcomes)
    };
    let baselines = [crowd, cut.prior.clone(), cold_prior].map(Model::DecayPrior);
    let [popularity, all_users, cold_users] = &baselines;
    let [dnn, carried] = &fitted;
    let rows = [
        ("popularity", Shares::Alone(popularity)),
        ("decay_prior", Shares::Alone(all_users)),
        ("decay_prior chosen on cold users", Shares::Alone(cold_users)),
        ("dnn", Shares::Alone(dnn)),
        ("base", Shares::Alone(carried)),
        ("mixture", Shares::Mixture),
        ("forecast by base", Shares::Forecast(carried)),
        ("forecast by dnn", Shares::Forecast(dnn)),
    ];
    let mut scored = Vec::new();
    for (name, shares) in rows {
        scored.push((name, of(shares, &validation)?, of(shares, &test)?));
    }
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
        "set": if social { format!("{}+trust", set.name) } else { set.name.to_owned() },
        "seed": seed,
        "validationInstances": validation.len(),
        "testInstances": test.len(),
        "testInstancesWithoutAnyEvent": empty,
        "edges": log.edges.len(),
        "chosen": {
            "halfLife": mixture.prior().half_life,
            "weight": mixture.prior().weight,
            "mixture": mixture.mixture(),
            "trust": fitted.iter().map(|model| (model.name().name(), cold.trust(model.name()))).collect::<Vec<_>>(),
        },
        "baseline": baseline,
        "models": rows,
        "seconds": observer.seconds(),
    });
    print::line(&serde_json::to_string_pretty(&summary)?)
}

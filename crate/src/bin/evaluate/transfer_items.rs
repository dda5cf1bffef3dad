//! `evaluate transfer-items SET --data DIR --from SET --share S [--model dnn|dnn+gnn] [--seed N]`: a network of next items
//! learns on one log and is carried to another of which only a share of the users is known (protocol LLO, no-refit; every
//! user of that log is scored). Prints all scores with their differences as JSON.

use std::path::{Path, PathBuf};

use driftscope::{
    evaluation::{
        ModelName,
        next_item::{NextItemModel, NextItemOutcome, next_item_bootstrap, next_item_metrics, rank_next_items},
    },
    nn::{self, Device},
    training::{
        Observer,
        next_item::{ItemNetwork, ItemRanker, ItemTuning, MIN_LENGTH, Sequences, Study, TwoStageData},
        transfer::Delta,
    },
};
use lexopt::prelude::*;
use rand::{SeedableRng, seq::SliceRandom};
use serde_json::{Value, json};

use crate::{
    Failure, USAGE, scores,
    sequences::{SETS, SequenceSet, load},
    watch::Watch,
};

/// Learning rates that are tried. The best network on validation is kept, which may be the one that training began with;
/// for one from nothing and for one carried over alike.
const RATES: [f64; 3] = [3e-3, 1e-3, 3e-4];

struct Arguments {
    set: String,
    from: String,
    data: PathBuf,
    share: f64,
    graph: bool,
    seed: u64,
    quiet: bool,
}

fn arguments(mut parser: lexopt::Parser) -> Result<Arguments, Failure> {
    let (mut places, mut data, mut from) = (Vec::new(), None, None);
    let (mut share, mut model, mut seed, mut quiet) = (0.05, ModelName::Dnn, 1, false);
    while let Some(argument) = parser.next()? {
        match argument {
            lexopt::Arg::Value(value) => places.push(value.string()?),
            Long("data") => data = Some(PathBuf::from(parser.value()?)),
            Long("from") => from = Some(parser.value()?.string()?),
            Long("share") => share = parser.value()?.parse()?,
            Long("model") => {
                let name = parser.value()?.string()?;
                model = ModelName::from_name(&name).ok_or_else(|| format!("there is no model {name}"))?;
            }
            Long("seed") => seed = parser.value()?.parse()?,
            Long("quiet") => quiet = true,
            Long("help") | Short('h') => return Err(USAGE.into()),
            other => return Err(format!("{}\n{USAGE}", other.unexpected()).into()),
        }
    }
    let ([set], Some(data), Some(from)) = (places.as_slice(), data, from) else {
        return Err("name one set, --data DIR and --from SET; evaluate --help lists them".into());
    };
    if let Some(unknown) = [set, &from].into_iter().find(|name| !SETS.contains(&name.as_str())) {
        return Err(format!("no data set for the next item is called {unknown}").into());
    }
    if *set == from {
        return Err("a log cannot be transferred from itself".into());
    }
    if !(share > 0.0 && share <= 1.0) {
        return Err("--share is the share of users that are known, above 0 and at most 1".into());
    }
    let graph = match model {
        ModelName::Dnn => false,
        ModelName::DnnGnn => true,
        other => return Err(format!("{} cannot be carried over: dnn or dnn+gnn can", other.name()).into()),
    };
    Ok(Arguments { set: set.clone(), from, data, share, graph, seed, quiet })
}

/// The folder of a set: in `--data`, or beside it.
fn folder(data: &Path, name: &str) -> PathBuf {
    let inner = data.join(name);
    if inner.is_dir() { inner } else { data.parent().unwrap_or(data).join(name) }
}

/// The best on validation of where it starts and of the learning rates, with its rate.
fn tuned(
    study: &Study<'_>,
    start: &ItemNetwork,
    seed: u64,
    device: &Device,
    watch: &mut Watch,
) -> Result<(ItemNetwork, f64), Failure> {
    let mut best = (pollster::block_on(study.judge(start, device, watch))?, start.clone(), 0.0);
    for rate in RATES {
        let tuning = ItemTuning { rate, ..ItemTuning::usual(seed) };
        let network = pollster::block_on(study.train(start, tuning, device, watch))?;
        let score = pollster::block_on(study.judge(&network, device, watch))?;
        if score > best.0 {
            best = (score, network, rate);
        }
    }
    Ok((best.1, best.2))
}

/// What fine-tuning changed, through its file and back.
fn change(before: &ItemNetwork, after: &ItemNetwork) -> Result<Value, Failure> {
    let bytes = Delta::between(before.parameters(), after.parameters())?.to_bytes()?;
    let delta = Delta::from_bytes(&bytes)?;
    let applied = before.with_parameters(delta.apply(before.parameters())?)?;
    let taken_back = delta.take_back(after.parameters())?;
    Ok(json!({
        "bytes": bytes.len(),
        "applied": applied.parameters() == after.parameters(),
        "takenBack": taken_back == before.parameters(),
        "parameters": delta.changes(),
    }))
}

/// Some users of a set, drawn at random; the others have no events.
fn some_users(sequences: &Sequences, share: f64, seed: u64) -> Sequences {
    let mut users: Vec<u32> = (0..sequences.users() as u32).collect();
    users.shuffle(&mut rand_pcg::Pcg64Mcg::seed_from_u64(seed));
    users.truncate((users.len() as f64 * share).round() as usize);
    users.sort_unstable();
    sequences.only(&users)
}

/// Runs the command with the arguments after its name.
pub fn run(parser: lexopt::Parser) -> Result<(), Failure> {
    let Arguments { set, from, data, share, graph, seed, quiet } = arguments(parser)?;
    let mut watch = Watch { quiet };
    let device = &pollster::block_on(nn::device())?;
    let begin = watch.seconds();

    let source = load(&folder(&data, &from))?;
    let (train, validation) = learned_from(&source, 1.0, seed);
    let there = TwoStageData { train: &train, validation: &validation, catalogue: &source.catalogue };
    let there = pollster::block_on(Study::new(there, seed, &mut watch))?;
    let (learned, _) = tuned(&there, &there.untrained(graph), seed, device, &mut watch)?;
    drop(there);
    let pretrained = watch.seconds() - begin;

    let target = load(&folder(&data, &set))?;
    let (train, validation) = learned_from(&target, share, seed);
    let here = TwoStageData { train: &train, validation: &validation, catalogue: &target.catalogue };
    let here = pollster::block_on(Study::new(here, seed, &mut watch))?;
    let carried = here.carried(&learned);
    let (scratch, scratch_rate) = tuned(&here, &here.untrained(graph), seed, device, &mut watch)?;
    let (fine_tuned, rate) = tuned(&here, &carried, seed, device, &mut watch)?;

    // Everything was learned from the known users; every user's own input counts.
    let all = target.sequences.at_least(MIN_LENGTH);
    let (inputs, targets) = (all.without_last(1), all.targets(0));
    let ranker = ItemRanker::new(&train.counts());
    let mut ranked = |network: Option<&ItemNetwork>| -> Result<Vec<NextItemOutcome>, Failure> {
        let model = NextItemModel::TwoStage(Box::new(here.ranker(network)));
        Ok(pollster::block_on(rank_next_items(&model, &inputs, &targets, &ranker, device, &mut watch))?)
    };
    let members = ranked(None)?;
    let from_scratch = ranked(Some(&scratch))?;
    let row = |name: &str, outcomes: &[NextItemOutcome]| {
        json!({
            "model": name,
            "test": next_item_metrics(outcomes),
            "minusMembers": next_item_bootstrap(outcomes, &members),
            "minusScratch": next_item_bootstrap(outcomes, &from_scratch),
            "minusScratchHr10": scores::hit_gain(outcomes, &from_scratch),
        })
    };
    let summary = json!({
        "set": set,
        "from": from,
        "share": share,
        "knownUsers": validation.len(),
        "seed": seed,
        "network": if graph { "dnn+gnn" } else { "dnn" },
        "pretrainSeconds": pretrained,
        "rates": { "scratch": scratch_rate, "fineTuned": rate },
        "change": change(&carried, &fine_tuned)?,
        "models": [
            row("weighted sum of the members", &members),
            row("from scratch", &from_scratch),
            row("carried over, not tuned", &ranked(Some(&carried))?),
            row("carried over and fine-tuned", &ranked(Some(&fine_tuned))?),
        ],
        "seconds": watch.seconds() - begin,
    });
    println!("{}", serde_json::to_string_pretty(&summary)?);
    Ok(())
}

/// Train sequences and validation targets of a share of a set's users.
fn learned_from(set: &SequenceSet, share: f64, seed: u64) -> (Sequences, Vec<driftscope::training::next_item::Target>) {
    let known = some_users(&set.sequences.at_least(MIN_LENGTH), share, seed);
    (known.without_last(2), known.targets(1))
}

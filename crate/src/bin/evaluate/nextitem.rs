//! `evaluate nextitem <set> --data DIR --model M [--seed N] [--no-refit] [--split val|test] --out FILE`: fits a model by
//! protocol LLO, writes its prediction file and prints its metrics.

use std::path::PathBuf;

use driftscope::{
    evaluation::{
        ModelName,
        next_item::{NextItemOutcome, NextItemRun, evaluate_next_item},
    },
    nn,
};
use lexopt::prelude::*;
use serde_json::json;

use crate::{
    Failure, USAGE, predictions,
    sequences::{SETS, SequenceSet, load},
    watch::Watch,
};

struct Arguments {
    set: String,
    data: PathBuf,
    out: PathBuf,
    run: NextItemRun,
    validation: bool,
    json: bool,
    quiet: bool,
}

fn arguments(mut parser: lexopt::Parser) -> Result<Arguments, Failure> {
    let (mut places, mut data, mut out) = (Vec::new(), None, None);
    let (mut validation, mut json, mut quiet) = (false, false, false);
    let mut run = NextItemRun { model: ModelName::Blend, seed: 1, refit: true };
    while let Some(argument) = parser.next()? {
        match argument {
            Value(value) => places.push(value.string()?),
            Long("data") => data = Some(PathBuf::from(parser.value()?)),
            Long("out") => out = Some(PathBuf::from(parser.value()?)),
            Long("seed") => run.seed = parser.value()?.parse()?,
            Long("no-refit") => run.refit = false,
            Long("json") => json = true,
            Long("quiet") => quiet = true,
            Long("model") => {
                let name = parser.value()?.string()?;
                run.model = ModelName::from_name(&name).ok_or_else(|| format!("unknown model {name}\n{USAGE}"))?;
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
    let set = match places.as_slice() {
        [name] if SETS.contains(&name.as_str()) => name.clone(),
        [name] => return Err(format!("unknown data set {name}\n{USAGE}").into()),
        _ => return Err(USAGE.into()),
    };
    let data = data.ok_or_else(|| format!("--data is missing\n{USAGE}"))?;
    let out = out.ok_or_else(|| format!("--out is missing\n{USAGE}"))?;
    Ok(Arguments { set, data, out, run, validation, json, quiet })
}

/// Runs the command with the arguments after its name.
pub fn run(parser: lexopt::Parser) -> Result<(), Failure> {
    let Arguments { set, data, out, run, validation, json, quiet } = arguments(parser)?;
    let SequenceSet { users, items, sequences, catalogue } = load(&data)?;
    let device = pollster::block_on(nn::device())?;
    let mut watch = Watch { quiet };
    let scored = evaluate_next_item(&sequences, &catalogue, run, &device, &mut watch);
    let scored = pollster::block_on(scored)?;
    let outcomes = if validation { &scored.validation_outcomes } else { &scored.outcomes };
    write(&out, &users, &items, outcomes)?;
    if json {
        let summary = json!({
            "set": set,
            "model": run.model,
            "seed": run.seed,
            "refit": run.refit,
            "validation": scored.validation,
            "test": scored.test,
            "parameters": scored.model.parameter_count(),
            "chosen": scored.model.chosen(),
            "secondsToFit": scored.seconds_to_fit,
            "seconds": scored.seconds,
            "out": out,
        });
        println!("{}", serde_json::to_string_pretty(&summary)?);
    } else {
        println!("{:<10} {:>8} {:>8} {:>8} {:>8} {:>8}", "", "HR@5", "HR@10", "NDCG@5", "NDCG@10", "MRR@10");
        for (name, m) in [("validation", scored.validation), ("test", scored.test)] {
            println!("{name:<10} {:>8.6} {:>8.6} {:>8.6} {:>8.6} {:>8.6}", m.hr5, m.hr10, m.ndcg5, m.ndcg10, m.mrr10);
        }
    }
    Ok(())
}

/// The prediction file of PROTOCOL.md: `user,rank,item`.
fn write(
    path: &std::path::Path,
    users: &[String],
    items: &driftscope::event::Dictionary,
    outcomes: &[NextItemOutcome],
) -> Result<(), Failure> {
    predictions::to_file(path, |writer| {
        writer.write_record(["user", "rank", "item"])?;
        for outcome in outcomes {
            let user = users.get(outcome.user as usize).ok_or("a user without a name")?;
            for (index, &item) in outcome.ranked.iter().enumerate() {
                writer.write_record([user, (index + 1).to_string().as_str(), items.name(item)])?;
            }
        }
        Ok(())
    })
}

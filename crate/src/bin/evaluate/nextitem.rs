//! `evaluate nextitem SET|--log FILE… --model M [--no-refit] --out FILE`: fits a model by protocol LLO, writes its
//! prediction file and prints its metrics.

use std::path::Path;

use driftscope::{
    evaluation::{
        Catalogue, ModelName, list_metrics,
        next_item::{NextItemOutcome, NextItemRun, NextItemScored, evaluate_next_item, next_item_bootstrap},
    },
    event::Dictionary,
    nn::{self, Device},
    training::next_item::MIN_LENGTH,
};
use serde_json::{Map, Value, json};

use crate::{
    Failure,
    data::{self, ItemData},
    interest::{first_seed, show, with_seed},
    options::{self, Options, Print},
    predictions, print, replayed, scores,
    sequences::SequenceSet,
    watch::Watch,
};

/// Runs the command with the arguments after its name.
pub fn run(parser: lexopt::Parser) -> Result<(), Failure> {
    let Some(options) = options::parse(parser)? else { return Ok(()) };
    if options.out.is_none() && options.print != Print::Json {
        return Err("--out FILE is missing (it may be left out with --json)".into());
    }
    let ItemData { name: set, set: sequences, log } = data::next_item(&options)?;
    let device = pollster::block_on(nn::device())?;
    let name = options.models.first().copied().unwrap_or(ModelName::Blend);
    let baseline = match options.baseline {
        Some(baseline) => Some(fit(&sequences, baseline, first_seed(&options), &options, &device)?),
        None => None,
    };
    let mut runs = Vec::new();
    for &seed in &options.seeds {
        let scored = fit(&sequences, name, seed, &options, &device)?;
        let out = options.out.as_deref().map(|out| with_seed(out, seed, options.seeds.len()));
        if let Some(out) = &out {
            write(out, &sequences.users, &sequences.items, outcomes(&scored, &options))?;
        }
        let mut printed = scores::head("LLO", &set, options.validation, out.as_deref());
        printed.append(&mut as_scorer(&sequences, &scored, &options));
        if let Some(baseline) = &baseline {
            printed.insert("vs_baseline".to_owned(), against(&sequences, &scored, baseline, &options));
        }
        if let Some((log, data)) = log.as_ref().filter(|_| !options.validation) {
            let rates = replayed::rates((log, data), name, seed, &options, &device)?;
            printed.insert("replay".to_owned(), json!(rates));
        }
        printed.append(&mut scores::fields(json!({
            "model": name,
            "seed": seed,
            "refit": options.refit,
            "validation": scored.validation,
            "test": (!options.validation).then_some(scored.test),
            "parameters": scored.model.parameter_count(),
            "chosen": scored.model.chosen(),
            "secondsToFit": scored.seconds_to_fit,
            "seconds": scored.seconds,
            "out": out,
        })));
        if options.print != Print::Json {
            table(&scored, &options)?;
        }
        runs.push(printed);
    }
    if options.print == Print::Json { show(runs) } else { Ok(()) }
}

/// Fits a model and scores it.
pub fn fit(
    set: &SequenceSet,
    model: ModelName,
    seed: u64,
    options: &Options,
    device: &Device,
) -> Result<NextItemScored, Failure> {
    if !options.quiet {
        eprintln!("{}, seed {seed}", model.name());
    }
    let run = NextItemRun { model, seed, refit: options.refit };
    let mut watch = Watch { quiet: options.quiet };
    let scored = evaluate_next_item(&set.sequences, &set.catalogue, run, device, &mut watch);
    Ok(pollster::block_on(scored)?)
}

/// Of the part that is scored.
fn outcomes<'a>(scored: &'a NextItemScored, options: &Options) -> &'a [NextItemOutcome] {
    if options.validation { &scored.validation_outcomes } else { &scored.outcomes }
}

/// All that the protocol's scorer prints, and what it does not measure.
fn as_scorer(set: &SequenceSet, scored: &NextItemScored, options: &Options) -> Map<String, Value> {
    let metrics = if options.validation { scored.validation } else { scored.test };
    let back = if options.validation { 2 } else { 1 };
    let inputs = set.sequences.at_least(MIN_LENGTH).without_last(back);
    let outcomes = outcomes(scored, options);
    let mut all = scores::next_item(&metrics, outcomes, &inputs);
    let lists = list_metrics(outcomes.iter().map(|own| own.ranked.as_slice()), &catalogue(set));
    all.append(&mut scores::fields(json!(lists)));
    all
}

/// The items by their train events and attributes.
pub fn catalogue(set: &SequenceSet) -> Catalogue {
    let events = set.sequences.at_least(MIN_LENGTH).without_last(2).counts().into_iter().map(u64::from);
    let content = &set.catalogue.content;
    let attributes = (0..content.rows()).map(|item| content.row(item).0.to_vec()).collect();
    Catalogue::new(&events.collect::<Vec<_>>(), attributes)
}

fn against(set: &SequenceSet, scored: &NextItemScored, baseline: &NextItemScored, options: &Options) -> Value {
    let (own, other) = (outcomes(scored, options), outcomes(baseline, options));
    let gains = [("hr10", scores::hit_gain(own, other)), ("ndcg10", next_item_bootstrap(own, other))];
    let metrics = as_scorer(set, baseline, options);
    scores::against(baseline.model.name(), &metrics, &["hr10", "ndcg10", "hr5", "ndcg5", "mrr10"], &gains)
}

/// Prints the metrics for people.
fn table(scored: &NextItemScored, options: &Options) -> Result<(), Failure> {
    let heads = ["HR@5", "HR@10", "NDCG@5", "NDCG@10", "MRR@10"].map(|name| format!(" {name:>8}"));
    print::line(&format!("{:<10}{}", "", heads.concat()))?;
    let test = (!options.validation).then_some(("test", scored.test));
    for (name, m) in [("validation", scored.validation)].into_iter().chain(test) {
        let numbers = [m.hr5, m.hr10, m.ndcg5, m.ndcg10, m.mrr10].map(|number| format!(" {number:>8.6}"));
        print::line(&format!("{name:<10}{}", numbers.concat()))?;
    }
    Ok(())
}

/// The prediction file of PROTOCOL.md: `user,rank,item`.
fn write(path: &Path, users: &[String], items: &Dictionary, outcomes: &[NextItemOutcome]) -> Result<(), Failure> {
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

//! `evaluate sample [--users N] [--days N] [--seed N] [--epochs N] [--quiet]`: makes the page's sample, cleans it, trains on
//! it by weeks as the page does, and prints the training report as JSON.

use driftscope::{
    evaluation::{ModelName, TrainOptions, train},
    ingest::{CleaningOptions, RawLog, clean},
    interest::{WindowLength, WindowOptions},
    synth::{SampleOptions, Synth},
    training::Init,
};
use lexopt::prelude::*;

use crate::{Failure, help, print, watch::Watch};

struct Arguments {
    sample: SampleOptions,
    epochs: Option<usize>,
    quiet: bool,
}

fn arguments(mut parser: lexopt::Parser) -> Result<Option<Arguments>, Failure> {
    let mut arguments =
        Arguments { sample: SampleOptions { users: 2_000, days: 100, seed: 1 }, epochs: None, quiet: false };
    while let Some(argument) = parser.next()? {
        match argument {
            Long("users") => arguments.sample.users = parser.value()?.parse()?,
            Long("days") => arguments.sample.days = parser.value()?.parse()?,
            Long("seed") => arguments.sample.seed = parser.value()?.parse()?,
            Long("epochs") => arguments.epochs = Some(parser.value()?.parse()?),
            Long("quiet") => arguments.quiet = true,
            Long("help") | Short('h') => {
                print::line(help::TEXT)?;
                return Ok(None);
            }
            other => return Err(format!("{}; evaluate --help lists the options", other.unexpected()).into()),
        }
    }
    Ok(Some(arguments))
}

/// Runs the command with the arguments after its name.
pub fn run(parser: lexopt::Parser) -> Result<(), Failure> {
    let Some(Arguments { sample, epochs, quiet }) = arguments(parser)? else { return Ok(()) };
    let log = Synth::sample(sample)?.log(|_| Ok(()))?;
    let cleaned = clean(&RawLog::from_log(log, "sample"), &CleaningOptions::default())?;
    let window = WindowOptions { length: WindowLength::Week, time_zone: "UTC".into() };
    let options = TrainOptions { window, models: vec![ModelName::Dnn], seed: sample.seed, epochs, init: Init::Scratch };
    let trained = pollster::block_on(train(&cleaned.log, &options, None, &mut Watch { quiet }))?;
    print::line(&serde_json::to_string(&trained.report)?)
}

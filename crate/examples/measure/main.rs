//! Times the core natively, for `npm run bench`. Each call times one work once, after warming up, and prints one JSON
//! object: `measure train-step USERS DAYS SEED`; `measure read PLANS FILES…`, where `PLANS` is a file with the files'
//! reading plans as a JSON array; or `measure product SUBJECT` with a subject of [`product::measure`].

mod product;

use std::{fs::File, io::Read, process::ExitCode, time::Instant};

use driftscope::{
    evaluation::{ModelName, TrainOptions, measure_step},
    ingest::{CleaningOptions, FilePlan, Loader, RawLog, clean},
    interest::{WindowLength, WindowOptions},
    synth::{SampleOptions, Synth},
    training::{Init, Silent},
};
use serde_json::{Value, json};

type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (work, rest) = arguments.split_first().map_or(("", &[][..]), |(work, rest)| (work.as_str(), rest));
    let measured =
        match work {
            "train-step" => train_step(rest),
            "read" => read(rest),
            "product" => sparse_product(rest),
            _ => Err("usage: measure train-step USERS DAYS SEED | measure read PLANS FILES… | measure product SUBJECT"
                .into()),
        };
    match measured {
        Ok(value) => {
            println!("{value}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("measure: {error}");
            ExitCode::from(2)
        }
    }
}

/// Milliseconds of one step of the network on the page's sample.
fn train_step(arguments: &[String]) -> Result<Value, Failure> {
    let [users, days, seed] = arguments else { return Err("train-step takes USERS DAYS SEED".into()) };
    let sample = SampleOptions { users: users.parse()?, days: days.parse()?, seed: seed.parse()? };
    let log = Synth::sample(sample)?.log(|_| Ok(()))?;
    let log = clean(&RawLog::from_log(log, "sample"), &CleaningOptions::default())?.log;
    let options = TrainOptions {
        window: WindowOptions { length: WindowLength::Week, time_zone: "UTC".into() },
        models: vec![ModelName::Dnn],
        seed: 1,
        epochs: None,
        init: Init::Scratch,
    };
    let milliseconds = pollster::block_on(measure_step(&log, &options, &mut Silent))?;
    Ok(json!({ "milliseconds": milliseconds, "events": log.len() }))
}

/// Milliseconds of the sparse product and its gradient, or of what it is compared with.
fn sparse_product(arguments: &[String]) -> Result<Value, Failure> {
    let [subject] = arguments else { return Err("product takes SUBJECT".into()) };
    let begin = Instant::now();
    let measured = pollster::block_on(product::measure(subject, || begin.elapsed().as_secs_f64() * 1e3))?;
    let measured = measured.ok_or_else(|| format!("{subject} is none of product, scatter, memory"))?;
    Ok(json!({ "milliseconds": measured.milliseconds, "right": measured.right }))
}

/// Bytes handed over at a time, about what a browser's streams give.
const PIECE: usize = 1 << 16;

/// Seconds of reading and joining the files, once to warm up and once for the clock.
fn read(arguments: &[String]) -> Result<Value, Failure> {
    let Some((plans, files)) = arguments.split_first() else { return Err("read takes PLANS FILES…".into()) };
    let plans: Vec<FilePlan> = serde_json::from_reader(File::open(plans)?)?;
    if plans.len() != files.len() {
        return Err(format!("{} plans for {} files", plans.len(), files.len()).into());
    }
    load(&plans, files)?;
    let begin = Instant::now();
    let rows = load(&plans, files)?;
    Ok(json!({ "seconds": begin.elapsed().as_secs_f64(), "rows": rows }))
}

/// Reads all files; the number of rows read.
fn load(plans: &[FilePlan], files: &[String]) -> Result<u64, Failure> {
    let mut loader = Loader::new();
    let mut piece = vec![0; PIECE];
    for (plan, file) in plans.iter().zip(files) {
        let mut file = File::open(file)?;
        loader.begin(plan.clone())?;
        loop {
            let filled = file.read(&mut piece)?;
            if filled == 0 {
                break;
            }
            loader.push(&piece[..filled])?;
        }
        loader.end()?;
    }
    let rows = loader.rows_read();
    loader.finish()?;
    Ok(rows)
}

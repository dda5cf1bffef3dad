//! `evaluate interest …` fits a model by protocol INP and writes its predictions, `evaluate nextitem …` by protocol LLO;
//! `evaluate sample …` trains on a synthetic log as the page does; `evaluate shapes` prints what crosses into the page,
//! for the tests. Exit code 2 with a message where that can't be done.

mod any_log;
mod coldstart;
mod cut;
mod data;
mod dataset;
mod delta;
mod federate;
mod help;
mod interest;
mod load;
mod nextitem;
mod options;
mod predictions;
mod prequential;
mod pretrain;
mod print;
mod prospects;
mod replayed;
mod sample;
mod scores;
mod segments;
mod sequences;
mod shapes;
mod table;
mod transfer;
mod transfer_items;
mod watch;

use std::process::ExitCode;

use help::TEXT as USAGE;

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

fn run() -> Result<(), Failure> {
    let mut parser = lexopt::Parser::from_env();
    match parser.next()? {
        Some(lexopt::Arg::Value(command)) if command == "interest" => interest::run(parser),
        Some(lexopt::Arg::Value(command)) if command == "nextitem" => nextitem::run(parser),
        Some(lexopt::Arg::Value(command)) if command == "prequential" => prequential::run(parser),
        Some(lexopt::Arg::Value(command)) if command == "sample" => sample::run(parser),
        Some(lexopt::Arg::Value(command)) if command == "coldstart" => coldstart::run(parser),
        Some(lexopt::Arg::Value(command)) if command == "prospects" => prospects::run(parser),
        Some(lexopt::Arg::Value(command)) if command == "segments" => segments::run(parser),
        Some(lexopt::Arg::Value(command)) if command == "delta" => delta::run(parser),
        Some(lexopt::Arg::Value(command)) if command == "federate" => federate::run(parser),
        Some(lexopt::Arg::Value(command)) if command == "pretrain" => pretrain::run(parser),
        Some(lexopt::Arg::Value(command)) if command == "transfer" => transfer::run(parser),
        Some(lexopt::Arg::Value(command)) if command == "transfer-items" => transfer_items::run(parser),
        Some(lexopt::Arg::Value(command)) if command == "shapes" => shapes::run(),
        Some(lexopt::Arg::Value(command)) if command == "table" => table::run(parser),
        Some(lexopt::Arg::Long("help") | lexopt::Arg::Short('h')) => print::line(USAGE),
        Some(lexopt::Arg::Value(command)) => {
            Err(format!("there is no command {}; evaluate --help lists them", command.to_string_lossy()).into())
        }
        _ => Err("a command is missing; evaluate --help lists them".into()),
    }
}

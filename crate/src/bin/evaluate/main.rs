//! `evaluate interest …` fits a model by protocol INP and writes its predictions, `evaluate nextitem …` by protocol LLO;
//! `evaluate sample …` trains on a synthetic log as the page does; `evaluate shapes` prints what crosses into the page,
//! for the tests. Exit code 2 with a message where that can't be done.

mod coldstart;
mod cut;
mod dataset;
mod interest;
mod load;
mod nextitem;
mod predictions;
mod prequential;
mod pretrain;
mod sample;
mod sequences;
mod shapes;
mod transfer;
mod watch;

use std::process::ExitCode;

const USAGE: &str = "usage: evaluate interest <ciao|complete_journey|taobao_userbehavior> --data DIR \
[--model M] [--seed N] [--split val|test] [--epochs N] [--init scratch|base] [--quiet] --out FILE
       evaluate nextitem <lastfm_hetrec|amazon_beauty|amazon_sports> --data DIR [--model M] [--seed N] [--no-refit] \
[--split val|test] [--json] [--quiet] --out FILE
       evaluate prequential <ciao|complete_journey|taobao_userbehavior> --data DIR [--model dnn] [--seed N] \
[--split val|test] [--update JSON] [--json] [--quiet]
       evaluate sample [--users N] [--days N] [--seed N] [--epochs N] [--quiet]
       evaluate coldstart <set> --data DIR [--social] [--seed N] [--quiet]
       evaluate pretrain [--logs N] [--users N] [--seed N] [--epochs N] [--quiet] --out FILE
       evaluate transfer <set> --data DIR --from shipped|FILE|<set>[,<set>...] [--train-windows N] [--seed N]
                [--epochs N] [--quiet]
       evaluate shapes";

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
        Some(lexopt::Arg::Value(command)) if command == "pretrain" => pretrain::run(parser),
        Some(lexopt::Arg::Value(command)) if command == "transfer" => transfer::run(parser),
        Some(lexopt::Arg::Value(command)) if command == "shapes" => shapes::run(),
        _ => Err(USAGE.into()),
    }
}

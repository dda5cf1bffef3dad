//! What training on a small log leaves behind: files of every kind.

use std::sync::LazyLock;

use driftscope::{
    evaluation::{
        ModelName, RunState, TrainOptions,
        next_item::{NextItemOptions, train_next_items},
        train,
    },
    event::Log,
    ingest::{CleaningOptions, RawLog, clean},
    synth::{SampleOptions, Synth},
    training::{Init, Observer, Silent, TrainingProgress},
};
use pollster::block_on;

use super::{model_file, reading::interest_options};

pub struct Learnt {
    pub log: Log,
    /// Model files of every kind: forecasts, next items, and a run under way. A kind each, so that the files stay small.
    pub files: Vec<Vec<u8>>,
}

pub static LEARNT: LazyLock<Learnt> = LazyLock::new(learn);

impl Learnt {
    /// The documents of all files, each behind a byte with the file's number.
    pub fn documents(&self) -> Vec<Vec<u8>> {
        let of = |(number, file): (u8, &Vec<u8>)| [vec![number], model_file::document(file)].concat();
        (0u8..).zip(&self.files).map(of).collect()
    }
}

/// Keeps the last checkpoint.
struct Last(Vec<u8>);

impl Observer for Last {
    fn progress(&mut self, _: TrainingProgress) {}

    fn checkpoint(&mut self, bytes: Vec<u8>) {
        self.0 = bytes;
    }

    fn cancelled(&mut self) -> bool {
        false
    }

    fn seconds(&mut self) -> f64 {
        0.0
    }

    async fn pause(&mut self) {}
}

fn learn() -> Learnt {
    let made = Synth::sample(SampleOptions { users: 40, days: 30, seed: 1 }).unwrap().log(|_| Ok(())).unwrap();
    let log = clean(&RawLog::from_log(made, "sample"), &CleaningOptions::default()).unwrap().log;
    let mut files = Vec::new();
    let window = interest_options().window;
    for models in [
        vec![ModelName::Dnn],
        vec![ModelName::Markov, ModelName::Popularity],
        vec![ModelName::CfUserCosine],
        vec![ModelName::CfItem],
        vec![ModelName::CfClosed],
        vec![ModelName::Gnn],
    ] {
        let options = TrainOptions { window: window.clone(), models, seed: 1, epochs: Some(1), init: Init::Scratch };
        let mut last = Last(Vec::new());
        let trained = block_on(train(&log, &options, None, &mut last)).unwrap();
        files.push(trained.models.to_bytes().unwrap());
        if !last.0.is_empty() {
            files.push(last.0);
        }
    }
    for model in [ModelName::Popularity, ModelName::Markov, ModelName::CfItem, ModelName::CfClosed] {
        let options = NextItemOptions { models: vec![model], seed: 1 };
        let (_, models) = block_on(train_next_items(&log, &options, &mut Silent)).unwrap();
        files.push(models.to_bytes().unwrap());
    }
    files.push(RunState::default().to_bytes().unwrap());
    Learnt { log, files }
}

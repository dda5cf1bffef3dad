//! `evaluate pretrain [--logs N] [--users N] [--seed N] [--epochs N] [--members N] --out FILE`: trains the base model on
//! synthetic crowds, writes its file and prints a summary as JSON. The same arguments give the same file.

use std::path::PathBuf;

use driftscope::{
    nn,
    synth::CrowdOptions,
    training::{
        Observer,
        transfer::{Base, Pretraining, Source, pretrain},
    },
};
use lexopt::prelude::*;
use serde_json::json;

use crate::{Failure, USAGE, cut::Cut, print, watch::Watch};

/// What the shipped base model is trained on.
pub struct Crowds {
    /// How many logs.
    pub logs: u64,
    /// Users of each.
    pub users: u32,
    /// Of the first log; the next ones count up.
    pub seed: u64,
}

impl Default for Crowds {
    fn default() -> Crowds {
        Crowds { logs: 16, users: 350, seed: 1 }
    }
}

impl Crowds {
    /// The logs; those with too little to learn from are left out.
    pub fn cuts(&self) -> Vec<Cut> {
        let seeds = (0..self.logs).map(|index| self.seed.wrapping_mul(1000) + index);
        seeds.filter_map(|seed| Cut::crowd(&CrowdOptions::draw(self.users, seed)).ok()).collect()
    }
}

/// The settings of pre-training.
pub fn settings(seed: u64, epochs: usize, members: usize, trained_on: String) -> Pretraining {
    Pretraining {
        members,
        hidden: 32,
        epochs,
        steps_per_log: 25,
        learning_rate: 3e-3,
        weight_decay: 1e-3,
        dropout: 0.1,
        trained_on,
        seed,
    }
}

/// Trains on cuts.
pub fn on(cuts: &[Cut], settings: &Pretraining, observer: &mut impl Observer) -> Result<Base, Failure> {
    let sources: Vec<Source<'_>> = cuts.iter().map(Cut::source).collect();
    let device = pollster::block_on(nn::device())?;
    Ok(pollster::block_on(pretrain(&sources, settings, &device, observer))?)
}

/// Runs the command with the arguments after its name.
pub fn run(mut parser: lexopt::Parser) -> Result<(), Failure> {
    let mut crowds = Crowds::default();
    let (mut epochs, mut members, mut quiet, mut out) = (8, 1, false, None);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("logs") => crowds.logs = parser.value()?.parse()?,
            Long("users") => crowds.users = parser.value()?.parse()?,
            Long("seed") => crowds.seed = parser.value()?.parse()?,
            Long("epochs") => epochs = parser.value()?.parse()?,
            Long("members") => members = parser.value()?.parse()?,
            Long("quiet") => quiet = true,
            Long("out") => out = Some(PathBuf::from(parser.value()?)),
            Long("help") | Short('h') => return Err(USAGE.into()),
            other => return Err(format!("{}\n{USAGE}", other.unexpected()).into()),
        }
    }
    let out = out.ok_or_else(|| format!("--out is missing\n{USAGE}"))?;
    let mut observer = Watch { quiet };
    let begin = observer.seconds();
    let cuts = crowds.cuts();
    let made = observer.seconds();
    let trained_on = format!("{} synthetic crowds of {} users, seed {}", cuts.len(), crowds.users, crowds.seed);
    let base = on(&cuts, &settings(crowds.seed, epochs, members, trained_on), &mut observer)?;
    let bytes = base.to_bytes()?;
    std::fs::write(&out, &bytes).map_err(|error| format!("{}: {error}", out.display()))?;
    let summary = json!({
        "trainedOn": base.trained_on(),
        "events": cuts.iter().map(|cut| cut.log.len()).sum::<usize>(),
        "parameters": base.parameter_count(),
        "bytes": bytes.len(),
        "secondsToMake": made - begin,
        "seconds": observer.seconds() - made,
        "out": out,
    });
    print::line(&serde_json::to_string_pretty(&summary)?)
}

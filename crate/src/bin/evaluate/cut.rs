//! Logs cut for training: the data sets of protocol INP, and synthetic crowds.

use std::path::Path;

use driftscope::{
    event::Log,
    interest::Windows,
    synth::{CrowdOptions, crowd, crowd_start},
    training::{DnnOptions, History, Prior, PriorGrid, Ranker, Split, transfer::Source},
};

use crate::{Failure, dataset::Dataset};

/// A log with all that training on it takes.
pub struct Cut {
    pub log: Log,
    pub history: History,
    pub split: Split,
    pub prior: Prior,
    pub options: DnnOptions,
}

impl Cut {
    /// A data set; learned from only in its first `train_windows` where that is given.
    pub fn dataset(set: &Dataset, data: &Path, train_windows: Option<usize>) -> Result<Cut, Failure> {
        let log = (set.load)(data)?;
        let history = History::new(&log, set.windows()?)?;
        let mut split = set.split()?;
        if let Some(count) = train_windows {
            if !(2..=split.train.end).contains(&count) {
                return Err(format!("--train-windows is 2 to {}", split.train.end).into());
            }
            split.train.end = count;
        }
        Cut::new(log, history, split)
    }

    /// A synthetic crowd; all its windows but the last two are learned from, those choose.
    pub fn crowd(options: &CrowdOptions) -> Result<Cut, Failure> {
        let log = crowd(options)?;
        let count = options.windows as usize;
        let history = History::new(&log, Windows::fixed(crowd_start(), options.window, count)?)?;
        Cut::new(log, history, Split { train: 0..count - 2, validation: count - 2..count, test: count..count })
    }

    fn new(log: Log, history: History, split: Split) -> Result<Cut, Failure> {
        let validation = history.instances(split.validation.clone(), 5, 5);
        let ranker = Ranker::new(&history.sum(split.train.clone()));
        let prior = Prior::choose(&history, split.train.clone(), &validation, &ranker, PriorGrid::default())?;
        let options = DnnOptions::for_log(&history, &split, None);
        Ok(Cut { log, history, split, prior, options })
    }

    /// The users whose number leaves the remainder `silo`, as a log of their own with the same tables and windows.
    pub fn part(&self, silo: u32, silos: u32) -> Result<Cut, Failure> {
        let log = self.log.filtered(|_, event| event.user % silos == silo);
        let history = History::new(&log, self.history.windows().clone())?;
        Cut::new(log, history, self.split.clone())
    }

    /// Users with at least one event.
    pub fn active_users(&self) -> u32 {
        (0..self.log.users.len() as u32).filter(|&user| !self.log.user_events(user).is_empty()).count() as u32
    }

    /// For the library.
    pub fn source(&self) -> Source<'_> {
        let Cut { log, history, split, prior, options } = self;
        Source { log, history, split, prior, options }
    }
}

//! One log and what was trained on it.

mod explain;
mod insight;
mod interest;
mod loading;
mod next_item;
mod privacy;
mod rejected;
mod report;
mod sample;
mod snapshot;
mod training;
mod update;

use driftscope::{
    Error,
    evaluation::{Models, next_item::NextItemModels},
    event::Log,
    ingest::{Loader, RawLog, RejectedRows, Verdicts},
    privacy::Ledger,
};
use wasm_bindgen::prelude::*;

use self::privacy::Names;
use crate::value::to_error;

pub use report::Report;

/// The handle that the worker holds. Its calls come one at a time: the client queues them.
#[wasm_bindgen]
#[derive(Default)]
pub struct Session {
    /// The clean log.
    log: Option<Log>,
    report: Option<Report>,
    models: Option<Models>,
    next_item_models: Option<NextItemModels>,
    /// What the log was cleaned from; a snapshot does not hold it.
    source: Option<Source>,
    /// A load under way.
    loader: Option<Loader>,
    /// A second pass under way.
    rejected: Option<RejectedRows>,
    names: Names,
    /// What was spent on releases about the log.
    ledger: Option<Ledger>,
}

/// The log as read, and what became of its events.
struct Source {
    raw: RawLog,
    verdicts: Verdicts,
}

#[wasm_bindgen]
impl Session {
    /// A session without a log.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Session {
        Session::default()
    }
}

impl Session {
    fn log(&self) -> Result<&Log, JsValue> {
        self.log.as_ref().ok_or_else(no_log)
    }
}

fn no_log() -> JsValue {
    to_error(&Error::State { hint: "no log is loaded: load one first".into() })
}

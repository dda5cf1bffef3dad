//! One log and what was trained on it.

mod cleaning;
mod interest;
mod report;
mod sample;
mod snapshot;
mod training;

use driftscope::{Error, evaluation::Models, event::Log};
use wasm_bindgen::prelude::*;

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
        self.log.as_ref().ok_or_else(|| to_error(&Error::State { hint: "no log is loaded: load one first".into() }))
    }
}

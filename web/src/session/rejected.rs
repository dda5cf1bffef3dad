//! The second pass over the files, which writes the rows that were rejected.

use driftscope::ingest::{FilePlan, RejectedRows};
use wasm_bindgen::prelude::*;

use super::{Session, Source};
use crate::value::{OrThrow, from_js};

#[wasm_bindgen]
impl Session {
    /// Starts the pass; gives the header line.
    #[wasm_bindgen(js_name = beginRejected)]
    pub fn begin_rejected(&mut self) -> Result<Vec<u8>, JsValue> {
        if self.source.is_none() {
            return Err(self.no_source()).or_throw();
        }
        self.rejected = Some(RejectedRows::new());
        Ok(RejectedRows::header().to_vec())
    }

    /// The lines of the rejected events of a log that was made rather than read.
    #[wasm_bindgen(js_name = rejectedEvents)]
    pub fn rejected_events(&mut self) -> Result<Vec<u8>, JsValue> {
        let (_, source) = self.pass()?;
        Ok(RejectedRows::made(&source.raw, |event| source.verdicts.rule(event)))
    }

    /// Starts a file, in the order of the first time.
    #[wasm_bindgen(js_name = beginRejectedFile)]
    pub fn begin_rejected_file(&mut self, plan: JsValue) -> Result<(), JsValue> {
        let plan: FilePlan = from_js("plan", plan)?;
        let (rejected, source) = self.pass()?;
        rejected.begin(&source.raw, &plan).or_throw()
    }

    /// Gives the lines of the rejected rows among the rows of these bytes.
    #[wasm_bindgen(js_name = pushRejected)]
    pub fn push_rejected(&mut self, bytes: &[u8]) -> Result<Vec<u8>, JsValue> {
        let (rejected, source) = self.pass()?;
        rejected.push(&source.raw, |event| source.verdicts.rule(event), bytes).or_throw()
    }

    /// Ends the file; gives the lines that were still to come.
    #[wasm_bindgen(js_name = endRejectedFile)]
    pub fn end_rejected_file(&mut self) -> Result<Vec<u8>, JsValue> {
        let (rejected, source) = self.pass()?;
        rejected.end(&source.raw, |event| source.verdicts.rule(event)).or_throw()
    }
}

impl Session {
    fn pass(&mut self) -> Result<(&mut RejectedRows, &Source), JsValue> {
        let missing = self.no_source();
        match (&mut self.rejected, &self.source) {
            (Some(rejected), Some(source)) => Ok((rejected, source)),
            _ => Err(missing).or_throw(),
        }
    }
}

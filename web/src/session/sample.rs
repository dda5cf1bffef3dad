//! The page's sample.

use driftscope::{
    ingest::{CleaningOptions, RawLog},
    synth::{SampleOptions, Synth},
};
use wasm_bindgen::prelude::*;

use super::Session;
use crate::{
    host::Host,
    value::{OrThrow, from_js},
};

#[wasm_bindgen]
impl Session {
    /// Makes the synthetic log and cleans it as any other. A cancel leaves the session as it was.
    #[wasm_bindgen(js_name = loadSample)]
    pub async fn load_sample(&mut self, sample: JsValue, host: Host) -> Result<JsValue, JsValue> {
        let options: SampleOptions = from_js("sample", sample)?;
        let synth = Synth::sample(options).or_throw()?;
        let users = synth.users() as usize;
        let count = |user: u32| {
            host.report("sample", user as usize, users, "users");
            Ok(())
        };
        let log = synth.log(count).or_throw()?;
        host.go_on().await.or_throw()?;
        self.adopt(RawLog::from_log(log, "sample"), &CleaningOptions::default(), &host).await
    }
}

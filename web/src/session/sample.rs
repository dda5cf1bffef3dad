//! The page's sample.

use driftscope::{
    interest,
    synth::{SampleOptions, Synth},
};
use wasm_bindgen::prelude::*;

use super::{Report, Session};
use crate::{
    host::Host,
    value::{OrThrow, from_js, to_js},
};

#[wasm_bindgen]
impl Session {
    /// Makes the synthetic log. A cancel leaves the session as it was.
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
        let report = Report::of_made("sample", interest::summary(&log, false));
        let value = to_js(&report)?;
        *self = Session { log: Some(log), report: Some(report), ..Session::default() };
        Ok(value)
    }
}

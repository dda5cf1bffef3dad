//! Segments of the session's log.

use driftscope::insight::{SegmentOptions, segments};
use wasm_bindgen::prelude::*;

use super::Session;
use crate::{
    host::Host,
    value::{OrThrow, from_js, to_js_with_arrays},
};

#[wasm_bindgen]
impl Session {
    /// `insight::segments`.
    pub async fn segments(&self, options: JsValue, host: Host) -> Result<JsValue, JsValue> {
        let options: SegmentOptions = from_js("options", options)?;
        let found = segments(self.log()?, &options, &mut &host).await.or_throw()?;
        to_js_with_arrays(&found, &["windows.bounds", "ofUser", "members", "flows"])
    }
}

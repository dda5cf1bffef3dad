//! Segments, migration, odd users and prospects in the session's log.

use driftscope::{
    insight::{MigrationOptions, SegmentOptions, anomalies, migration, prospects, segments},
    interest::{Scope, WindowOptions},
};
use wasm_bindgen::prelude::*;

use super::Session;
use crate::{
    host::Host,
    value::{OrThrow, from_js, to_js, to_js_with_arrays},
};

#[wasm_bindgen]
impl Session {
    /// `insight::segments`.
    pub async fn segments(&self, options: JsValue, host: Host) -> Result<JsValue, JsValue> {
        let options: SegmentOptions = from_js("options", options)?;
        let found = segments(self.log()?, &options, &mut &host).await.or_throw()?;
        to_js_with_arrays(&found, &["windows.bounds", "ofUser", "members", "flows"])
    }

    /// `insight::migration`.
    pub async fn migration(&self, scope: JsValue, options: JsValue, host: Host) -> Result<JsValue, JsValue> {
        let scope: Scope = from_js("scope", scope)?;
        let options: MigrationOptions = from_js("options", options)?;
        to_js(&migration(self.log()?, &scope, &options, &mut &host).await.or_throw()?)
    }

    /// `insight::anomalies`.
    pub async fn anomalies(&self, top: usize, host: Host) -> Result<JsValue, JsValue> {
        to_js(&anomalies(self.log()?, top, &mut &host).await.or_throw()?)
    }

    /// `insight::prospects`.
    pub async fn prospects(&self, window: JsValue, host: Host) -> Result<JsValue, JsValue> {
        let window: WindowOptions = from_js("window", window)?;
        let found = prospects(self.log()?, &window, &mut &host).await.or_throw()?;
        to_js_with_arrays(&found, &["churnRisk", "purchaseChance"])
    }
}

//! What forecasts and recommendations on the session's log rest on.

use driftscope::{
    Error,
    evaluation::ModelName,
    insight::{explain, explain_item},
};
use wasm_bindgen::prelude::*;

use super::Session;
use crate::{
    host::Host,
    value::{OrThrow, from_js, to_error, to_js},
};

#[wasm_bindgen]
impl Session {
    /// `insight::explain`.
    pub async fn explain(
        &self,
        user: u32,
        domain: Option<u32>,
        model: JsValue,
        host: Host,
    ) -> Result<JsValue, JsValue> {
        let model: Option<ModelName> = from_js("model", model)?;
        let untrained = || to_error(&Error::State { hint: "nothing was trained yet: train first".into() });
        let models = self.models.as_ref().ok_or_else(untrained)?;
        to_js(&explain(self.log()?, models, (user, domain), model, &mut &host).await.or_throw()?)
    }

    /// `insight::explain_item`.
    #[wasm_bindgen(js_name = explainItem)]
    pub async fn explain_item(&self, user: u32, item: String, model: JsValue, host: Host) -> Result<JsValue, JsValue> {
        let model: Option<ModelName> = from_js("model", model)?;
        let untrained = || to_error(&Error::State { hint: "no next-item model was trained yet: train first".into() });
        let models = self.next_item_models.as_ref().ok_or_else(untrained)?;
        to_js(&explain_item(self.log()?, models, (user, &item), model, &mut &host).await.or_throw()?)
    }
}

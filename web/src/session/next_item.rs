//! Next-item models on the session's log.

use driftscope::{
    Error,
    evaluation::{
        ModelName,
        next_item::{self, NextItemModels, NextItemOptions},
    },
};
use wasm_bindgen::prelude::*;

use super::Session;
use crate::{
    host::Host,
    value::{OrThrow, from_js, to_error, to_js},
};

#[wasm_bindgen]
impl Session {
    /// `next_item::train_next_items`; the models replace those of the run before.
    #[wasm_bindgen(js_name = trainNextItems)]
    pub async fn train_next_items(&mut self, options: JsValue, host: Host) -> Result<JsValue, JsValue> {
        let options: NextItemOptions = from_js("options", options)?;
        let (report, models) = next_item::train_next_items(self.log()?, &options, &mut &host).await.or_throw()?;
        self.next_item_models = Some(models);
        to_js(&report)
    }

    /// `next_item::next_items`.
    #[wasm_bindgen(js_name = nextItems)]
    pub async fn next_items(&self, user: u32, top: u32, model: JsValue, host: Host) -> Result<JsValue, JsValue> {
        let model: Option<ModelName> = from_js("model", model)?;
        let untrained = || to_error(&Error::State { hint: "no next-item model was trained yet: train first".into() });
        let models = self.next_item_models.as_ref().ok_or_else(untrained)?;
        let items = next_item::next_items(self.log()?, models, user, top as usize, model, &mut &host).await;
        to_js(&items.or_throw()?)
    }

    /// The trained models as bytes, if there are any.
    #[wasm_bindgen(js_name = nextItemTraining)]
    pub fn next_item_training(&self) -> Result<Option<Vec<u8>>, JsValue> {
        self.next_item_models.as_ref().map(NextItemModels::to_bytes).transpose().or_throw()
    }

    /// Takes models over that were trained elsewhere on the same log.
    #[wasm_bindgen(js_name = adoptNextItemTraining)]
    pub fn adopt_next_item_training(&mut self, bytes: &[u8]) -> Result<(), JsValue> {
        self.next_item_models = Some(NextItemModels::from_bytes(bytes).or_throw()?);
        Ok(())
    }
}

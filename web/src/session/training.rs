//! Training and forecasts on the session's log.

use driftscope::{
    Error,
    evaluation::{self, ModelName, Models, RunState, TrainOptions},
    interest::{Scope, WindowOptions},
};
use wasm_bindgen::prelude::*;

use super::Session;
use crate::{
    host::Host,
    value::{OrThrow, from_js, to_error, to_js},
};

#[wasm_bindgen]
impl Session {
    /// `evaluation::estimate`.
    pub fn estimate(&self, train: JsValue) -> Result<JsValue, JsValue> {
        let options: TrainOptions = from_js("train", train)?;
        to_js(&evaluation::estimate(self.log()?, &options).or_throw()?)
    }

    /// `evaluation::measure_step`: milliseconds.
    pub async fn measure(&self, train: JsValue, host: Host) -> Result<f64, JsValue> {
        let options: TrainOptions = from_js("train", train)?;
        evaluation::measure_step(self.log()?, &options, &mut &host).await.or_throw()
    }

    /// `evaluation::train`; the models replace those of the run before. `resume`: a checkpoint to go on from.
    pub async fn train(&mut self, train: JsValue, resume: Option<Vec<u8>>, host: Host) -> Result<JsValue, JsValue> {
        let options: TrainOptions = from_js("train", train)?;
        let resume = resume.as_deref().map(RunState::from_bytes).transpose().or_throw()?;
        let trained = evaluation::train(self.log()?, &options, resume, &mut &host).await.or_throw()?;
        self.models = Some(trained.models);
        to_js(&trained.report)
    }

    /// `evaluation::forecast`.
    pub async fn forecast(&self, scope: JsValue, model: JsValue, host: Host) -> Result<JsValue, JsValue> {
        let scope: Scope = from_js("scope", scope)?;
        let model: Option<ModelName> = from_js("model", model)?;
        let untrained = || to_error(&Error::State { hint: "nothing was trained yet: train first".into() });
        let models = self.models.as_ref().ok_or_else(untrained)?;
        to_js(&evaluation::forecast(self.log()?, models, &scope, model, &mut &host).await.or_throw()?)
    }

    /// `evaluation::before_training`, which take the place of trained ones.
    #[wasm_bindgen(js_name = useBaseModel)]
    pub async fn use_base_model(&mut self, window: JsValue, host: Host) -> Result<JsValue, JsValue> {
        let window: WindowOptions = from_js("window", window)?;
        let models = evaluation::before_training(self.log()?, &window, &mut &host).await.or_throw()?;
        let summary = to_js(&models.summary())?;
        self.models = Some(models);
        Ok(summary)
    }

    /// The trained models as bytes, if there are any.
    pub fn training(&self) -> Result<Option<Vec<u8>>, JsValue> {
        self.models.as_ref().map(Models::to_bytes).transpose().or_throw()
    }

    /// Takes models over that were trained elsewhere, on a log with the same domains.
    #[wasm_bindgen(js_name = adoptTraining)]
    pub fn adopt_training(&mut self, bytes: &[u8]) -> Result<JsValue, JsValue> {
        let models = Models::from_bytes(bytes).or_throw()?;
        models.check(self.log()?).or_throw()?;
        let summary = to_js(&models.summary())?;
        self.models = Some(models);
        Ok(summary)
    }
}

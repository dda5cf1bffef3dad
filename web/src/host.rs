//! What long calls ask of the worker: report progress, hear of a cancel, let messages in.

use driftscope::{
    Error, Result,
    training::{Observer, TrainingPoint, TrainingProgress},
};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    /// `Host` of `worker/binding.ts`.
    pub type Host;

    #[wasm_bindgen(method)]
    fn progress(this: &Host, progress: JsValue);

    #[wasm_bindgen(method)]
    fn checkpoint(this: &Host, bytes: Vec<u8>);

    #[wasm_bindgen(method, js_name = isCancelled)]
    fn is_cancelled(this: &Host) -> bool;

    #[wasm_bindgen(method)]
    fn seconds(this: &Host) -> f64;

    #[wasm_bindgen(method, js_name = pause)]
    fn pause_promise(this: &Host) -> js_sys::Promise;
}

/// `Progress` of the page's types.
#[derive(Serialize)]
struct Progress {
    stage: &'static str,
    done: usize,
    total: usize,
    unit: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    point: Option<TrainingPoint>,
}

impl Host {
    /// Reports progress; what cannot be converted is not worth failing for.
    pub fn report(&self, stage: &'static str, done: usize, total: usize, unit: &'static str) {
        self.send(&Progress { stage, done, total, unit, model: None, point: None });
    }

    /// Lets messages in.
    ///
    /// # Errors
    /// [`Error::Cancelled`] when one of them was a cancel.
    pub async fn go_on(&self) -> Result<()> {
        self.wait().await;
        if self.is_cancelled() { Err(Error::Cancelled) } else { Ok(()) }
    }

    async fn wait(&self) {
        // The worker's pause never rejects.
        let _ = JsFuture::from(self.pause_promise()).await;
    }

    fn send(&self, progress: &Progress) {
        if let Ok(value) = crate::value::to_js(progress) {
            self.progress(value);
        }
    }
}

/// A training run is watched by the worker.
impl Observer for &Host {
    fn progress(&mut self, TrainingProgress { stage, model, done, total, point }: TrainingProgress) {
        self.send(&Progress { stage, done, total, unit: "steps", model, point });
    }

    fn checkpoint(&mut self, bytes: Vec<u8>) {
        Host::checkpoint(self, bytes);
    }

    fn cancelled(&mut self) -> bool {
        self.is_cancelled()
    }

    fn seconds(&mut self) -> f64 {
        Host::seconds(self)
    }

    async fn pause(&mut self) {
        self.wait().await;
    }
}

//! What long calls ask of the worker: report progress, hear of a cancel, let messages in.

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    /// `Host` of `worker/binding.ts`.
    pub type Host;

    #[wasm_bindgen(method)]
    fn progress(this: &Host, progress: JsValue);

    #[wasm_bindgen(method, js_name = isCancelled)]
    pub fn is_cancelled(this: &Host) -> bool;

    #[wasm_bindgen(method, js_name = pause)]
    fn pause_promise(this: &Host) -> js_sys::Promise;
}

impl Host {
    /// Reports progress; what cannot be converted is not worth failing for.
    pub fn report(&self, progress: &impl serde::Serialize) {
        if let Ok(value) = crate::value::to_js(progress) {
            self.progress(value);
        }
    }

    /// Lets messages in.
    pub async fn pause(&self) {
        // The worker's pause never rejects.
        let _ = JsFuture::from(self.pause_promise()).await;
    }
}

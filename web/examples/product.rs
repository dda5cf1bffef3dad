//! The sparse product in the CPU engine, for `npm run bench`: a module of its own, so that the engine has no export that
//! only a benchmark calls.

#[path = "../../crate/examples/measure/product.rs"]
mod product;

use wasm_bindgen::prelude::*;

#[wasm_bindgen(inline_js = "export function now() { return performance.now(); }")]
extern "C" {
    fn now() -> f64;
}

/// Milliseconds of `product::measure`; NaN where its result was not right.
#[wasm_bindgen]
pub async fn measure(subject: String) -> Result<f64, JsError> {
    let measured = product::measure(&subject, now).await?;
    let right = measured.filter(|measured| measured.right);
    Ok(right.map_or(f64::NAN, |measured| measured.milliseconds))
}

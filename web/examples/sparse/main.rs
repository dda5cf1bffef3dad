//! The checks of the sparse product and its timing as a module for the browser, on the engine of this build. A module of its
//! own, so that the engines have no export that only tests and benchmarks call.

#[path = "../../../crate/tests/sparse/checks.rs"]
mod checks;
#[cfg(feature = "cpu")]
#[path = "../../../crate/examples/measure/product.rs"]
mod product;

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = console, js_name = error)]
    fn console_error(message: &str);
}

/// Says what a panic says before it traps.
#[wasm_bindgen(start)]
fn start() {
    std::panic::set_hook(Box::new(|info| console_error(&info.to_string())));
}

/// Runs a check; one that fails panics, which traps. False for an unknown name.
#[wasm_bindgen]
pub async fn check(name: String) -> bool {
    match name.as_str() {
        "blocks" => checks::empty_rows_and_columns_and_every_width_of_a_block().await,
        "edges" => checks::one_row_one_column_and_no_entry_at_all().await,
        "power-law" => checks::a_power_law_graph().await,
        "gradient" => checks::the_gradient_is_what_finite_differences_say().await,
        "gather" => checks::gathering_one_row_for_all_adds_up_their_gradients().await,
        _ => return false,
    }
    true
}

#[cfg(feature = "cpu")]
#[wasm_bindgen(inline_js = "export function now() { return performance.now(); }")]
extern "C" {
    fn now() -> f64;
}

/// Milliseconds of `product::measure`; NaN where its result was not right or its name is unknown.
#[cfg(feature = "cpu")]
#[wasm_bindgen]
pub async fn measure(subject: String) -> Result<f64, JsError> {
    let measured = product::measure(&subject, now).await?;
    let right = measured.filter(|measured| measured.right);
    Ok(right.map_or(f64::NAN, |measured| measured.milliseconds))
}

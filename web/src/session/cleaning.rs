//! How the session's log is cleaned.

use std::collections::BTreeMap;

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::Session;
use crate::value::to_js;

/// `CleaningOptions` of the page's types.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CleaningOptions {
    rules: BTreeMap<&'static str, bool>,
    time_range: Option<[f64; 2]>,
    max_events_per_minute: u32,
    min_events_per_user: u32,
    min_events_per_item: u32,
    missing_domain: &'static str,
    kind_weights: BTreeMap<String, f32>,
}

/// Rules that are on unless told otherwise. The others keep rows whose worth depends on the question.
const ON: [&str; 9] = [
    "malformed_row",
    "missing_user",
    "missing_item",
    "missing_time",
    "bad_time",
    "time_out_of_range",
    "exact_duplicate",
    "bot_rate",
    "missing_domain",
];
const OFF: [&str; 3] = ["unknown_kind", "sparse_item", "sparse_user"];

#[wasm_bindgen]
impl Session {
    /// What holds where nothing else is said.
    #[wasm_bindgen(js_name = cleaningDefaults)]
    pub fn cleaning_defaults(&self) -> Result<JsValue, JsValue> {
        to_js(&CleaningOptions {
            rules: ON.map(|rule| (rule, true)).into_iter().chain(OFF.map(|rule| (rule, false))).collect(),
            time_range: None,
            max_events_per_minute: 60,
            min_events_per_user: 3,
            min_events_per_item: 2,
            missing_domain: "unknown",
            kind_weights: BTreeMap::new(),
        })
    }
}

//! What interests do in the session's log.

use driftscope::interest::{self, Between, InterestOptions, Scope, UserQuery};
use wasm_bindgen::prelude::*;

use super::Session;
use crate::value::{OrThrow, from_js, to_js, to_js_with_arrays};

#[wasm_bindgen]
impl Session {
    /// `interest::evolution`.
    pub fn evolution(&self, scope: JsValue, options: JsValue) -> Result<JsValue, JsValue> {
        let (scope, options) = scope_and_options(scope, options)?;
        let evolution = interest::evolution(self.log()?, &scope, &options).or_throw()?;
        to_js_with_arrays(&evolution, &["windows.bounds", "weights", "events", "activeUsers", "shares"])
    }

    /// `interest::transfer`.
    pub fn transfer(&self, scope: JsValue, options: JsValue, between: JsValue, top: usize) -> Result<JsValue, JsValue> {
        let (scope, options) = scope_and_options(scope, options)?;
        let between: Option<Between> = from_js("between", between)?;
        to_js(&interest::transfer(self.log()?, &scope, &options, between, top).or_throw()?)
    }

    /// `interest::drift`.
    pub fn drift(&self, scope: JsValue, options: JsValue) -> Result<JsValue, JsValue> {
        let (scope, options) = scope_and_options(scope, options)?;
        let drift = interest::drift(self.log()?, &scope, &options).or_throw()?;
        to_js_with_arrays(&drift, &["windows.bounds", "distance", "meanUserDistance"])
    }

    /// `interest::users`.
    pub fn users(&self, text: String, offset: usize, limit: usize) -> Result<JsValue, JsValue> {
        to_js(&interest::users(self.log()?, &UserQuery { text, offset, limit }))
    }
}

fn scope_and_options(scope: JsValue, options: JsValue) -> Result<(Scope, InterestOptions), JsValue> {
    Ok((from_js("scope", scope)?, from_js("options", options)?))
}

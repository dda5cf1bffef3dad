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

    /// `interest::user_events`.
    #[wasm_bindgen(js_name = userEvents)]
    pub fn user_events(&self, user: u32) -> Result<JsValue, JsValue> {
        let events = interest::user_events(self.log()?, user).or_throw()?;
        to_js_with_arrays(&events, &["times", "domains", "kinds", "items"])
    }

    /// `interest::nearest_users`.
    #[wasm_bindgen(js_name = nearestUsers)]
    pub fn nearest_users(&self, user: u32, options: JsValue, limit: usize) -> Result<JsValue, JsValue> {
        let options: InterestOptions = from_js("options", options)?;
        to_js(&interest::nearest_users(self.log()?, user, &options, limit).or_throw()?)
    }
}

pub(super) fn scope_and_options(scope: JsValue, options: JsValue) -> Result<(Scope, InterestOptions), JsValue> {
    Ok((from_js("scope", scope)?, from_js("options", options)?))
}

//! Values and errors across the border.

use driftscope::Error;
use driftscope::error::Place;
use serde::{Serialize, de::DeserializeOwned};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::prelude::*;

/// The one error shape of the package.
#[derive(Serialize)]
struct ErrorShape<'a> {
    code: &'a str,
    message: String,
    detail: Detail<'a>,
}

#[derive(Serialize)]
struct Detail<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<&'a Place>,
}

/// A plain object or array; maps become objects and `None` becomes null.
pub fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value.serialize(&serializer()).map_err(|error| internal(&error))
}

fn serializer() -> Serializer {
    Serializer::new().serialize_maps_as_objects(true).serialize_missing_as_null(true)
}

/// The value that a plain object stands for; `name` says which argument it was.
pub fn from_js<T: DeserializeOwned>(name: &'static str, value: JsValue) -> Result<T, JsValue> {
    serde_wasm_bindgen::from_value(value).map_err(|error| to_error(&Error::Parameter { name, hint: error.to_string() }))
}

/// The error as the page gets it.
pub fn to_error(error: &Error) -> JsValue {
    shape(error.code(), error.to_string(), error.place())
}

fn internal(error: &serde_wasm_bindgen::Error) -> JsValue {
    shape("crashed", format!("a result could not be handed over: {error}"), None)
}

fn shape(code: &str, message: String, place: Option<&Place>) -> JsValue {
    let shape = ErrorShape { code, message, detail: Detail { place } };
    shape.serialize(&serializer()).unwrap_or_else(|_| code.into())
}

/// A result of the core as the page gets it.
pub trait IntoJs<T> {
    /// Turns the error into the one error shape.
    fn or_throw(self) -> Result<T, JsValue>;
}

impl<T> IntoJs<T> for driftscope::Result<T> {
    fn or_throw(self) -> Result<T, JsValue> {
        self.map_err(|error| to_error(&error))
    }
}

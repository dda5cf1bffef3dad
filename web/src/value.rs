//! Values and errors across the border.

use driftscope::Error;
use driftscope::error::Place;
use js_sys::{Float64Array, Reflect};
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

/// A plain object in which the arrays at the given paths (`windows.bounds`) are `Float64Array`s.
pub fn to_js_with_arrays(value: &impl Serialize, paths: &[&str]) -> Result<JsValue, JsValue> {
    let root = to_js(value)?;
    for path in paths {
        let (parents, name) = path.rsplit_once('.').unwrap_or(("", path));
        let mut object = root.clone();
        for parent in parents.split_terminator('.') {
            object = Reflect::get(&object, &parent.into())?;
        }
        let numbers = Float64Array::new(&Reflect::get(&object, &(*name).into())?);
        Reflect::set(&object, &(*name).into(), &numbers)?;
    }
    Ok(root)
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
pub trait OrThrow<T> {
    /// Turns the error into the one error shape.
    fn or_throw(self) -> Result<T, JsValue>;
}

impl<T> OrThrow<T> for driftscope::Result<T> {
    fn or_throw(self) -> Result<T, JsValue> {
        self.map_err(|error| to_error(&error))
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_dedicated_worker);

    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Windows {
        bounds: Vec<f64>,
        last_partial: bool,
    }

    #[derive(Serialize)]
    struct Evolution {
        windows: Windows,
        shares: Vec<f64>,
        change: Option<f64>,
    }

    fn json(value: &JsValue) -> String {
        js_sys::JSON::stringify(value).map(String::from).unwrap_or_default()
    }

    #[wasm_bindgen_test]
    fn number_columns_become_typed_arrays_and_none_becomes_null() {
        let windows = Windows { bounds: vec![1.0, 2.0], last_partial: true };
        let value = Evolution { windows, shares: vec![0.25, f64::NAN], change: None };
        let object = to_js_with_arrays(&value, &["windows.bounds", "shares"]).unwrap();
        let get = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).unwrap();
        let bounds: Float64Array = get(&get(&object, "windows"), "bounds").dyn_into().unwrap();
        let shares: Float64Array = get(&object, "shares").dyn_into().unwrap();
        assert_eq!(bounds.to_vec(), [1.0, 2.0]);
        assert_eq!(shares.get_index(0), 0.25);
        assert!(shares.get_index(1).is_nan());
        assert_eq!(get(&get(&object, "windows"), "lastPartial"), JsValue::TRUE);
        assert!(get(&object, "change").is_null());
    }

    #[wasm_bindgen_test]
    fn an_error_has_the_one_shape_with_its_place() {
        let place = Place { file: "a.csv".into(), line: Some(3), column: None };
        let error = to_error(&Error::Damaged { place, hint: "unclosed quote".into() });
        assert_eq!(
            json(&error),
            r#"{"code":"damaged","message":"a.csv, line 3: the file is damaged or cut off: unclosed quote","detail":{"place":{"file":"a.csv","line":3,"column":null}}}"#
        );
        assert_eq!(json(&to_error(&Error::Cancelled)), r#"{"code":"cancelled","message":"cancelled","detail":{}}"#);
    }

    #[wasm_bindgen_test]
    fn a_wrong_argument_is_named() {
        let error = from_js::<u32>("top", "many".into()).unwrap_err();
        assert!(json(&error).starts_with(r#"{"code":"parameter","message":"top is out of range"#), "{}", json(&error));
    }
}

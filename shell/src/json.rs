//! JSON by the browser's own parser. A serde of our own would weigh more than all that is read with it.

use crate::browser;
use js_sys::{Array, JSON, Object};
use wasm_bindgen::{JsCast, JsValue};

/// A value out of a text; `None` when it is not JSON.
pub fn parse(text: &str) -> Option<JsValue> {
    JSON::parse(text).ok()
}

/// A value as a text.
pub fn write(value: &JsValue) -> String {
    JSON::stringify(value).ok().and_then(|text| text.as_string()).unwrap_or_default()
}

/// A text at `name`, or the empty one.
pub fn text(value: &JsValue, name: &str) -> String {
    browser::text(value, name).unwrap_or_default()
}

/// A number at `name`.
pub fn number(value: &JsValue, name: &str) -> Option<f64> {
    browser::property(value, name).as_f64()
}

/// The list at `name`; none is an empty one.
pub fn list(value: &JsValue, name: &str) -> Vec<JsValue> {
    browser::property(value, name).dyn_into::<Array>().map(|list| list.to_vec()).unwrap_or_default()
}

/// The texts in the list at `name`.
pub fn texts(value: &JsValue, name: &str) -> Vec<String> {
    list(value, name).iter().filter_map(JsValue::as_string).collect()
}

/// The names and values of the object at `name`.
pub fn entries(value: &JsValue, name: &str) -> Vec<(String, JsValue)> {
    let Ok(object) = browser::property(value, name).dyn_into::<Object>() else { return Vec::new() };
    let pairs = Object::entries(&object).to_vec();
    pairs
        .into_iter()
        .filter_map(|pair| {
            let pair: Array = pair.unchecked_into();
            Some((pair.get(0).as_string()?, pair.get(1)))
        })
        .collect()
}

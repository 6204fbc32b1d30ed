//! Properties of JavaScript objects, by their names.

use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// One that may be missing: `undefined` then, and where there is no object.
pub fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// Sets one; an object that refuses keeps what it has.
pub fn set(object: &JsValue, name: &str, value: &JsValue) {
    let _ = Reflect::set(object, &name.into(), value);
}

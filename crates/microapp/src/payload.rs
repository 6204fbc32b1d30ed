//! What commands take and answer.

use crate::{Failure, json};
use contract::code;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::JsValue;

/// Plain data on its way from one microapp to another.
#[derive(Clone, Debug)]
pub struct Payload(JsValue);

impl Payload {
    /// A value on its way.
    pub fn new<T: Serialize + ?Sized>(value: &T) -> Self {
        Self(json::to_js(value))
    }

    /// What arrived, as a type.
    ///
    /// # Errors
    /// E401 when it is not of that type; `expected` says what is, for the caller's author.
    pub fn read<T: DeserializeOwned>(&self, expected: &str) -> Result<T, Failure> {
        json::from_js(&self.0).ok_or_else(|| Failure::new(code::INPUT_INVALID, expected))
    }
}

impl From<JsValue> for Payload {
    fn from(value: JsValue) -> Self {
        Self(value)
    }
}

impl From<Payload> for JsValue {
    fn from(payload: Payload) -> Self {
        payload.0
    }
}

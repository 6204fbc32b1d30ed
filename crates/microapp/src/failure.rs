//! What goes wrong between a microapp and its host.

use crate::property;
use contract::code::Code;
use js_sys::Error;
use std::fmt;
use wasm_bindgen::{JsCast, JsValue};

/// A failure with its number, as it crosses to the other side: an `Error` with a `code`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// `E403`; empty when the other side gave none.
    pub code: String,
    /// One sentence for people.
    pub message: String,
}

impl Failure {
    /// A failure of our own.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code: code.to_string(), message: message.into() }
    }

    /// Whether this is the failure of that number.
    pub fn is(&self, code: Code) -> bool {
        self.code == code.to_string()
    }

    /// What a rejected promise carries.
    pub fn from_js(value: &JsValue) -> Self {
        let text = |name: &str| property::get(value, name).as_string();
        Self {
            code: text("code").unwrap_or_default(),
            message: text("message").or_else(|| value.as_string()).unwrap_or_default(),
        }
    }

    /// The `Error` that the other side sees.
    pub fn to_js(&self) -> JsValue {
        let error: JsValue = Error::new(&self.message).unchecked_into();
        property::set(&error, "code", &self.code.as_str().into());
        error
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

//! What went wrong with a microapp, in its name.

use crate::browser;
use contract::{code::Code, state::AppState};
use js_sys::Error;
use std::fmt;
use wasm_bindgen::{JsCast, JsValue};

/// A numbered failure of one microapp: `E205 cart@1.4.0 did not mount within 3 s`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The number.
    pub code: Code,
    /// The microapp.
    pub app: String,
    /// Its release.
    pub version: String,
    /// What people call it.
    pub title: String,
    /// The state that it was in.
    pub state: AppState,
    /// What happened, without a subject: `did not mount within 3 s`.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}@{} {}", self.code, self.app, self.version, self.what)
    }
}

impl Problem {
    /// As an `Error` that says the same in parts, for whoever waits on a promise or listens.
    pub fn to_js(&self) -> JsValue {
        let error = Error::new(&self.to_string());
        browser::set(&error, "code", self.code.to_string());
        browser::set(&error, "app", self.app.as_str());
        browser::set(&error, "version", self.version.as_str());
        browser::set(&error, "state", self.state.name());
        error.unchecked_into()
    }
}

/// The message of whatever was thrown.
pub fn message(thrown: &JsValue) -> String {
    browser::text(thrown, "message")
        .or_else(|| thrown.as_string())
        .unwrap_or_else(|| "no reason given".to_owned())
}

/// Whether a rejection is a Rust panic, as the entry module marks it.
pub fn is_panic(thrown: &JsValue) -> bool {
    let name = browser::text(thrown, "name");
    name.as_deref() == Some("Panic") || name.as_deref() == Some("RuntimeError")
}

//! Asks servers: the shop's for webhooks, any for `detectIntent` or for an agent file. Never with cookies.

use contract::code::{self, Code};
use js_sys::Uint8Array;
use microapp::{json, property::set};
use nlu::json::Value;
use std::fmt;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestInit, Response};

/// How long an answer may take, in milliseconds.
pub const TIMEOUT: u32 = 20_000;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Our number, or the server's.
    pub code: String,
    /// One sentence.
    pub message: String,
}

impl Fault {
    /// A fault of our own.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code: code.to_string(), message: message.into() }
    }

    fn unreachable(_: JsValue) -> Self {
        Self::new(code::LOAD_NETWORK, "the server could not be reached")
    }

    fn unreadable() -> Self {
        Self::new(code::INTERNAL, "the server's answer is no JSON object")
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for text in [&self.code, " ", &self.message] {
            f.write_str(text)?;
        }
        Ok(())
    }
}

/// Posts JSON, and reads the answer.
pub async fn post(address: &str, body: &Value) -> Result<Value, Fault> {
    let init = RequestInit::new();
    init.set_method("POST");
    // Not by `JSON.stringify`, which asks what a page has put on its prototypes.
    init.set_body(&body.to_string().into());
    let headers = js_sys::Object::new();
    set(&headers, "Content-Type", &"application/json".into());
    init.set_headers(&headers);
    let response = fetch(address, &init, TIMEOUT).await?;
    let text = response.text().map_err(Fault::unreachable)?;
    let text = JsFuture::from(text).await.map_err(Fault::unreachable)?.as_string().unwrap_or_default();
    let answer: Option<Value> = json::from_text(&text);
    if response.ok() {
        return answer.filter(|answer| answer.as_object().is_some()).ok_or_else(Fault::unreadable);
    }
    Err(refused(response.status(), answer))
}

/// What a server says that refuses: a problem of ours, or an error in Google's form.
fn refused(status: u16, answer: Option<Value>) -> Fault {
    let answer = answer.unwrap_or_default();
    let error = answer.get("error").unwrap_or(&answer);
    let status = status.to_string();
    let text = |name: &str| error.get(name).and_then(Value::as_str);
    let message = text("title")
        .or(text("message"))
        .map_or_else(|| ["the server answered ", &status].concat(), str::to_owned);
    Fault { code: text("code").map_or(status, str::to_owned), message }
}

/// Fetches a file within so many milliseconds; with an integrity it must have that hash.
pub async fn bytes(address: &str, integrity: &str, timeout: u32) -> Result<Vec<u8>, Fault> {
    let init = RequestInit::new();
    if !integrity.is_empty() {
        set(&init, "integrity", &integrity.into());
    }
    let response = fetch(address, &init, timeout).await.map_err(|mut fault| {
        if !integrity.is_empty() {
            fault.message += ", or the file has another hash";
        }
        fault
    })?;
    if !response.ok() {
        let says = [address, " answers ", &response.status().to_string()].concat();
        return Err(Fault::new(code::LOAD_STATUS, says));
    }
    let buffer = response.array_buffer().map_err(Fault::unreachable)?;
    let buffer = JsFuture::from(buffer).await.map_err(Fault::unreachable)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

async fn fetch(address: &str, init: &RequestInit, timeout: u32) -> Result<Response, Fault> {
    set(init, "credentials", &"omit".into());
    init.set_signal(Some(&AbortSignal::timeout_with_u32(timeout)));
    let window = web_sys::window().ok_or_else(Fault::unreadable)?;
    let response = JsFuture::from(window.fetch_with_str_and_init(address, init)).await;
    Ok(response.map_err(Fault::unreachable)?.unchecked_into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogflow::object;

    #[test]
    fn refusals_in_our_form_in_googles_and_in_none() {
        let ours = object([("code", "E415".into()), ("title", "Too many attempts.".into())]);
        assert_eq!(refused(429, Some(ours)).to_string(), "E415 Too many attempts.");
        let google =
            object([("code", 404.into()), ("message", "No agent.".into()), ("status", "NOT_FOUND".into())]);
        assert_eq!(refused(404, Some(object([("error", google)]))).to_string(), "404 No agent.");
        assert_eq!(refused(502, None).to_string(), "502 the server answered 502");
    }
}

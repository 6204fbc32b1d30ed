//! Requests of the shell's own: to the shop's API, for the manifest and for a release's files.

use crate::{browser, json};
use js_sys::Object;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestInit, Response};

/// What came back.
pub struct Answer {
    /// Whether the status says that it worked.
    pub ok: bool,
    /// The body.
    pub text: String,
}

/// Fetches `url`; fails, as `fetch` does, with a JavaScript error.
pub async fn fetch(url: &str, init: &RequestInit) -> Result<Response, JsValue> {
    let response = browser::window().fetch_with_str_and_init(url, init);
    JsFuture::from(response).await.map(JsCast::unchecked_into)
}

/// Sends a request, with `body` as JSON, and reads the whole answer.
pub async fn send(
    method: &str,
    url: &str,
    body: Option<&Object>,
    signal: Option<&AbortSignal>,
) -> Result<Answer, JsValue> {
    let init = RequestInit::new();
    init.set_method(method);
    init.set_signal(signal);
    if let Some(body) = body {
        let headers = Object::new();
        browser::set(&headers, "Content-Type", "application/json");
        init.set_headers(&headers);
        init.set_body(&json::write(body).into());
    }
    let response = fetch(url, &init).await?;
    let text = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    Ok(Answer { ok: response.ok(), text })
}

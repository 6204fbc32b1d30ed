//! The shop's API, with its problems as [`ApiError`].

use crate::{Host, json};
use contract::{
    code,
    shop::problem::{FieldProblem, Problem},
};
use gloo_net::http::Request;
use js_sys::{JSON, Object, Reflect};
use locale::t;
use serde::{Serialize, de::DeserializeOwned};
use std::{ops::Deref, pin::Pin};
use wasm_bindgen::JsValue;
use web_sys::{AbortSignal, RequestInit};

/// How long an answer may take, in milliseconds.
const TIMEOUT: u32 = 20_000;

/// Why a request to the shop failed. Boxed, since every answer carries the place for one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError(Box<Refusal>);

/// What an [`ApiError`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Our number, `E403`.
    pub code: String,
    /// One sentence for people.
    pub message: String,
    /// What is wrong with which field.
    pub fields: Vec<FieldProblem>,
}

impl Deref for ApiError {
    type Target = Refusal;
    fn deref(&self) -> &Refusal {
        &self.0
    }
}

impl ApiError {
    /// An error that the page itself knows of.
    pub fn new(code: code::Code, message: String) -> Self {
        Self(Box::new(Refusal { code: code.to_string(), message, fields: Vec::new() }))
    }

    fn network() -> Self {
        let message = t("The shop cannot be reached. Check the connection, then try again.");
        Self::new(code::LOAD_NETWORK, message)
    }

    fn unreadable() -> Self {
        let message = t("The shop gave an answer that this page cannot read. Try again in a moment.");
        Self::new(code::INTERNAL, message)
    }

    /// What is wrong with `field`, where something is.
    pub fn field(&self, field: &str) -> Option<&str> {
        self.fields.iter().find(|problem| problem.field == field).map(|problem| problem.message.as_str())
    }

    /// One sentence for people: what is said of a field, where something is, which says more than that one is at fault.
    pub fn sentence(&self) -> &str {
        self.fields.first().map_or(&self.message, |problem| &problem.message)
    }

    /// The [`sentence`](Self::sentence) with its number: `The shop cannot be reached. (E215)`
    pub fn numbered(&self) -> String {
        numbered(self.sentence(), &self.code)
    }

    /// Whether the same request may be taken up another time.
    pub fn may_pass(&self) -> bool {
        [code::LOAD_NETWORK, code::INTERNAL, code::UNAVAILABLE, code::TOO_MANY_REQUESTS]
            .iter()
            .any(|code| self.is(*code))
    }

    /// Whether this is the error of that number.
    pub fn is(&self, code: code::Code) -> bool {
        self.code.strip_prefix('E').and_then(|number| number.parse().ok()) == Some(code.0)
    }
}

impl From<ApiError> for crate::Failure {
    fn from(error: ApiError) -> Self {
        Self { code: error.0.code, message: error.0.message }
    }
}

/// A sentence with its number, where it has one: `Sold out. (E404)`
pub fn numbered(sentence: &str, code: &str) -> String {
    if code.is_empty() { sentence.to_owned() } else { [sentence, " (", code, ")"].concat() }
}

/// How a request is meant, as HTTP says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Method(&'static str);

impl Method {
    /// Reads.
    pub const GET: Self = Self("GET");
    /// Makes something new.
    pub const POST: Self = Self("POST");
    /// Puts something in its place.
    pub const PUT: Self = Self("PUT");
    /// Changes a part.
    pub const PATCH: Self = Self("PATCH");
    /// Takes away.
    pub const DELETE: Self = Self("DELETE");
}

/// What the shop will have answered. Boxed, since whoever waits for it would otherwise hold, and know how to drop, every
/// state of it.
pub type Answer<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

/// Reads what lies at `path`: `/cart`.
pub fn get<T: DeserializeOwned + 'static>(host: Host, path: &str) -> Answer<T> {
    read(exchange(host, Method::GET, path, None, None))
}

/// Sends `body` to `path` and reads the answer.
pub fn send_json<T: DeserializeOwned + 'static>(
    host: Host,
    method: Method,
    path: &str,
    body: &impl Serialize,
) -> Answer<T> {
    read(exchange(host, method, path, Some(json::to_text(body)), None))
}

/// Sends `body` to `path`; what the answer says is not looked at.
pub fn send(host: Host, method: Method, path: &str, body: &impl Serialize) -> Answer<()> {
    unread(exchange(host, method, path, Some(json::to_text(body)), None))
}

/// Sends `body` to `path`, both it and the answer as JavaScript has them: what the browser alone can read and write.
pub fn send_js(host: Host, method: Method, path: &str, body: &JsValue) -> Answer<JsValue> {
    let body = JSON::stringify(body).ok().and_then(|text| text.as_string()).unwrap_or_default();
    exchange(host, method, path, Some(body), None)
}

/// Sends `body` to `path` and reads the answer, once: however often it is repeated with this `key`, it happens one time.
pub fn send_once<T: DeserializeOwned + 'static>(
    host: Host,
    path: &str,
    key: &str,
    body: &impl Serialize,
) -> Answer<T> {
    read(exchange(host, Method::POST, path, Some(json::to_text(body)), Some(("Idempotency-Key", key))))
}

/// Reads what lies at several paths, one after the other: each becomes the field of that name. One future and one reader
/// serve a page that asks for many types.
pub fn gather<T: DeserializeOwned + 'static>(host: Host, asked: Vec<(&'static str, String)>) -> Answer<T> {
    read(Box::pin(gathered(asked, move |path| exchange(host, Method::GET, path, None, None))))
}

/// The same in the name of whoever holds `token`.
pub fn gather_as<T: DeserializeOwned + 'static>(
    host: Host,
    token: &str,
    asked: Vec<(&'static str, String)>,
) -> Answer<T> {
    let token = token.to_owned();
    read(Box::pin(gathered(asked, move |path| exchange_as(host, &token, Method::GET, path, None))))
}

async fn gathered(
    asked: Vec<(&'static str, String)>,
    ask: impl Fn(&str) -> Answer<JsValue>,
) -> Result<JsValue, ApiError> {
    let found = Object::new();
    for (field, path) in asked {
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&found, &field.into(), &ask(&path).await?);
    }
    Ok(found.into())
}

/// Sends `body` to `path` in the name of whoever holds `token`; what the answer says is not looked at.
pub fn send_as(host: Host, token: &str, method: Method, path: &str, body: &impl Serialize) -> Answer<()> {
    unread(exchange_as(host, token, method, path, Some(json::to_text(body))))
}

fn exchange_as(host: Host, token: &str, method: Method, path: &str, body: Option<String>) -> Answer<JsValue> {
    exchange(host, method, path, body, Some(("Authorization", &["Bearer", " ", token].concat())))
}

/// A key for [`send_once`]: 122 random bits.
pub fn idempotency_key() -> String {
    crate::page::random_uuid()
}

fn read<T: DeserializeOwned + 'static>(answer: Answer<JsValue>) -> Answer<T> {
    Box::pin(async move { json::from_js(&answer.await?).ok_or_else(ApiError::unreadable) })
}

fn unread(answer: Answer<JsValue>) -> Answer<()> {
    Box::pin(async move { answer.await.map(drop) })
}

/// The one way to the shop, the same code for every type that travels on it.
fn exchange(
    host: Host,
    method: Method,
    path: &str,
    body: Option<String>,
    header: Option<(&str, &str)>,
) -> Answer<JsValue> {
    let request = request(&[&host.api(), path].concat(), method, body, header);
    Box::pin(async move {
        let (is_good, text) = fetch(request).await.ok_or_else(ApiError::network)?;
        // 204 has no body; `()` and `Option` read as null.
        let answer = JSON::parse(if text.is_empty() { "null" } else { &text });
        let answer = answer.map_err(|_| ApiError::unreadable())?;
        if is_good {
            return Ok(answer);
        }
        let problem = json::from_js(&answer).ok_or_else(ApiError::unreadable)?;
        let Problem { code, title: message, fields, .. } = problem;
        Err(ApiError(Box::new(Refusal { code, message, fields })))
    })
}

/// Whether the answer is a good one, and its text; `None` when there is none.
async fn fetch(request: Result<web_sys::Request, JsValue>) -> Option<(bool, String)> {
    let response = Request::from(request.ok()?).send().await.ok()?;
    Some((response.ok(), response.text().await.ok()?))
}

fn request(
    address: &str,
    method: Method,
    body: Option<String>,
    header: Option<(&str, &str)>,
) -> Result<web_sys::Request, JsValue> {
    let limit = AbortSignal::timeout_with_u32(TIMEOUT);
    let init = RequestInit::new();
    init.set_method(method.0);
    init.set_signal(Some(&limit));
    if let Some(body) = &body {
        init.set_body(&body.into());
    }
    let request = web_sys::Request::new_with_str_and_init(address, &init)?;
    let headers = request.headers();
    // A token that no header may have is left out, and refused like any other that is none.
    if body.is_some() {
        let _ = headers.set("Content-Type", "application/json");
    }
    if let Some((name, value)) = header {
        let _ = headers.set(name, value);
    }
    Ok(request)
}

//! The shop's API, with its problems as [`ApiError`].

use crate::{Host, json};
use contract::{
    code,
    shop::problem::{FieldProblem, Problem},
};
use gloo_net::http::Request;
use js_sys::{JSON, Object, Reflect};
use serde::{Serialize, de::DeserializeOwned};
use std::pin::Pin;
use wasm_bindgen::JsValue;
use web_sys::{AbortSignal, RequestInit};

/// How long an answer may take, in milliseconds.
const TIMEOUT: u32 = 20_000;

/// Why a request to the shop failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// Our number, `E403`.
    pub code: String,
    /// One sentence for people.
    pub message: String,
    /// What is wrong with which field.
    pub fields: Vec<FieldProblem>,
}

impl ApiError {
    fn network() -> Self {
        Self {
            code: code::LOAD_NETWORK.to_string(),
            message: "The shop cannot be reached. Check the connection, then try again.".to_owned(),
            fields: Vec::new(),
        }
    }

    fn unreadable() -> Self {
        Self {
            code: code::INTERNAL.to_string(),
            message: "The shop gave an answer that this page cannot read. Try again in a moment.".to_owned(),
            fields: Vec::new(),
        }
    }

    /// What is wrong with `field`, where something is.
    pub fn field(&self, field: &str) -> Option<&str> {
        self.fields.iter().find(|problem| problem.field == field).map(|problem| problem.message.as_str())
    }

    /// Whether this is the error of that number.
    pub fn is(&self, code: code::Code) -> bool {
        self.code.strip_prefix('E').and_then(|number| number.parse().ok()) == Some(code.0)
    }
}

impl From<ApiError> for crate::Failure {
    fn from(error: ApiError) -> Self {
        Self { code: error.code, message: error.message }
    }
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

/// Reads what lies at `path`: `/cart`.
pub async fn get<T: DeserializeOwned>(host: Host, path: &str) -> Result<T, ApiError> {
    read(exchange(host, Method::GET, path, None, None).await?)
}

/// Sends `body` to `path` and reads the answer.
pub async fn send_json<T: DeserializeOwned>(
    host: Host,
    method: Method,
    path: &str,
    body: &impl Serialize,
) -> Result<T, ApiError> {
    read(exchange(host, method, path, Some(json::to_text(body)), None).await?)
}

/// Sends `body` to `path`; what the answer says is not looked at.
pub async fn send(host: Host, method: Method, path: &str, body: &impl Serialize) -> Result<(), ApiError> {
    exchange(host, method, path, Some(json::to_text(body)), None).await.map(drop)
}

/// Sends `body` to `path` and reads the answer, once: however often it is repeated with this `key`, it happens one time.
pub async fn send_once<T: DeserializeOwned>(
    host: Host,
    path: &str,
    key: &str,
    body: &impl Serialize,
) -> Result<T, ApiError> {
    let (body, header) = (Some(json::to_text(body)), Some(("Idempotency-Key", key)));
    read(exchange(host, Method::POST, path, body, header).await?)
}

/// Reads what lies at several paths, one after the other, in the name of whoever holds `token`: each becomes the field
/// of that name. One future and one reader serve a page that asks for many types.
pub async fn gather_as<T: DeserializeOwned>(
    host: Host,
    token: &str,
    asked: Vec<(&'static str, String)>,
) -> Result<T, ApiError> {
    let found = Object::new();
    for (field, path) in asked {
        let answer = exchange_as(host, token, Method::GET, &path, None).await?;
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&found, &field.into(), &answer);
    }
    read(found.into())
}

/// Sends `body` to `path` in the name of whoever holds `token`; what the answer says is not looked at.
pub async fn send_as(host: Host, token: &str, path: &str, body: &impl Serialize) -> Result<(), ApiError> {
    exchange_as(host, token, Method::POST, path, Some(json::to_text(body))).await.map(drop)
}

/// Boxed, since generic code below would be compiled once for every type that travels.
fn exchange_as(
    host: Host,
    token: &str,
    method: Method,
    path: &str,
    body: Option<String>,
) -> Pin<Box<dyn Future<Output = Result<JsValue, ApiError>>>> {
    let (bearer, path) = (["Bearer ", token].concat(), path.to_owned());
    Box::pin(async move { exchange(host, method, &path, body, Some(("Authorization", &bearer))).await })
}

/// A key for [`send_once`]: 122 random bits.
pub fn idempotency_key() -> String {
    crate::page::random_uuid()
}

fn read<T: DeserializeOwned>(answer: JsValue) -> Result<T, ApiError> {
    json::from_js(&answer).ok_or_else(ApiError::unreadable)
}

/// The one way to the shop, the same code for every type that travels on it.
async fn exchange(
    host: Host,
    method: Method,
    path: &str,
    body: Option<String>,
    header: Option<(&str, &str)>,
) -> Result<JsValue, ApiError> {
    let unreachable = |_| ApiError::network();
    let limit = AbortSignal::timeout_with_u32(TIMEOUT);
    let address = [&host.api(), path].concat();
    let init = RequestInit::new();
    init.set_method(method.0);
    init.set_signal(Some(&limit));
    if let Some(body) = &body {
        init.set_body(&body.into());
    }
    let request = web_sys::Request::new_with_str_and_init(&address, &init).map_err(unreachable)?;
    let headers = request.headers();
    // A token that no header may have is left out, and refused like any other that is none.
    if body.is_some() {
        let _ = headers.set("Content-Type", "application/json");
    }
    if let Some((name, value)) = header {
        let _ = headers.set(name, value);
    }
    let unreachable = |_| ApiError::network();
    let response = Request::from(request).send().await.map_err(unreachable)?;
    let text = response.text().await.map_err(unreachable)?;
    // 204 has no body; `()` and `Option` read as null.
    let answer = JSON::parse(if text.is_empty() { "null" } else { &text });
    let answer = answer.map_err(|_| ApiError::unreadable())?;
    if response.ok() {
        return Ok(answer);
    }
    match json::from_js::<Problem>(&answer) {
        Some(problem) => Err(ApiError { code: problem.code, message: problem.title, fields: problem.fields }),
        None => Err(ApiError::unreadable()),
    }
}

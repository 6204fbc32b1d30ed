//! The shop's API, with its problems as [`ApiError`].

use crate::{Host, json};
use contract::{
    code,
    shop::problem::{FieldProblem, Problem},
};
use gloo_net::http::{Method, RequestBuilder, Response};
use serde::{Serialize, de::DeserializeOwned};
use web_sys::AbortSignal;

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

/// Reads what lies at `path`: `/cart`.
pub async fn get<T: DeserializeOwned>(host: Host, path: &str) -> Result<T, ApiError> {
    read(send(request(host, Method::GET, path), None).await?).await
}

/// Sends `body` to `path` and reads the answer.
pub async fn send_json<T: DeserializeOwned>(
    host: Host,
    method: Method,
    path: &str,
    body: &impl Serialize,
) -> Result<T, ApiError> {
    read(send(request(host, method, path), Some(json::to_text(body))).await?).await
}

/// The same, once: however often it is repeated with this `key`, it happens one time.
pub async fn send_once<T: DeserializeOwned>(
    host: Host,
    path: &str,
    key: &str,
    body: &impl Serialize,
) -> Result<T, ApiError> {
    let request = request(host, Method::POST, path).header("Idempotency-Key", key);
    read(send(request, Some(json::to_text(body))).await?).await
}

/// A key for [`send_once`]: 122 random bits.
pub fn idempotency_key() -> String {
    crate::page::random_uuid()
}

fn request(host: Host, method: Method, path: &str) -> RequestBuilder {
    RequestBuilder::new(&format!("{}{path}", host.api()))
        .method(method)
        .abort_signal(Some(&AbortSignal::timeout_with_u32(TIMEOUT)))
}

async fn send(request: RequestBuilder, body: Option<String>) -> Result<Response, ApiError> {
    let request = match body {
        Some(body) => request.header("Content-Type", "application/json").body(body),
        None => request.build(),
    };
    request.map_err(|_| ApiError::network())?.send().await.map_err(|_| ApiError::network())
}

async fn read<T: DeserializeOwned>(response: Response) -> Result<T, ApiError> {
    let text = response.text().await.map_err(|_| ApiError::network())?;
    if response.ok() {
        // 204 has no body; `()` and `Option` read as null.
        let text = if text.is_empty() { "null" } else { &text };
        return json::from_text(text).ok_or_else(ApiError::unreadable);
    }
    match json::from_text::<Problem>(&text) {
        Some(problem) => Err(ApiError { code: problem.code, message: problem.title, fields: problem.fields }),
        None => Err(ApiError::unreadable()),
    }
}

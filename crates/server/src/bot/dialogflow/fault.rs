//! Errors as Google's client libraries expect them.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;
use std::time::Duration;

/// An error of the `/v2` routes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    kind: Kind,
    message: String,
    retry_after: Option<u64>,
}

/// The canonical codes that are used here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    InvalidArgument,
    NotFound,
    ResourceExhausted,
    Unavailable,
}

impl Fault {
    /// Something in the request is missing or wrong.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self { kind: Kind::InvalidArgument, message: message.into(), retry_after: None }
    }

    /// There is no such agent, session or context.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self { kind: Kind::NotFound, message: message.into(), retry_after: None }
    }

    /// Too many requests.
    pub fn exhausted(wait: Duration) -> Self {
        let seconds = wait.as_secs().max(1);
        Self {
            kind: Kind::ResourceExhausted,
            message: format!("Too many requests. Try again in {seconds} s."),
            retry_after: Some(seconds),
        }
    }

    /// What is needed is away.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self { kind: Kind::Unavailable, message: message.into(), retry_after: Some(5) }
    }
}

/// The database is away, or cannot do what it should: the log says what.
impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        tracing::error!(%error, "a session of the bot cannot be read or kept");
        Self::unavailable("The session cannot be read or kept just now (E502). Try again in a moment.")
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let (status, name) = match self.kind {
            Kind::InvalidArgument => (StatusCode::BAD_REQUEST, "INVALID_ARGUMENT"),
            Kind::NotFound => (StatusCode::NOT_FOUND, "NOT_FOUND"),
            Kind::ResourceExhausted => (StatusCode::TOO_MANY_REQUESTS, "RESOURCE_EXHAUSTED"),
            Kind::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE"),
        };
        let error = json!({ "error": { "code": status.as_u16(), "message": self.message, "status": name } });
        let mut response = (status, Json(error)).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

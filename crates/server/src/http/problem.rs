//! Errors on the wire.
//!
//! Each vertical has an error type of its own that says what went wrong in its words; here is the one
//! type that they all become at the edge. [`render`] writes it out as `application/problem+json`, with
//! the request's id, whoever it came from.

use super::request::RequestId;
use crate::{database, language::t, secret::NoRandomness};
use axum::{
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use contract::{
    code::{self, Code},
    shop::problem::{FieldProblem, Problem},
};
use std::{error::Error, fmt::Display, sync::Arc, time::Duration};

/// An answer that is not what was asked for.
#[derive(Debug)]
pub struct Failure {
    code: Code,
    status: StatusCode,
    title: String,
    fields: Vec<FieldProblem>,
    retry_after: Option<u64>,
    cause: Option<String>,
}

/// The result of a handler.
pub type Answer<T> = Result<T, Failure>;

impl Failure {
    /// With the number's own words for a title.
    pub fn new(status: StatusCode, code: Code) -> Self {
        let entry = code::TABLE.iter().find(|entry| entry.code == code);
        let title =
            entry.map(|entry| format!("{} {}", t(entry.meaning), t(entry.way_out))).unwrap_or_default();
        Self { code, status, title, fields: Vec::new(), retry_after: None, cause: None }
    }

    /// Says it in other words; a whole sentence.
    pub fn titled(mut self, title: impl Display) -> Self {
        self.title = t(&title.to_string());
        self
    }

    /// Names a field at fault.
    pub fn field(mut self, field: &str, message: impl Display) -> Self {
        self.fields.push(FieldProblem { field: field.to_owned(), message: t(&message.to_string()) });
        self
    }

    /// 429: too much at once. `said` says so, given the seconds until it is worth trying again.
    pub fn too_many(wait: Duration, said: impl FnOnce(&str) -> String) -> Self {
        // At least two: no sentence has a singular for them.
        let seconds = (wait.as_secs() + 1).max(2);
        Self::new(StatusCode::TOO_MANY_REQUESTS, code::TOO_MANY_REQUESTS)
            .titled(said(&seconds.to_string()))
            .retry_after(seconds)
    }

    /// Seconds after which it is worth trying again.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// What the log should know and the world should not.
    pub fn because(mut self, cause: impl Error) -> Self {
        let mut text = cause.to_string();
        let mut source = cause.source();
        while let Some(error) = source {
            text = format!("{text}: {error}");
            source = error.source();
        }
        self.cause = Some(text);
        self
    }

    /// There is nothing here.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, code::NOT_FOUND)
    }

    /// Fields at fault; `Ok` when there are none.
    pub fn unless_valid(fields: Vec<FieldProblem>) -> Answer<()> {
        if fields.is_empty() {
            return Ok(());
        }
        Err(Self { fields, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, code::INPUT_INVALID) })
    }

    /// Something failed on the server.
    pub fn internal(cause: impl Error) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, code::INTERNAL).because(cause)
    }

    /// Something that we depend on is away.
    pub fn unavailable() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, code::UNAVAILABLE).retry_after(5)
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        if database::is_bad_text(&error) {
            return Self::new(StatusCode::UNPROCESSABLE_ENTITY, code::INPUT_INVALID)
                .titled("Null characters cannot be kept.");
        }
        if database::is_away(&error) { Self::unavailable().because(error) } else { Self::internal(error) }
    }
}

impl From<NoRandomness> for Failure {
    fn from(error: NoRandomness) -> Self {
        Self::internal(error)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        if self.status.is_server_error() {
            let cause = self.cause.as_deref().unwrap_or("-");
            tracing::error!(code = %self.code, cause, "request failed");
        } else {
            tracing::debug!(code = %self.code, title = self.title, "request refused");
        }
        let problem = Problem {
            code: self.code.to_string(),
            status: self.status.as_u16(),
            title: self.title,
            fields: self.fields,
            request_id: String::new(),
        };
        let mut response = self.status.into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.code == code::TOKEN_INVALID && self.status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(Arc::new(problem));
        response
    }
}

/// Writes problems out, and makes problems of errors that came without one.
pub async fn render(request: Request, next: Next) -> Response {
    let request_id = request.extensions().get::<RequestId>().map(|id| id.0.to_string()).unwrap_or_default();
    let response = next.run(request).await;
    let status = response.status();
    let (mut parts, body) = response.into_parts();
    let found = parts.extensions.remove::<Arc<Problem>>();
    let plain =
        parts.headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    let mut problem = match found {
        Some(problem) => (*problem).clone(),
        // Only what a library answered on its own: our own texts have other types.
        None if plain && (status.is_client_error() || status.is_server_error()) => of_status(status),
        None => return Response::from_parts(parts, body),
    };
    problem.request_id = request_id;
    let text = serde_json::to_vec(&problem).unwrap_or_default();
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    parts.headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Response::from_parts(parts, text.into())
}

fn of_status(status: StatusCode) -> Problem {
    let (code, title) = match status {
        StatusCode::NOT_FOUND => (code::NOT_FOUND, None),
        StatusCode::METHOD_NOT_ALLOWED => (
            code::INPUT_INVALID,
            Some("This address does not take that method. `Allow` names those it takes."),
        ),
        StatusCode::PAYLOAD_TOO_LARGE => (code::BODY_TOO_LARGE, None),
        status if status.is_server_error() => (code::INTERNAL, None),
        _ => (code::INPUT_INVALID, None),
    };
    let failure = Failure::new(status, code);
    Problem {
        code: code.to_string(),
        status: status.as_u16(),
        title: title.map_or(failure.title, t),
        ..Problem::default()
    }
}

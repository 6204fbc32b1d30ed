//! Requests that happen once, however often they are sent.
//!
//! The key is taken in the very transaction that does the work, and the answer is kept in it too: either
//! all of it happened, or nothing did. What is refused (4xx) or fails (5xx) leaves no trace, so the same
//! key can be used to try again.

mod store;

pub use store::SCHEMA;

use crate::{
    clock,
    database::{Database, Transaction},
    http::problem::Failure,
    secret,
};
use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use contract::code;
use serde::Serialize;

/// How long an answer is kept.
const DAY: clock::Millis = 24 * 60 * 60 * 1000;

/// The answers that were given.
#[derive(Clone)]
pub struct Idempotency {
    database: Database,
}

/// One intent: a key in the hands of one shopper, and what they asked for with it.
pub struct Intent {
    scope: String,
    key: String,
    request: String,
}

/// What there is to do about an intent.
pub enum Claim {
    /// It is new: do it, then [`Intent::keep`] the answer.
    Fresh,
    /// It was done; this was the answer.
    Done(Kept),
}

/// An answer that is kept.
pub struct Kept {
    status: StatusCode,
    body: String,
}

/// Why an intent cannot be looked at.
#[derive(Debug, thiserror::Error)]
pub enum IntentError {
    /// The key was used for something else.
    #[error("the key was used with another body")]
    Mismatch,
    /// The database.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// An answer that cannot be written as JSON.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
}

impl Intent {
    /// `scope` is who asks; `action` what for: the same key for another action is another request.
    pub fn new(
        scope: impl Into<String>,
        key: String,
        action: &str,
        body: &impl Serialize,
    ) -> Result<Self, serde_json::Error> {
        let request = secret::hash(format!("{action}\n{}", serde_json::to_string(body)?));
        Ok(Self { scope: scope.into(), key, request })
    }

    /// Takes the key in the caller's transaction. Of several at the same time one is `Fresh`; the others
    /// wait for its end.
    pub async fn claim(&self, transaction: &mut Transaction) -> Result<Claim, IntentError> {
        let now = clock::now();
        store::forget_stale(transaction, &self.scope, &self.key, now - DAY).await?;
        // The one who had the key may give up between our two looks: then it is ours.
        loop {
            if store::take(transaction, &self.scope, &self.key, &self.request, now).await? {
                return Ok(Claim::Fresh);
            }
            let Some(record) = store::find(transaction, &self.scope, &self.key).await? else { continue };
            if record.request != self.request {
                return Err(IntentError::Mismatch);
            }
            let status =
                u16::try_from(record.status).ok().and_then(|status| StatusCode::from_u16(status).ok());
            return Ok(Claim::Done(Kept { status: status.unwrap_or(StatusCode::OK), body: record.body }));
        }
    }

    /// Leaves a key that was taken in the caller's transaction to whoever comes next, where that is kept though the request was
    /// refused.
    pub async fn leave(&self, transaction: &mut Transaction) -> Result<(), IntentError> {
        Ok(store::leave(transaction, &self.scope, &self.key).await?)
    }

    /// Keeps the answer in the caller's transaction.
    pub async fn keep(
        &self,
        transaction: &mut Transaction,
        status: StatusCode,
        answer: &impl Serialize,
    ) -> Result<Kept, IntentError> {
        let body = serde_json::to_string(answer)?;
        store::keep(transaction, &self.scope, &self.key, status.as_u16().into(), &body).await?;
        Ok(Kept { status, body })
    }
}

/// Gives the keys of one scope to another, in the caller's transaction; a key that is there too stays what it is.
pub async fn hand_over(transaction: &mut Transaction, from: &str, to: &str) -> Result<(), sqlx::Error> {
    store::hand_over(transaction, from, to).await
}

impl Idempotency {
    /// The answers in a database.
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// Forgets what somebody was answered, in the caller's transaction.
    pub async fn forget(&self, transaction: &mut Transaction, scope: &str) -> Result<(), sqlx::Error> {
        store::forget(transaction, scope).await
    }

    /// Forgets what is older than a day.
    pub async fn sweep(&self) -> Result<(), sqlx::Error> {
        let mut transaction = self.database.write().await?;
        store::sweep(&mut transaction, clock::now() - DAY).await?;
        transaction.commit().await
    }
}

/// An answer, and whether it is one that was given before.
pub enum Once {
    /// It was done just now.
    First(Kept),
    /// It was done before.
    Replay(Kept),
}

impl IntoResponse for Once {
    fn into_response(self) -> Response {
        let (kept, replayed) = match self {
            Self::First(kept) => (kept, None),
            Self::Replay(kept) => (
                kept,
                Some([(HeaderName::from_static("idempotent-replayed"), HeaderValue::from_static("true"))]),
            ),
        };
        let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        (kept.status, kind, replayed, kept.body).into_response()
    }
}

impl From<IntentError> for Failure {
    fn from(error: IntentError) -> Self {
        match error {
            IntentError::Mismatch => Self::new(StatusCode::UNPROCESSABLE_ENTITY, code::IDEMPOTENCY_MISMATCH),
            IntentError::Database(error) => error.into(),
            IntentError::Json(error) => Self::internal(error),
        }
    }
}

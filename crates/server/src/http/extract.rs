//! Axum's extractors, with problems for rejections.

use super::problem::Failure;
use axum::{
    extract::{
        FromRequest, FromRequestParts, OptionalFromRequestParts, Request,
        rejection::{BytesRejection, JsonRejection, PathRejection},
    },
    http::{StatusCode, request::Parts},
};
use contract::code;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A JSON object as body.
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        // Serde would also take an array of the fields' values in their order: nobody means that.
        let object = axum::Json::<serde_json::Map<_, _>>::from_request(request, state).await?.0;
        serde_json::from_value(whole(Value::Object(object)))
            .map(Self)
            .map_err(|error| of_body(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string()))
    }
}

/// To JSON, `2.0` is the whole number that `2` is; to serde it is not.
fn whole(value: Value) -> Value {
    /// Up to here a floating-point number says exactly which whole number it is.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Value::Number(number) => match number.as_f64() {
            #[allow(clippy::cast_possible_truncation)] // there is nothing behind the point
            Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() <= EXACT => {
                (float as i64).into()
            }
            _ => Value::Number(number),
        },
        Value::Array(items) => items.into_iter().map(whole).collect(),
        Value::Object(fields) => {
            Value::Object(fields.into_iter().map(|(name, value)| (name, whole(value))).collect())
        }
        other => other,
    }
}

/// The parameters of a path.
#[derive(FromRequestParts)]
#[from_request(via(axum::extract::Path), rejection(Failure))]
pub struct Path<T>(pub T);

/// The query. A name that may be given several times is a `Vec`.
pub struct Query<T>(pub T);

impl<S: Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let query = parts.uri.query().unwrap_or_default();
        serde_html_form::from_str(query).map(Self).map_err(|error| {
            Failure::new(StatusCode::UNPROCESSABLE_ENTITY, code::INPUT_INVALID)
                .titled(format_args!("The query cannot be read: {error}."))
        })
    }
}

/// The body as it is.
pub struct Bytes(pub axum::body::Bytes);

impl<S: Send + Sync> FromRequest<S> for Bytes {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        Ok(Self(axum::body::Bytes::from_request(request, state).await?))
    }
}

impl From<JsonRejection> for Failure {
    fn from(rejection: JsonRejection) -> Self {
        of_body(rejection.status(), &rejection.body_text())
    }
}

impl From<BytesRejection> for Failure {
    fn from(rejection: BytesRejection) -> Self {
        of_body(rejection.status(), &rejection.body_text())
    }
}

fn of_body(status: StatusCode, text: &str) -> Failure {
    if status == StatusCode::PAYLOAD_TOO_LARGE {
        return Failure::new(status, code::BODY_TOO_LARGE);
    }
    Failure::new(status, code::INPUT_INVALID).titled(format_args!("{}.", text.trim_end_matches('.')))
}

impl From<PathRejection> for Failure {
    // An address with a word where a number belongs is an address where there is nothing.
    fn from(_: PathRejection) -> Self {
        Self::not_found()
    }
}

/// `Idempotency-Key`: 1 to 255 visible characters.
pub struct IdempotencyKey(pub String);

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let missing = || Failure::new(StatusCode::BAD_REQUEST, code::IDEMPOTENCY_MISSING);
        let key =
            parts.headers.get("idempotency-key").ok_or_else(missing)?.to_str().map_err(|_| missing())?;
        if key.is_empty() || key.len() > 255 {
            return Err(missing());
        }
        Ok(Self(key.to_owned()))
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for IdempotencyKey {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Option<Self>, Failure> {
        if !parts.headers.contains_key("idempotency-key") {
            return Ok(None);
        }
        <Self as FromRequestParts<S>>::from_request_parts(parts, state).await.map(Some)
    }
}

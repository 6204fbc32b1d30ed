//! Whoever holds the publish token. No cookie counts here, and none is needed.

use crate::{http::problem::Failure, secret, state::Server};
use axum::{
    extract::FromRequestParts,
    http::{StatusCode, header, request::Parts},
};
use contract::code;

/// A request with the publish token.
pub struct Publisher {
    /// What the history says of them.
    pub who: &'static str,
}

impl FromRequestParts<Server> for Publisher {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Failure> {
        let refused = || Failure::new(StatusCode::UNAUTHORIZED, code::TOKEN_INVALID);
        let Some(expected) = &server.configuration.publish_token else {
            return Err(refused().titled(format_args!(
                "This server takes no releases: it was started without {}.",
                crate::config::PUBLISH_TOKEN
            )));
        };
        let sent = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let (scheme, token) = sent.and_then(|value| value.split_once(' ')).ok_or_else(refused)?;
        if scheme.eq_ignore_ascii_case("bearer") && secret::same(token.trim(), expected) {
            Ok(Self { who: "publish token" })
        } else {
            Err(refused())
        }
    }
}

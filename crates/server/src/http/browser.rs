//! What a browser says of itself.

use crate::{accounts::device, http::problem::Failure, language::Language, state::Server};
use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};

/// What a browser says of itself.
pub struct Browser {
    /// Its name and where it runs: `Firefox on Windows`; empty where it does not say.
    pub device: String,
    /// The language of ours that its owner likes best.
    pub language: Language,
}

impl FromRequestParts<Server> for Browser {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Server) -> Result<Self, Failure> {
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        Ok(Self { device: device(agent.unwrap_or_default()), language: Language::of(&parts.headers) })
    }
}

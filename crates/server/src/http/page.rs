//! The page that a request was sent from.

use crate::state::Server;
use axum::{
    extract::FromRequestParts,
    http::{header, request::Parts},
};
use std::convert::Infallible;

/// The page that a request was sent from, as far as the browser says.
pub struct Page(Option<String>);

impl Page {
    /// Its origin: `https://shop.example`.
    pub fn origin(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl FromRequestParts<Server> for Page {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &Server) -> Result<Self, Infallible> {
        let origin = parts.headers.get(header::ORIGIN).and_then(|value| value.to_str().ok());
        Ok(Self(origin.map(str::to_owned)))
    }
}

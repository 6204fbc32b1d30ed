//! Whoever sends a good token. No cookie counts here, and none is needed.

use super::TokenError;
use crate::{
    http::problem::{Answer, Failure},
    language::t,
    state::Server,
};
use axum::{
    extract::FromRequestParts,
    http::{StatusCode, header, request::Parts},
};
use contract::code;

/// A request with a good token.
#[derive(Clone, Debug)]
pub struct Bearer {
    /// The token's id.
    pub id: String,
    /// What the history says of them.
    pub who: String,
    /// The microapp that they may touch; none for operators.
    app: Option<String>,
}

/// A request with an operator's token.
pub struct Operator(pub Bearer);

impl Bearer {
    /// Refuses everybody else.
    pub fn must_be_operator(&self) -> Answer<()> {
        if self.app.is_none() {
            return Ok(());
        }
        Err(Failure::new(StatusCode::FORBIDDEN, code::TOKEN_INVALID)
            .titled("Only for operators. Ask one of them to do this, or for an operator's token."))
    }

    /// Of which microapp a list is: of the one that is `wanted`, else of their own; for operators of all.
    pub fn scope<'a>(&'a self, wanted: Option<&'a str>) -> Answer<Option<&'a str>> {
        wanted.map_or(Ok(()), |app| self.may(app))?;
        Ok(wanted.or(self.app.as_deref()))
    }

    /// Refuses what is another team's.
    pub fn may(&self, app: &str) -> Answer<()> {
        match &self.app {
            Some(own) if own != app => Err(Failure::new(StatusCode::FORBIDDEN, code::TOKEN_INVALID).titled(
                format_args!("This token is for {own}, not for {app}. Ask an operator for a token of {app}."),
            )),
            _ => Ok(()),
        }
    }
}

impl FromRequestParts<Server> for Bearer {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Failure> {
        let refused = || Failure::new(StatusCode::UNAUTHORIZED, code::TOKEN_INVALID);
        let sent = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let (scheme, secret) = sent.and_then(|value| value.split_once(' ')).ok_or_else(refused)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(refused());
        }
        let unknown =
            || refused().titled(t("This token is not known here, or it has ended. Ask an operator for one."));
        let token = server.tokens.find(secret.trim()).await?.ok_or_else(unknown)?;
        let who = match token.label.as_str() {
            "" => token.id.clone(),
            label => format!("{label} ({})", token.id),
        };
        Ok(Self { id: token.id, who, app: token.app })
    }
}

impl FromRequestParts<Server> for Operator {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Failure> {
        let bearer = Bearer::from_request_parts(parts, server).await?;
        bearer.must_be_operator()?;
        Ok(Self(bearer))
    }
}

impl From<TokenError> for Failure {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Database(error) => error.into(),
            TokenError::NoRandomness(error) => error.into(),
        }
    }
}

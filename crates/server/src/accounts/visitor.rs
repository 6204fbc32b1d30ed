//! Who sends a request.

use super::store::AccountRow;
use crate::{
    cart::Owner,
    http::{cookies::Cookie, peer::Peer, problem::Failure},
    secret,
    state::Server,
};
use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
};
use contract::code;

/// Whoever sends a request, by their cookies.
pub struct Visitor {
    /// Their account, when signed in.
    pub account: Option<AccountRow>,
    /// The session cookie, whether it still means anything or not.
    pub session: Option<String>,
    /// The cart cookie, whether it still means anything or not.
    pub cart: Option<String>,
    /// Where they are.
    pub peer: Peer,
}

impl Visitor {
    /// Whose cart they look at.
    pub fn owner(&self) -> Option<Owner> {
        match (&self.account, &self.cart) {
            (Some(account), _) => Some(Owner::Account(account.id.clone())),
            (None, Some(token)) => Some(Owner::Guest(secret::hash(token))),
            (None, None) => None,
        }
    }

    /// Whose idempotency keys they are; strangers without a cookie share one.
    pub fn scope(&self) -> String {
        self.owner().map_or_else(|| "stranger".to_owned(), |owner| owner.scope())
    }

    /// The account, or E413.
    pub fn signed_in(&self) -> Result<&AccountRow, Failure> {
        self.account.as_ref().ok_or_else(|| Failure::new(StatusCode::UNAUTHORIZED, code::SIGN_IN_REQUIRED))
    }
}

impl FromRequestParts<Server> for Visitor {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, server: &Server) -> Result<Self, Failure> {
        let session = server.cookies.read(&parts.headers, Cookie::Session);
        let account = match &session {
            Some(token) => server.accounts.whose(token).await?,
            None => None,
        };
        let cart = server.cookies.read(&parts.headers, Cookie::Cart);
        Ok(Self { account, session, cart, peer: Peer::from_request_parts(parts, server).await? })
    }
}

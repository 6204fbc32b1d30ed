//! Signing up, in and out; the rest of an account is in this one's files.

mod addresses;
mod password;
mod person;
mod sessions;
mod wishlist;

use super::{
    AccountError, AccountRow, Applicant, Belongings, SESSION_SECONDS, Seat, SignedIn, Visitor,
    normalise_email, passkeys, password::HashError,
};
use crate::{
    cart::Owner,
    http::{
        browser::Browser,
        cookies::Cookie,
        extract::Json,
        peer::Peer,
        problem::{Answer, Failure},
        valid::Check,
    },
    language::t_with,
    state::Server,
};
use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Response},
};
use contract::{
    code,
    shop::{
        account::{Account, Session, SignIn, SignUp},
        problem::Problem,
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes.
pub fn routes() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(session, sign_in, sign_out))
        .routes(routes!(sign_up))
        .merge(person::routes())
        .merge(password::routes())
        .merge(sessions::routes())
        .merge(addresses::routes())
        .merge(wishlist::routes())
        .merge(passkeys::routes())
}

/// Who is here
#[utoipa::path(
    get, path = "/session", tag = "accounts",
    responses(
        (status = 200, body = Session, description = "The account, when signed in. Never makes anything."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn session(State(server): State<Server>, visitor: Visitor) -> Answer<axum::Json<Session>> {
    let pieces = server.carts.look(visitor.owner().as_ref()).await?.pieces;
    let account = visitor.account.map(wire);
    Ok(axum::Json(Session { account, cart_pieces: pieces, notices: Vec::new() }))
}

/// Signs up, and in
#[utoipa::path(
    post, path = "/accounts", tag = "accounts", request_body = SignUp,
    responses(
        (status = 201, body = Session, description = "Signed in by a new cookie."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E401, E412, E415."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn sign_up(
    State(server): State<Server>,
    peer: Peer,
    browser: Browser,
    visitor: Visitor,
    Json(form): Json<SignUp>,
) -> Answer<Response> {
    let mut check = Check::new();
    check.text("name", &form.name, 1, 100);
    check.email("email", &form.email);
    check_password(&mut check, "password", &form.password);
    check.done()?;
    let applicant = applicant(peer, browser, visitor, &form.email, form.password);
    let name = form.name.trim().to_owned();
    let signed_in = server.accounts.sign_up(&server.carts, name, applicant).await?;
    welcome(&server, StatusCode::CREATED, signed_in).await
}

/// Signs in
#[utoipa::path(
    post, path = "/session", tag = "accounts", request_body = SignIn,
    responses(
        (status = 200, body = Session, description = "Signed in by a new cookie; the guest's cart is merged."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E401, E411, E415."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn sign_in(
    State(server): State<Server>,
    peer: Peer,
    browser: Browser,
    visitor: Visitor,
    Json(form): Json<SignIn>,
) -> Answer<Response> {
    // What cannot be an account is refused as what is none: no more can be learnt here.
    let (email, password) = (form.email, form.password);
    if email.len() > 254 || password.chars().count() > 200 || email.contains('\0') {
        return Err(AccountError::Wrong.into());
    }
    let applicant = applicant(peer, browser, visitor, &email, password);
    let signed_in = server.accounts.sign_in(&server.carts, applicant).await?;
    welcome(&server, StatusCode::OK, signed_in).await
}

/// Signs out
#[utoipa::path(
    delete, path = "/session", tag = "accounts",
    responses(
        (status = 200, body = Session, description = "Nobody, with an empty cart. The cookies are dead."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "It was refused."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn sign_out(State(server): State<Server>, visitor: Visitor) -> Answer<Response> {
    if let Some(token) = &visitor.session {
        server.accounts.sign_out(token).await?;
    }
    let gone =
        [Cookie::Session, Cookie::Cart].map(|cookie| (header::SET_COOKIE, server.cookies.clear(cookie)));
    Ok((AppendHeaders(gone), axum::Json(Session::default())).into_response())
}

fn applicant(peer: Peer, browser: Browser, visitor: Visitor, email: &str, password: String) -> Applicant {
    Applicant { email: normalise_email(email), password, belongings: belongings(peer, browser, visitor) }
}

pub(super) fn belongings(peer: Peer, browser: Browser, visitor: Visitor) -> Belongings {
    Belongings {
        address: peer.subscriber(),
        session: visitor.session,
        cart: visitor.cart,
        device: browser.device,
    }
}

pub(super) fn seat(account: &AccountRow, peer: Peer, browser: Browser) -> Seat {
    Seat {
        account: account.clone(),
        address: peer.subscriber(),
        device: browser.device,
        language: browser.language,
    }
}

fn check_password(check: &mut Check, field: &str, password: &str) {
    check.expect((10..=200).contains(&password.chars().count()), field, "10 to 200 characters.");
}

/// The cookie of a session that takes the place of the one before.
fn new_session(server: &Server, token: &str) -> AppendHeaders<[(header::HeaderName, HeaderValue); 1]> {
    AppendHeaders([(header::SET_COOKIE, server.cookies.set(Cookie::Session, token, SESSION_SECONDS))])
}

pub(super) async fn welcome(server: &Server, status: StatusCode, signed_in: SignedIn) -> Answer<Response> {
    let owner = Owner::Account(signed_in.account.id.clone());
    // They are signed in, and the one before is over: what fails from here on is not the answer to it.
    let cart = server.carts.look(Some(&owner)).await;
    let session = Session {
        cart_pieces: cart.map(|cart| cart.pieces).unwrap_or_else(|error| {
            tracing::warn!(%error, "the cart of somebody who signs in cannot be looked at");
            0
        }),
        account: Some(wire(signed_in.account)),
        notices: signed_in.notices,
    };
    let cookies = AppendHeaders([
        (header::SET_COOKIE, server.cookies.set(Cookie::Session, &signed_in.token, SESSION_SECONDS)),
        (header::SET_COOKIE, server.cookies.clear(Cookie::Cart)),
    ]);
    Ok((status, cookies, axum::Json(session)).into_response())
}

fn wire(account: AccountRow) -> Account {
    Account { id: account.id, name: account.name, email: account.email }
}

impl From<AccountError> for Failure {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Wrong => Self::new(StatusCode::UNAUTHORIZED, code::SIGN_IN_FAILED),
            AccountError::Taken => Self::new(StatusCode::CONFLICT, code::EMAIL_TAKEN),
            AccountError::TooMany(wait) => Self::too_many(wait, |n| {
                t_with("Too many attempts. Wait {n} seconds, then try again.", &[("n", n)])
            }),
            AccountError::PasswordWrong => Self::new(StatusCode::FORBIDDEN, code::PASSWORD_WRONG)
                .field("password", "Not the present password."),
            AccountError::ResetInvalid => Self::new(StatusCode::GONE, code::RESET_INVALID),
            AccountError::Unknown => Self::not_found(),
            AccountError::Gone => Self::not_found().titled(error),
            AccountError::Full(_) => Self::new(StatusCode::CONFLICT, code::LIST_FULL).titled(error),
            AccountError::Orders(error) => error.into(),
            AccountError::Passkey(error) => error.into(),
            AccountError::Hash(HashError::Busy) => Self::unavailable().because(HashError::Busy),
            AccountError::Hash(error) => Self::internal(error),
            AccountError::Database(error) => error.into(),
            AccountError::NoRandomness(error) => error.into(),
            AccountError::Cart(error) => error.into(),
        }
    }
}

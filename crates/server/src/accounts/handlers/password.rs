//! Another password.

use super::{check_password, new_session, seat};
use crate::{
    accounts::{Visitor, normalise_email},
    http::{browser::Browser, extract::Json, peer::Peer, problem::Answer, valid::Check},
    state::Server,
};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use contract::shop::{
    account::{ChangePassword, ForgotPassword, ResetPassword},
    problem::Problem,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes.
pub fn routes() -> OpenApiRouter<Server> {
    OpenApiRouter::new().routes(routes!(change)).routes(routes!(forgotten, reset))
}

/// Changes the password
#[utoipa::path(
    put, path = "/account/password", tag = "accounts", request_body = ChangePassword,
    responses(
        (status = 204, description = "Changed; this browser has a new cookie, the others are signed out."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E401, E413, E415, E441."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn change(
    State(server): State<Server>,
    peer: Peer,
    browser: Browser,
    visitor: Visitor,
    Json(form): Json<ChangePassword>,
) -> Answer<Response> {
    let account = visitor.signed_in()?;
    let mut check = Check::new();
    check_password(&mut check, "new_password", &form.new_password);
    check.done()?;
    let seat = seat(account, peer, browser);
    let token = server.accounts.change_password(seat, form.password, form.new_password).await?;
    Ok((StatusCode::NO_CONTENT, new_session(&server, &token)).into_response())
}

/// Asks for a way to a new password, by mail
#[utoipa::path(
    post, path = "/password-resets", tag = "accounts", request_body = ForgotPassword,
    responses(
        (status = 202, description = "If there is such an account, a mail is on its way. The same for every address."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E401, E415."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn forgotten(
    State(server): State<Server>,
    peer: Peer,
    browser: Browser,
    Json(form): Json<ForgotPassword>,
) -> Answer<StatusCode> {
    let mut check = Check::new();
    check.email("email", &form.email);
    check.done()?;
    let email = normalise_email(&form.email);
    server.accounts.wish_for_password(&email, browser.language, peer.subscriber()).await?;
    Ok(StatusCode::ACCEPTED)
}

/// Sets a new password with the token of the mail
#[utoipa::path(
    put, path = "/password-resets", tag = "accounts", request_body = ResetPassword,
    responses(
        (status = 204, description = "Set; every browser is signed out, and the link is used up."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E401, E415, E440."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn reset(
    State(server): State<Server>,
    peer: Peer,
    browser: Browser,
    Json(form): Json<ResetPassword>,
) -> Answer<StatusCode> {
    let mut check = Check::new();
    check_password(&mut check, "new_password", &form.new_password);
    check.done()?;
    let (password, address) = (form.new_password, peer.subscriber());
    server.accounts.reset_password(&form.token, password, browser.language, address).await?;
    Ok(StatusCode::NO_CONTENT)
}

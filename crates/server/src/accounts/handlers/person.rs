//! The account itself: its name, all that is kept of it, and its end.

use super::seat;
use crate::{
    accounts::{Others, Visitor},
    http::{browser::Browser, cookies::Cookie, extract::Json, peer::Peer, problem::Answer, valid::Check},
    state::Server,
};
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{AppendHeaders, IntoResponse, Response},
};
use contract::shop::{
    account::{Account, AccountExport, ChangeAccount, DeleteAccount},
    problem::Problem,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes.
pub fn routes() -> OpenApiRouter<Server> {
    OpenApiRouter::new().routes(routes!(change)).routes(routes!(export)).routes(routes!(delete))
}

/// Changes what to call somebody
#[utoipa::path(
    patch, path = "/account", tag = "accounts", request_body = ChangeAccount,
    responses(
        (status = 200, body = Account, description = "As it is now."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E401, E413."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn change(
    State(server): State<Server>,
    visitor: Visitor,
    Json(form): Json<ChangeAccount>,
) -> Answer<axum::Json<Account>> {
    let account = visitor.signed_in()?;
    let mut check = Check::new();
    check.text("name", &form.name, 1, 100);
    check.done()?;
    let name = form.name.trim().to_owned();
    server.accounts.rename(&account.id, &name).await?;
    Ok(axum::Json(Account { id: account.id.clone(), name, email: account.email.clone() }))
}

/// All that is kept of an account
#[utoipa::path(
    get, path = "/account/export", tag = "accounts",
    responses(
        (status = 200, body = AccountExport, description = "To be saved as a file."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E413."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn export(State(server): State<Server>, visitor: Visitor) -> Answer<Response> {
    let account = visitor.signed_in()?;
    let export = server.accounts.export(others(&server), account, visitor.session.as_deref()).await?;
    let name = "attachment; filename=\"menagerie-account.json\"";
    Ok(([(header::CONTENT_DISPOSITION, name)], axum::Json(export)).into_response())
}

/// Deletes the account
#[utoipa::path(
    post, path = "/account/deletion", tag = "accounts", request_body = DeleteAccount,
    responses(
        (status = 204, description = "It is gone, and so are its cookies. Orders stay, without the person."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E401, E413, E415, E441."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn delete(
    State(server): State<Server>,
    peer: Peer,
    browser: Browser,
    visitor: Visitor,
    Json(form): Json<DeleteAccount>,
) -> Answer<Response> {
    let account = visitor.signed_in()?;
    server.accounts.delete(others(&server), seat(account, peer, browser), form.password).await?;
    let gone =
        [Cookie::Session, Cookie::Cart].map(|cookie| (header::SET_COOKIE, server.cookies.clear(cookie)));
    Ok((StatusCode::NO_CONTENT, AppendHeaders(gone)).into_response())
}

fn others(server: &Server) -> Others<'_> {
    Others {
        catalogue: &server.catalogue,
        carts: &server.carts,
        orders: &server.orders,
        reviews: &server.reviews,
        contact: &server.contact,
        idempotency: &server.idempotency,
    }
}

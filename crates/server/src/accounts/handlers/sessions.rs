//! The browsers that are signed in.

use crate::{
    accounts::Visitor,
    http::{extract::Path, problem::Answer},
    state::Server,
};
use axum::{extract::State, http::StatusCode};
use contract::shop::{account::SignedInBrowser, problem::Problem};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes.
pub fn routes() -> OpenApiRouter<Server> {
    OpenApiRouter::new().routes(routes!(list, end_others)).routes(routes!(end))
}

/// The browsers that are signed in
#[utoipa::path(
    get, path = "/account/sessions", tag = "accounts",
    responses(
        (status = 200, body = Vec<SignedInBrowser>, description = "The last one seen first."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E413."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn list(State(server): State<Server>, visitor: Visitor) -> Answer<axum::Json<Vec<SignedInBrowser>>> {
    let account = visitor.signed_in()?;
    Ok(axum::Json(server.accounts.sessions(&account.id, visitor.session.as_deref()).await?))
}

/// Signs out every other browser
#[utoipa::path(
    delete, path = "/account/sessions", tag = "accounts",
    responses(
        (status = 204, description = "Only this browser is signed in."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E413."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn end_others(State(server): State<Server>, visitor: Visitor) -> Answer<StatusCode> {
    let account = visitor.signed_in()?;
    server.accounts.end_other_sessions(&account.id, visitor.session.as_deref()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Signs out a browser
#[utoipa::path(
    delete, path = "/account/sessions/{id}", tag = "accounts",
    params(("id" = String, Path, description = "The session's id.")),
    responses(
        (status = 204, description = "It is signed out."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E402, E413."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn end(State(server): State<Server>, visitor: Visitor, Path(id): Path<String>) -> Answer<StatusCode> {
    server.accounts.end_session(&visitor.signed_in()?.id, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

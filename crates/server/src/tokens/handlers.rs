//! Making, listing and revoking tokens. `/api/v1/registry/tokens`

use super::{Bearer, Operator, Token};
use crate::{
    clock,
    http::{
        extract::{Json, Path},
        problem::{Answer, Failure},
        valid::Check,
    },
    state::Server,
};
use axum::{Json as JsonAnswer, extract::State, http::StatusCode};
use contract::{
    registry::token::{CreatedToken, NewToken, Token as Listed, Tokens as List},
    release::is_app_name,
    shop::problem::Problem,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes; they take an operator's token.
pub fn routes() -> OpenApiRouter<Server> {
    OpenApiRouter::new().routes(routes!(list, create)).routes(routes!(revoke))
}

/// Makes a token
///
/// Its secret is in the answer and nowhere else.
#[utoipa::path(
    post, path = "/registry/tokens", tag = "registry", request_body = NewToken, security(("token" = [])),
    responses(
        (status = 201, body = CreatedToken, description = "The token."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "It was refused."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn create(
    State(server): State<Server>,
    Operator(bearer): Operator,
    Json(wish): Json<NewToken>,
) -> Answer<(StatusCode, JsonAnswer<CreatedToken>)> {
    let mut check = Check::new();
    let named = wish.app.as_deref().is_none_or(is_app_name);
    check.expect(named, "app", "A microapp's name: small letters, digits and dashes.");
    check.text("label", &wish.label, 0, 100);
    check.expect((1..=366).contains(&wish.days), "days", "From 1 to 366.");
    check.done()?;
    let minted = server.tokens.create(wish.app, wish.label, wish.days, &bearer.who).await?;
    let created = CreatedToken { secret: minted.secret, token: listed(minted.token, &bearer) };
    Ok((StatusCode::CREATED, JsonAnswer(created)))
}

/// All tokens, without their secrets
#[utoipa::path(
    get, path = "/registry/tokens", tag = "registry", security(("token" = [])),
    responses(
        (status = 200, body = List, description = "The tokens."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "Only for operators."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn list(State(server): State<Server>, Operator(bearer): Operator) -> Answer<JsonAnswer<List>> {
    let tokens = server.tokens.list().await?;
    Ok(JsonAnswer(List { tokens: tokens.into_iter().map(|token| listed(token, &bearer)).collect() }))
}

/// Revokes a token
#[utoipa::path(
    delete, path = "/registry/tokens/{id}", tag = "registry", security(("token" = [])),
    params(("id" = String, Path, description = "Its id, as the list has it.")),
    responses(
        (status = 204, description = "It is good for nothing any more."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "There is none, or only operators may."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn revoke(
    State(server): State<Server>,
    Operator(bearer): Operator,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    match server.tokens.revoke(&id, &bearer.who).await? {
        true => Ok(StatusCode::NO_CONTENT),
        false => Err(Failure::not_found()),
    }
}

fn listed(token: Token, asking: &Bearer) -> Listed {
    Listed {
        own: token.id == asking.id,
        id: token.id,
        app: token.app,
        label: token.label,
        created_at: clock::rfc3339(token.created_at),
        created_by: token.created_by,
        expires_at: clock::rfc3339(token.expires_at),
        expired: token.expires_at <= clock::now(),
    }
}

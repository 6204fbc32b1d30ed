//! Saved addresses.

use crate::{
    accounts::Visitor,
    http::{
        extract::{Json, Path},
        problem::Answer,
        valid::Check,
    },
    orders,
    state::Server,
    terms::Terms,
};
use axum::{extract::State, http::StatusCode};
use contract::shop::{
    account::{SaveAddress, SavedAddress},
    order::Address,
    problem::Problem,
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes.
pub fn routes() -> OpenApiRouter<Server> {
    OpenApiRouter::new().routes(routes!(list, save)).routes(routes!(change, forget)).routes(routes!(prefer))
}

/// The saved addresses
#[utoipa::path(
    get, path = "/account/addresses", tag = "accounts",
    responses(
        (status = 200, body = Vec<SavedAddress>, description = "The preferred one first."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E413."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn list(State(server): State<Server>, visitor: Visitor) -> Answer<axum::Json<Vec<SavedAddress>>> {
    Ok(axum::Json(server.accounts.addresses(&visitor.signed_in()?.id).await?))
}

/// Keeps an address
#[utoipa::path(
    post, path = "/account/addresses", tag = "accounts", request_body = SaveAddress,
    responses(
        (status = 201, body = SavedAddress, description = "It is kept; the same one again is kept once."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E401, E413, E442."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn save(
    State(server): State<Server>,
    visitor: Visitor,
    Json(form): Json<SaveAddress>,
) -> Answer<(StatusCode, axum::Json<SavedAddress>)> {
    let account = visitor.signed_in()?;
    let form = checked(&server.configuration.terms, form)?;
    Ok((StatusCode::CREATED, axum::Json(server.accounts.save_address(&account.id, &form).await?)))
}

/// Changes an address
#[utoipa::path(
    put, path = "/account/addresses/{id}", tag = "accounts", request_body = SaveAddress,
    params(("id" = i64, Path, description = "The address's number.")),
    responses(
        (status = 200, body = SavedAddress, description = "It is as sent."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E401, E402, E413."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn change(
    State(server): State<Server>,
    visitor: Visitor,
    Path(id): Path<i64>,
    Json(form): Json<SaveAddress>,
) -> Answer<axum::Json<SavedAddress>> {
    let account = visitor.signed_in()?;
    let form = checked(&server.configuration.terms, form)?;
    Ok(axum::Json(server.accounts.change_address(&account.id, id, &form).await?))
}

/// Makes an address the one to begin with
///
/// Where it is stays as it is.
#[utoipa::path(
    put, path = "/account/addresses/{id}/preferred", tag = "accounts",
    params(("id" = i64, Path, description = "The address's number.")),
    responses(
        (status = 204, description = "It is the preferred one, and no other is."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E402, E413."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn prefer(State(server): State<Server>, visitor: Visitor, Path(id): Path<i64>) -> Answer<StatusCode> {
    server.accounts.prefer_address(&visitor.signed_in()?.id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes an address away
#[utoipa::path(
    delete, path = "/account/addresses/{id}", tag = "accounts",
    params(("id" = i64, Path, description = "The address's number.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E402, E413."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn forget(State(server): State<Server>, visitor: Visitor, Path(id): Path<i64>) -> Answer<StatusCode> {
    server.accounts.forget_address(&visitor.signed_in()?.id, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The address without blanks around its parts, or what is wrong with it.
fn checked(terms: &Terms, form: SaveAddress) -> Answer<SaveAddress> {
    let mut check = Check::new();
    orders::check_address(&mut check, terms, &form.address);
    check.done()?;
    let Address { name, street, extra, postcode, city, region, country } = form.address;
    let [name, street, extra, postcode, city, region] =
        [name, street, extra, postcode, city, region].map(|text| text.trim().to_owned());
    Ok(SaveAddress { address: Address { name, street, extra, postcode, city, region, country }, ..form })
}

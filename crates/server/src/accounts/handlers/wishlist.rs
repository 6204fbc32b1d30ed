//! The wishlist.

use crate::{
    accounts::Visitor,
    http::{extract::Path, problem::Answer},
    state::Server,
};
use axum::{extract::State, http::StatusCode};
use contract::shop::{account::Wishlist, problem::Problem};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes.
pub fn routes() -> OpenApiRouter<Server> {
    OpenApiRouter::new().routes(routes!(show)).routes(routes!(add, remove))
}

/// The wishlist
#[utoipa::path(
    get, path = "/account/wishlist", tag = "accounts",
    responses(
        (status = 200, body = Wishlist, description = "Products that are in the shop, the newest wish first."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E413."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn show(State(server): State<Server>, visitor: Visitor) -> Answer<axum::Json<Wishlist>> {
    let mut list = server.accounts.wishlist(&server.catalogue, &visitor.signed_in()?.id).await?;
    server.reviews.rate(&mut list.products).await?;
    Ok(axum::Json(list))
}

/// Puts a product on the wishlist
#[utoipa::path(
    put, path = "/account/wishlist/{product}", tag = "accounts",
    params(("product" = i64, Path, description = "The product's number.")),
    responses(
        (status = 204, description = "It is on the list."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E402, E413, E442."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn add(State(server): State<Server>, visitor: Visitor, Path(product): Path<i64>) -> Answer<StatusCode> {
    server.accounts.wish(&server.catalogue, &visitor.signed_in()?.id, product).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes a product off the wishlist
#[utoipa::path(
    delete, path = "/account/wishlist/{product}", tag = "accounts",
    params(("product" = i64, Path, description = "The product's number.")),
    responses(
        (status = 204, description = "It is not on the list, whether it was or not."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E402, E413."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn remove(
    State(server): State<Server>,
    visitor: Visitor,
    Path(product): Path<i64>,
) -> Answer<StatusCode> {
    server.accounts.unwish(&visitor.signed_in()?.id, product).await?;
    Ok(StatusCode::NO_CONTENT)
}

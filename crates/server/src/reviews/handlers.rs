//! The reviews' routes.

use super::{Place, ReviewError};
use crate::{
    accounts::Visitor,
    http::{
        extract::{Json, Path, Query},
        problem::{Answer, Failure},
        valid::Check,
    },
    language::t_with,
    state::Server,
};
use axum::{extract::State, http::StatusCode};
use contract::{
    code,
    shop::{
        problem::Problem,
        review::{LONGEST, Review, ReviewPage, WriteReview},
    },
};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes.
pub fn routes() -> OpenApiRouter<Server> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(write, delete))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// Only those after this place: the `next` of the page before.
    #[param(pattern = "^[0-9]{1,15}\\.[0-9]{1,15}$")]
    after: Option<String>,
}

/// Reviews of a product, the newest first, ten at a time
#[utoipa::path(
    get, path = "/catalogue/products/{id}/reviews", tag = "reviews",
    params(("id" = i64, Path, description = "The product's number."), ListQuery),
    responses(
        (status = 200, body = ReviewPage, description = "A page, and what all of them come to."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E401, E402."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn list(
    State(server): State<Server>,
    visitor: Visitor,
    Path(product): Path<i64>,
    Query(query): Query<ListQuery>,
) -> Answer<axum::Json<ReviewPage>> {
    let after = match &query.after {
        Some(text) => Some(Place::parse(text).ok_or_else(|| {
            Failure::new(StatusCode::UNPROCESSABLE_ENTITY, code::INPUT_INVALID)
                .field("after", "The `next` of the page before.")
        })?),
        None => None,
    };
    let reader = visitor.account.as_ref();
    Ok(axum::Json(server.reviews.page(&server.accounts, reader, product, after).await?))
}

/// Writes one's review of a product, in place of the one before
#[utoipa::path(
    put, path = "/catalogue/products/{id}/reviews/mine", tag = "reviews", request_body = WriteReview,
    params(("id" = i64, Path, description = "The product's number.")),
    responses(
        (status = 200, body = Review, description = "As it stands now. One that the shop hides stays hidden."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E401, E402, E413, E415, E443."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn write(
    State(server): State<Server>,
    visitor: Visitor,
    Path(product): Path<i64>,
    Json(form): Json<WriteReview>,
) -> Answer<axum::Json<Review>> {
    let writer = visitor.signed_in()?;
    let mut check = Check::new();
    check.expect((1..=5).contains(&form.stars), "stars", "From 1 to 5 stars.");
    check.text("text", &form.text, 0, LONGEST);
    check.done()?;
    Ok(axum::Json(server.reviews.write(writer, product, &form).await?))
}

/// Deletes one's review of a product
#[utoipa::path(
    delete, path = "/catalogue/products/{id}/reviews/mine", tag = "reviews",
    params(("id" = i64, Path, description = "The product's number.")),
    responses(
        (status = 204, description = "It is gone, whether it was there or not."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E402, E413."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn delete(
    State(server): State<Server>,
    visitor: Visitor,
    Path(product): Path<i64>,
) -> Answer<StatusCode> {
    server.reviews.delete(visitor.signed_in()?, product).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl From<ReviewError> for Failure {
    fn from(error: ReviewError) -> Self {
        match error {
            ReviewError::Unknown => Self::not_found(),
            ReviewError::NotBought => Self::new(StatusCode::FORBIDDEN, code::REVIEW_NOT_BOUGHT),
            ReviewError::TooMany(wait) => Self::too_many(wait, |n| {
                t_with("Too many reviews at once. Wait {n} seconds, then try again.", &[("n", n)])
            }),
            ReviewError::Orders(error) => error.into(),
            ReviewError::Database(error) => error.into(),
        }
    }
}

//! The cart's routes.

use super::{CartError, Change, GUEST_SECONDS};
use crate::{
    accounts::Visitor,
    http::{
        cookies::Cookie,
        extract::{IdempotencyKey, Json, Path},
        problem::{Answer, Failure},
    },
    language::t_with,
    state::Server,
};
use axum::{
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use contract::{
    code,
    shop::{
        cart::{AddItem, Cart, SetCoupon, SetQuantity},
        problem::Problem,
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The cart's routes.
pub fn routes() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(look))
        .routes(routes!(add))
        .routes(routes!(set))
        .routes(routes!(put_coupon, remove_coupon))
}

/// The cart
#[utoipa::path(
    get, path = "/cart", tag = "cart",
    responses(
        (status = 200, body = Cart, description = "The cart; an empty one where there is none yet."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn look(State(server): State<Server>, visitor: Visitor) -> Answer<axum::Json<Cart>> {
    Ok(axum::Json(server.carts.look(visitor.owner().as_ref()).await?))
}

/// Puts a variant into the cart, once per key where there is one
#[utoipa::path(
    post, path = "/cart/items", tag = "cart", request_body = AddItem,
    params(("Idempotency-Key" = Option<String>, Header, description = "Random.", min_length = 1, max_length = 255)),
    responses(
        (status = 200, body = Cart, description = "The cart as it is now. A new guest gets a cookie."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "Nothing changed: E401, E402, E403, E409, E410, E415 after many changes."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn add(
    State(server): State<Server>,
    visitor: Visitor,
    key: Option<IdempotencyKey>,
    Json(item): Json<AddItem>,
) -> Answer<Response> {
    check_quantity(1, item.quantity)?;
    let change = Change::Add { variant: item.variant_id, quantity: item.quantity };
    apply(&server, &visitor, change, key).await
}

/// Sets how many of a variant are in the cart; 0 takes it out
#[utoipa::path(
    put, path = "/cart/items/{variant_id}", tag = "cart", request_body = SetQuantity,
    params(("variant_id" = i64, Path, description = "The variant.")),
    responses(
        (status = 200, body = Cart, description = "The cart. A new guest gets a cookie."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "Nothing changed: E401, E402, E403, E415 after many changes."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn set(
    State(server): State<Server>,
    visitor: Visitor,
    Path(variant): Path<i64>,
    Json(wanted): Json<SetQuantity>,
) -> Answer<Response> {
    check_quantity(0, wanted.quantity)?;
    apply(&server, &visitor, Change::Set { variant, quantity: wanted.quantity }, None).await
}

/// Sets the coupon
#[utoipa::path(
    put, path = "/cart/coupon", tag = "cart", request_body = SetCoupon,
    responses(
        (status = 200, body = Cart, description = "The cart."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "Nothing changed: E401, E406, E415 after many changes or codes that there are not."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn put_coupon(
    State(server): State<Server>,
    visitor: Visitor,
    Json(coupon): Json<SetCoupon>,
) -> Answer<Response> {
    apply(&server, &visitor, Change::PutCoupon(coupon.code), None).await
}

/// Takes the coupon off
#[utoipa::path(
    delete, path = "/cart/coupon", tag = "cart",
    responses(
        (status = 200, body = Cart, description = "The cart."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "It was refused."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn remove_coupon(State(server): State<Server>, visitor: Visitor) -> Answer<Response> {
    apply(&server, &visitor, Change::RemoveCoupon, None).await
}

fn check_quantity(least: i64, quantity: i64) -> Answer<()> {
    if (least..=999).contains(&quantity) {
        return Ok(());
    }
    Err(Failure::new(StatusCode::UNPROCESSABLE_ENTITY, code::INPUT_INVALID)
        .field("quantity", t_with("From {n} to 999.", &[("n", &least.to_string())])))
}

/// Changes the visitor's cart, once per key where there is one, and answers it, with the cookie that a new one needs.
pub async fn apply(
    server: &Server,
    visitor: &Visitor,
    change: Change,
    key: Option<IdempotencyKey>,
) -> Answer<Response> {
    let key = key.map(|IdempotencyKey(key)| key);
    let changed = server.carts.change(visitor.owner().as_ref(), visitor.peer, change, key).await?;
    let mut response = axum::Json(changed.cart).into_response();
    // A guest's cookie lives as long as the cart: from the last change on.
    let guest =
        if visitor.account.is_none() { changed.new_guest.as_ref().or(visitor.cart.as_ref()) } else { None };
    if let Some(token) = guest {
        let cookie = server.cookies.set(Cookie::Cart, token, GUEST_SECONDS);
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

impl From<CartError> for Failure {
    fn from(error: CartError) -> Self {
        let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
        let (status, code) = match error {
            CartError::Database(error) => return error.into(),
            CartError::NoRandomness(error) => return error.into(),
            CartError::Intent(error) => return error.into(),
            CartError::NoVariant => (StatusCode::NOT_FOUND, code::NOT_FOUND),
            CartError::OutOfStock { .. } => (StatusCode::CONFLICT, code::OUT_OF_STOCK),
            CartError::Guests(refused) => {
                let said = |n: &str| {
                    t_with("Too many new carts at once. Wait {n} seconds, then try again.", &[("n", n)])
                };
                return Self::too_many(refused.retry_after, said);
            }
            CartError::Changes(refused) => {
                let said = |n: &str| {
                    t_with("Too many changes at once. Wait {n} seconds, then try again.", &[("n", n)])
                };
                return Self::too_many(refused.retry_after, said);
            }
            CartError::Codes(refused) => {
                let said = |n: &str| {
                    t_with("Too many codes were tried. Wait {n} seconds, then try again.", &[("n", n)])
                };
                return Self::too_many(refused.retry_after, said);
            }
            CartError::TooMany | CartError::Full => (unprocessable, code::INPUT_INVALID),
            CartError::Coupon(_) => (unprocessable, code::COUPON_INVALID),
        };
        Self::new(status, code).titled(error)
    }
}

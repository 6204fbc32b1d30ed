//! Checkout and orders.

use super::{OrderError, delivery, payment};
use crate::{
    accounts::Visitor,
    http::{
        extract::{IdempotencyKey, Json, Path},
        problem::{Answer, Failure},
        valid::Check,
    },
    idempotency::{Intent, Once},
    secret,
    state::Server,
};
use axum::{extract::State, http::StatusCode};
use contract::{
    code,
    shop::{
        cart::Totals,
        order::{CheckoutOptions, Order, PayOrder, Payment, PaymentMethod, PlaceOrder, QuoteRequest},
        problem::Problem,
    },
};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes.
pub fn routes() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(options))
        .routes(routes!(quote))
        .routes(routes!(list, place))
        .routes(routes!(find))
        .routes(routes!(pay))
}

/// What can be chosen at checkout
#[utoipa::path(
    get, path = "/checkout/options", tag = "orders",
    responses(
        (status = 200, body = CheckoutOptions, description = "Deliveries at their price for the cart as it is."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn options(State(server): State<Server>, visitor: Visitor) -> Answer<axum::Json<CheckoutOptions>> {
    let payment =
        |method, name: &str, hint: &str| Payment { method, name: name.to_owned(), hint: hint.to_owned() };
    Ok(axum::Json(CheckoutOptions {
        countries: delivery::countries(),
        deliveries: server.orders.deliveries(visitor.owner().as_ref()).await?,
        payments: vec![
            payment(
                PaymentMethod::OnDelivery,
                "Pay on delivery",
                "In cash or by card, to whoever brings the parcel.",
            ),
            payment(
                PaymentMethod::TestCard,
                "Test card",
                "For trying the shop out: no money moves. 4242 4242 4242 4242 is approved, 4000 0000 0000 0002 declined.",
            ),
        ],
    }))
}

/// What the cart would cost, delivered
#[utoipa::path(
    post, path = "/checkout/quote", tag = "orders", request_body = QuoteRequest,
    responses(
        (status = 200, body = Totals, description = "With delivery. Nothing is changed."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E401, E404."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn quote(
    State(server): State<Server>,
    visitor: Visitor,
    Json(form): Json<QuoteRequest>,
) -> Answer<axum::Json<Totals>> {
    let mut check = Check::new();
    check.expect(delivery::is_served(&form.country), "country", "We do not deliver there.");
    check.done()?;
    Ok(axum::Json(server.orders.quote(visitor.owner().as_ref(), &form.delivery).await?))
}

/// Orders the cart, once per key
#[utoipa::path(
    post, path = "/orders", tag = "orders", request_body = PlaceOrder,
    params(("Idempotency-Key" = String, Header, description = "Random.", min_length = 1, max_length = 255)),
    responses(
        (status = 201, body = Order, description = "The order. `Idempotent-Replayed: true` where it was placed before."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "Nothing was ordered: E401, E403, E404, E405, E406, E409, E410."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed; try again with the same key."),
    ),
)]
async fn place(
    State(server): State<Server>,
    visitor: Visitor,
    IdempotencyKey(key): IdempotencyKey,
    Json(form): Json<PlaceOrder>,
) -> Answer<Once> {
    check_order(&form)?;
    let owner = visitor.owner().ok_or(OrderError::Empty)?;
    let intent = Intent::new(visitor.scope(), key, "place order", &form).map_err(Failure::internal)?;
    Ok(server.orders.place(&owner, &intent, &form).await?)
}

fn check_order(form: &PlaceOrder) -> Answer<()> {
    let address = &form.address;
    let mut check = Check::new();
    check.email("email", &form.email);
    check.text("address.name", &address.name, 1, 100);
    check.text("address.street", &address.street, 1, 200);
    check.text("address.extra", &address.extra, 0, 200);
    check.text("address.postcode", &address.postcode, 1, 20);
    check.text("address.city", &address.city, 1, 100);
    check.expect(delivery::is_served(&address.country), "address.country", "We do not deliver there.");
    check.expect(
        delivery::Way::find(&form.delivery).is_some(),
        "delivery",
        "There is no such way of delivery.",
    );
    check.done()
}

/// The newest orders of whoever is signed in
#[utoipa::path(
    get, path = "/orders", tag = "orders",
    responses(
        (status = 200, body = Vec<Order>, description = "At most 100, the newest first."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E413."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn list(State(server): State<Server>, visitor: Visitor) -> Answer<axum::Json<Vec<Order>>> {
    Ok(axum::Json(server.orders.of_account(&visitor.signed_in()?.id).await?))
}

/// An order, for whoever has its key
#[utoipa::path(
    get, path = "/orders/{key}", tag = "orders", params(("key" = String, Path, description = "The order's key.")),
    responses(
        (status = 200, body = Order, description = "The order."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E402."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn find(State(server): State<Server>, Path(key): Path<String>) -> Answer<axum::Json<Order>> {
    Ok(axum::Json(server.orders.find(&key).await?))
}

/// Pays a pending order with the test card, once per key
#[utoipa::path(
    post, path = "/orders/{key}/payment", tag = "orders", request_body = PayOrder,
    params(
        ("key" = String, Path, description = "The order's key."),
        ("Idempotency-Key" = String, Header, description = "Random.", min_length = 1, max_length = 255),
    ),
    responses(
        (status = 200, body = Order, description = "The order, paid."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "Nothing was paid: E401, E402, E407, E408, E409, E410."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed; try again with the same key."),
    ),
)]
async fn pay(
    State(server): State<Server>,
    Path(key): Path<String>,
    IdempotencyKey(idempotency_key): IdempotencyKey,
    Json(form): Json<PayOrder>,
) -> Answer<Once> {
    let verdict = payment::ask(&form.card_number).ok_or_else(|| {
        Failure::new(StatusCode::UNPROCESSABLE_ENTITY, code::INPUT_INVALID)
            .field("card_number", "Not a test card: use 4242 4242 4242 4242. Never type a real one.")
    })?;
    // The verdict, not the number: a card number goes into no database, not even hashed.
    let scope = format!("order:{}", secret::hash(&key));
    let intent = Intent::new(scope, idempotency_key, "pay order", &verdict).map_err(Failure::internal)?;
    Ok(server.orders.pay(&key, &intent, verdict).await?)
}

impl From<OrderError> for Failure {
    fn from(error: OrderError) -> Self {
        let (status, code) = match error {
            OrderError::Cart(error) => return error.into(),
            OrderError::Intent(error) => return error.into(),
            OrderError::Database(error) => return error.into(),
            OrderError::NoRandomness(error) => return error.into(),
            OrderError::Damaged(_) => return Self::internal(error),
            OrderError::NoDelivery => {
                return Self::new(StatusCode::UNPROCESSABLE_ENTITY, code::INPUT_INVALID)
                    .field("delivery", error);
            }
            OrderError::Empty => (StatusCode::CONFLICT, code::CART_EMPTY),
            OrderError::Changed { .. } => (StatusCode::CONFLICT, code::CART_CHANGED),
            OrderError::OutOfStock { .. } => (StatusCode::CONFLICT, code::OUT_OF_STOCK),
            OrderError::CouponGone => (StatusCode::CONFLICT, code::COUPON_INVALID),
            OrderError::Unknown => (StatusCode::NOT_FOUND, code::NOT_FOUND),
            OrderError::NotPending(_) => (StatusCode::CONFLICT, code::ORDER_STATE),
            OrderError::Declined => (StatusCode::PAYMENT_REQUIRED, code::PAYMENT_DECLINED),
        };
        Self::new(status, code).titled(error)
    }
}

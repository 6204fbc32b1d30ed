//! Checkout and orders.

use super::{OrderError, payment, payment::PaymentError};
use crate::{
    accounts::Visitor,
    cart::{self, Change},
    clock,
    http::{
        extract::{Bytes, IdempotencyKey, Json, Path, Query},
        peer::Peer,
        problem::{Answer, Failure},
        valid::Check,
    },
    idempotency::{Intent, Once},
    language::{Language, t, t_with},
    secret,
    state::Server,
    terms::Terms,
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use contract::{
    code,
    shop::{
        address_form::{AddressForm, Part},
        cart::{Cart, Totals},
        order::{Address, CheckoutOptions, Country, Order, PayOrder, PlaceOrder, QuoteRequest},
        problem::Problem,
    },
};
use serde::Deserialize;
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes.
pub fn routes() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(options))
        .routes(routes!(quote))
        .routes(routes!(list, place))
        .routes(routes!(find))
        .routes(routes!(pay))
        .routes(routes!(cancel))
        .routes(routes!(reorder))
}

const NOT_THERE: &str = "We do not deliver there.";

fn check_country(terms: &Terms, field: &str, country: &str) -> Answer<()> {
    let mut check = Check::new();
    check.expect(terms.countries.has(country), field, NOT_THERE);
    check.done()
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct OptionsQuery {
    /// Where to, ISO 3166-1 alpha-2; without it, deliveries to anywhere.
    #[param(pattern = "^([A-Z]{2})?$")]
    country: Option<String>,
}

/// What can be chosen at checkout
#[utoipa::path(
    get, path = "/checkout/options", tag = "orders", params(OptionsQuery),
    responses(
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E401."),
        (status = 200, body = CheckoutOptions, description = "Deliveries at their price for the cart as it is."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn options(
    State(server): State<Server>,
    visitor: Visitor,
    Query(query): Query<OptionsQuery>,
) -> Answer<axum::Json<CheckoutOptions>> {
    let terms = &server.configuration.terms;
    if let Some(country) = &query.country {
        check_country(terms, "country", country)?;
    }
    Ok(axum::Json(CheckoutOptions {
        countries: spoken(terms.countries.wire()),
        deliveries: server.orders.deliveries(visitor.owner().as_ref(), query.country.as_deref()).await?,
        payments: server.orders.payments().wire(),
    }))
}

/// Countries in the language of the request, and in its order.
fn spoken(mut countries: Vec<Country>) -> Vec<Country> {
    for country in &mut countries {
        country.name = t(&country.name);
    }
    // Letters with marks among their plain sisters: Österreich before Polen.
    countries.sort_by_cached_key(|country| {
        country.name.nfd().filter(|c| !is_combining_mark(*c)).collect::<String>()
    });
    countries
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
    check_country(&server.configuration.terms, "country", &form.country)?;
    let totals = server.orders.quote(visitor.owner().as_ref(), &form.delivery, &form.country).await?;
    Ok(axum::Json(totals))
}

/// Orders the cart, once per key
#[utoipa::path(
    post, path = "/orders", tag = "orders", request_body = PlaceOrder,
    params(("Idempotency-Key" = String, Header, description = "Random.", min_length = 1, max_length = 255)),
    responses(
        (status = 201, body = Order, description = "The order. `Idempotent-Replayed: true` where it was placed before."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "Nothing was ordered: E401, E403, E404, E405, E406, E409, E410, E415."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed; try again with the same key."),
    ),
)]
async fn place(
    State(server): State<Server>,
    visitor: Visitor,
    peer: Peer,
    IdempotencyKey(key): IdempotencyKey,
    headers: HeaderMap,
    Json(form): Json<PlaceOrder>,
) -> Answer<Once> {
    check_order(&server.configuration.terms, &form)?;
    let owner = visitor.owner().ok_or(OrderError::Empty)?;
    let intent = Intent::new(visitor.scope(), key, "place order", &form).map_err(Failure::internal)?;
    let language = Language::of(&headers);
    Ok(server.orders.place(&owner, &intent, &form, language, peer.subscriber()).await?)
}

fn check_order(terms: &Terms, form: &PlaceOrder) -> Answer<()> {
    let mut check = Check::new();
    check.email("email", &form.email);
    check_address(&mut check, terms, &form.address);
    check.expect(terms.way(&form.delivery).is_some(), "delivery", "There is no such way of delivery.");
    check.done()
}

/// Says what is wrong with the fields of `address`.
pub fn check_address(check: &mut Check, terms: &Terms, address: &Address) {
    check.text("address.name", &address.name, 1, 100);
    check.text("address.street", &address.street, 1, 200);
    check.text("address.extra", &address.extra, 0, 200);
    let form = AddressForm::of(&address.country);
    check.text("address.postcode", &address.postcode, usize::from(form.needs(Part::Postcode)), 20);
    if !form.fits(&address.postcode) {
        check.wrong("address.postcode", t_with(form.wish, &[("example", form.example())]));
    }
    check.text("address.city", &address.city, 1, 100);
    // Needed by forms only: pages from before it was asked for can still order, and a ZIP code names the state.
    check.text("address.region", &address.region, 0, 100);
    check.expect(terms.countries.has(&address.country), "address.country", NOT_THERE);
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

/// Pays a pending order, once per key
///
/// The answer is the order: paid, or with the address where the shopper goes on.
#[utoipa::path(
    post, path = "/orders/{key}/payment", tag = "orders", request_body = PayOrder,
    params(
        ("key" = String, Path, description = "The order's key."),
        ("Idempotency-Key" = String, Header, description = "Random.", min_length = 1, max_length = 255),
    ),
    responses(
        (status = 200, body = Order, description = "The order, paid or with `pay_at`."),
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
    let mut check = Check::new();
    check.text("card_number", &form.card_number, 0, 40);
    check.done()?;
    // Digits alone, so that the same card written in another way is the same intent; and hashed with the order's key,
    // so that what is kept tells nobody a number.
    let digits: String = form.card_number.chars().filter(char::is_ascii_digit).collect();
    let scope = super::payment_scope(&key);
    let asked = secret::hash(format!("{key} {digits}"));
    let intent = Intent::new(scope, idempotency_key, "pay order", &asked).map_err(Failure::internal)?;
    Ok(server.orders.pay(&key, &intent, &digits).await?)
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct CancellationQuery {
    /// Only if it waits for its payment: any other is left as it is, and answered with E408.
    #[serde(default)]
    unpaid: bool,
}

/// Cancels an order that is not sent yet
///
/// Stock and coupon come back, and the money where there was some. Again changes nothing.
#[utoipa::path(
    post, path = "/orders/{key}/cancellation", tag = "orders",
    params(("key" = String, Path, description = "The order's key."), CancellationQuery),
    responses(
        (status = 200, body = Order, description = "The order, cancelled."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E402, E408."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed; try again."),
    ),
)]
async fn cancel(
    State(server): State<Server>,
    Path(key): Path<String>,
    Query(CancellationQuery { unpaid }): Query<CancellationQuery>,
) -> Answer<axum::Json<Order>> {
    Ok(axum::Json(server.orders.cancel(&key, unpaid).await?))
}

/// Puts what was ordered into the cart again, as far as it can be had; once per idempotency key where there is one
#[utoipa::path(
    post, path = "/orders/{key}/reorder", tag = "orders",
    params(
        ("key" = String, Path, description = "The order's key."),
        ("Idempotency-Key" = Option<String>, Header, description = "Random.", min_length = 1, max_length = 255),
    ),
    responses(
        (status = 200, body = Cart, description = "The cart as it is now; `notices` say what became of the lines."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E402, E409, E410, E415."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn reorder(
    State(server): State<Server>,
    visitor: Visitor,
    Path(key): Path<String>,
    idempotency_key: Option<IdempotencyKey>,
) -> Answer<Response> {
    let bought = server.orders.bought(&key).await?;
    cart::apply(&server, &visitor, Change::Refill(bought), idempotency_key).await
}

/// What Stripe tells: signed, and without a cookie.
pub fn webhook_routes() -> OpenApiRouter<Server> {
    OpenApiRouter::new().routes(routes!(stripe))
}

/// Takes an event of Stripe
///
/// On when Stripe is configured. Twice, late or early changes nothing.
#[utoipa::path(
    post, path = "/payments/stripe", tag = "orders",
    request_body(content = String, content_type = "application/json"),
    params(("Stripe-Signature" = String, Header, description = "`t=…,v1=…`")),
    responses(
        (status = 204, description = "Taken."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "It is not Stripe's, or is about nothing here: E401, E402."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed; Stripe tries again."),
    ),
)]
async fn stripe(State(server): State<Server>, headers: HeaderMap, Bytes(body): Bytes) -> Answer<StatusCode> {
    let configuration = &server.configuration;
    let (Some(stripe), Some(origin)) = (&configuration.stripe, &configuration.origin) else {
        return Err(Failure::not_found());
    };
    let signature = headers.get(payment::SIGNATURE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let told = payment::read_webhook(&body, signature, &stripe.webhook_secret, origin, clock::now());
    let told =
        told.map_err(|error| Failure::new(StatusCode::BAD_REQUEST, code::INPUT_INVALID).titled(error))?;
    server.orders.told(told).await?;
    Ok(StatusCode::NO_CONTENT)
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
            OrderError::CouponGone | OrderError::NotTheFirst => (StatusCode::CONFLICT, code::COUPON_INVALID),
            OrderError::Unknown => (StatusCode::NOT_FOUND, code::NOT_FOUND),
            OrderError::NotPending(_)
            | OrderError::NotCancellable(_)
            | OrderError::NotShippable(_)
            | OrderError::NotRefundable(_) => (StatusCode::CONFLICT, code::ORDER_STATE),
            OrderError::TooMany(wait) => {
                return Self::too_many(wait, |n| {
                    t_with("Too many orders at once. Wait {n} seconds, then try again.", &[("n", n)])
                });
            }
            OrderError::NoPayment => {
                return Self::new(StatusCode::UNPROCESSABLE_ENTITY, code::INPUT_INVALID)
                    .field("payment", error);
            }
            OrderError::Payment(error) => return error.into(),
        };
        Self::new(status, code).titled(error)
    }
}

impl From<PaymentError> for Failure {
    fn from(error: PaymentError) -> Self {
        match error {
            PaymentError::NoRandomness(error) => error.into(),
            PaymentError::Declined | PaymentError::TooLittle => {
                Self::new(StatusCode::PAYMENT_REQUIRED, code::PAYMENT_DECLINED).titled(error)
            }
            PaymentError::NotACard => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, code::INPUT_INVALID).field("card_number", error)
            }
            PaymentError::Unanswered { .. } => {
                let title = error.to_string();
                Self::new(StatusCode::BAD_GATEWAY, code::PAYMENT_UNANSWERED).titled(title).because(error)
            }
        }
    }
}

//! The operators' routes. A bearer token says who asks; cookies are not looked at.

use super::OperatorError;
use crate::{
    catalogue::StockWish,
    http::{
        extract::{Json, Path, Query},
        problem::{Answer, Failure},
        valid::Check,
    },
    orders::{self, Wish},
    state::Server,
    tokens::Operator,
};
use axum::{extract::State, http::StatusCode};
use contract::{
    code,
    shop::{
        operator::{AuditEntry, MarkMessage, Message, MoveOrder, OrderFile, SetStock, StockItem},
        order::{Order, OrderStatus},
        problem::Problem,
        review::{HideReview, Review},
    },
};
use serde::Deserialize;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes.
pub fn routes() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .routes(routes!(list_orders))
        .routes(routes!(show_order))
        .routes(routes!(refund_order))
        .routes(routes!(move_order))
        .routes(routes!(list_stock))
        .routes(routes!(show_stock, set_stock))
        .routes(routes!(list_messages))
        .routes(routes!(mark_message))
        .routes(routes!(hide_review))
        .routes(routes!(audit))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct OrdersQuery {
    /// Only those that stand so.
    #[param(inline)]
    status: Option<OrderStatus>,
    /// Only those before this number: `M-10042`; empty counts as none.
    #[param(pattern = "^(M-[0-9]{1,15})?$")]
    before: Option<String>,
    /// A number, or a part of an e-mail address or a name.
    #[serde(default)]
    #[param(max_length = 200)]
    q: String,
    /// At most so many.
    #[param(minimum = 1, maximum = 100, default = 100)]
    limit: Option<i64>,
}

/// How many of a list are sent at once, at most.
const MOST: i64 = 100;

/// Checks what lists are asked for by.
fn listed(limit: Option<i64>, words: &str) -> Answer<i64> {
    let limit = limit.unwrap_or(MOST);
    let mut check = Check::new();
    check.expect((1..=MOST).contains(&limit), "limit", "From 1 to 100.");
    check.expect(words.chars().count() <= 200, "q", "At most 200 characters.");
    check.done()?;
    Ok(limit)
}

/// Orders, the newest first
#[utoipa::path(
    get, path = "/operator/orders", tag = "operators", params(OrdersQuery), security(("token" = [])),
    responses(
        (status = 200, body = Vec<Order>, description = "The orders."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E401, E522."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn list_orders(
    State(server): State<Server>,
    _: Operator,
    Query(query): Query<OrdersQuery>,
) -> Answer<axum::Json<Vec<Order>>> {
    let before = match &query.before {
        Some(number) => Some(orders::id(number).ok_or_else(|| {
            Failure::new(StatusCode::UNPROCESSABLE_ENTITY, code::INPUT_INVALID)
                .field("before", "Such as M-10042.")
        })?),
        None => None,
    };
    let limit = listed(query.limit, &query.q)?;
    let wish = Wish { status: query.status, before, words: query.q, limit };
    Ok(axum::Json(server.orders.list(&wish).await?))
}

/// An order with its payment and what operators did with it
#[utoipa::path(
    get, path = "/operator/orders/{number}", tag = "operators",
    params(("number" = String, Path, description = "`M-10042`")), security(("token" = [])),
    responses(
        (status = 200, body = OrderFile, description = "The order."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E402, E522."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn show_order(
    State(server): State<Server>,
    _: Operator,
    Path(number): Path<String>,
) -> Answer<axum::Json<OrderFile>> {
    Ok(axum::Json(server.operators.order(&number).await?))
}

/// Gives the money of an order that was sent back, once; the order stays sent
#[utoipa::path(
    post, path = "/operator/orders/{number}/refund", tag = "operators",
    params(("number" = String, Path, description = "`M-10042`")), security(("token" = [])),
    responses(
        (status = 200, body = OrderFile, description = "The order as it stands now."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E402, E408, E522."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn refund_order(
    State(server): State<Server>,
    operator: Operator,
    Path(number): Path<String>,
) -> Answer<axum::Json<OrderFile>> {
    Ok(axum::Json(server.operators.refund(&operator.0.who, &number).await?))
}

/// Sends an order off, or cancels it
#[utoipa::path(
    put, path = "/operator/orders/{number}/status", tag = "operators", request_body = MoveOrder,
    params(("number" = String, Path, description = "`M-10042`")), security(("token" = [])),
    responses(
        (status = 200, body = Order, description = "The order as it stands now."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E401, E402, E408, E522."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn move_order(
    State(server): State<Server>,
    operator: Operator,
    Path(number): Path<String>,
    Json(form): Json<MoveOrder>,
) -> Answer<axum::Json<Order>> {
    let mut check = Check::new();
    let is_goal = matches!(form.status, OrderStatus::Shipped | OrderStatus::Cancelled);
    check.expect(is_goal, "status", "shipped or cancelled.");
    check.done()?;
    Ok(axum::Json(server.operators.move_order(&operator.0.who, &number, form.status).await?))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct StockQuery {
    /// Only those of which so many or fewer are left.
    #[param(minimum = 0)]
    at_most: Option<i64>,
    /// Only variants after this one.
    after: Option<i64>,
    /// A part of the SKU or of the product's name.
    #[serde(default)]
    #[param(max_length = 200)]
    q: String,
    /// At most so many.
    #[param(minimum = 1, maximum = 100, default = 100)]
    limit: Option<i64>,
}

/// Stock, by variant
#[utoipa::path(
    get, path = "/operator/stock", tag = "operators", params(StockQuery), security(("token" = [])),
    responses(
        (status = 200, body = Vec<StockItem>, description = "Variants that are in the shop."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E401, E522."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn list_stock(
    State(server): State<Server>,
    _: Operator,
    Query(query): Query<StockQuery>,
) -> Answer<axum::Json<Vec<StockItem>>> {
    let limit = listed(query.limit, &query.q)?;
    let mut check = Check::new();
    check.expect(query.at_most.unwrap_or(0) >= 0, "at_most", "From 0.");
    check.done()?;
    let (at_most, after) = (query.at_most.unwrap_or(i64::MAX), query.after.unwrap_or(0));
    let wish = StockWish { at_most, after, words: query.q, limit };
    Ok(axum::Json(server.catalogue.stock(&wish).await?))
}

/// The stock of a variant
#[utoipa::path(
    get, path = "/operator/stock/{variant_id}", tag = "operators",
    params(("variant_id" = i64, Path, description = "The variant.")), security(("token" = [])),
    responses(
        (status = 200, body = StockItem, description = "The stock as it is now."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E402, E522."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn show_stock(
    State(server): State<Server>,
    _: Operator,
    Path(variant): Path<i64>,
) -> Answer<axum::Json<StockItem>> {
    Ok(axum::Json(server.operators.stock(variant).await?))
}

/// Sets the stock of a variant
#[utoipa::path(
    put, path = "/operator/stock/{variant_id}", tag = "operators", request_body = SetStock,
    params(("variant_id" = i64, Path, description = "The variant.")), security(("token" = [])),
    responses(
        (status = 200, body = StockItem, description = "The stock as it is now."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E401, E402, E421, E522."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn set_stock(
    State(server): State<Server>,
    operator: Operator,
    Path(variant): Path<i64>,
    Json(form): Json<SetStock>,
) -> Answer<axum::Json<StockItem>> {
    let mut check = Check::new();
    check.expect((0..=1_000_000_000).contains(&form.stock), "stock", "From 0 to 1,000,000,000.");
    check.done()?;
    let who = &operator.0.who;
    Ok(axum::Json(server.operators.set_stock(who, variant, form.expected, form.stock).await?))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct MessagesQuery {
    /// Only those that are not answered.
    #[serde(default)]
    open: bool,
    /// Only the one of this reference: `C-7F3K2Q`.
    #[serde(default)]
    #[param(max_length = 200)]
    q: String,
    /// Only those before this one: `C-7F3K2Q`.
    before: Option<String>,
    /// At most so many.
    #[param(minimum = 1, maximum = 100, default = 100)]
    limit: Option<i64>,
}

/// Messages of the contact form, the newest first
#[utoipa::path(
    get, path = "/operator/messages", tag = "operators", params(MessagesQuery), security(("token" = [])),
    responses(
        (status = 200, body = Vec<Message>, description = "The messages."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E401, E402, E522."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn list_messages(
    State(server): State<Server>,
    _: Operator,
    Query(query): Query<MessagesQuery>,
) -> Answer<axum::Json<Vec<Message>>> {
    let limit = listed(query.limit, &query.q)?;
    let messages = server.contact.list(query.open, &query.q, query.before.as_deref(), limit).await?;
    Ok(axum::Json(messages.ok_or_else(Failure::not_found)?))
}

/// Marks a message as answered, or as open again
#[utoipa::path(
    put, path = "/operator/messages/{reference}", tag = "operators", request_body = MarkMessage,
    params(("reference" = String, Path, description = "`C-7F3K2Q`")), security(("token" = [])),
    responses(
        (status = 200, body = Message, description = "The message."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E401, E402, E522."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn mark_message(
    State(server): State<Server>,
    operator: Operator,
    Path(reference): Path<String>,
    Json(form): Json<MarkMessage>,
) -> Answer<axum::Json<Message>> {
    Ok(axum::Json(server.operators.mark_message(&operator.0.who, &reference, form.answered).await?))
}

/// Hides a review from everybody but its writer, or shows it again
#[utoipa::path(
    put, path = "/operator/reviews/{id}", tag = "operators", request_body = HideReview,
    params(("id" = i64, Path, description = "The review's number, as lists of reviews have it.")),
    security(("token" = [])),
    responses(
        (status = 200, body = Review, description = "The review, without its writer's name."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E401, E402, E522."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn hide_review(
    State(server): State<Server>,
    operator: Operator,
    Path(id): Path<i64>,
    Json(form): Json<HideReview>,
) -> Answer<axum::Json<Review>> {
    Ok(axum::Json(server.operators.hide_review(&operator.0.who, id, form.hidden).await?))
}

#[derive(Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
struct AuditQuery {
    /// Only entries before this one.
    before: Option<i64>,
    /// At most so many.
    #[param(minimum = 1, maximum = 100, default = 100)]
    limit: Option<i64>,
}

/// Who changed what, the newest first
#[utoipa::path(
    get, path = "/operator/audit", tag = "operators", params(AuditQuery), security(("token" = [])),
    responses(
        (status = 200, body = Vec<AuditEntry>, description = "The entries."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "E401, E522."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed."),
    ),
)]
async fn audit(
    State(server): State<Server>,
    _: Operator,
    Query(query): Query<AuditQuery>,
) -> Answer<axum::Json<Vec<AuditEntry>>> {
    Ok(axum::Json(server.operators.audit(query.before, listed(query.limit, "")?).await?))
}

impl From<OperatorError> for Failure {
    fn from(error: OperatorError) -> Self {
        match error {
            OperatorError::Order(error) => error.into(),
            OperatorError::Database(error) => error.into(),
            OperatorError::Unknown => Self::not_found(),
            OperatorError::Changed { .. } => {
                Self::new(StatusCode::CONFLICT, code::STOCK_CHANGED).titled(error)
            }
        }
    }
}

//! All routes, and what lies around them.

use crate::{
    accounts, bot, cart, catalogue, contact, document as api, health,
    http::{
        cross_site, headers,
        problem::{self, Answer, Failure},
        request,
    },
    language, operators, orders, releases, reviews,
    state::Server,
    tokens,
};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    http::{Extensions, HeaderMap, HeaderValue, Method, StatusCode, Version, header},
    middleware::{from_fn, from_fn_with_state},
    response::{IntoResponse as _, Response},
    routing::get,
};
use contract::code;
use std::time::Duration;
use tower::ServiceBuilder;
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer,
        predicate::{DefaultPredicate, Predicate as _},
    },
    cors::{Any, CorsLayer},
};
use utoipa::openapi::OpenApi as Document;
use utoipa_axum::router::OpenApiRouter;

/// What shoppers send is small.
const MAX_BODY: usize = 64 * 1024;
/// What Stripe sends is larger.
const MAX_WEBHOOK: usize = 512 * 1024;
/// How long a browser remembers that it may ask.
const PREFLIGHT: Duration = Duration::from_secs(24 * 60 * 60);

/// The whole server as one service, without a socket.
pub fn app(server: Server) -> Router {
    let document = Bytes::from(document().to_json().unwrap_or_default());
    let (shoppers, _) = for_shoppers()
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(from_fn_with_state(server.clone(), cross_site::guard))
        .split_for_parts();
    let (tools, _) = for_tools().split_for_parts();
    let (told, _) = orders::webhook_routes().layer(DefaultBodyLimit::max(MAX_WEBHOOK)).split_for_parts();
    let (anybody, _) = for_anybody().layer(DefaultBodyLimit::max(MAX_BODY)).split_for_parts();
    Router::new()
        .nest("/api/v1", shoppers.merge(tools).merge(told).merge(anybody.layer(any_origin())))
        .merge(bot::detect_routes().layer(any_origin()))
        .route("/api/openapi.json", get(|| async move { openapi(document) }))
        .route("/healthz", get(health_of_the_server))
        .merge(releases::hosting_routes(server.configuration.watch))
        .merge(catalogue::picture_routes())
        .merge(catalogue::uploaded_routes())
        .merge(orders::test_bank_routes())
        .layer(
            // The first one is the outermost.
            ServiceBuilder::new()
                .layer(from_fn(request::identify))
                .layer(from_fn(request::log))
                .layer(from_fn_with_state(server.clone(), headers::secure))
                .layer(from_fn(request::keep_plain_form))
                .layer(
                    CompressionLayer::new()
                        .quality(CompressionLevel::Fastest)
                        .compress_when(DefaultPredicate::new().and(is_of_the_moment)),
                )
                .layer(from_fn(language::speak))
                .layer(from_fn(problem::render))
                .layer(from_fn_with_state(server.clone(), request::limit_time))
                .layer(CatchPanicLayer::custom(panicked)),
        )
        .with_state(server)
}

/// A cookie says who asks: other sites must not ask in their name.
fn for_shoppers() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .merge(catalogue::routes())
        .merge(cart::routes())
        .merge(orders::routes())
        .merge(reviews::routes())
        .merge(accounts::routes())
        .merge(contact::routes())
        .merge(health::routes())
}

/// A bearer token says who asks; cookies are not looked at.
fn for_tools() -> OpenApiRouter<Server> {
    OpenApiRouter::new()
        .merge(releases::registry_routes())
        .merge(tokens::routes())
        .merge(catalogue::import_routes())
        .merge(catalogue::upload_routes())
        .merge(operators::routes())
}

/// Nobody has to say who asks, and cookies are not looked at: pages of any origin may ask.
fn for_anybody() -> OpenApiRouter<Server> {
    OpenApiRouter::new().merge(bot::routes())
}

/// Lets scripts of any page send requests and read the answers; never with cookies.
fn any_origin() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::DELETE])
        .allow_headers(Any)
        .expose_headers([header::RETRY_AFTER])
        .max_age(PREFLIGHT)
}

/// The OpenAPI document of `/api/v1`.
pub fn document() -> Document {
    api::of(for_shoppers().merge(for_tools()).merge(orders::webhook_routes()).merge(for_anybody()), "/api/v1")
}

/// What never changes was compressed once, when it was published.
fn is_of_the_moment(_: StatusCode, _: Version, found: &HeaderMap, _: &Extensions) -> bool {
    found.get(header::CACHE_CONTROL) != Some(&headers::IMMUTABLE)
}

fn openapi(document: Bytes) -> Response {
    let json = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, json), (header::CACHE_CONTROL, headers::NO_CACHE)], document).into_response()
}

async fn health_of_the_server(State(server): State<Server>) -> Answer<Json<serde_json::Value>> {
    server.database.ping().await?;
    Ok(Json(serde_json::json!({ "status": "ok" })))
}

fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    tracing::error!(panic = text.unwrap_or("-"), "a request panicked");
    Failure::new(StatusCode::INTERNAL_SERVER_ERROR, code::INTERNAL).into_response()
}

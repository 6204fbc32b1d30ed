//! A request's id, its time limit and its line in the log.

use super::problem::Failure;
use crate::{secret, state::Server};
use axum::{
    extract::{MatchedPath, Request, State},
    http::HeaderValue,
    middleware::Next,
    response::{IntoResponse, Response},
};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tracing::Instrument as _;

/// Finds a request in the log. Ours: one that a client sends is not believed.
#[derive(Clone)]
pub struct RequestId(pub Arc<str>);

/// Gives a request its id, and tells it in `X-Request-Id`.
pub async fn identify(mut request: Request, next: Next) -> Response {
    let id: Arc<str> = secret::readable(16).unwrap_or_default().into();
    request.extensions_mut().insert(RequestId(Arc::clone(&id)));
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::try_from(&*id) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// One line per request, with its id, and everything logged on the way inside it.
pub async fn log(request: Request, next: Next) -> Response {
    let id = request.extensions().get::<RequestId>().map(|id| Arc::clone(&id.0));
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    // The route, not the path: an order's key is in that.
    let span = tracing::info_span!(
        "request",
        id = id.as_deref().unwrap_or("-"),
        method = %request.method(),
        route = route.unwrap_or("-"),
    );
    let begun = Instant::now();
    async move {
        let response = next.run(request).await;
        let milliseconds = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(status = response.status().as_u16(), milliseconds, "answered");
        response
    }
    .instrument(span)
    .await
}

/// What tools send in large, or what takes long: catalogues, pictures, releases and pruning. All want a token before they read
/// anything.
const LARGE: [&str; 4] = [
    "/api/v1/catalogue/import",
    "/api/v1/catalogue/pictures",
    "/api/v1/registry/releases",
    "/api/v1/registry/prune",
];
/// How long that may take.
const LONG: Duration = Duration::from_secs(15 * 60);

/// Gives up on a request that takes too long, body included.
pub async fn limit_time(State(server): State<Server>, request: Request, next: Next) -> Response {
    let mut limit = server.configuration.request_timeout;
    let route = request.extensions().get::<MatchedPath>().map(MatchedPath::as_str);
    if route.is_some_and(|route| LARGE.contains(&route)) {
        limit = limit.max(LONG);
    }
    tokio::time::timeout(limit, next.run(request)).await.unwrap_or_else(|_| {
        Failure::unavailable().titled("The server took too long. Try again in a moment.").into_response()
    })
}

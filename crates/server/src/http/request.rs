//! A request's id, its time limit and its line in the log.

use super::problem::Failure;
use crate::{secret, state::Server};
use axum::{
    extract::{MatchedPath, Request, State},
    http::{HeaderValue, header},
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

/// Whoever refuses the plain form of an answer gets it all the same: not every answer has another (RFC 9110, 12.5.3, lets a server
/// look past the field).
pub async fn keep_plain_form(mut request: Request, next: Next) -> Response {
    let headers = request.headers_mut();
    let sent = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    let codings = sent.flat_map(|value| value.split(','));
    let is_named = |coding: &&str| {
        let name = coding.split(';').next().unwrap_or_default().trim();
        !name.eq_ignore_ascii_case("identity") && name != "*"
    };
    let named = codings.filter(is_named).collect::<Vec<_>>().join(",");
    if let Ok(named) = HeaderValue::try_from(named)
        && headers.contains_key(header::ACCEPT_ENCODING)
    {
        headers.insert(header::ACCEPT_ENCODING, named);
    }
    next.run(request).await
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

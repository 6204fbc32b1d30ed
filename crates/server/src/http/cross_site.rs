//! No other site may act in a shopper's name.
//!
//! A cookie travels with requests that other sites start, so whatever a cookie authenticates and that
//! is not a mere look must prove to come from our own page: by `Sec-Fetch-Site`, which every browser of
//! the last years sends and no script can set, or by `Origin` where that is missing.

use super::problem::Failure;
use crate::{language::t_with, state::Server};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, Uri, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use contract::code;

/// Lets through what only looks, and what our own page sent.
pub async fn guard(State(server): State<Server>, request: Request, next: Next) -> Response {
    let looks = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let origin = server.configuration.origin.as_deref();
    if looks || is_ours(request.headers(), origin) {
        return next.run(request).await;
    }
    let refusal = Failure::new(StatusCode::FORBIDDEN, code::CROSS_SITE);
    match origin {
        // Somebody may have opened the server's own address, behind its proxy.
        Some(address) => refusal.titled(t_with(
            "The request came from another site than {address}. Open the shop there.",
            &[("address", address)],
        )),
        None => refusal,
    }
    .into_response()
}

fn is_ours(headers: &HeaderMap, origin: Option<&str>) -> bool {
    if let Some(site) = headers.get("sec-fetch-site") {
        return site == "same-origin";
    }
    let Some(sent) = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    match origin {
        Some(origin) => sent == origin,
        // Without `--origin` we are whom the browser believes to talk to.
        None => {
            let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
            let sent = sent.parse::<Uri>().ok();
            let authority = sent.as_ref().and_then(Uri::authority);
            host.is_some() && authority.map(|authority| authority.as_str()) == host
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_ours;
    use axum::http::{HeaderMap, HeaderName, HeaderValue};

    #[track_caller]
    fn check(headers: &[(&'static str, &'static str)], configured: Option<&str>, expected: bool) {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        assert_eq!(is_ours(&headers, configured), expected, "{headers:?}");
    }

    #[test]
    fn whose_request_it_is() {
        let shop = Some("https://shop.example");
        check(&[], None, false);
        check(&[("sec-fetch-site", "same-origin")], None, true);
        check(&[("sec-fetch-site", "same-site")], None, false);
        check(&[("sec-fetch-site", "cross-site")], None, false);
        check(&[("sec-fetch-site", "none")], None, false);
        // What `Sec-Fetch-Site` says is final: an Origin beside it changes nothing.
        check(&[("sec-fetch-site", "cross-site"), ("origin", "https://shop.example")], shop, false);
        check(&[("origin", "https://shop.example")], shop, true);
        check(&[("origin", "http://shop.example")], shop, false);
        check(&[("origin", "https://shop.example.evil.example")], shop, false);
        check(&[("origin", "null")], shop, false);
        check(&[("origin", "http://127.0.0.1:8080"), ("host", "127.0.0.1:8080")], None, true);
        check(&[("origin", "http://evil.example"), ("host", "127.0.0.1:8080")], None, false);
        check(&[("origin", "null"), ("host", "127.0.0.1:8080")], None, false);
        check(&[("origin", "http://127.0.0.1:8080")], None, false);
    }
}

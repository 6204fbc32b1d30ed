//! Headers that every answer carries, errors included, and the ways of caching.

use crate::state::Server;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::Response,
};

/// What the shop's page may do: nothing inline, nothing from elsewhere, wasm.
pub const PAGE_POLICY: HeaderValue = HeaderValue::from_static(contract::PAGE_POLICY);

/// The same, where builds of `origins` may be tried on the page.
pub fn page_policy(origins: &[String]) -> HeaderValue {
    let policy = PAGE_POLICY;
    let Some(policy) = policy.to_str().ok().filter(|_| !origins.is_empty()) else { return policy };
    let directives = policy.split("; ").map(|directive| match directive.split(' ').next() {
        Some("script-src" | "connect-src" | "img-src") => [directive, " ", &origins.join(" ")].concat(),
        _ => directive.to_owned(),
    });
    // The configuration lets only origins through, which are visible ASCII.
    HeaderValue::try_from(directives.collect::<Vec<_>>().join("; ")).unwrap_or(PAGE_POLICY)
}

/// Data and files do nothing by themselves, also when somebody opens them as a page.
const DATA_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// Which of the browser's powers pages of ours have: passkeys, and the microphone for those who speak to the chat; in the page
/// itself and in no frame. What is not named here is as browsers have it.
const POWERS: HeaderValue = HeaderValue::from_static(
    "publickey-credentials-create=(self), publickey-credentials-get=(self), camera=(), display-capture=(), \
     geolocation=(), hid=(), microphone=(self), midi=(), payment=(), serial=(), usb=()",
);

/// Private or of the moment.
pub const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
/// May be kept, but asked about each time.
pub const NO_CACHE: HeaderValue = HeaderValue::from_static("no-cache");
/// The same, and only by the visitor's own browser.
pub const PRIVATE: HeaderValue = HeaderValue::from_static("private, no-cache");
/// What lies at an address that never changes.
pub const IMMUTABLE: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
/// Pictures: their address stays when a new server has a new picture.
pub const PICTURE: HeaderValue =
    HeaderValue::from_static("public, max-age=600, stale-while-revalidate=86400");

/// Sets what the route did not set itself.
pub async fn secure(State(server): State<Server>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    // What is known has no body to be compressed, and varies all the same.
    let varies = response.status() == StatusCode::NOT_MODIFIED && !varies_by_encoding(response.headers());
    let headers = response.headers_mut();
    if varies {
        headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
    }
    let mut set = |name: HeaderName, value: HeaderValue| {
        headers.entry(name).or_insert(value);
    };
    set(header::CACHE_CONTROL, NO_STORE);
    set(header::CONTENT_SECURITY_POLICY, DATA_POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    set(header::REFERRER_POLICY, HeaderValue::from_static("strict-origin-when-cross-origin"));
    set(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    set(HeaderName::from_static("permissions-policy"), POWERS);
    set(RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    if server.configuration.is_behind_tls() {
        set(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=63072000"));
    }
    response
}

fn varies_by_encoding(headers: &HeaderMap) -> bool {
    headers
        .get_all(header::VARY)
        .iter()
        .any(|named| named.to_str().is_ok_and(|names| names.contains("accept-encoding")))
}

const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Lets pages of any origin use an answer: releases and the manifest, which are the same for everybody.
pub fn share_with_everybody(headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
}

/// Whether the browser has this very version already.
pub fn is_known(request: &HeaderMap, etag: &str) -> bool {
    request.get_all(header::IF_NONE_MATCH).iter().any(|value| {
        value.to_str().is_ok_and(|tags| {
            tags.split(',').any(|tag| tag.trim() == "*" || strong(tag.trim()) == strong(etag))
        })
    })
}

fn strong(tag: &str) -> &str {
    tag.trim_start_matches("W/")
}

//! Serving releases: the page, the manifest and the files.

use super::{
    console, deltas, embed,
    encoding::Encoding,
    files::is_compressible,
    live::{Document, LiveError},
};
use crate::{
    config::Watch,
    http::{
        cookies::Cookie,
        extract::Path,
        headers::{self, IMMUTABLE, NO_CACHE, PRIVATE},
        problem::{Answer, Failure},
    },
    secret,
    state::Server,
};
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{
        IntoResponse, Response,
        sse::{Event, KeepAlive, Sse},
    },
    routing::get,
};
use contract::release::DESCRIPTION_FILE;
use futures_util::{Stream, StreamExt as _, stream};
use std::convert::Infallible;

/// What browsers fetch.
pub fn routes(watch: Watch) -> Router<Server> {
    let routes = Router::new()
        .route("/", get(page))
        .route("/manifest.json", get(manifest))
        .route("/console", get(console::redirect))
        .route("/console/", get(console::page))
        .route("/console/manifest.json", get(console::manifest))
        .route("/console/{file}", get(console::file))
        .route("/embed/", get(embed::page))
        .route("/embed/{file}", get(embed::file))
        .route("/apps/{name}/{version}/{file}", get(file));
    match watch {
        Watch::On => routes.route("/manifest.events", get(events)),
        Watch::Off => routes,
    }
}

async fn page(State(server): State<Server>, request: HeaderMap) -> Answer<Response> {
    let live = server.releases.live().await?;
    let visitor = visitor(&server, &request)?;
    let mut response = match live.page(&visitor, &request, &server.health.pass()) {
        Some(page) => document(&page, "text/html; charset=utf-8", &request),
        None => console::unpublished(),
    };
    let headers = response.headers_mut();
    let policy = headers::page_policy(&server.configuration.override_origins);
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::VARY, HeaderValue::from_static("accept-language, cookie"));
    if live.draws_pages() {
        keep_drawing(&server, headers, &visitor);
    }
    Ok(response)
}

/// The number that a visitor draws pages by.
pub fn visitor(server: &Server, request: &HeaderMap) -> Answer<String> {
    Ok(match server.cookies.read(request, Cookie::Visitor) {
        Some(visitor) => visitor,
        None => secret::token()?,
    })
}

/// While a page is rolled out a visitor keeps the one that they drew: their number lasts from the last page on.
pub fn keep_drawing(server: &Server, headers: &mut HeaderMap, visitor: &str) {
    headers.insert(header::CACHE_CONTROL, PRIVATE);
    headers.append(header::SET_COOKIE, server.cookies.set(Cookie::Visitor, visitor, MONTH));
}

/// How long a visitor keeps the number that shells are drawn by, in seconds.
const MONTH: i64 = 30 * 24 * 60 * 60;

async fn manifest(State(server): State<Server>, request: HeaderMap) -> Answer<Response> {
    let live = server.releases.live().await?;
    let mut response = document(&live.manifest, "application/json", &request);
    headers::share_with_everybody(response.headers_mut());
    Ok(response)
}

/// A document of the moment; nothing of it for a browser that has it.
pub fn document(document: &Document, kind: &'static str, request: &HeaderMap) -> Response {
    let mut response = if headers::is_known(request, &document.etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, HeaderValue::from_static(kind))], document.body.clone()).into_response()
    };
    response.headers_mut().insert(header::CACHE_CONTROL, NO_CACHE);
    if let Ok(etag) = HeaderValue::try_from(&document.etag) {
        response.headers_mut().insert(header::ETAG, etag);
    }
    response
}

async fn file(
    State(server): State<Server>,
    Path((name, version, file)): Path<(String, String, String)>,
    request: HeaderMap,
) -> Response {
    let mut response = find_file(&server, &name, &version, &file, &request)
        .await
        .unwrap_or_else(IntoResponse::into_response);
    // Errors too: a foreign page should be able to say what is wrong.
    headers::share_with_everybody(response.headers_mut());
    response
}

async fn find_file(
    server: &Server,
    name: &str,
    version: &str,
    file: &str,
    request: &HeaderMap,
) -> Answer<Response> {
    let found = server.releases.describe(name, version).await?.ok_or_else(Failure::not_found)?;
    if file == DESCRIPTION_FILE {
        let kind = HeaderValue::from_static("application/json");
        let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, IMMUTABLE)];
        return Ok((headers, found.text.clone()).into_response());
    }
    let integrity = &found.release.files.get(file).ok_or_else(Failure::not_found)?.integrity;
    // Weak: the same file travels in several encodings.
    let etag = format!("W/\"{integrity}\"");
    let (encoding, body) = if headers::is_known(request, &etag) {
        (Encoding::Identity, None)
    } else {
        // Each form that is not there would be a question to the store.
        let forms = match is_compressible(file) {
            true => Encoding::taken_by(request),
            false => vec![Encoding::Identity],
        };
        let (encoding, body) = read(server, name, version, integrity, forms).await?;
        (encoding, Some(body))
    };
    let mut response = match body {
        Some(body) => body.into_response(),
        None => StatusCode::NOT_MODIFIED.into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, media_type(file));
    headers.insert(header::CACHE_CONTROL, IMMUTABLE);
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding, available-dictionary"));
    if let Some(name) = encoding.name() {
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
    }
    if let Some(dictionary) = deltas::use_as_dictionary(&found.release, file)
        && let Ok(value) = HeaderValue::try_from(dictionary)
    {
        headers.insert("use-as-dictionary", value);
    }
    if let Ok(etag) = HeaderValue::try_from(etag) {
        headers.insert(header::ETAG, etag);
    }
    Ok(response)
}

async fn read(
    server: &Server,
    app: &str,
    version: &str,
    integrity: &str,
    forms: Vec<Encoding>,
) -> Answer<(Encoding, axum::body::Bytes)> {
    let mut lost = None;
    for encoding in forms {
        // A store that is away is waited for once: what is remembered is better than no answer.
        let found = match lost {
            None => server.releases.files.get(integrity, encoding).await,
            Some(_) => server.releases.files.near_by(integrity, encoding).await,
        };
        match found {
            Ok(Some(body)) => return Ok((encoding, body)),
            Ok(None) => {}
            Err(error) => lost = Some(error),
        }
    }
    if let Some(error) = lost {
        return Err(Failure::unavailable().because(error));
    }
    // Another server may have pruned it since we read its description.
    server.releases.forget(app, version);
    match server.releases.describe(app, version).await? {
        Some(_) => Err(Failure::unavailable().because(LiveError::Missing(format!("{app} {version}")))),
        None => Err(Failure::not_found()),
    }
}

fn media_type(file: &str) -> HeaderValue {
    let guess = mime_guess::from_path(file).first_raw().unwrap_or("application/octet-stream");
    match guess {
        "text/html" | "text/css" | "text/javascript" | "text/plain" => {
            HeaderValue::try_from(format!("{guess}; charset=utf-8"))
                .unwrap_or(HeaderValue::from_static(guess))
        }
        other => HeaderValue::from_static(other),
    }
}

async fn events(State(server): State<Server>) -> Answer<Sse<impl Stream<Item = Result<Event, Infallible>>>> {
    let mut revisions = server.releases.revisions();
    revisions.mark_unchanged();
    // First what is live now, so that a page that was away for a moment notices.
    let first = server.releases.live().await?.revision;
    let later = stream::unfold(revisions, |mut revisions| async move {
        revisions.changed().await.ok()?;
        let revision = *revisions.borrow_and_update();
        Some((revision, revisions))
    });
    let stopping = server.stopping.clone();
    let events = stream::once(async move { first })
        .chain(later)
        .then(move |revision| news(server.clone(), revision))
        .take_until(stopping.cancelled_owned());
    Ok(Sse::new(events).keep_alive(KeepAlive::default()))
}

/// What is live now; with the shell's version, since a page cannot take up another shell without being
/// loaded anew.
async fn news(server: Server, revision: i64) -> Result<Event, Infallible> {
    let mut news = serde_json::json!({ "revision": revision });
    if let Some(shell) = server.releases.live().await.ok().and_then(|live| live.shell().map(str::to_owned)) {
        news["shell"] = shell.into();
    }
    Ok(Event::default().data(news.to_string()))
}

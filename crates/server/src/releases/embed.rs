//! `/embed/<app>.js`: the loader of a microapp that can be put on any page, and a page to try it on.
//!
//! A loader is the file `embed.js` of the live release, with that release's addresses and hashes put in. Its own
//! address never changes, so that it is kept for minutes only; what it fetches is kept for ever.

use super::{
    encoding::Encoding,
    files::FileStore,
    live::{Document, LiveError},
};
use crate::{
    assets,
    http::{
        extract::Path,
        headers::{self, NO_CACHE},
        problem::{Answer, Failure},
    },
    state::Server,
};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use contract::manifest::{App, Placed};
use std::collections::BTreeMap;

/// The file of a release that is its loader.
const LOADER: &str = "embed.js";
/// Where a loader says what it loads.
const PLACE: &str = "/*%RELEASE%*/ {}";
/// The further files that a loader fetches itself.
const TOKENS: &str = "tokens.css";
/// Some minutes: a page takes up a new release soon, and a site with many pages asks once.
const SHORT: HeaderValue = HeaderValue::from_static("public, max-age=300, stale-while-revalidate=86400");
/// What the page to try it on may do: the strictest policy under which the chat works, with styles of its own.
const TRIAL_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; style-src 'self'; img-src 'self'; \
     object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types 'none'",
);

/// A loader of what is live.
pub struct Loader {
    app: String,
    /// Of its file.
    integrity: String,
    /// What it loads.
    place: String,
    /// None while the file is not where it should be: it is looked for anew whenever it is asked for.
    ready: Option<Document>,
}

impl Loader {
    async fn find(&self, files: &FileStore) -> Result<Document, LiveError> {
        let file = files.get(&self.integrity, Encoding::Identity).await?;
        let file = file.ok_or_else(|| LiveError::Missing(format!("{}, its {LOADER},", self.app)))?;
        Ok(Document::new(String::from_utf8_lossy(&file).replace(PLACE, &self.place).into_bytes()))
    }
}

/// The loaders of what is live, by the names of the apps.
pub async fn loaders(apps: &[App], files: &FileStore) -> Result<BTreeMap<String, Loader>, LiveError> {
    let mut loaders = BTreeMap::new();
    for app in apps {
        // Pages of others have no visitors of ours to draw for: they get what most get.
        let most = app.releases.iter().max_by(|a, b| a.percent.total_cmp(&b.percent));
        let Some(placed) = most.map(|share| &share.placed) else { continue };
        let Some(file) = placed.release.files.get(LOADER) else { continue };
        let mut loader = Loader {
            app: app.name.clone(),
            integrity: file.integrity.clone(),
            place: whereabouts(placed).to_string(),
            ready: None,
        };
        match loader.find(files).await {
            Ok(ready) => loader.ready = Some(ready),
            // The others' are no worse for it.
            Err(error @ LiveError::Missing(_)) => tracing::error!(%error, "a loader is missing"),
            Err(error) => return Err(error),
        }
        loaders.insert(app.name.clone(), loader);
    }
    Ok(loaders)
}

fn whereabouts(placed: &Placed) -> serde_json::Value {
    let release = &placed.release;
    let own = [Some(&release.entry), release.module.as_ref()].into_iter().flatten().map(String::as_str);
    let names = own.chain(release.styles.iter().map(String::as_str)).chain([TOKENS]);
    let files: serde_json::Map<_, _> = names
        .filter_map(|name| Some((name.to_owned(), release.files.get(name)?.integrity.clone().into())))
        .collect();
    serde_json::json!({ "base": placed.base, "entry": release.entry, "version": release.version, "files": files })
}

/// Sends a loader, or a file of the page to try it on.
pub async fn file(
    State(server): State<Server>,
    Path(name): Path<String>,
    request: HeaderMap,
) -> Answer<Response> {
    let live = server.releases.live().await?;
    let loader = name.strip_suffix(".js").and_then(|app| live.loaders.get(app));
    let mut response = match loader {
        Some(Loader { ready: Some(ready), .. }) => loader_response(ready, &request),
        Some(missing) => loader_response(&missing.find(&server.releases.files).await?, &request),
        None => trial(&name)?,
    };
    headers::share_with_everybody(response.headers_mut());
    Ok(response)
}

fn loader_response(loader: &Document, request: &HeaderMap) -> Response {
    let mut response = if headers::is_known(request, &loader.etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        loader.body.clone().into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, SHORT);
    if let Ok(etag) = HeaderValue::try_from(&loader.etag) {
        headers.insert(header::ETAG, etag);
    }
    response
}

/// Sends the page to try it on.
pub async fn page() -> Answer<Response> {
    trial("index.html")
}

fn trial(name: &str) -> Answer<Response> {
    let kind = match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        _ => return Err(Failure::not_found()),
    };
    let file = assets::get(&["embed/", name].concat()).ok_or_else(Failure::not_found)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, NO_CACHE),
        (header::CONTENT_SECURITY_POLICY, TRIAL_POLICY),
    ];
    Ok((headers, file.data.into_owned()).into_response())
}

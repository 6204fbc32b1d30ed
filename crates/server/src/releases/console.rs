//! `/console/`: the page of the operators' console, which is in the registry like any microapp, and in no manifest of the shop.
//!
//! The page is the server's; it mounts the live release stand-alone, through its entry module and against its hash.

use super::{
    hosting,
    live::{Document, LiveError, escape},
};
use crate::{
    assets,
    http::{
        extract::Path,
        headers::NO_CACHE,
        problem::{Answer, Failure},
    },
    state::Server,
};
use ::release::CONSOLE;
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use contract::{
    CONTRACT,
    manifest::{App, Manifest, Placed},
    rollout,
};

/// Where it is.
const ADDRESS: &str = "/console/";
/// What its page may do: less than the shop's. Nothing is sent but what scripts fetch, and no script makes markup of text.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'none'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; \
     require-trusted-types-for 'script'; trusted-types 'none'",
);

/// What is live of it.
pub struct Console {
    /// `/console/manifest.json`: the form of the shop's, with the console alone.
    manifest: Document,
    /// Its page for each share of the operators, the newest last.
    pages: Vec<(f64, Document)>,
}

impl Console {
    /// With what is live of it, if anything is.
    pub fn new(revision: i64, app: Option<App>) -> Result<Self, LiveError> {
        let template = assets::text("console/index.html").unwrap_or_default();
        let shares = app.iter().flat_map(|app| &app.releases);
        let pages = shares.map(|share| (share.percent, page_of(&template, &share.placed))).collect();
        let manifest = Manifest { contract: CONTRACT, revision, apps: app.into_iter().collect() };
        Ok(Self { manifest: Document::new(serde_json::to_vec(&manifest)?), pages })
    }

    fn page(&self, operator: &str) -> Option<&Document> {
        let percents: Vec<_> = self.pages.iter().map(|(percent, _)| *percent).collect();
        self.pages.get(rollout::pick(operator, CONSOLE, &percents)).map(|(_, page)| page)
    }
}

fn page_of(template: &str, placed: &Placed) -> Document {
    let release = &placed.release;
    let file = |name: &str| release.files.get(name).map_or("", |file| file.integrity.as_str());
    let text = template
        .replace("%BASE%", &escape(&placed.base))
        .replace("%ENTRY%", &escape(&release.entry))
        .replace("%INTEGRITY%", &escape(file(&release.entry)))
        .replace("%VERSION%", &escape(&release.version));
    Document::new(text.into_bytes())
}

/// To where relative addresses and hashes work.
pub async fn redirect() -> Redirect {
    Redirect::permanent(ADDRESS)
}

/// Sends its page, or says that nothing of it is published.
pub async fn page(State(server): State<Server>, request: HeaderMap) -> Answer<Response> {
    const HTML: &str = "text/html; charset=utf-8";
    let live = server.releases.live().await?;
    let (operator, is_new) = hosting::visitor(&server, &request)?;
    let mut response = match live.console.page(&operator) {
        Some(page) => hosting::document(page, HTML, &request),
        None => (StatusCode::SERVICE_UNAVAILABLE, asset("none.html")?).into_response(),
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    if live.console.pages.len() > 1 {
        hosting::keep_drawing(&server, headers, is_new.then_some(&operator));
    }
    Ok(response)
}

/// Sends its manifest.
pub async fn manifest(State(server): State<Server>, request: HeaderMap) -> Answer<Response> {
    let live = server.releases.live().await?;
    Ok(hosting::document(&live.console.manifest, "application/json", &request))
}

/// Sends a script or style of its page.
pub async fn file(Path(name): Path<String>) -> Answer<Response> {
    match name.as_str() {
        "page.js" | "page.css" | "tokens.css" | "favicon.svg" => asset(&name),
        _ => Err(Failure::not_found()),
    }
}

fn asset(name: &str) -> Answer<Response> {
    let (folder, kind) = match name {
        "tokens.css" => ("", "text/css; charset=utf-8"),
        "favicon.svg" => ("icons/", "image/svg+xml"),
        name if name.ends_with(".css") => ("console/", "text/css; charset=utf-8"),
        name if name.ends_with(".js") => ("console/", "text/javascript; charset=utf-8"),
        _ => ("console/", "text/html; charset=utf-8"),
    };
    let file = assets::get(&[folder, name].concat()).ok_or_else(Failure::not_found)?;
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CACHE_CONTROL, NO_CACHE)];
    Ok((headers, file.data.into_owned()).into_response())
}

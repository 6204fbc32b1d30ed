//! `/console/`: the page of the operators' microapps, which are in the registry like any others, and in no manifest of the shop.
//!
//! The page is the server's; it mounts the live release of the one whose route fits, stand-alone, through its entry module
//! and against its hash.

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
    language::{Language, t},
    state::Server,
};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse as _, Redirect, Response},
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
    /// `/console/manifest.json`: the form of the shop's, with the operators' microapps alone.
    manifest: Document,
    /// The microapps, in the order of their names.
    apps: Vec<Drawn>,
    /// Its page, with [`PLACES`] and [`VERSIONS`] left open, and its texts in English.
    template: String,
}

/// Where a page says its language.
const LANGUAGE: &str = "%LANGUAGE%";

/// Where the page has its microapps.
const PLACES: &str = "%PLACES%";
/// Where it says of which versions they are.
const VERSIONS: &str = "%VERSIONS%";

/// A microapp: each share of the operators gets one release, the newest last.
struct Drawn {
    name: String,
    percents: Vec<f64>,
    releases: Vec<Placed>,
}

impl Console {
    /// With what is live for operators.
    pub fn new(revision: i64, mut apps: Vec<App>) -> Result<Self, LiveError> {
        apps.sort_by(|a, b| a.name.cmp(&b.name));
        let template = assets::text("console/index.html").unwrap_or_default();
        let drawn = apps.iter().map(|app| Drawn {
            name: app.name.clone(),
            percents: app.releases.iter().map(|share| share.percent).collect(),
            releases: app.releases.iter().map(|share| share.placed.clone()).collect(),
        });
        let drawn = drawn.collect();
        let manifest = Manifest { contract: CONTRACT, revision, apps };
        Ok(Self { manifest: Document::new(serde_json::to_vec(&manifest)?), apps: drawn, template })
    }

    /// The page for an operator, with the releases that they draw; `None` where nothing is live.
    fn page(&self, operator: &str) -> Option<Document> {
        let release = |app: &Drawn| {
            app.releases
                .get(rollout::pick(operator, &app.name, &app.percents))
                .map(|placed| placed.to_owned())
        };
        let drawn: Vec<_> = self.apps.iter().filter_map(release).collect();
        if drawn.is_empty() {
            return None;
        }
        let places: String = drawn.iter().map(place).collect();
        let version = |placed: &Placed| format!("{} {}", placed.release.name, placed.release.version);
        let versions: Vec<_> = drawn.iter().map(version).collect();
        let text =
            spoken(&self.template).replace(PLACES, &places).replace(VERSIONS, &escape(&versions.join(" · ")));
        Some(Document::new(text.into_bytes()))
    }

    /// Whether different operators get different pages.
    fn draws(&self) -> bool {
        self.apps.iter().any(|app| app.releases.len() > 1)
    }
}

/// A page in the language of the request: its texts stand in braces.
fn spoken(page: &str) -> String {
    let language = Language::now();
    let tag = if language == Language::english() { "en-GB" } else { language.code() };
    let page = page.replace(LANGUAGE, tag);
    let mut said = String::new();
    let mut rest = page.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        let (english, after) = after.split_once('}').unwrap_or((after, ""));
        said += before;
        said += &escape(&t(english));
        rest = after;
    }
    said + rest
}

/// The element that a release is mounted in, with what the page has to know of it.
fn place(placed: &Placed) -> String {
    let release = &placed.release;
    let integrity = release.files.get(&release.entry).map_or("", |file| file.integrity.as_str());
    let module = release.module.as_ref().map(|module| format!("{}{module}", placed.base)).unwrap_or_default();
    format!(
        "<div class=\"place\" stand-alone data-name=\"{}\" data-routes=\"{}\" data-entry=\"{}\" \
         data-integrity=\"{}\" data-module=\"{}\"></div>",
        escape(&release.name),
        escape(&release.routes.join(" ")),
        escape(&format!("{}{}", placed.base, release.entry)),
        escape(integrity),
        escape(&module),
    )
}

/// To where relative addresses and hashes work.
pub async fn redirect() -> Redirect {
    Redirect::permanent(ADDRESS)
}

/// What stands at its address, and at the shop's, before anything is published there. It looks again by itself.
pub fn unpublished() -> Response {
    let page = assets::text("console/none.html").unwrap_or_default();
    let headers = [(header::CACHE_CONTROL, NO_CACHE)];
    (StatusCode::SERVICE_UNAVAILABLE, headers, Html(spoken(&page))).into_response()
}

/// Sends its page, or says that nothing of it is published.
pub async fn page(State(server): State<Server>, request: HeaderMap) -> Answer<Response> {
    const HTML: &str = "text/html; charset=utf-8";
    let live = server.releases.live().await?;
    let operator = hosting::visitor(&server, &request)?;
    let mut response = match live.console.page(&operator) {
        Some(page) => hosting::document(&page, HTML, &request),
        None => unpublished(),
    };
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(header::VARY, HeaderValue::from_static("accept-language, cookie"));
    if live.console.draws() {
        hosting::keep_drawing(&server, headers, &operator);
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
        _ => ("console/", "text/javascript; charset=utf-8"),
    };
    let file = assets::get(&[folder, name].concat()).ok_or_else(Failure::not_found)?;
    let headers = [(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CACHE_CONTROL, NO_CACHE)];
    Ok((headers, file.data.into_owned()).into_response())
}

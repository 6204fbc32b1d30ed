//! The page that a release is checked in, served on this machine. All of it is compiled in.

use crate::Error;
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use contract::{PAGE_POLICY, code::CHECK_IMPOSSIBLE, release::Release};
use release::Files;
use std::sync::Arc;
use tokio::{net::TcpListener, task::JoinHandle};

const PAGE: &str = include_str!("page/index.html");
/// Where more scripts of a page go.
const MORE: &str = "<!-- more -->";
const RUDE: &str = "<script src=\"/check/rude.js\"></script>";
const OURS: [(&str, &str); 7] = [
    ("first.js", include_str!("page/first.js")),
    ("rude.js", include_str!("page/rude.js")),
    ("host.js", include_str!("page/host.js")),
    ("microapp.js", include_str!("page/microapp.js")),
    ("styles.js", include_str!("page/styles.js")),
    ("scenes.js", include_str!("page/scenes.js")),
    ("tokens.css", include_str!("../../../../assets/tokens.css")),
];

/// A server with the page and one release. It ends when this is dropped.
pub struct Serving {
    origin: String,
    base: String,
    task: JoinHandle<()>,
}

impl Serving {
    /// Serves a release at the address that it would have in a shop.
    pub async fn start(release: &Release, files: Files) -> Result<Self, Error> {
        let fault = |error: std::io::Error| {
            Error::new(CHECK_IMPOSSIBLE, format!("the page to check in cannot be served: {error}"))
        };
        let base = format!("/apps/{}/{}/", release.name, release.version);
        let router = Router::new()
            .route("/", get(|| page("")))
            .route("/rude", get(|| page(RUDE)))
            .route("/check/{file}", get(ours))
            .route(&format!("{base}{{file}}"), get(of_release))
            .with_state(Arc::new(files))
            .fallback(nothing);
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(fault)?;
        let origin = format!("http://{}", listener.local_addr().map_err(fault)?);
        let task = tokio::spawn(async move {
            // It ends with the task.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { origin, base, task })
    }

    /// `http://127.0.0.1:40123`
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Where the release's files are: `/apps/cart/1.0.0/`
    pub fn base(&self) -> &str {
        &self.base
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn page(more: &'static str) -> Response {
    let mut response = answer("index.html", PAGE.replace(MORE, more).into_bytes());
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(PAGE_POLICY));
    response
}

async fn ours(Path(file): Path<String>) -> Response {
    match OURS.iter().find(|(name, _)| *name == file) {
        Some((name, text)) => answer(name, text.as_bytes().to_vec()),
        None => nothing().await,
    }
}

async fn of_release(Path(file): Path<String>, State(files): State<Arc<Files>>) -> Response {
    match files.get(&file) {
        Some(bytes) => answer(&file, bytes.clone()),
        None => nothing().await,
    }
}

/// The API too: a microapp has to stand without it.
async fn nothing() -> Response {
    let problem = r#"{"code":"E402","status":404,"title":"There is no API here, only a check."}"#;
    (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "application/problem+json")], problem).into_response()
}

fn answer(name: &str, bytes: Vec<u8>) -> Response {
    let kind = match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript",
        Some("css") => "text/css",
        Some("wasm") => "application/wasm",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("webp") => "image/webp",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    };
    ([(header::CONTENT_TYPE, kind), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")], bytes).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_javascript_by_either_ending() {
        for name in ["hello.js", "hello.mjs"] {
            assert_eq!(answer(name, Vec::new()).headers()[header::CONTENT_TYPE], "text/javascript", "{name}");
        }
    }
}

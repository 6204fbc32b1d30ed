//! Fetching a release's files: progress, what came back, and the hash of what is run.

use super::{
    deadline::{Missed, Progress, future_within, seconds},
    problem::message,
};
use crate::{browser, http, language, placed::Placed};
use contract::code::{self, Code};
use js_sys::{Function, Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlLinkElement, ReadableStreamDefaultReader, RequestInit};

/// Why a file could not be used, and what happened, for the message.
pub type Reason = (Code, String);

/// Where a file of the release lies. A Retry has an `attempt`, and by it a fresh address: browsers
/// remember that a module failed, and immutable files are never asked for again.
pub fn address(placed: &Placed, file: &str, attempt: u64) -> String {
    let base = &placed.base;
    if attempt == 0 { format!("{base}{file}") } else { format!("{base}{file}?r={attempt}") }
}

/// A number that no page of this browser has used yet: what an earlier page's Retry left in the
/// browser's cache must not come back.
pub fn fresh_attempt() -> u64 {
    js_sys::Date::now() as u64
}

/// Brings every file that the first view needs into the browser's cache. Nothing is run.
pub async fn download(placed: Placed, attempt: u64, progress: Progress) -> Result<(), Reason> {
    let said = ["locale.", &language::now(), ".json"].concat();
    let said = placed.integrity.iter().map(|(file, _)| file).find(|file| **file == said);
    let files =
        [Some(&placed.entry), placed.module.as_ref(), said].into_iter().flatten().chain(&placed.styles);
    let downloads: Vec<_> = files
        .map(|file| {
            let (url, kind, progress) = (address(&placed, file, attempt), Kind::of(file), progress.clone());
            browser::promise(async move {
                match download_one(&url, kind, &progress).await {
                    Ok(()) => Ok(JsValue::UNDEFINED),
                    // Without it the microapp speaks English.
                    Err(_) if kind == Kind::Texts => Ok(JsValue::UNDEFINED),
                    Err((code, what)) => Err(reason_to_js(code, &what)),
                }
            })
        })
        .collect();
    let all = Promise::all(&downloads.into_iter().collect::<js_sys::Array>());
    JsFuture::from(all).await.map(|_| ()).map_err(|thrown| reason_from_js(&thrown))
}

/// The same; it may take as long as something arrives at least every `limit` milliseconds.
pub async fn download_within(limit: u32, placed: Placed, attempt: u64) -> Result<(), Reason> {
    let progress = Progress::default();
    let download = download(placed, attempt, progress.clone());
    let download = async move {
        let answer = download.await;
        answer.map(|()| JsValue::UNDEFINED).map_err(|(code, what)| reason_to_js(code, &what))
    };
    match future_within(limit, progress, download).await {
        Ok(_) => Ok(()),
        Err(Missed::Elapsed) => Err((code::LOAD_STALLED, format!("sent nothing for {}", seconds(limit)))),
        Err(Missed::Failed(thrown)) => Err(reason_from_js(&thrown)),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    JavaScript,
    Wasm,
    Style,
    /// What the microapp says in the page's language.
    Texts,
}

impl Kind {
    fn of(file: &str) -> Self {
        match file.rsplit('.').next() {
            Some("wasm") => Self::Wasm,
            Some("css") => Self::Style,
            Some("json") => Self::Texts,
            _ => Self::JavaScript,
        }
    }

    fn fits(self, content_type: &str) -> bool {
        let essence = content_type.split(';').next().unwrap_or("").trim();
        match self {
            Self::JavaScript => matches!(essence, "text/javascript" | "application/javascript"),
            Self::Wasm => essence == "application/wasm",
            Self::Style => essence == "text/css",
            Self::Texts => essence == "application/json",
        }
    }
}

async fn download_one(url: &str, kind: Kind, progress: &Progress) -> Result<(), Reason> {
    let file = url.rsplit('/').next().unwrap_or(url);
    let network = |thrown: JsValue| unreachable(file, &thrown);
    let response = http::fetch(url, &RequestInit::new()).await.map_err(network)?;
    progress.mark();
    if !response.ok() {
        return Err(refused(file, response.status()));
    }
    let content_type = response.headers().get("content-type").ok().flatten().unwrap_or_default();
    if !kind.fits(&content_type) {
        let got = if content_type.is_empty() { "no type" } else { &content_type };
        return Err((code::LOAD_TYPE, format!("got {got} for {file}")));
    }
    let Some(body) = response.body() else { return Ok(()) };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    loop {
        let chunk = JsFuture::from(reader.read()).await.map_err(network)?;
        if browser::property(&chunk, "done").is_truthy() {
            return Ok(());
        }
        let bytes: Uint8Array = browser::property(&chunk, "value").unchecked_into();
        if bytes.length() > 0 {
            progress.mark();
        }
    }
}

fn refused(file: &str, status: u16) -> Reason {
    // Of a server that fails, or has too much to do, it is not known whether it has the file.
    let code = if status == 429 || status >= 500 { code::LOAD_UNAVAILABLE } else { code::LOAD_STATUS };
    (code, format!("got {status} for {file}"))
}

fn unreachable(file: &str, thrown: &JsValue) -> Reason {
    (code::LOAD_NETWORK, format!("could not fetch {file}: {}", message(thrown)))
}

/// Runs the entry module, after the browser checked its bytes at its exact address.
pub async fn import(placed: Placed, attempt: u64, import_module: &Function) -> Result<JsValue, Reason> {
    let url = address(&placed, &placed.entry, attempt);
    let integrity = placed.integrity_of(&placed.entry).unwrap_or_default();
    if integrity.is_empty() {
        return Err((code::LOAD_INTEGRITY, format!("has no hash for {}", placed.entry)));
    }
    if preload_module(&url, integrity).await.is_err() {
        // The browser does not say which of both it was.
        return Err(match http::fetch(&url, &RequestInit::new()).await {
            Ok(response) if !response.ok() => refused(&placed.entry, response.status()),
            Ok(_) => {
                (code::LOAD_INTEGRITY, format!("sent a {} that is not the one of the release", placed.entry))
            }
            Err(thrown) => unreachable(&placed.entry, &thrown),
        });
    }
    let broken =
        |thrown: JsValue| (code::LOAD_BROKEN_MODULE, format!("could not be run: {}", message(&thrown)));
    let module = import_module.call1(&JsValue::UNDEFINED, &url.as_str().into()).map_err(broken)?;
    JsFuture::from(super::deadline::promise(module)).await.map_err(broken)
}

/// `<link rel="modulepreload" integrity>`: wrong bytes never get into the page's module map.
async fn preload_module(url: &str, integrity: &str) -> Result<(), JsValue> {
    let document = browser::document();
    let link: HtmlLinkElement = document.create_element("link")?.unchecked_into();
    link.set_rel("modulepreload");
    link.set_cross_origin(Some("anonymous"));
    link.set_integrity(integrity);
    link.set_href(url);
    let head = document.head().ok_or(JsValue::UNDEFINED)?;
    let loaded = Promise::new(&mut |resolve, reject| {
        link.set_onload(Some(&resolve));
        link.set_onerror(Some(&reject));
        if head.append_child(&link).is_err() {
            let _ = reject.call0(&JsValue::UNDEFINED);
        }
    });
    let answer = JsFuture::from(loaded).await.map(|_| ());
    link.remove();
    answer
}

/// After a failed start, for at most `limit` milliseconds: the first file that comes, and not with its bytes. A plain fetch
/// of what the browser has already costs nothing; its answer is looked at, never run.
pub async fn find_damage(limit: u32, placed: Placed, attempt: u64) -> Option<String> {
    let look = async move {
        for (name, integrity) in &placed.integrity {
            if Some(name) != placed.module.as_ref() && !placed.styles.contains(name) {
                continue;
            }
            let init = RequestInit::new();
            init.set_integrity(integrity);
            let url = address(&placed, name, attempt);
            // What does not come at all is not damaged.
            if http::fetch(&url, &init).await.is_err()
                && http::fetch(&url, &RequestInit::new()).await.is_ok_and(|plain| plain.ok())
            {
                return Ok(name.as_str().into());
            }
        }
        Ok(JsValue::UNDEFINED)
    };
    future_within(limit, Progress::default(), look).await.ok()?.as_string()
}

/// What [`download`] rejects with.
pub fn reason_to_js(code: Code, what: &str) -> JsValue {
    let reason = js_sys::Object::new();
    browser::set(&reason, "number", f64::from(code.0));
    browser::set(&reason, "what", what);
    reason.into()
}

/// Reads what [`download`] rejected with.
pub fn reason_from_js(thrown: &JsValue) -> Reason {
    match (browser::property(thrown, "number").as_f64(), browser::text(thrown, "what")) {
        (Some(number), Some(what)) => (Code(number as u16), what),
        _ => (code::LOAD_NETWORK, format!("could not be fetched: {}", message(thrown))),
    }
}

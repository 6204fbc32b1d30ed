//! What the server tells the page: `<meta name="menagerie-config" content="{…}">`.

use crate::{browser, json};
use wasm_bindgen::JsValue;

/// The page's configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where changes of the manifest are told, on a developer's server.
    pub watch: Option<String>,
    /// Where mounts are reported.
    pub reports: Option<Endpoint>,
    /// The origins whose builds may take the place of what is live, on a page that asks for it.
    pub overrides: Vec<String>,
    /// How long each step of a lifecycle may take.
    pub deadlines: Deadlines,
}

/// Where something is sent, and what says that it comes from a page of the shop.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// The address.
    pub url: String,
    /// The token that came with the page.
    pub token: String,
}

/// Deadlines in milliseconds, of time in which the page is visible and the machine awake.
#[derive(Clone, Copy, Debug)]
pub struct Deadlines {
    /// Time without a byte.
    pub load: u32,
    /// `bootstrap`.
    pub bootstrap: u32,
    /// `mount`.
    pub mount: u32,
    /// `update`.
    pub update: u32,
    /// `unmount` and `unload`.
    pub unmount: u32,
}

/// Reads it; a page without one, or with a broken one, gets the defaults.
pub fn read() -> Config {
    let meta = browser::document().query_selector("meta[name=menagerie-config]").ok().flatten();
    let content = meta.and_then(|meta| meta.get_attribute("content")).unwrap_or_default();
    let config = json::parse(&content).unwrap_or(JsValue::NULL);
    let reports = browser::property(&config, "reports");
    let deadlines = browser::property(&config, "deadlines");
    let limit = |name, default| json::number(&deadlines, name).map_or(default, |limit| limit as u32);
    Config {
        watch: browser::text(&config, "watch"),
        reports: browser::text(&reports, "url")
            .zip(browser::text(&reports, "token"))
            .map(|(url, token)| Endpoint { url, token }),
        overrides: json::texts(&config, "overrides"),
        deadlines: Deadlines {
            load: limit("load", 10_000),
            bootstrap: limit("bootstrap", 4_000),
            mount: limit("mount", 3_000),
            update: limit("update", 3_000),
            unmount: limit("unmount", 3_000),
        },
    }
}

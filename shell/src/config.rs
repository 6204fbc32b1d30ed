//! What the server tells the page: `<meta name="menagerie-config" content="{…}">`.

use crate::browser;
use serde::Deserialize;

/// The page's configuration.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Config {
    /// Where changes of the manifest are told, on a developer's server.
    pub watch: Option<String>,
    /// How long each step of a lifecycle may take.
    pub deadlines: Deadlines,
}

/// Deadlines in milliseconds, of time in which the page is visible and the machine awake.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default)]
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

impl Default for Deadlines {
    fn default() -> Self {
        Self { load: 10_000, bootstrap: 4_000, mount: 3_000, update: 3_000, unmount: 3_000 }
    }
}

/// Reads it; a page without one, or with a broken one, gets the defaults.
pub fn read() -> Config {
    browser::document()
        .query_selector("meta[name=menagerie-config]")
        .ok()
        .flatten()
        .and_then(|meta| meta.get_attribute("content"))
        .and_then(|content| serde_json::from_str(&content).ok())
        .unwrap_or_default()
}

//! A release and where its files lie, as the manifest tells it: the part that the shell acts on.

use crate::{json, language};
use contract::release::{Load, Slot};
use wasm_bindgen::JsValue;

/// A release and where its files lie (`contract::manifest::Placed`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placed {
    /// `/apps/cart/1.4.0/`
    pub base: String,
    /// The microapp.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What people call it, in the language of the page.
    pub title: String,
    /// The entry module's file.
    pub entry: String,
    /// The wasm's file.
    pub module: Option<String>,
    /// The style sheets' files.
    pub styles: Vec<String>,
    /// Every file and its hash.
    pub integrity: Vec<(String, String)>,
    /// Hash paths that it answers.
    pub routes: Vec<String>,
    /// Older addresses and the path they mean.
    pub aliases: Vec<(String, String)>,
    /// Where it goes on the page.
    pub slot: Slot,
    /// When it is fetched.
    pub load: Load,
    /// Commands that others may call.
    pub commands: Vec<String>,
    /// Events that it may send.
    pub events: Vec<String>,
}

impl Placed {
    /// Reads one out of the manifest; `None` when it could not be mounted.
    pub fn read(value: &JsValue) -> Option<Self> {
        let text = |name| json::text(value, name);
        let files = json::entries(value, "files").into_iter();
        let aliases = json::entries(value, "aliases").into_iter();
        let placed = Self {
            base: text("base"),
            name: text("name"),
            version: text("version"),
            title: json::entries(value, "titles")
                .into_iter()
                .find(|(code, _)| *code == language::now())
                .and_then(|(_, title)| title.as_string())
                .unwrap_or_else(|| text("title")),
            entry: text("entry"),
            module: Some(text("module")).filter(|module| !module.is_empty()),
            styles: json::texts(value, "styles"),
            integrity: files.map(|(name, file)| (name, json::text(&file, "integrity"))).collect(),
            routes: json::texts(value, "routes"),
            aliases: aliases.filter_map(|(old, new)| Some((old, new.as_string()?))).collect(),
            slot: if text("slot") == "overlay" { Slot::Overlay } else { Slot::Main },
            load: match text("load").as_str() {
                "eager" => Load::Eager,
                "idle" => Load::Idle,
                _ => Load::Lazy,
            },
            commands: json::texts(value, "commands"),
            events: json::texts(value, "events"),
        };
        let complete = !placed.base.is_empty() && !placed.name.is_empty() && !placed.entry.is_empty();
        complete.then_some(placed)
    }

    /// The hash that a file must have.
    pub fn integrity_of(&self, file: &str) -> Option<&str> {
        self.integrity.iter().find(|(name, _)| name == file).map(|(_, integrity)| integrity.as_str())
    }
}

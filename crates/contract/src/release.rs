//! A release: an immutable folder of files and the `microapp.json` that describes it.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The file name of the description inside a release.
pub const DESCRIPTION_FILE: &str = "microapp.json";

/// `microapp.json`: what a microapp is, and the hash of every file of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Release {
    /// The contract that it was made for; 1.
    pub contract: u32,
    /// `[a-z][a-z0-9-]{0,31}`.
    pub name: String,
    /// Semver. `X.Y.Z-dev.h<content hash>` for local builds.
    pub version: String,
    /// The entry module, a file of this release.
    pub entry: String,
    /// The wasm, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub module: Option<String>,
    /// Style sheets, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub styles: Vec<String>,
    /// Every file but `microapp.json` itself, by plain name.
    pub files: BTreeMap<String, File>,
    /// Hash paths that it answers: `/product/{id}`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<String>,
    /// Older addresses and the path they mean.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub aliases: BTreeMap<String, String>,
    /// Where it goes on the page.
    #[serde(default)]
    pub slot: Slot,
    /// What people call it.
    pub title: String,
    /// The same in other languages, by ISO 639 code: `{ "de": "Warenkorb" }`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub titles: BTreeMap<String, String>,
    /// When it is fetched.
    #[serde(default)]
    pub load: Load,
    /// Commands that others may call, `<name>.<verb>`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commands: Vec<String>,
    /// Events that it may send, `<name>.<event>`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub events: Vec<String>,
    /// Host services that it uses: for people, nothing reads it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    /// Web APIs that its wasm imports, read out of it at packing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub web_apis: Vec<String>,
    /// The commit of its source.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub revision: String,
}

/// Size and hash of one file of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Bytes, uncompressed.
    pub size: u64,
    /// `sha384-<base64>`, as in the `integrity` attribute.
    pub integrity: String,
}

/// Where a microapp goes on the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Slot {
    /// The page's content: one at a time, by route.
    #[default]
    Main,
    /// Always there, above the content.
    Overlay,
}

/// When a microapp's files are fetched; one in the overlay slot is mounted then, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Load {
    /// With the page.
    Eager,
    /// When the page has nothing else to do.
    Idle,
    /// When a route, a command or a pointer asks for it; for the overlay slot: at the first sign of somebody, and ten seconds
    /// after the page at the latest.
    #[default]
    Lazy,
}

/// Whether `name` is `[a-z][a-z0-9-]{0,31}`.
pub fn is_app_name(name: &str) -> bool {
    name.len() <= 32
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// Whether `name` can be a file of a release: letters, digits, `.`, `_`, `-`; at most 128 bytes; no leading dot.
pub fn is_file_name(name: &str) -> bool {
    (1..=128).contains(&name.len())
        && !name.starts_with('.')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (name, app, file) in [
            ("cart", true, true),
            ("a", true, true),
            ("Cart", false, true),
            ("9cart", false, true),
            ("cart.js", false, true),
            ("../x", false, false),
            ("a/b", false, false),
            (".hidden", false, false),
            ("", false, false),
            ("cart-2", true, true),
            ("abcdefghijklmnopqrstuvwxyzabcdefg", false, true),
        ] {
            assert_eq!((is_app_name(name), is_file_name(name)), (app, file), "{name}");
        }
    }

    #[test]
    fn a_plain_javascript_release_needs_few_fields() {
        let release: Release = serde_json::from_str(
            r#"{"contract":1,"name":"hello","version":"1.0.0","entry":"hello.js","title":"Hello",
                "files":{"hello.js":{"size":1,"integrity":"sha384-x"}},"routes":["/hello"]}"#,
        )
        .unwrap();
        assert_eq!((release.slot, release.load, release.module), (Slot::Main, Load::Lazy, None));
    }
}

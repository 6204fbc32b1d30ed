//! What the binary carries: pictures and the seed catalogue.

use rust_embed::{EmbeddedFile, RustEmbed};

#[derive(RustEmbed)]
#[folder = "../../assets"]
struct Assets;

/// A file of `assets/`, by its path in there.
pub fn get(path: &str) -> Option<EmbeddedFile> {
    Assets::get(path)
}

/// A file of `assets/` as text.
pub fn text(path: &str) -> Option<String> {
    String::from_utf8(get(path)?.data.into_owned()).ok()
}

/// The paths of all files under a folder of `assets/`; `folder` ends with `/`.
pub fn names(folder: &str) -> impl Iterator<Item = String> {
    Assets::iter().map(|path| path.into_owned()).filter(move |path| path.starts_with(folder))
}

//! Icons: 24 × 24, drawn in the colour of the text around them.

use crate::C;
use microapp::element::El;

/// A magnifying glass.
pub const SEARCH: &str = "M4 10.5a6.5 6.5 0 1 0 13 0 6.5 6.5 0 1 0-13 0m11.5 5 5 5";
/// To the page before.
pub const LEFT: &str = "m15 5-7 7 7 7";
/// To the next page.
pub const RIGHT: &str = "m9 5 7 7-7 7";
/// Take away.
pub const CLOSE: &str = "m6 6 12 12M18 6 6 18";

/// One path, 24 × 24, as `assets/README.md` says how it is drawn.
pub fn icon(path: &str) -> El {
    El::svg(C, "svg")
        .attrs(&[
            ("viewBox", "0 0 24 24"),
            ("width", "24"),
            ("height", "24"),
            ("fill", "none"),
            ("stroke", "currentColor"),
            ("stroke-width", "1.75"),
            ("stroke-linecap", "round"),
            ("stroke-linejoin", "round"),
            ("aria-hidden", "true"),
        ])
        .class("icon")
        .child(El::svg(C, "path").attr("d", path))
}

//! Icons: 24 × 24, drawn in the colour of the text around them.

use crate::C;
use microapp::element::El;

/// One more.
pub const PLUS: &str = "M12 5v14M5 12h14";
/// One less.
pub const MINUS: &str = "M5 12h14";

/// What somebody does not want to forget.
pub const HEART: &str =
    "M12 20.3l-7.6-7.5a4.9 4.9 0 0 1 0-7 5 5 0 0 1 7 0l.6.6.6-.6a5 5 0 0 1 7 0 4.9 4.9 0 0 1 0 7z";

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

//! The paths of this page's icons, as `assets/README.md` says how they are drawn.

/// One more.
pub const PLUS: &str = "M12 5v14M5 12h14";
/// One less.
pub const MINUS: &str = "M5 12h14";

/// What somebody does not want to forget.
pub const HEART: &str =
    "M12 20.3l-7.6-7.5a4.9 4.9 0 0 1 0-7 5 5 0 0 1 7 0l.6.6.6-.6a5 5 0 0 1 7 0 4.9 4.9 0 0 1 0 7z";

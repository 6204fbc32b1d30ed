//! The paths of this page's icons, as `assets/README.md` says how they are drawn.

/// A magnifying glass.
pub const SEARCH: &str = "M4 10.5a6.5 6.5 0 1 0 13 0 6.5 6.5 0 1 0-13 0m11.5 5 5 5";
/// To the page before.
pub const LEFT: &str = "m15 5-7 7 7 7";
/// To the next page.
pub const RIGHT: &str = "m9 5 7 7-7 7";
/// Take away.
pub const CLOSE: &str = "m6 6 12 12M18 6 6 18";

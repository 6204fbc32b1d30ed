//! The paths of this page's icons, as `assets/README.md` says how they are drawn.

pub const MINUS: &str = "M5 12h14";
pub const PLUS: &str = "M12 5v14M5 12h14";
pub const TRASH: &str = "M4 6.5h16M9.5 6V4.5a1 1 0 0 1 1-1h3a1 1 0 0 1 1 1V6M6 6.5l.9 12.6a1.5 1.5 0 0 0 1.5 1.4h7.2a1.5 1.5 0 0 0 1.5-1.4L18 6.5M10 10.5v6M14 10.5v6";

//! The icons of the widget: nodes, so that no policy of a page keeps them away.

use crate::C;
use microapp::element::El;

pub const CLOSE: &str = "m6 6 12 12M18 6 6 18";
pub const SEND: &str = "M12 19.5v-15M5.5 11 12 4.5l6.5 6.5";
pub const MICROPHONE: &str = "M12 3.5a2.8 2.8 0 0 0-2.8 2.8v5a2.8 2.8 0 0 0 5.6 0v-5A2.8 2.8 0 0 0 12 3.5zM5.8 11a6.2 6.2 0 0 0 12.4 0M12 17.2v3.3";
pub const SPEAKER: &str =
    "M4 9.5v5h3.2L12 18.5v-13L7.2 9.5zM15.5 9a4.2 4.2 0 0 1 0 6M18 6.5a7.8 7.8 0 0 1 0 11";
pub const AGAIN: &str = "M4.5 12a7.5 7.5 0 1 0 2.4-5.5M4.5 4.5v4h4";
pub const CHEVRON: &str = "m9.5 6 6 6-6 6";
pub const DOWN: &str = "m6 9.5 6 6 6-6";
pub const LEAVE: &str = "M9.5 5.5h-4v13h13v-4M13.5 5.5h5v5M18.5 5.5l-8 8";
pub const ALERT: &str = "M10.7 4.2 2.9 17.7a1.5 1.5 0 0 0 1.3 2.3h15.6a1.5 1.5 0 0 0 1.3-2.3L13.3 4.2a1.5 1.5 0 0 0-2.6 0zM12 9.5v4.5M12 17v.01";
pub const CHAT: &str = "M12 3.8c-4.8 0-8.7 3.3-8.7 7.4 0 2.4 1.3 4.5 3.4 5.9-.1 1.1-.6 2.2-1.5 3.1 1.7-.1 3.2-.7 4.4-1.7.8.1 1.6.2 2.4.2 4.8 0 8.7-3.4 8.7-7.5S16.8 3.8 12 3.8z";

/// The shop's cat.
pub fn logo() -> El {
    let shape = |tag: &str, attributes: &[(&str, &str)]| El::svg(C, tag).attrs(attributes);
    El::svg(C, "svg")
        .class("logo")
        .attrs(&[("viewBox", "0 0 64 64"), ("aria-hidden", "true")])
        .child(shape("path", &[("d", "M32 60C15 60 5 50 5 36V9c0-4 4-6 7-3l10 9c6-2 14-2 20 0l10-9c3-3 7-1 7 3v27c0 14-10 24-27 24z"), ("fill", "#128174")]))
        .child(shape("path", &[("d", "M20 33V22l12 10 12-10v11"), ("fill", "none"), ("stroke", "#f9b94a"), ("stroke-width", "6"), ("stroke-linecap", "round"), ("stroke-linejoin", "round")]))
        .child(shape("circle", &[("cx", "20"), ("cy", "43"), ("r", "3.6"), ("fill", "#fff8ea")]))
        .child(shape("circle", &[("cx", "44"), ("cy", "43"), ("r", "3.6"), ("fill", "#fff8ea")]))
        .child(shape("path", &[("d", "M28.5 47.5h7c1.5 0 1.9 1.3.9 2.3L33 53c-.6.5-1.4.5-2 0l-3.4-3.2c-1-1-.6-2.3.9-2.3z"), ("fill", "#fff8ea")]))
}

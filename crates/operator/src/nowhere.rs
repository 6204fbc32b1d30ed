//! What stands at an address that leads nowhere.

use crate::{Desk, el, focus};
use microapp::{element::El, t};

/// That there is nothing, and a link to `path` that is called `back`.
pub fn nowhere<D: Desk>(desk: D, path: &str, back: &str) -> Vec<El> {
    let back = el::<D>("a").class("button").attr("href", &desk.host().href(path)).text(back);
    let empty = el::<D>("div")
        .class("empty")
        .child(focus::heading::<D>(&t("There is nothing here")))
        .child(el::<D>("p").t("The address may be old, or mistyped."))
        .child(back);
    vec![empty]
}

//! Where one can go, and who is here.

use crate::{Desk, Who, el};
use leptos::prelude::request_animation_frame;
use microapp::{element::El, t};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// The places of all microapps of the page.
const PLACES: [&str; 5] = ["/", "/orders", "/stock", "/messages", "/log"];

/// The bar. It shows while somebody is signed in.
pub fn bar<D: Desk>(desk: D) -> El {
    let el = el::<D>;
    let names = [t("Releases"), t("Orders"), t("Stock"), t("Messages"), t("Log")];
    let places = PLACES.into_iter().zip(names).map(|(place, name)| {
        let link = el("a")
            .attr("href", &desk.host().href(place))
            .text(&name)
            .attr_from("aria-current", move || current(place, &desk.path()).map(str::to_owned));
        el("li").child(link)
    });
    let places = el("ul").class("places").children(places).follow(move |places| {
        desk.path();
        if desk.signed_in() {
            let places = places.clone();
            request_animation_frame(move || show_current(places.html()));
        }
    });
    let who = el("p").class("who").attr("data-test", "who").text_from(move || {
        desk.session(|session| session.who.as_ref().map(Who::name).unwrap_or_default().to_owned())
    });
    let out = el("button")
        .class("button quiet small")
        .attrs(&[("type", "button"), ("data-test", "sign-out")])
        .t("Sign out")
        .on("click", move |_| desk.sign_out(None));
    el("div")
        .class("bar")
        .attr_when("hidden", "", move || !desk.signed_in())
        .child(el("nav").attr_t("aria-label", "Console").child(places))
        .child(el("div").class("beside").child(who).child(out))
}

/// The current one of a row that is wider than the screen is moved into it.
fn show_current(row: &HtmlElement) {
    let Ok(Some(current)) = row.query_selector("[aria-current]") else { return };
    let current: HtmlElement = current.unchecked_into();
    let (start, end) = (row.offset_left(), current.offset_left() + current.offset_width());
    // With some of the next one: there is more that way.
    row.set_scroll_left(end - start - row.client_width() + 32);
}

/// What `aria-current` says of a place when somebody is at `path`: the page itself, or a part of it.
fn current(place: &str, path: &str) -> Option<&'static str> {
    let path = path.trim_end_matches('/');
    let parts = if place == "/" { "/apps" } else { place };
    if path == place.trim_end_matches('/') {
        return Some("page");
    }
    path.strip_prefix(parts)?.starts_with('/').then_some("true")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_place_is_current() {
        for (path, expected) in [
            ("/", [Some("page"), None, None, None, None]),
            ("", [Some("page"), None, None, None, None]),
            ("/apps/cart", [Some("true"), None, None, None, None]),
            ("/orders", [None, Some("page"), None, None, None]),
            ("/orders/", [None, Some("page"), None, None, None]),
            ("/orders/M-10001", [None, Some("true"), None, None, None]),
            ("/ordersandmore", [None; 5]),
            ("/nowhere", [None; 5]),
        ] {
            assert_eq!(PLACES.map(|place| current(place, path)), expected, "{path}");
        }
    }
}

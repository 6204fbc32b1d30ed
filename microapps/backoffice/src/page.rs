//! The frame of all views, and the way from one to the next.

use crate::{desk::Desk, el, log, messages, order, orders, question, stock, view::View};
use leptos::prelude::*;
use microapp::{element::El, t, t_with};
use operator::{Desk as _, bar, dialog, focus, nowhere, sign_in, trouble};

/// The whole page.
pub fn page(desk: Desk) -> El {
    let key = move || if desk.signed_in() { desk.view().name() } else { t("Sign in") };
    let mut first = true;
    let view = el("div").class("view").children_from(key, move || {
        if !std::mem::take(&mut first) {
            focus::to_heading();
        }
        let (title, view) = (untrack(key), desk.view());
        desk.host.set_title(&t_with("{title} – Menagerie Console", &[("title", &title)]));
        if !desk.signed_in() {
            return sign_in::form(desk);
        }
        match view {
            View::Orders(_) => orders::view(desk),
            View::Order(number) => order::view(desk, &number),
            View::Stock(_) => stock::view(desk),
            View::Messages(_) => messages::view(desk),
            View::Log(_) => log::view(desk),
            View::Nowhere => nowhere(desk, "/orders", &t("See all orders")),
        }
    });
    let dialog = dialog::frame::<Desk>(
        move || desk.question().map(|question| question.title),
        move || desk.question().map(|question| question::form(desk, question)),
        move || desk.put(None),
    );
    el("div").class("page").child(bar::bar(desk)).child(trouble(desk, "")).child(view).child(dialog)
}

/// Whether nothing is known yet, and nothing stands in the way.
pub fn waits(desk: Desk, known: bool) -> bool {
    !known && desk.told(|told| told.trouble.is_none())
}

/// What stands where a list has nothing.
pub fn empty(heading: &str, text: &str, way_on: Option<(String, String)>) -> El {
    let link = way_on.map(|(href, text)| el("a").class("button quiet").attr("href", &href).text(&text));
    el("div")
        .class("empty")
        .attr("data-test", "empty")
        .child(el("h2").text(heading))
        .child(el("p").text(text))
        .children(link)
}

/// Places that are kept free until the first answer.
pub fn skeletons(count: usize) -> Vec<El> {
    (0..count).map(|_| el("div").class("row").child(el("div").class("skeleton line"))).collect()
}

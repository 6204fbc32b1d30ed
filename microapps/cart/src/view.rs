//! The page: the copy at once, then the server's cart.

mod coupon;
mod icon;
mod line;
mod states;
mod summary;

use crate::{el, page::Page, saved::Saved};
use microapp::{Context, element::El, keyed, t_count};

/// The whole page.
pub fn page(context: Context<Saved>) -> El {
    let page = Page::begin(context);
    let count = move || match page.cart(|cart| cart.pieces) {
        0 => String::new(),
        pieces => t_count("{n} item", "{n} items", pieces),
    };
    let head = el("header")
        .class("head")
        .child(el("h1").t("Your cart"))
        .child(el("p").class("count").attr("data-test", "count").text_from(count));
    // Which of the big states; a new number or price does not draw the page anew.
    let state = move || match (page.known(), page.cart(|cart| cart.lines.is_empty())) {
        (true, false) => "filled",
        (true, true) => "empty",
        (false, _) => states::unknown(page),
    };
    let body = el("div").children_from(
        move || state().to_owned(),
        move || match state() {
            "filled" => filled(page),
            "empty" => vec![states::notices(page), states::empty(page)],
            "loading" => vec![states::skeleton()],
            _ => Vec::new(),
        },
    );
    let said = el("p")
        .class("visually-hidden")
        .attr("role", "status")
        .text_from(move || page.shown(|shown| shown.said.clone()));
    el("div").class("page").child(head).child(states::connection(page)).child(body).child(said)
}

fn filled(page: Page) -> Vec<El> {
    let ids = move || page.cart(|cart| cart.lines.iter().map(|line| line.variant_id).collect());
    let lines = el("ul").class("lines").attr_t("aria-label", "In your cart");
    let lines = keyed::children(lines, ids, move |id| line::line(page, id));
    let list = el("div").class("list").child(states::notices(page)).child(lines);
    vec![el("div").class("columns").child(list).child(summary::summary(page))]
}

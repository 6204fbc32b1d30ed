//! From one page of a list to the next.

use crate::{desk::Desk, el};
use microapp::element::El;
use operator::focus;

/// Links to the first page and to the next one; `next` says from where on that is, where there are more.
pub fn pager(desk: Desk, words: [String; 2], next: impl Fn() -> Option<String> + Copy + 'static) -> El {
    let [first, more] = words;
    let link = |test: &str, text: &str| {
        el("a")
            .class("button quiet small")
            .attr("data-test", test)
            .text(text)
            .on("click", |_| focus::to_heading())
    };
    let to = move |from: &str| {
        let view = desk.view();
        desk.host.href(&view.address(&view.filter().from(from)))
    };
    let is_first = move || desk.view().filter().from.is_empty();
    let first =
        link("first", &first).attr_from("href", move || Some(to(""))).attr_when("hidden", "", is_first);
    let more = link("more", &more).attr_from("href", move || Some(to(&next()?))).attr_when(
        "hidden",
        "",
        move || next().is_none(),
    );
    el("nav")
        .class("pager")
        .attr_t("aria-label", "Pages")
        .attr_when("hidden", "", move || is_first() && next().is_none())
        .child(first)
        .child(more)
}

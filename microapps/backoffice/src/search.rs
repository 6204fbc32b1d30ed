//! Narrowing a list down: by a row of links, and by words.

use crate::{desk::Desk, el};
use microapp::element::El;

/// Links that narrow a list down: what each stands for, and what it is called.
pub fn chips(desk: Desk, label: &str, kinds: Vec<(&'static str, String)>) -> El {
    let links = kinds.into_iter().map(|(only, name)| {
        let href = move || {
            let view = desk.view();
            Some(desk.host.href(&view.address(&view.filter().only(only))))
        };
        let link = el("a")
            .class("chip")
            .attrs(&[("data-test", "only"), ("data-only", only)])
            .text(&name)
            .attr_from("href", href)
            .attr_when("aria-current", "true", move || desk.view().filter().only == only);
        el("li").child(link)
    });
    el("ul").class("chips").attr("aria-label", label).children(links)
}

/// A field for words, which become a part of the address.
pub fn field(desk: Desk, label: &str) -> El {
    const ID: &str = "backoffice-search";
    let input = el("input")
        .class("input")
        .attrs(&[
            ("id", ID),
            ("type", "search"),
            ("autocomplete", "off"),
            ("autocapitalize", "none"),
            ("spellcheck", "false"),
            ("maxlength", "200"),
            ("data-test", "search"),
        ])
        .follow(move |input| {
            let words = desk.view().filter().words;
            if input.field().value() != words {
                input.field().set_value(&words);
            }
        });
    let typed = input.clone();
    let send =
        el("button").class("button quiet").attrs(&[("type", "submit"), ("data-test", "find")]).t("Search");
    el("form")
        .class("search")
        .attr("role", "search")
        .on("submit", move |event| {
            event.prevent_default();
            let view = desk.view();
            desk.host.navigate(&view.address(&view.filter().words(typed.field().value().trim())));
        })
        .child(el("label").class("label").attr("for", ID).text(label))
        .child(el("div").class("beside").child(input).child(send))
}

//! The search field: results follow the typing.

use crate::{
    browse::{Browse, Entry},
    el, focus,
    icon::{SEARCH, icon},
};
use leptos::prelude::untrack;
use microapp::element::El;
use std::time::Duration;

/// How long the typing rests before the shop is asked.
const REST: Duration = Duration::from_millis(150);

/// The field, in step with the address.
pub fn field(browse: Browse) -> El {
    let input = el("input").class("input").attrs(&[
        ("id", "home-search"),
        ("type", "search"),
        ("name", "q"),
        ("placeholder", "What are you looking for?"),
        ("autocomplete", "off"),
        ("enterkeyhint", "search"),
        ("maxlength", "200"),
        ("data-test", "search"),
    ]);
    let (typed, submitted) = (input.clone(), input.clone());
    let input = input
        .on("input", move |_| {
            let typed = typed.clone();
            browse.choose_after(REST, move || apply(browse, &typed));
        })
        // What comes from elsewhere shows in the field; what was typed here is in it already, maybe with more.
        .follow(move |input| {
            let words = browse.filters().q;
            let newer = focus::has(input.node()) && browse.chosen_here();
            if !newer && input.field().value().trim() != words {
                browse.stop_waiting();
                input.field().set_value(&words);
            }
        });
    el("form")
        .class("search")
        .attr("role", "search")
        .on("submit", move |event| {
            event.prevent_default();
            browse.stop_waiting();
            apply(browse, &submitted);
        })
        .child(el("label").class("visually-hidden").attr("for", "home-search").text("Search the shop"))
        .child(input)
        .child(icon(SEARCH))
}

fn apply(browse: Browse, input: &El) {
    let filters = untrack(|| browse.filters());
    browse.choose(filters.with_words(&input.field().value()), Entry::Same);
}

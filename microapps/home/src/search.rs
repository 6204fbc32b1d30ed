//! The search field: results and suggestions follow the typing.

use crate::{
    C,
    browse::{Browse, Entry},
    el, focus,
    icon::SEARCH,
    suggestions::Combobox,
};
use leptos::prelude::untrack;
use microapp::element::El;
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

/// How long the typing rests before the shop is asked.
const REST: Duration = Duration::from_millis(150);

/// The field, in step with the address.
pub fn field(browse: Browse) -> El {
    let input = el("input").class("input").attr_t("placeholder", "What are you looking for?").attrs(&[
        ("id", "home-search"),
        ("type", "search"),
        ("name", "q"),
        ("autocomplete", "off"),
        ("enterkeyhint", "search"),
        ("maxlength", "200"),
        ("data-test", "search"),
    ]);
    let combobox = Combobox::new(browse);
    let (typed, submitted) = (input.clone(), input.clone());
    let input = input
        .on("input", move |_| {
            let typed = typed.clone();
            browse.choose_after(REST, move || {
                apply(browse, &typed);
                combobox.ask(&typed);
            });
        })
        .on("keydown", move |event| {
            let key: &KeyboardEvent = event.unchecked_ref();
            // While a word is being composed its keys are the input method's.
            if !key.is_composing() && combobox.press(&key.key()) {
                event.prevent_default();
            }
        })
        // What comes from elsewhere shows in the field; what was typed here is in it already, maybe with more.
        .follow(move |input| {
            let words = browse.filters().q;
            let newer = focus::has(input.node()) && browse.chosen_here();
            if !newer && input.field().value().trim() != words {
                browse.stop_waiting();
                combobox.forget();
                input.field().set_value(&words);
            }
        });
    el("form")
        .class("search")
        .attr("role", "search")
        .on("submit", move |event| {
            event.prevent_default();
            browse.stop_waiting();
            combobox.close();
            apply(browse, &submitted);
        })
        .child(el("label").class("visually-hidden").attr("for", "home-search").t("Search the shop"))
        .child(combobox.field(input))
        .child(El::icon(C, SEARCH))
        .children(combobox.list())
}

fn apply(browse: Browse, input: &El) {
    let filters = untrack(|| browse.filters());
    browse.choose(filters.with_words(&input.field().value()), Entry::Same);
}

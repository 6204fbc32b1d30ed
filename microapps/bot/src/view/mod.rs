//! What is seen: launcher, glimpse and panel.

mod composer;
mod consent;
mod header;
mod icon;
mod items;
mod launcher;
mod log;
mod style;

use crate::{
    chat::{Chat, Shown},
    el, part,
};
use leptos::prelude::*;
use microapp::{
    Listener,
    element::{El, follow},
    property,
};
use wasm_bindgen::JsCast;
use web_sys::KeyboardEvent;

/// The whole widget.
pub fn widget(chat: Chat) -> El {
    let embedded = chat.settings.with_untracked(|settings| settings.embedded);
    let (panel, field) = panel(chat);
    let mut all = el("section")
        .class("widget")
        .attr_from("aria-label", move || Some(chat.title()))
        .attr_from("lang", move || Some(chat.language.get().code().to_owned()))
        .child(panel)
        .child(launcher::glimpse(chat));
    if !embedded {
        let launcher = launcher::launcher(chat);
        let button = launcher.clone();
        let was_open = StoredValue::new(false);
        follow(move || {
            let open = chat.shown.get() == Shown::Open;
            if was_open.get_value() && !open {
                let button = button.clone();
                // On a phone it is hidden until then.
                request_animation_frame(move || button.html().focus().unwrap_or_default());
            }
            was_open.set_value(open);
        });
        all = all.child(launcher);
    }
    let first = StoredValue::new(true);
    follow(move || {
        chat.focus.get();
        if !first.get_value() {
            let field = field.clone();
            // After the panel shows.
            request_animation_frame(move || focus_in(&field));
        }
        first.set_value(false);
    });
    all
}

/// The field gets the focus; where that would bring up a keyboard over the conversation, the panel.
fn focus_in(field: &El) {
    if is_typing_elsewhere(field) {
        return;
    }
    let touch = window().match_media("(pointer: coarse)").ok().flatten().is_some_and(|list| list.matches());
    let panel = field.node().closest("[role=dialog]").ok().flatten();
    match panel.and_then(|panel| panel.dyn_into::<web_sys::HtmlElement>().ok()).filter(|_| touch) {
        Some(panel) => panel.focus(),
        None => field.html().focus(),
    }
    .unwrap_or_default();
}

/// Whether somebody is writing on the page around the chat, which may have been opened without them.
fn is_typing_elsewhere(field: &El) -> bool {
    let Some(mut active) = document().active_element() else { return false };
    // In a component of the page, too, as far as it shows what is in it.
    let within = |element: &web_sys::Element| {
        property::get(&property::get(element, "shadowRoot"), "activeElement").dyn_into().ok()
    };
    while let Some(inner) = within(&active) {
        active = inner;
    }
    let panel = field.node().closest("[role=dialog]").ok().flatten();
    let is_ours = panel.is_some_and(|panel| panel.contains(Some(&active)));
    !is_ours && active.matches("input, textarea, select, iframe, [contenteditable]").unwrap_or(false)
}

fn panel(chat: Chat) -> (El, El) {
    let (composer, field) = composer::composer(chat);
    let status = el("p")
        .class("room")
        .attrs(&[("role", "status"), ("data-test", "bot-status")])
        .text_from(move || chat.status.get());
    let panel = part("div", "panel")
        .class("panel")
        .attrs(&[
            ("role", "dialog"),
            ("aria-labelledby", "bot-title"),
            ("tabindex", "-1"),
            ("data-test", "bot-panel"),
            ("id", "bot-panel"),
        ])
        .attr_when("hidden", "", move || chat.shown.get() != Shown::Open)
        .on("keydown", move |event| {
            let event: KeyboardEvent = event.unchecked_into();
            if event.key() == "Escape" && !event.is_composing() {
                event.stop_propagation();
                event.prevent_default();
                if chat.consent.get_untracked().is_some() {
                    chat.consent.set(None);
                    chat.ask_focus();
                } else {
                    chat.show(Shown::Closed);
                }
            }
        })
        .child(header::header(chat))
        .child(log::log(chat))
        .child(consent::consent(chat))
        .child(status)
        .child(composer);
    fit_keyboard(&panel);
    (panel, field)
}

/// On a phone the panel is as large as what the keyboard leaves: there the layout does not follow it everywhere.
fn fit_keyboard(panel: &El) {
    let viewport = property::get(&window(), "visualViewport");
    let Ok(target) = viewport.dyn_into::<web_sys::EventTarget>() else { return };
    let (panel, view) = (panel.clone(), target.clone());
    let fit = move || {
        let number = |name: &str| property::get(&view, name).as_f64().unwrap_or(0.0);
        let inner = property::get(&window(), "innerHeight").as_f64().unwrap_or(0.0);
        // By the keyboard alone: a pinch makes it smaller too, and must not move anything.
        let keyboard = inner - number("height") > 80.0 && number("scale") < 1.05;
        for (name, length) in [("block-size", "height"), ("inset-block-start", "offsetTop")] {
            style::set_length(&panel, name, keyboard.then(|| number(length) as i32));
        }
    };
    StoredValue::new_local(Listener::new(&target, "resize", move |_| fit()));
}

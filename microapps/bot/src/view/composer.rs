//! Where the person writes or speaks.

use super::{header::button, icon, style};
use crate::{
    C,
    chat::{Chat, Consent},
    el, part,
    voice::{self, Ear},
};
use leptos::prelude::*;
use microapp::element::El;
use wasm_bindgen::JsCast;
use web_sys::{HtmlTextAreaElement, KeyboardEvent};

/// Below this many characters the room that is left is said.
const NEARLY_FULL: usize = 40;

/// The form, and the field in it.
pub fn composer(chat: Chat) -> (El, El) {
    let draft = RwSignal::new(String::new());
    // How far back the arrow key went; 0 is what is being written.
    let back = StoredValue::new(0usize);
    let field = part("textarea", "input")
        .class("field-text")
        .attrs(&[
            ("rows", "1"),
            ("autocomplete", "off"),
            ("enterkeyhint", "send"),
            ("aria-describedby", "bot-room"),
            ("data-test", "bot-input"),
        ])
        .attr_from("aria-label", move || Some(chat.texts().placeholder.to_owned()))
        .attr_from("placeholder", move || {
            let texts = chat.texts();
            Some((if chat.listening.get() { texts.listening } else { texts.placeholder }).to_owned())
        });
    let write = {
        let field = field.clone();
        move |text: &str| {
            area(&field).set_value(text);
            draft.set(text.to_owned());
        }
    };
    let room = move || {
        let longest = chat.settings.with(|settings| settings.longest);
        draft.with(|text| longest as i64 - text.chars().count() as i64)
    };
    let send = {
        let write = write.clone();
        move || {
            if untrack(room) < 0 || draft.with_untracked(|text| text.trim().is_empty()) {
                return;
            }
            let text = draft.get_untracked();
            // What is still heard of it does not come back.
            chat.listening.set(false);
            write("");
            back.set_value(0);
            chat.say(&text);
        }
    };
    let (typed, recalling) = (field.clone(), field.clone());
    let field = field
        .on("input", move |_| {
            back.set_value(0);
            draft.set(area(&typed).value());
        })
        .on("keydown", {
            let (send, write, field) = (send.clone(), write.clone(), recalling);
            move |event| {
                let key: &KeyboardEvent = event.unchecked_ref();
                match key.key().as_str() {
                    // While letters are put together, as in Japanese, Enter chooses one.
                    "Enter" if !key.shift_key() && !key.is_composing() => {
                        event.prevent_default();
                        send();
                    }
                    "ArrowUp" | "ArrowDown" if !key.shift_key() && !key.is_composing() => {
                        let up = key.key() == "ArrowUp";
                        if let Some(text) = recalled(chat, back, draft, up) {
                            event.prevent_default();
                            write(&text);
                            let end = text.encode_utf16().count() as u32;
                            let _ = area(&field).set_selection_range(end, end);
                        }
                    }
                    _ => {}
                }
            }
        })
        .follow(move |field| {
            draft.track();
            grow(field);
        });
    let left = part("p", "room")
        .class("room")
        .attrs(&[("id", "bot-room"), ("data-test", "bot-room")])
        .class_when("over", move || room() < 0)
        .text_from(move || {
            let (left, texts) = (room(), chat.texts());
            match left {
                ..0 => [&(-left).to_string(), " ", texts.too_long].concat(),
                left if left <= NEARLY_FULL as i64 => [&left.to_string(), " ", texts.left].concat(),
                _ => String::new(),
            }
        });
    let send_button = button(chat, "send-button", icon::SEND, |texts| texts.send)
        .class("send")
        .attr("type", "submit")
        .attr_when("aria-disabled", "true", move || room() < 0 || draft.with(|text| text.trim().is_empty()));
    let mut line = el("div").class("line").child(field.clone());
    if voice::can_listen() {
        line = line.child(microphone(chat, draft, write));
    }
    let form = part("form", "composer")
        .class("composer")
        .attr("novalidate", "")
        .child(line.child(send_button))
        .child(left)
        .on("submit", move |event| {
            event.prevent_default();
            send();
            chat.ask_focus();
        });
    (form, field)
}

fn area(field: &El) -> &HtmlTextAreaElement {
    field.node().unchecked_ref()
}

/// As high as its text, up to what the style allows.
fn grow(field: &El) {
    style::set_length(field, "block-size", None);
    let height = area(field).scroll_height();
    if height > 0 && !area(field).value().is_empty() {
        style::set_length(field, "block-size", Some(height));
    }
}

/// What was sent before: one further back, or one nearer. Only where the field is empty or shows such a text, so
/// that the arrows go on moving in what is being written.
fn recalled(chat: Chat, back: StoredValue<usize>, draft: RwSignal<String>, up: bool) -> Option<String> {
    let now = back.get_value();
    if now == 0 && (!up || draft.with_untracked(|text| !text.is_empty())) {
        return None;
    }
    let next = if up { now + 1 } else { now - 1 };
    let text = if next == 0 { String::new() } else { chat.sent(next)? };
    back.set_value(next);
    Some(text)
}

fn microphone(chat: Chat, draft: RwSignal<String>, write: impl Fn(&str) + Clone + 'static) -> El {
    let ear: StoredValue<Option<Ear>, LocalStorage> = StoredValue::new_local(None);
    let label = move || {
        let texts = chat.texts();
        Some((if chat.listening.get() { texts.stop_listening } else { texts.speak }).to_owned())
    };
    part("button", "microphone-button")
        .class("tool")
        .attrs(&[("type", "button"), ("data-test", "bot-microphone")])
        .attr_from("aria-label", label)
        .attr_from("aria-pressed", move || Some(chat.listening.get().to_string()))
        .child(El::icon(C, icon::MICROPHONE))
        .on("click", move |_| {
            if chat.listening.get_untracked() {
                chat.listening.set(false);
            } else {
                super::consent::with(chat, Consent::Listening);
            }
        })
        .follow(move |_| {
            let listens = chat.listening.get();
            let write = write.clone();
            let open = listens.then(|| {
                let mut written = draft.get_untracked();
                if !written.is_empty() {
                    written.push(' ');
                }
                Ear::open(chat, move |text, last| {
                    write(&[&*written, &text].concat());
                    if last {
                        chat.listening.set(false);
                    }
                })
            });
            // Whatever was open closes here.
            ear.set_value(open.flatten());
        })
}

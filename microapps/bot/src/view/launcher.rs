//! The button that opens the chat, and the last answer beside it.

use super::icon;
use crate::{
    C,
    chat::{Chat, Shown},
    el, message, part,
};
use leptos::prelude::*;
use microapp::element::El;

/// The button; on other pages the element draws its own.
pub fn launcher(chat: Chat) -> El {
    let open = move || chat.shown.get() == Shown::Open;
    let label = move || {
        let texts = chat.texts();
        Some((if open() { texts.close } else { texts.open }).to_owned())
    };
    part("button", "launcher")
        .class("launcher")
        .attrs(&[("type", "button"), ("data-test", "bot-launcher"), ("aria-controls", "bot-panel")])
        .attr_from("aria-label", label)
        .attr_from("aria-expanded", move || Some(open().to_string()))
        .class_when("open", open)
        .child(el("span").class("face").child(El::icon(C, icon::CHAT)))
        .child(el("span").class("face back").child(El::icon(C, icon::DOWN)))
        .on("click", move |_| {
            if chat.shown.get_untracked() == Shown::Open {
                chat.show(Shown::Closed);
            } else {
                chat.open();
            }
        })
}

/// The last answer, small: `showMinChat`.
pub fn glimpse(chat: Chat) -> El {
    let last = move || {
        chat.messages.with(|messages| {
            let said = |message: &message::Message| match &message.content {
                message::Content::Said { own: false, message } => {
                    message::texts(message).first().map(|text| (*text).to_owned())
                }
                _ => None,
            };
            messages.iter().rev().find_map(said).unwrap_or_default()
        })
    };
    let text = part("button", "glimpse")
        .class("glimpse-text")
        .attr("type", "button")
        .text_from(last)
        .on("click", move |_| chat.open());
    let dismiss = super::header::button(chat, "dismiss-button", icon::CLOSE, |texts| texts.dismiss)
        .on("click", move |_| chat.show(Shown::Closed));
    el("div")
        .class("glimpse")
        .attr("data-test", "bot-glimpse")
        .attr_when("hidden", "", move || chat.shown.get() != Shown::Glimpse || last().is_empty())
        .child(text)
        .child(dismiss)
}

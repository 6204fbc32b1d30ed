//! Before anything is heard or said aloud: where the sound goes.

use crate::{
    chat::{Chat, Consent},
    el, part,
};
use contract::storage::STORE_PREFIX;
use leptos::prelude::*;
use microapp::element::El;

/// The question, where it is asked.
pub fn consent(chat: Chat) -> El {
    let key = move || match chat.consent.get() {
        None => "",
        Some(Consent::Listening) => "in",
        Some(Consent::Speaking) => "out",
    };
    part("div", "consent")
        .class("consent")
        .attrs(&[("data-test", "bot-consent")])
        .attr_when("hidden", "", move || chat.consent.get().is_none())
        .children_from(
            move || [key(), chat.language.get().code()].concat(),
            move || {
                let Some(consent) = chat.consent.get_untracked() else { return Vec::new() };
                question(chat, consent)
            },
        )
}

fn question(chat: Chat, consent: Consent) -> Vec<El> {
    let texts = chat.language.get_untracked().texts();
    let text = match consent {
        Consent::Listening => texts.consent_in,
        Consent::Speaking => texts.consent_out,
    };
    let agree = el("button")
        .class("button small")
        .attrs(&[("type", "button"), ("data-test", "agree")])
        .text(texts.agree)
        .on("click", move |_| {
            remember(consent);
            chat.consent.set(None);
            begin(chat, consent);
        });
    let decline = el("button")
        .class("button quiet small")
        .attrs(&[("type", "button"), ("data-test", "decline")])
        .text(texts.decline)
        .on("click", move |_| {
            chat.consent.set(None);
            chat.ask_focus();
        });
    let title = el("p")
        .class("consent-title")
        .attrs(&[("id", "bot-consent"), ("tabindex", "-1")])
        .text(texts.consent_title);
    let target = title.clone();
    request_animation_frame(move || {
        let _ = target.html().focus();
    });
    vec![title, el("p").text(text), el("div").class("actions").child(agree).child(decline)]
}

/// Begins at once where it was agreed to before, else asks.
pub fn with(chat: Chat, consent: Consent) {
    if is_remembered(consent) {
        begin(chat, consent);
    } else {
        chat.consent.set(Some(consent));
    }
}

fn begin(chat: Chat, consent: Consent) {
    match consent {
        Consent::Listening => {
            chat.unsay();
            chat.listening.set(true);
        }
        Consent::Speaking => chat.aloud.set(true),
    }
    chat.ask_focus();
}

fn key(consent: Consent) -> String {
    let name = match consent {
        Consent::Listening => "listening",
        Consent::Speaking => "speaking",
    };
    [STORE_PREFIX, "bot/consent/", name].concat()
}

/// An answer lasts as long as the tab.
fn remember(consent: Consent) {
    if let Ok(Some(storage)) = window().session_storage() {
        let _ = storage.set_item(&key(consent), "yes");
    }
}

fn is_remembered(consent: Consent) -> bool {
    let storage = window().session_storage().ok().flatten();
    storage.is_some_and(|storage| storage.get_item(&key(consent)).ok().flatten().is_some())
}

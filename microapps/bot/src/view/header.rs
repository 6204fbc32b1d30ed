//! The panel's head: who answers, and what can be done.

use super::icon;
use crate::{
    C,
    chat::{Chat, Consent, Shown},
    el, part,
    texts::{LANGUAGES, Language, Texts},
    voice,
};
use leptos::prelude::*;
use microapp::element::El;

/// The head.
pub fn header(chat: Chat) -> El {
    let subtitle = move || {
        let texts = chat.texts();
        let server = chat.settings.with(|settings| settings.server);
        (if server { texts.subtitle_server } else { texts.subtitle }).to_owned()
    };
    let names = el("div")
        .class("names")
        .child(part("h2", "title").class("title").attr("id", "bot-title").text_from(move || chat.title()))
        .child(part("p", "subtitle").class("subtitle").text_from(subtitle));
    let mut header = part("div", "header titlebar")
        .class("header")
        .child(avatar(chat))
        .child(names)
        .child(languages(chat));
    if voice::can_speak() {
        header = header.child(aloud(chat));
    }
    header
        .child(button(chat, "clear-button", icon::AGAIN, |texts| texts.clear).on("click", move |_| {
            chat.clear();
            chat.ask_focus();
        }))
        .child(
            button(chat, "close-button", icon::CLOSE, |texts| texts.close)
                .on("click", move |_| chat.show(Shown::Closed)),
        )
}

/// A button with an icon; what it does is its label.
pub fn button(
    chat: Chat,
    name: &'static str,
    path: &str,
    label: impl Fn(&Texts) -> &'static str + Copy + 'static,
) -> El {
    let label = move || Some(label(chat.texts()).to_owned());
    part("button", name)
        .class("tool")
        .attrs(&[("type", "button"), ("data-test", name)])
        .attr_from("aria-label", label)
        .attr_from("title", label)
        .child(El::icon(C, path))
}

/// The picture of whoever answers.
pub fn avatar(chat: Chat) -> El {
    let own = chat.settings.with_untracked(|settings| settings.icon.clone());
    let picture = if own.is_empty() {
        icon::logo()
    } else {
        let picture = el("img").class("logo").attrs(&[("src", &own), ("alt", "")]);
        let broken = picture.clone();
        // Where the page's policy has no pictures, ours stands in.
        picture.on("error", move |_| {
            let _ = broken.node().replace_with_with_node_1(icon::logo().node());
        })
    };
    part("span", "avatar").class("avatar").child(picture)
}

fn languages(chat: Chat) -> El {
    let option = |language: Language| {
        el("option")
            .attrs(&[("value", language.code()), ("lang", language.code()), ("label", language.name())])
            .text(language.name())
    };
    let select = part("select", "language")
        .class("language")
        .attr("data-test", "bot-language")
        .attr_from("aria-label", move || Some(chat.texts().language.to_owned()))
        .children(LANGUAGES.map(option))
        .follow(move |select| select.field().set_value(chat.language.get().code()));
    let chosen = select.clone();
    let select = select.on("change", move |_| chat.choose(Language::of(&chosen.field().value())));
    // What shows is the short form: the list itself says the names.
    let short = el("span")
        .class("short")
        .attr("aria-hidden", "true")
        .text_from(move || chat.language.get().code().to_ascii_uppercase());
    el("span").class("languages").child(short).child(select)
}

fn aloud(chat: Chat) -> El {
    button(chat, "voice-button", icon::SPEAKER, |texts| texts.aloud)
        .attr_from("aria-pressed", move || Some(chat.aloud.get().to_string()))
        .on("click", move |_| {
            if chat.aloud.get_untracked() {
                chat.aloud.set(false);
                voice::be_silent();
            } else {
                super::consent::with(chat, Consent::Speaking);
            }
        })
}

//! The conversation: messages, what can be said next, and whether an answer is on its way.

use super::{icon, items};
use crate::{
    C,
    chat::{Chat, Shown},
    commands,
    dialogflow::{self, object},
    el,
    links::{Piece, Target, pieces},
    message::{self, Content, Message},
    part,
};
use leptos::{prelude::*, reactive::owner::Owner};
use microapp::element::{El, follow};
use nlu::json::Value;

/// The part that scrolls.
pub fn log(chat: Chat) -> El {
    // New messages are announced, each once: a message is one element that is added whole.
    let label = move || Some(chat.texts().messages.to_owned());
    let list = el("div")
        .class("messages")
        .attrs(&[
            ("role", "log"),
            ("aria-live", "polite"),
            ("aria-relevant", "additions"),
            ("data-test", "bot-log"),
        ])
        .attr_from("aria-label", label);
    let scroller = part("div", "log")
        .class("log")
        .attr("tabindex", "0")
        .attr_from("aria-label", label)
        .attr("role", "group")
        .child(
            el("div").class("flow").child(messages(chat, list)).child(typing(chat)).child(suggestions(chat)),
        );
    let end = scroller.clone();
    follow(move || {
        chat.messages.track();
        chat.suggestions.track();
        chat.waiting.track();
        chat.shown.track();
        let end = end.clone();
        // It is laid out from the end, which is at 0.
        request_animation_frame(move || end.node().set_scroll_top(0));
    });
    scroller
}

/// One element for each message, which stays as it is.
fn messages(chat: Chat, list: El) -> El {
    let outer = Owner::current().map(|owner| owner.downgrade());
    let mut made: Vec<(i64, El, Owner)> = Vec::new();
    list.follow(move |list| {
        let Some(outer) = outer.as_ref().and_then(|outer| outer.upgrade()) else { return };
        let fresh = chat.messages.with(|now| {
            made.retain(|(id, element, owner)| {
                let stays = now.iter().any(|message| message.id == *id);
                if !stays {
                    owner.cleanup();
                    element.node().remove();
                }
                stays
            });
            let known = made.last().map_or(0, |(id, ..)| *id);
            now.iter().filter(|message| message.id > known).cloned().collect::<Vec<_>>()
        });
        for message in fresh {
            let owner = outer.child();
            let id = message.id;
            let element = untrack(|| owner.with(|| one(chat, message)));
            let _ = list.node().append_child(element.node());
            made.push((id, element, owner));
        }
    })
}

fn one(chat: Chat, message: Message) -> El {
    match message.content {
        Content::Failed { code, .. } => failed(chat, message.id, &code),
        Content::Said { own, message } => {
            let texts = chat.language.get_untracked().texts();
            let (class, name, who) = if own {
                ("message own", "message user-message", texts.said_by_you)
            } else {
                ("message", "message bot-message", texts.said_by_bot)
            };
            let bubbles =
                message::texts(&message).into_iter().map(|text| bubble(chat, text, own)).collect::<Vec<_>>();
            let said = !bubbles.is_empty();
            let element =
                part("div", name).class(class).attr("data-test", if own { "said" } else { "answered" });
            let element =
                if said { element.child(el("span").class("visually-hidden").text(who)) } else { element };
            element.children(bubbles).children(rest(chat, &message))
        }
    }
}

fn bubble(chat: Chat, text: &str, own: bool) -> El {
    let bubble = part("p", if own { "bubble user-bubble" } else { "bubble bot-bubble" }).class("bubble");
    if own {
        return bubble.text(text);
    }
    let links = chat.links();
    pieces(text).into_iter().fold(bubble, |bubble, piece| match piece {
        Piece::Words(words) => bubble.text(words),
        Piece::Address(address) => match links.link(address) {
            Some(target) => bubble.child(items::anchor(chat, &target, "").class("link").text(address)),
            None => bubble.text(address),
        },
    })
}

/// Cards, pictures and boxes of a message.
fn rest(chat: Chat, message: &Value) -> Vec<El> {
    let transcript =
        if commands::takes_transcript(message) { commands::transcript(chat) } else { String::new() };
    let mut all: Vec<El> = message::boxes(message)
        .into_iter()
        .map(|items| {
            let shown: Vec<El> =
                items.into_iter().filter_map(|item| items::item(chat, item, &transcript)).collect();
            part("div", "box card").class("box").children(shown)
        })
        .filter(|element| element.node().has_child_nodes())
        .collect();
    if let Some(card) = message.get("card") {
        all.push(items::card(chat, card));
    }
    if let Some(image) = message.get("image") {
        let picture = items::picture(
            chat,
            &dialogflow::string(image, "imageUri"),
            &dialogflow::string(image, "accessibilityText"),
        );
        all.push(part("div", "box card").class("box").child(picture));
    }
    let title =
        message.get("quickReplies").map(|quick| dialogflow::string(quick, "title")).unwrap_or_default();
    if !title.is_empty() {
        all.push(bubble(chat, &title, false));
    }
    all
}

fn failed(chat: Chat, id: i64, code: &str) -> El {
    let texts = chat.language.get_untracked().texts();
    let retry = el("button")
        .class("button quiet small")
        .attrs(&[("type", "button"), ("part", "retry-button"), ("data-test", "bot-retry")])
        .text(texts.retry)
        .on("click", move |_| chat.retry(id));
    let text = el("p").text(texts.failed).child(el("span").class("code").text([" ", code].concat().as_str()));
    part("div", "message failure")
        .class("message failure")
        .attr("data-test", "bot-failed")
        .child(El::icon(C, icon::ALERT))
        .child(text)
        .child(retry)
}

/// Seen, not announced: the answer will be.
fn typing(chat: Chat) -> El {
    let dots = [(); 3].map(|()| el("span").class("dot"));
    part("div", "typing")
        .class("typing")
        .attrs(&[("aria-hidden", "true"), ("data-test", "bot-typing")])
        .attr_when("hidden", "", move || !chat.waiting.get())
        .children(dots)
}

fn suggestions(chat: Chat) -> El {
    let key = move || {
        chat.suggestions.with(|chips| chips.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    };
    part("div", "chips")
        .class("chips")
        .attrs(&[("role", "group"), ("data-test", "bot-chips")])
        .attr_from("aria-label", move || Some(chat.texts().suggestions.to_owned()))
        .attr_when("hidden", "", move || chat.suggestions.with(Vec::is_empty) || chat.waiting.get())
        .children_from(key, move || {
            chat.suggestions.get_untracked().into_iter().filter_map(|chip| chip_of(chat, chip)).collect()
        })
}

fn chip_of(chat: Chat, chip: Value) -> Option<El> {
    let text = dialogflow::string(&chip, "text");
    let link = dialogflow::string(&chip, "link");
    let source =
        chip.get("image").and_then(|image| image.get("src")?.get("rawUrl")?.as_str().map(str::to_owned));
    let picture = source.and_then(|source| chat.links().picture(&source)).map(|address| {
        items::vanishing(el("img").class("chip-picture").attrs(&[("src", &address), ("alt", "")]))
    });
    let clicked =
        move |chat: Chat, text: &str| chat.announce("df-chip-clicked", object([("query", text.into())]));
    let said = text.clone();
    let element = if link.is_empty() {
        let event = items::event_of(&chip);
        part("button", "chip").class("chip").attr("type", "button").on("click", move |_| {
            clicked(chat, &said);
            chat.ask_focus();
            match event.clone() {
                Some(event) => {
                    chat.suggestions.set(Vec::new());
                    chat.ask(event);
                }
                None => chat.say(&said),
            }
        })
    } else {
        let target = chat.links().link(&link)?;
        let leaves = matches!(target, Target::Address(_)) || chat.settings.with_untracked(|s| s.embedded);
        let anchor =
            items::anchor(chat, &target, "").attr("part", "chip").class("chip").on("click", move |_| {
                clicked(chat, &said);
                // In the shop a link goes to another page behind the panel, which on a phone covers it.
                items::make_way(chat);
            });
        if leaves { anchor.child(El::icon(C, icon::LEAVE)) } else { anchor }
    };
    let element = picture.into_iter().fold(element, El::child);
    Some(element.attr("data-test", "chip").child(el("span").text(&text)))
}

impl Chat {
    /// Whether the panel covers the page.
    pub fn covers(self) -> bool {
        let narrow =
            window().match_media("(max-width: 36rem)").ok().flatten().is_some_and(|list| list.matches());
        narrow && self.shown.get_untracked() == Shown::Open
    }
}

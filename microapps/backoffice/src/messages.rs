//! Messages of the contact form, the newest first.

use crate::{
    desk::Desk,
    el,
    list::{self, List},
    message, page, search,
    view::{FEW, Filter},
};
use contract::shop::operator::Message;
use microapp::element::El;
use operator::time;

const KINDS: [(&str, &str); 2] = [("", "To answer"), ("all", "All")];

/// The view.
pub fn view(desk: Desk) -> Vec<El> {
    let list = List {
        name: "Messages",
        size: FEW,
        place: || (el("ul").class("cards").attr("data-test", "rows"), None),
        keys: |told| told.messages.as_ref().map(|messages| messages.iter().map(key).collect()),
        row: |desk, wanted| {
            let found =
                desk.answers(|told| told.messages.iter().flatten().find(|it| key(it) == wanted).cloned());
            found.map_or_else(|| el("li"), |found| message::card(desk, found))
        },
        summary: |filter, count| {
            let open = if filter.only.is_empty() { " to answer" } else { "" };
            [&time::counted(count as u64, "message"), open].concat()
        },
        empty,
        pages: ["Newest", "Older"],
    };
    list::view(desk, list, vec![search::chips(desk, "Which messages", &KINDS)])
}

/// Answered is another card.
fn key(message: &Message) -> String {
    [message.reference.as_str(), if message.answered { " answered" } else { " open" }].concat()
}

fn empty(desk: Desk, filter: &Filter) -> El {
    match filter.only.as_str() {
        "all" => page::empty(
            "Nobody has written yet",
            "What people send by the contact form shows up here by itself.",
            None,
        ),
        _ => page::empty(
            "Everything is answered",
            "New messages show up here by themselves.",
            Some((desk.host.href("/messages?only=all"), "See all messages")),
        ),
    }
}

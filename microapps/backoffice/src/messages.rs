//! Messages of the contact form, the newest first.

use crate::{
    desk::Desk,
    el,
    list::{self, List},
    message, page, search,
    view::{FEW, Filter},
};
use contract::shop::operator::Message;
use microapp::{element::El, t, t_count};

/// The view.
pub fn view(desk: Desk) -> Vec<El> {
    let list = List {
        size: FEW,
        place: || (el("ul").class("cards").attr("data-test", "rows"), None),
        keys: |told| told.messages.as_ref().map(|messages| messages.iter().map(key).collect()),
        row: |desk, wanted| {
            let found =
                desk.answers(|told| told.messages.iter().flatten().find(|it| key(it) == wanted).cloned());
            found.map_or_else(|| el("li"), |found| message::card(desk, found))
        },
        summary: |filter, count| match filter.only.as_str() {
            "" => t_count("{n} message to answer", "{n} messages to answer", count as i64),
            _ => t_count("{n} message", "{n} messages", count as i64),
        },
        empty,
        pages: list::newest_first,
    };
    list::view(
        desk,
        list,
        vec![search::chips(desk, &t("Which messages"), vec![("", t("To answer")), ("all", t("All"))])],
    )
}

/// Answered is another card.
fn key(message: &Message) -> String {
    [message.reference.as_str(), if message.answered { " answered" } else { " open" }].concat()
}

fn empty(desk: Desk, filter: &Filter) -> El {
    match filter.only.as_str() {
        "all" => page::empty(
            &t("Nobody has written yet"),
            &t("What people send by the contact form shows up here by itself."),
            None,
        ),
        _ => page::empty(
            &t("Everything is answered"),
            &t("New messages show up here by themselves."),
            Some((desk.host.href("/messages?only=all"), t("See all messages"))),
        ),
    }
}

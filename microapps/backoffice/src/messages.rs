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
        summary: |filter, count| {
            let count = match filter.only.as_str() {
                "" => t_count("{n} message to answer", "{n} messages to answer", count as i64),
                _ => t_count("{n} message", "{n} messages", count as i64),
            };
            list::found(count, filter)
        },
        empty,
        pages: list::newest_first,
    };
    list::view(
        desk,
        list,
        vec![
            search::chips(desk, &t("Which messages"), vec![("", t("To answer")), ("all", t("All"))]),
            search::field(desk, &t("Reference")),
        ],
    )
}

/// Answered is another card.
fn key(message: &Message) -> String {
    [message.reference.as_str(), if message.answered { " answered" } else { " open" }].concat()
}

fn empty(desk: Desk, filter: &Filter) -> El {
    // Searched among those to answer, it may be answered; among all there is no more than all.
    let wider = if filter.only.is_empty() { filter.only("all") } else { filter.only("all").words("") };
    let all = Some((desk.host.href(&desk.view().address(&wider)), t("See all messages")));
    match (filter.words.is_empty(), filter.only.as_str()) {
        (false, _) => page::empty(
            &t("No message is like this"),
            &t(
                "References are searched whole, such as C-7F3K2Q9B. What is answered is deleted after two years.",
            ),
            all,
        ),
        (true, "all") => page::empty(
            &t("Nobody has written yet"),
            &t("What people send by the contact form shows up here by itself."),
            None,
        ),
        (true, _) => {
            page::empty(&t("Everything is answered"), &t("New messages show up here by themselves."), all)
        }
    }
}

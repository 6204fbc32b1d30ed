//! Who changed what, the newest first.

use crate::{
    desk::Desk,
    el,
    list::{self, List},
    page,
    view::{self, MANY},
    words,
};
use contract::{route::encode, shop::operator::AuditEntry};
use microapp::{element::El, t, t_count, t_with};
use operator::time;

/// The view.
pub fn view(desk: Desk) -> Vec<El> {
    let list = List {
        size: MANY,
        place: list::rows,
        keys: |told| told.log.as_ref().map(|log| log.iter().map(|entry| entry.id.to_string()).collect()),
        row: |desk, id| {
            let found =
                desk.answers(|told| told.log.iter().flatten().find(|it| it.id.to_string() == id).cloned());
            found.map_or_else(|| el("li"), |entry| line(desk, &entry, true).class("row entry"))
        },
        summary: |_, count| t_count("{n} change", "{n} changes", count as i64),
        empty: |_, _| {
            page::empty(
                &t("Nobody has changed anything yet"),
                &t(
                    "Who sends or cancels an order, sets stock or marks a message is written down here, with the name of \
                     their token.",
                ),
                None,
            )
        },
        pages: list::newest_first,
    };
    list::view(desk, list, Vec::new())
}

/// An entry; `named` with what it is about.
pub fn line(desk: Desk, entry: &AuditEntry, named: bool) -> El {
    let what = el("p").attr("data-test", "entry");
    let what = match (named, about(entry)) {
        (true, (name, Some(path))) => {
            what.child(el("a").attr("href", &desk.host.href(&path)).text(&name)).text(": ")
        }
        (true, (name, None)) => what.text(&name).text(": "),
        (false, _) => what,
    };
    let by = el("p").class("since").child(time::moment(desk, &entry.at)).text(&[" · ", &entry.who].concat());
    el("li").child(what.text(&change(entry))).child(by)
}

/// `paid → sent`; of what was nothing before, what it became.
fn change(entry: &AuditEntry) -> String {
    let became = words::logged(&entry.became);
    match entry.was.as_str() {
        "" => became,
        was => [&*words::logged(was), " → ", &became].concat(),
    }
}

/// What an entry is about, and where that is.
fn about(entry: &AuditEntry) -> (String, Option<String>) {
    let subject = [("number", &*entry.subject)];
    match entry.kind.as_str() {
        "order" => (t_with("Order {number}", &subject), Some(view::order(&entry.subject))),
        "refund" => (t_with("Money of order {number}", &subject), Some(view::order(&entry.subject))),
        // The list that begins with it.
        "stock" => {
            let before = entry.subject.parse::<i64>().ok().map(|variant| (variant - 1).max(0).to_string());
            (
                t_with("Stock of variant {number}", &subject),
                before.map(|before| ["/stock?from=", &before].concat()),
            )
        }
        "message" => (
            t_with("Message {number}", &subject),
            Some(["/messages?only=all&q=", &encode(&entry.subject)].concat()),
        ),
        "review" => (t_with("Review {number}", &subject), None),
        "token" => (t_with("Token {number}", &subject), None),
        "catalogue" => (t("Catalogue, products / variants"), None),
        kind => ([kind, " ", &entry.subject].concat(), None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_lead_to_what_they_are_about() {
        for (kind, subject, expected) in [
            ("order", "M-10042", ("Order M-10042", Some("/orders/M-10042"))),
            ("stock", "7", ("Stock of variant 7", Some("/stock?from=6"))),
            ("stock", "x", ("Stock of variant x", None)),
            ("message", "C-7F3K2Q", ("Message C-7F3K2Q", Some("/messages?only=all&q=C-7F3K2Q"))),
            ("token", "7f3k", ("Token 7f3k", None)),
            ("catalogue", "", ("Catalogue, products / variants", None)),
            ("new", "1", ("new 1", None)),
        ] {
            let entry = AuditEntry {
                id: 1,
                at: String::new(),
                who: String::new(),
                kind: kind.to_owned(),
                subject: subject.to_owned(),
                was: String::new(),
                became: String::new(),
            };
            let (name, path) = about(&entry);
            assert_eq!((name.as_str(), path.as_deref()), expected);
        }
    }

    #[test]
    fn an_arrow_leads_from_something_to_something() {
        for (was, became, expected) in [
            ("paid", "shipped", "paid → sent"),
            ("", "operator for 90 days", "operator for 90 days"),
            ("5", "", "5 → "),
        ] {
            let entry = AuditEntry {
                id: 1,
                at: String::new(),
                who: String::new(),
                kind: "order".to_owned(),
                subject: "M-10042".to_owned(),
                was: was.to_owned(),
                became: became.to_owned(),
            };
            assert_eq!(change(&entry), expected);
        }
    }
}

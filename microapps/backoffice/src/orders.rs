//! Orders, the newest first.

use crate::{
    desk::Desk,
    el,
    list::{self, List},
    page, search,
    view::{self, FEW, Filter},
    words,
};
use contract::shop::order::Order;
use microapp::{element::El, format};
use operator::time;

const KINDS: [(&str, &str); 6] = [
    ("", "All"),
    ("paid", "Paid, to send"),
    ("placed", "To send, paid on delivery"),
    ("payment_pending", "Waits for payment"),
    ("shipped", "Sent"),
    ("cancelled", "Cancelled"),
];

/// The view.
pub fn view(desk: Desk) -> Vec<El> {
    let list = List {
        name: "Orders",
        size: FEW,
        place: list::rows,
        keys: |told| told.orders.as_ref().map(|orders| orders.iter().map(key).collect()),
        row: |desk, wanted| {
            let found =
                desk.answers(|told| told.orders.iter().flatten().find(|it| key(it) == wanted).cloned());
            found.map_or_else(|| el("li"), |order| row(desk, &order))
        },
        summary: |filter, count| list::found(time::counted(count as u64, "order"), filter),
        empty,
        pages: ["Newest", "Older"],
    };
    let narrow = vec![
        search::chips(desk, "Which orders", &KINDS),
        search::field(desk, "Number, e-mail address or name"),
    ];
    list::view(desk, list, narrow)
}

/// Another status is another row.
fn key(order: &Order) -> String {
    [&order.number, " ", words::status(order.status).0].concat()
}

fn empty(desk: Desk, filter: &Filter) -> El {
    if filter.words.is_empty() && filter.only.is_empty() {
        return page::empty(
            "Nobody has ordered yet",
            "As soon as somebody does, the order shows up here by itself.",
            None,
        );
    }
    page::empty(
        "No order is like this",
        "Numbers are searched whole, such as M-10042; of e-mail addresses and names a part is enough.",
        Some((desk.host.href("/orders"), "See all orders")),
    )
}

fn row(desk: Desk, order: &Order) -> El {
    let pieces = order.lines.iter().map(|line| line.quantity.unsigned_abs()).sum();
    let link = el("a")
        .class("number")
        .attr("href", &desk.host.href(&view::order(&order.number)))
        .text(&order.number);
    let who =
        el("p").text(&order.address.name).text(" · ").child(el("span").class("mail").text(&order.email));
    let when = el("p")
        .class("since")
        .child(time::moment(desk, &order.placed_at))
        .text(&[" · ", &time::counted(pieces, "piece"), " · ", &order.delivery.name].concat());
    el("li")
        .class("row")
        .attrs(&[("data-test", "order"), ("data-number", &order.number)])
        .child(el("div").class("what").child(el("h2").class("small").child(link)).child(who).child(when))
        .child(
            el("div")
                .class("sum")
                .child(el("p").class("money").text(&format::money(&order.totals.total)))
                .child(words::badge(order.status)),
        )
}

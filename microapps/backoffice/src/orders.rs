//! Orders, the newest first.

use crate::{
    desk::Desk,
    el,
    list::{self, List},
    page, search,
    view::{self, FEW, Filter},
    words,
};
use contract::shop::order::{Order, OrderStatus};
use microapp::{element::El, format, t, t_count};
use operator::time;

const KINDS: [(&str, OrderStatus); 5] = [
    ("paid", OrderStatus::Paid),
    ("placed", OrderStatus::Placed),
    ("payment_pending", OrderStatus::PaymentPending),
    ("shipped", OrderStatus::Shipped),
    ("cancelled", OrderStatus::Cancelled),
];

/// The view.
pub fn view(desk: Desk) -> Vec<El> {
    let list = List {
        size: FEW,
        place: list::rows,
        keys: |told| told.orders.as_ref().map(|orders| orders.iter().map(key).collect()),
        row: |desk, wanted| {
            let found =
                desk.answers(|told| told.orders.iter().flatten().find(|it| key(it) == wanted).cloned());
            found.map_or_else(|| el("li"), |order| row(desk, &order))
        },
        summary: |filter, count| list::found(t_count("{n} order", "{n} orders", count as i64), filter),
        empty,
        pages: list::newest_first,
    };
    let mut kinds = vec![("", t("All"))];
    kinds.extend(KINDS.map(|(only, status)| (only, words::status(status).0)));
    let narrow = vec![
        search::chips(desk, &t("Which orders"), kinds),
        search::field(desk, &t("Number, e-mail address or name")),
    ];
    list::view(desk, list, narrow)
}

/// Another status is another row.
fn key(order: &Order) -> String {
    [&order.number, " ", &words::standing(order).0].concat()
}

fn empty(desk: Desk, filter: &Filter) -> El {
    if filter.words.is_empty() && filter.only.is_empty() {
        return page::empty(
            &t("Nobody has ordered yet"),
            &t("As soon as somebody does, the order shows up here by itself."),
            None,
        );
    }
    page::empty(
        &t("No order is like this"),
        &t("Numbers are searched whole, such as M-10042; of e-mail addresses and names a part is enough."),
        Some((desk.host.href("/orders"), t("See all orders"))),
    )
}

fn row(desk: Desk, order: &Order) -> El {
    let pieces = order.lines.iter().map(|line| line.quantity).sum();
    let link = el("a")
        .class("number")
        .attr("href", &desk.host.href(&view::order(&order.number)))
        .text(&order.number);
    let who = match words::has_left(order) {
        true => el("p").text(&words::gone()),
        false => {
            el("p").text(&order.address.name).text(" · ").child(el("span").class("mail").text(&order.email))
        }
    };
    let when = el("p")
        .class("since")
        .child(time::moment(desk, &order.placed_at))
        .text(&[" · ", &t_count("{n} piece", "{n} pieces", pieces), " · ", &order.delivery.name].concat());
    el("li")
        .class("row")
        .attrs(&[("data-test", "order"), ("data-number", &order.number)])
        .child(el("div").class("what").child(el("h2").class("small").child(link)).child(who).child(when))
        .child(
            el("div")
                .class("sum")
                .child(el("p").class("money").text(&format::money(&order.totals.total)))
                .child(words::badge(order)),
        )
}

//! One order: what was bought, where it goes, how it is paid, and what can be done with it.

use crate::{
    desk::Desk,
    el, order_parts, page,
    question::{self, Question},
    words,
};
use contract::{
    code,
    shop::{
        operator::{OrderFile, PaymentStatus},
        order::OrderStatus,
    },
};
use microapp::{element::El, format, t};
use operator::{button, focus};

/// The view.
pub fn view(desk: Desk, number: &str) -> Vec<El> {
    let back = el("a").class("back").attr("href", &desk.host.href("/orders")).t("← All orders");
    let heading =
        focus::heading::<Desk>("").text_around(&t("Order {number}"), el("span").class("whole").text(number));
    let title = el("div").class("title").child(heading);
    let missing =
        move || desk.told(|told| told.trouble.as_ref().is_some_and(|error| error.is(code::NOT_FOUND)));
    let waits = move || page::waits(desk, desk.answers(|told| told.order.is_some()));
    let key = move || match desk.answers(|told| told.order.as_ref().map(key)) {
        Some(key) => key,
        None if missing() => "missing".to_owned(),
        None if waits() => "waits".to_owned(),
        None => String::new(),
    };
    let body =
        el("div").class("body").attr_when("aria-busy", "true", waits).children_from(key, move || match desk
            .answers(|told| told.order.clone())
        {
            Some(file) => known(desk, file),
            None if missing() => vec![page::empty(
                &t("There is no such order"),
                &t("Numbers look like M-10042."),
                Some((desk.host.href("/orders"), t("See all orders"))),
            )],
            None if waits() => page::skeletons(5),
            None => Vec::new(),
        });
    vec![el("div").class("head").child(back).child(title), body]
}

/// Everything of an order that changes.
fn key(file: &OrderFile) -> String {
    let mut key = words::standing(&file.order).0;
    key.extend(file.payment.as_ref().map(|payment| words::payment(&file.order, payment.status)));
    for refund in &file.refunds {
        key.push_str(if refund.done { "+" } else { "-" });
    }
    key.push_str(&file.history.len().to_string());
    key
}

fn known(desk: Desk, file: OrderFile) -> Vec<El> {
    let column = |parts: [El; 2]| el("div").class("column").children(parts);
    let left = column([order_parts::lines(&file.order), order_parts::history(desk, &file)]);
    let right = column([order_parts::delivery(&file.order), order_parts::payment(desk, &file)]);
    vec![standing(desk, &file), el("div").class("near").child(left).child(right)]
}

/// Whether its own payment is here, and does not go back yet; one that came besides goes back by itself.
fn may_refund(file: &OrderFile) -> bool {
    let Some(payment) = &file.payment else { return false };
    let goes_back = file.refunds.iter().any(|refund| refund.reference == payment.reference);
    payment.status == PaymentStatus::Paid && !goes_back
}

/// Where it stands, and what can be done about that.
fn standing(desk: Desk, file: &OrderFile) -> El {
    let order = &file.order;
    let ask = |test: &str, class: &str, text: String, question: Question| {
        button::<Desk>(test, class).text(&text).on("click", move |_| desk.put(Some(question.clone())))
    };
    let mut buttons = Vec::new();
    if matches!(order.status, OrderStatus::Placed | OrderStatus::Paid) {
        buttons.push(ask("ship", "", t("Mark as sent …"), question::send_off(order)));
    }
    if !matches!(order.status, OrderStatus::Shipped | OrderStatus::Cancelled) {
        buttons.push(ask("cancel", "quiet", t("Cancel the order …"), question::cancel(order)));
    }
    if order.status == OrderStatus::Shipped && may_refund(file) {
        let money = format::money(&order.totals.total);
        buttons.push(ask("refund", "quiet", t("Refund …"), question::refund(order, &money)));
    }
    let actions = match buttons.is_empty() {
        true => el("p").class("hint").t("There is nothing left to do with it."),
        false => el("div").class("actions").children(buttons),
    };
    order_parts::section("standing", &t("Where it stands")).child(words::badge(order)).child(actions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::shop::operator::{PaymentFile, Refund};

    #[test]
    fn the_money_of_an_order_goes_back_whatever_came_besides() {
        for (status, refunds, expected) in [
            (PaymentStatus::Paid, vec![], true),
            (PaymentStatus::Paid, vec!["second"], true),
            (PaymentStatus::Paid, vec!["own", "second"], false),
            (PaymentStatus::Open, vec![], false),
        ] {
            let refund = |of: &str| Refund { reference: of.to_owned(), done: true };
            let file = OrderFile {
                order: words::tests::order(OrderStatus::Shipped, false),
                payment: Some(PaymentFile { reference: "own".to_owned(), status, at: String::new() }),
                refunds: refunds.iter().map(|of| refund(of)).collect(),
                history: Vec::new(),
            };
            assert_eq!(may_refund(&file), expected, "{refunds:?}");
        }
    }
}

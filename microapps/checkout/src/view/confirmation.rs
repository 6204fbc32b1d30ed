//! The order, for whoever has its address. It can be reloaded and kept as a bookmark.

use super::{items, parts, states};
use crate::{draft::Action, el, order, steps::Step, visit::Visit};
use contract::{
    code,
    shop::{
        address_form::AddressForm,
        order::{Order, OrderStatus, PaymentMethod},
    },
};
use microapp::{
    Level, Notice,
    api::ApiError,
    element::El,
    format,
    page::{focus, run},
    t, t_with,
};
use std::sync::Arc;

/// The id of the button that asks whether the order is to be cancelled.
const CANCEL: &str = "checkout-cancel";
/// The id of that question.
const QUESTION: &str = "checkout-cancel-question";

/// The confirmation.
pub fn confirmation(visit: Visit, key: String) -> El {
    visit.load_order(key.clone());
    let state = move || match visit.sheet(|sheet| (sheet.order.is_some(), sheet.answers)) {
        (true, answers) => answers.to_string(),
        (false, _) => String::new(),
    };
    let mut before: Option<Result<Arc<Order>, ApiError>> = None;
    el("div").children_from(state, move || {
        let order = visit.sheet(|sheet| sheet.order.clone());
        // The heading says it to whoever is moved there.
        let is_told = before.is_some() && parts::to_heading();
        if let (Some(Ok(before)), Some(Ok(now))) = (&before, &order)
            && !is_told
            && (before.status, before.payment_underway) != (now.status, now.payment_underway)
        {
            let level = if now.status == OrderStatus::Cancelled { Level::Warning } else { Level::Success };
            visit.context.host.notify(Notice::new(level, t_with(&title(now), &[("number", &now.number)])));
        }
        before = order.clone().or(before.take());
        shown(visit, &key, order)
    })
}

fn shown(visit: Visit, key: &str, order: Option<Result<Arc<Order>, ApiError>>) -> Vec<El> {
    match order {
        None => {
            let bars = parts::skeleton(&["bar"; 3]);
            vec![
                el("div")
                    .class("form")
                    .attr("aria-busy", "true")
                    .child(parts::heading(&t("Your order")))
                    .children(bars),
            ]
        }
        Some(Ok(order)) => standing(visit, &order),
        Some(Err(error)) if error.is(code::NOT_FOUND) => {
            let content = [
                parts::heading(&t("No such order")),
                el("p").class("hint").t("Check that the address is complete."),
                parts::link(visit, "/", &t("To the shop")).class("button"),
            ];
            vec![el("div").class("empty").children(content)]
        }
        Some(Err(error)) => {
            let key = key.to_owned();
            let again = parts::button(&t("Try again"))
                .attr("data-test", "retry")
                .on("click", move |_| visit.load_order(key.clone()));
            let reason = el("p").class("note bad").attr("role", "alert").text(&error.numbered());
            vec![el("div").class("empty").child(parts::heading(&t("Your order"))).child(reason).child(again)]
        }
    }
}

fn standing(visit: Visit, order: &Arc<Order>) -> Vec<El> {
    let key = order.key.clone();
    let pay = order::is_payable(order).then(|| {
        parts::button(&t("Pay now")).attr("data-test", "pay-now").on("click", move |_| {
            visit.keep(Action::Unpaid(key.clone()));
            visit.go(Step::Payment);
        })
    });
    let hint = t("Keep this page's address: it is all you need to look at the order again.");
    let thanks = el("div")
        .child(parts::heading("").text_around(&title(order), parts::number(order)))
        .child(el("p").text(&what(visit, order)))
        .child(el("p").class("hint").text(&hint))
        .child(
            el("div")
                .class("actions")
                .children(pay)
                .child(again(visit, order))
                .children(cancel(visit, order)),
        );
    let bought = el("section")
        .class("aside card")
        .attr("aria-labelledby", "checkout-bought")
        .child(el("h2").attr("id", "checkout-bought").t("What you ordered"))
        .child(items::list(visit, &order.lines))
        .children(items::sums(visit, &order.totals, order.coupon.as_ref()))
        .child(parts::link(visit, "/", &t("Continue shopping")).class("button quiet wide"));
    vec![
        el("div").class("thanks").child(states::picture(picture(order))).child(thanks),
        el("div").class("columns").child(facts(visit, order)).child(bought),
    ]
}

fn again(visit: Visit, order: &Arc<Order>) -> El {
    let order = order.clone();
    parts::button(&t("Order again"))
        .class("quiet")
        .attr("data-test", "reorder")
        .attr_when("aria-disabled", "true", busy(visit))
        .on("click", move |_| run(order::again(visit, order.clone())))
}

fn busy(visit: Visit) -> impl Fn() -> bool {
    move || visit.sheet(|sheet| sheet.busy)
}

/// Asks before it does so, below the button: the second click of a double click finds the same one again.
fn cancel(visit: Visit, order: &Arc<Order>) -> Vec<El> {
    if matches!(order.status, OrderStatus::Shipped | OrderStatus::Cancelled) {
        return Vec::new();
    }
    let order = order.clone();
    let asked = move || visit.sheet(|sheet| sheet.checked);
    let button = el("button")
        .class("link")
        .attrs(&[("type", "button"), ("id", CANCEL), ("data-test", "cancel-order")])
        .t("Cancel order")
        .on("click", move |_| ask(visit, true, QUESTION));
    let question = el("div").children_from(
        move || asked().to_string(),
        move || if asked() { vec![question(visit, order.clone())] } else { Vec::new() },
    );
    vec![button, question]
}

fn question(visit: Visit, order: Arc<Order>) -> El {
    let text = el("p").attrs(&[("id", QUESTION), ("tabindex", "-1")]);
    let text = text.text_around(&t("Cancel order {number}?"), parts::number(&order));
    let yes = parts::button(&t("Yes, cancel it"))
        .attr("data-test", "cancel-confirm")
        .attr_when("aria-disabled", "true", busy(visit))
        .on("click", move |_| run(order::cancel(visit, order.clone())));
    let no = parts::button(&t("Keep it"))
        .class("quiet")
        .attr("data-test", "cancel-keep")
        .on("click", move |_| ask(visit, false, CANCEL));
    el("div")
        .class("note warn question")
        .attrs(&[("role", "group"), ("aria-labelledby", QUESTION)])
        .child(text)
        .child(el("div").class("actions").child(yes).child(no))
}

/// Asks whether the order is to be cancelled, or no longer, and moves the focus.
fn ask(visit: Visit, asked: bool, then: &str) {
    visit.show(|sheet| sheet.checked = asked);
    focus(then);
}

fn facts(visit: Visit, order: &Order) -> El {
    let row = |name: &str, value: El| el("div").child(el("dt").text(name)).child(value);
    let fact = |name: &str, value: &str| row(name, el("dd").text(value));
    let address = &order.address;
    let town = AddressForm::town_line(address);
    let lines = [&address.name, &address.street, &address.extra, &town, &order.country_name];
    let lines =
        lines.into_iter().filter(|line| !line.is_empty()).map(|line| el("span").class("row").text(line));
    let payment = t(match order.payment {
        PaymentMethod::OnDelivery => "On delivery",
        PaymentMethod::TestCard => "Test card",
        PaymentMethod::Stripe => "Card, wallet or bank",
    });
    let rows = [
        row(&t("Number"), el("dd").attr("data-test", "order-number").text(&order.number)),
        fact(&t("Placed"), &format::long_day(&order.placed_at, &visit.context.host.locale())),
        row(&t("Status"), el("dd").attr("data-test", "order-status").text(&status(order))),
        fact(&t("Payment"), &payment),
        fact(&t("Delivery"), &order.delivery.line()),
        row(&t("Goes to"), el("dd").children(lines)),
        fact(&t("E-mail"), &order.email),
    ];
    el("section")
        .class("card part")
        .attr("aria-labelledby", "checkout-facts")
        .child(el("h2").attr("id", "checkout-facts").t("The order"))
        .child(el("dl").class("facts").children(rows))
}

/// Nobody celebrates what is given up or given back.
fn picture(order: &Order) -> &'static str {
    if order.refunded || order.status == OrderStatus::Cancelled {
        "/pictures/empty-cart/default.svg"
    } else {
        "/pictures/confirmation/default.svg"
    }
}

/// What became of it, with a place for its number.
fn title(order: &Order) -> String {
    t(match order.status {
        OrderStatus::PaymentPending if order.payment_underway => "Order {number}: your payment is on its way",
        OrderStatus::PaymentPending => "Order {number} waits for its payment",
        OrderStatus::Placed => "Thank you! Order {number} is placed",
        OrderStatus::Paid => "Thank you! Order {number} is paid",
        OrderStatus::Shipped if order.refunded => "Order {number}: your money goes back",
        OrderStatus::Shipped => "Order {number} is on its way",
        OrderStatus::Cancelled => "Order {number} was cancelled",
    })
}

/// What that means.
fn what(visit: Visit, order: &Order) -> String {
    if order::is_payable(order) {
        return parts::kept(visit, order) + &t("Pay to complete it.");
    }
    t(match order.status {
        OrderStatus::PaymentPending => {
            "You have paid. The money takes a few days; we write to you when it is here."
        }
        OrderStatus::Placed => "You pay when it arrives.",
        OrderStatus::Paid => "We are getting it ready.",
        OrderStatus::Shipped if order.refunded => "It goes back the way it came, which may take a few days.",
        OrderStatus::Shipped => "It should be with you soon.",
        OrderStatus::Cancelled if order.payment != PaymentMethod::OnDelivery => {
            "Nothing is owed; what was paid comes back the way it came. You can order again at any time."
        }
        OrderStatus::Cancelled => "Nothing is owed. You can order again at any time.",
    })
}

fn status(order: &Order) -> String {
    t(match order.status {
        OrderStatus::PaymentPending if order.payment_underway => "Payment on its way",
        OrderStatus::PaymentPending => "Waiting for payment",
        OrderStatus::Placed => "Placed, paid on delivery",
        OrderStatus::Paid => "Paid",
        OrderStatus::Shipped if order.refunded => "Refunded",
        OrderStatus::Shipped => "Shipped",
        OrderStatus::Cancelled => "Cancelled",
    })
}

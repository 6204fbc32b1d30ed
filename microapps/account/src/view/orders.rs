//! What was ordered.

use super::states;
use crate::{el, loaded::Loaded, page::Page};
use contract::shop::{money::Money, order::OrderStatus};
use microapp::{
    element::El,
    format::{day, money},
    t, t_count, t_with,
};
use serde::Deserialize;

/// Of `contract::shop::order::Order` what the list shows.
#[derive(Deserialize)]
struct Order {
    key: String,
    number: String,
    status: OrderStatus,
    #[serde(default)]
    payment_underway: bool,
    #[serde(default)]
    refunded: bool,
    placed_at: String,
    lines: Vec<Line>,
    totals: Totals,
}

#[derive(Deserialize)]
struct Line {
    title: String,
    picture: Option<String>,
    quantity: i64,
}

#[derive(Deserialize)]
struct Totals {
    total: Money,
}

/// Pictures that an order shows; the others are counted.
const PICTURES: usize = 4;
/// For products without a picture.
const PLACEHOLDER: &str = "/pictures/placeholder/default.svg";

/// The newest first.
pub fn orders(page: Page) -> El {
    let loaded = Loaded::<Vec<Order>>::from(page.host, "/orders");
    states::of(page, loaded, move || {
        vec![el("div").class("content").children_from(move || loaded.key(), move || vec![list(page, loaded)])]
    })
}

fn list(page: Page, loaded: Loaded<Vec<Order>>) -> El {
    let orders = loaded.ready().unwrap_or_default();
    if orders.is_empty() {
        let hint = t("What you buy while you are signed in stands here, with where it is.");
        let picture = Some("/pictures/empty-cart/default.svg");
        return states::empty(page, &t("No orders yet"), &hint, picture);
    }
    let locale = page.host.locale();
    el("ol").class("list").children(orders.iter().map(|order| card(page, &locale, order)))
}

fn card(page: Page, locale: &str, order: &Order) -> El {
    // In the words of the order's own page.
    let (status, class) = match order.status {
        OrderStatus::PaymentPending if order.payment_underway => (t("Payment on its way"), "badge"),
        OrderStatus::PaymentPending => (t("Waiting for payment"), "badge warn"),
        OrderStatus::Placed => (t("Placed, paid on delivery"), "badge"),
        OrderStatus::Paid => (t("Paid"), "badge good"),
        OrderStatus::Shipped if order.refunded => (t("Refunded"), "badge off"),
        OrderStatus::Shipped => (t("Shipped"), "badge good"),
        OrderStatus::Cancelled => (t("Cancelled"), "badge off"),
    };
    let path = ["/checkout/confirmation/", &order.key].concat();
    let link = el("a")
        .class("number")
        .attrs(&[("href", &page.host.href(&path)), ("data-test", "order")])
        .text(&t_with("Order {number}", &[("number", &order.number)]));
    let head =
        el("div").class("head").child(el("h2").child(link)).child(el("span").class(class).text(&status));
    let picture = |line: &Line| {
        let image = el("img").attrs(&[("alt", ""), ("width", "64"), ("height", "64"), ("loading", "lazy")]);
        image.picture(line.picture.as_deref().unwrap_or(PLACEHOLDER), "64px")
    };
    let more = order.lines.len().saturating_sub(PICTURES);
    let more = (more > 0).then(|| el("span").class("more").text(&["+", &more.to_string()].concat()));
    let pictures =
        el("div").class("pictures").children(order.lines.iter().take(PICTURES).map(picture)).children(more);
    let names: Vec<_> = order.lines.iter().map(|line| line.title.as_str()).collect();
    let pieces: i64 = order.lines.iter().map(|line| line.quantity).sum();
    let count = t_count("{n} item", "{n} items", pieces);
    let facts = el("p")
        .class("facts")
        .child(el("time").attr("datetime", &order.placed_at).text(&day(&order.placed_at, locale)))
        .text(" · ")
        .text(&count)
        .text(" · ")
        .child(el("strong").text(&money(&order.totals.total)));
    el("li")
        .class("card order")
        .child(head)
        .child(facts)
        .child(el("p").class("hint names").text(&names.join(", ")))
        .child(pictures)
}

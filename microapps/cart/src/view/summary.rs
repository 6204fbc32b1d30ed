//! Totals and the way to the checkout.

use super::coupon;
use crate::{el, page::Page};
use contract::shop::{cart::Cart, money::Money};
use leptos::task::spawn_local;
use microapp::element::El;

/// What it costs, the coupon, and the button.
pub fn summary(page: Page) -> El {
    let amount =
        move |name: &str, read: fn(&Cart) -> &Money| row(name, el("dd").text_from(move || page.money(read)));
    let discount =
        el("dd").text("−").child(el("span").text_from(move || page.money(|cart| &cart.totals.discount)));
    let discount = row("Discount", discount)
        .class("discount")
        .attr_when("hidden", "", move || page.cart(|cart| cart.totals.discount.amount == 0));
    let total = el("dd").attr("data-test", "total").text_from(move || page.money(|cart| &cart.totals.total));
    let totals = el("dl")
        .class("totals")
        .attr("data-test", "totals")
        .child(amount("Items", |cart| &cart.totals.lines))
        .child(discount)
        .child(row("Delivery", el("dd").class("hint").text("chosen at checkout")))
        .child(row("Total", total).class("total"));
    // The tax is the server's: while something waits there is none to show.
    let tax = move || {
        if page.waits() {
            return "The shop confirms prices in a moment.".to_owned();
        }
        ["Includes ", &page.money(|cart| &cart.totals.tax_included), " of tax."].concat()
    };
    el("section")
        .class("summary card")
        .attr("aria-labelledby", "cart-summary")
        .attr_when("aria-busy", "true", move || page.waits())
        .child(el("h2").attr("id", "cart-summary").text("Summary"))
        .child(coupon::coupon(page))
        .child(totals)
        .child(el("p").class("hint").text_from(tax))
        .child(go_on(page))
        .child(el("a").class("more").attr("href", &page.context.host.href("/")).text("Continue shopping"))
}

fn row(name: &str, value: El) -> El {
    el("div").child(el("dt").text(name)).child(value)
}

/// The link works by itself when the server knows everything already.
fn go_on(page: Page) -> El {
    let leaving = move || page.shown(|shown| shown.leaving);
    el("a")
        .class("button wide")
        .attrs(&[("href", &page.context.host.href("/checkout")), ("data-test", "checkout")])
        .text_from(move || if leaving() { "One moment …" } else { "Go to checkout" }.to_owned())
        .on("click", move |event| {
            if !page.waits() {
                return;
            }
            event.prevent_default();
            if !leaving() {
                spawn_local(page.go_to_checkout());
            }
        })
}

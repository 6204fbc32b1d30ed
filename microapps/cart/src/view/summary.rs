//! Totals and the way to the checkout.

use super::coupon;
use crate::{el, page::Page};
use contract::shop::{cart::Cart, money::Money};
use leptos::task::spawn_local;
use microapp::{element::El, t, t_with};

/// What it costs, the coupon, and the button.
pub fn summary(page: Page) -> El {
    let amount =
        move |name: &str, read: fn(&Cart) -> &Money| row(name, el("dd").text_from(move || page.money(read)));
    let discount =
        el("dd").text("−").child(el("span").text_from(move || page.money(|cart| &cart.totals.discount)));
    let discount = row(&t("Discount"), discount)
        .class("discount")
        .attr_when("hidden", "", move || page.cart(|cart| cart.totals.discount.amount == 0));
    let tax_added = amount(&t("Tax"), |cart| &cart.totals.tax_added)
        .attr_when("hidden", "", move || page.cart(|cart| cart.totals.tax_added.amount == 0));
    let total = el("dd").attr("data-test", "total").text_from(move || page.money(|cart| &cart.totals.total));
    let totals = el("dl")
        .class("totals")
        .attr("data-test", "totals")
        .child(amount(&t("Items"), |cart| &cart.totals.lines))
        .child(discount)
        .child(row(&t("Delivery"), el("dd").class("hint").t("chosen at checkout")))
        .child(tax_added)
        .child(row(&t("Total"), total).class("total"));
    // The tax is the server's: while something waits there is none to show.
    let tax = move || {
        if page.waits() {
            return t("The shop confirms prices in a moment.");
        }
        match page.cart(|cart| cart.totals.tax_included.amount) {
            0 => String::new(),
            _ => t_with("Includes {sum} of tax.", &[("sum", &page.money(|cart| &cart.totals.tax_included))]),
        }
    };
    el("section")
        .class("summary card")
        .attr("aria-labelledby", "cart-summary")
        .attr_when("aria-busy", "true", move || page.waits())
        .child(el("h2").attr("id", "cart-summary").t("Summary"))
        .child(coupon::coupon(page))
        .child(totals)
        .child(el("p").class("hint").text_from(tax))
        .child(go_on(page))
        .child(el("a").class("more").attr("href", &page.context.host.href("/")).t("Continue shopping"))
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
        .text_from(move || t(if leaving() { "One moment …" } else { "Go to checkout" }))
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

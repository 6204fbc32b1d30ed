//! Totals and the way to the checkout.

use super::{Page, Phase, coupon};
use crate::C;
use leptos::{ev, task::spawn_local};
use microapp::prelude::*;

/// What it costs, the coupon, and the button.
pub fn summary(page: Page) -> AnyView {
    let discounted = move || page.shown.with(|cart| cart.totals.discount.amount > 0);
    let waits = move || page.context.store.with(|saved| !saved.waiting.is_empty());
    view! { class = C,
        <section class="summary card" aria-labelledby="cart-summary" aria-busy=move || waits().to_string()>
            <h2 id="cart-summary">"Summary"</h2>
            {coupon::coupon(page)}
            <dl class="totals" data-test="totals">
                <div><dt>"Items"</dt><dd>{move || page.money(|cart| &cart.totals.lines)}</dd></div>
                <div class="discount" hidden=move || !discounted()>
                    <dt>"Discount"</dt>
                    <dd>"−" {move || page.money(|cart| &cart.totals.discount)}</dd>
                </div>
                <div><dt>"Delivery"</dt><dd class="hint">"chosen at checkout"</dd></div>
                <div class="total">
                    <dt>"Total"</dt>
                    <dd data-test="total">{move || page.money(|cart| &cart.totals.total)}</dd>
                </div>
            </dl>
            <p class="hint">{move || tax(page)}</p>
            {go_on(page)}
        </section>
    }
    .into_any()
}

/// The tax is the server's: while something waits there is none to show.
fn tax(page: Page) -> String {
    if page.context.store.with(|saved| !saved.waiting.is_empty()) {
        return "The shop confirms prices in a moment.".to_owned();
    }
    format!("Includes {} of tax.", page.money(|cart| &cart.totals.tax_included))
}

/// To the checkout, once the server knows what the shopper wants.
fn go_on(page: Page) -> AnyView {
    let going = RwSignal::new(false);
    let host = page.context.host;
    let go = move |event: ev::MouseEvent| {
        if page.context.store.with_untracked(|saved| saved.waiting.is_empty()) {
            return;
        }
        event.prevent_default();
        if going.get_untracked() {
            return;
        }
        going.set(true);
        spawn_local(async move {
            page.refresh().await;
            going.set(false);
            if page.context.store.is_open() && page.phase.get_untracked() == Phase::Settled {
                host.navigate("/checkout");
            }
        });
    };
    view! { class = C,
        <a class="button wide" href=host.href("/checkout") data-test="checkout" on:click=go>
            {move || if going.get() { "One moment …" } else { "Go to checkout" }}
        </a>
        <a class="more" href=host.href("/")>"Continue shopping"</a>
    }
    .into_any()
}

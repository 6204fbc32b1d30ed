//! What is being bought, and what it costs.

use crate::{
    C,
    steps::Step,
    visit::{Load, Visit},
};
use contract::shop::cart::{Coupon, LineItem, Totals};
use microapp::{format::money, prelude::*};

/// The cart beside a step; or the order that waits for its payment.
pub fn aside(visit: Visit, step: Memo<Step>) -> AnyView {
    let body = move || {
        visit.basis.with(|basis| {
            let Load::Ready(basis) = basis else { return ().into_any() };
            let quote = match visit.quote.get() {
                Load::Ready(quote) if step.get() == Step::Payment => Some(quote),
                _ => None,
            };
            let (lines, coupon, totals) = match (&basis.unpaid, &quote) {
                (Some(order), _) => (&order.lines, &order.coupon, &order.totals),
                (None, Some(quote)) => (&basis.cart.lines, &basis.cart.coupon, quote),
                (None, None) => (&basis.cart.lines, &basis.cart.coupon, &basis.cart.totals),
            };
            let host = visit.context.host;
            view! { class = C, {list(host, lines)} {sums(host, totals, coupon.as_ref())} }.into_any()
        })
    };
    view! { class = C,
        <aside class="aside card" aria-labelledby="checkout-items">
            <h2 id="checkout-items">"Your order"</h2>
            {body}
        </aside>
    }
    .into_any()
}

/// The lines, short.
pub fn list(host: Host, lines: &[LineItem]) -> AnyView {
    let line = |line: &LineItem| {
        view! { class = C,
            <li class="item" data-test="item">
                {line.picture.clone().map(|picture| view! { class = C,
                    <img src=picture alt="" width="56" height="56" loading="lazy" />
                })}
                <span class="what">
                    <span>{line.title.clone()}</span>
                    <span class="hint">{options(line)}</span>
                </span>
                <span class="price">{money(&line.total, &host.locale())}</span>
            </li>
        }
        .into_any()
    };
    view! { class = C, <ul class="items">{lines.iter().map(line).collect::<Vec<_>>()}</ul> }.into_any()
}

fn options(line: &LineItem) -> String {
    if line.options.is_empty() {
        format!("× {}", line.quantity)
    } else {
        format!("{} × {}", line.options, line.quantity)
    }
}

/// The totals.
pub fn sums(host: Host, totals: &Totals, coupon: Option<&Coupon>) -> AnyView {
    let locale = host.locale();
    let discount = (totals.discount.amount > 0).then(|| {
        let name = coupon.map_or_else(|| "Discount".to_owned(), |coupon| format!("Coupon {}", coupon.code));
        view! { class = C, <div class="discount"><dt>{name}</dt><dd>"−" {money(&totals.discount, &locale)}</dd></div> }
    });
    let delivery = match &totals.delivery {
        Some(price) if price.amount == 0 => "free".to_owned(),
        Some(price) => money(price, &locale),
        None => "not chosen yet".to_owned(),
    };
    view! { class = C,
        <dl class="totals">
            <div><dt>"Items"</dt><dd>{money(&totals.lines, &locale)}</dd></div>
            {discount}
            <div><dt>"Delivery"</dt><dd>{delivery}</dd></div>
            <div class="total"><dt>"Total"</dt><dd data-test="total">{money(&totals.total, &locale)}</dd></div>
        </dl>
        <p class="hint">"Includes " {money(&totals.tax_included, &locale)} " of tax."</p>
    }
    .into_any()
}

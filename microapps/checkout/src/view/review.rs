//! Everything once more, and the button.

use super::items;
use crate::{
    C, card,
    order::{self, with_code},
    steps::Step,
    visit::{Basis, Load, Visit},
};
use contract::{code, shop::order::PaymentMethod};
use leptos::task::spawn_local;
use microapp::prelude::*;

/// The review.
pub fn review(visit: Visit) -> AnyView {
    view! { class = C,
        <h1>"Is everything right?"</h1>
        {super::message(visit)}
        <div class="columns">
            <div class="parts">
                {part(visit, Step::Address, "Delivery address", move || address(visit))}
                {part(visit, Step::Delivery, "Delivery", move || delivery(visit))}
                {part(visit, Step::Payment, "Payment", move || vec![payment(visit)])}
            </div>
            <section class="aside card" aria-labelledby="checkout-review-items">
                <div class="head">
                    <h2 id="checkout-review-items">"Your order"</h2>
                    <a href=visit.context.host.href("/cart") aria-label="Change your cart">"Change"</a>
                </div>
                {move || visit.basis.with(|basis| match basis {
                    Load::Ready(basis) => items::list(visit.context.host, &basis.cart.lines),
                    Load::Waiting | Load::Failed(_) => ().into_any(),
                })}
                {move || total(visit)}
            </section>
        </div>
    }
    .into_any()
}

fn part(
    visit: Visit,
    step: Step,
    title: &'static str,
    lines: impl Fn() -> Vec<String> + Send + Sync + 'static,
) -> AnyView {
    let line = |line: String| view! { class = C, <p>{line}</p> }.into_any();
    view! { class = C,
        <section class="card part">
            <div class="head">
                <h2>{title}</h2>
                <a href=visit.context.host.href(&step.path()) aria-label=["Edit ", &title.to_lowercase()].concat()>"Edit"</a>
            </div>
            {move || lines().into_iter().map(line).collect::<Vec<_>>()}
        </section>
    }
    .into_any()
}

fn with_basis<T>(visit: Visit, read: impl FnOnce(&Basis) -> Option<T>) -> Option<T> {
    visit.basis.with(|basis| match basis {
        Load::Ready(basis) => read(basis),
        Load::Waiting | Load::Failed(_) => None,
    })
}

fn address(visit: Visit) -> Vec<String> {
    visit.context.store.with(|draft| {
        let address = &draft.address;
        let country = with_basis(visit, |basis| {
            basis
                .options
                .countries
                .iter()
                .find(|country| country.code == address.country)
                .map(|c| c.name.clone())
        });
        let town = [address.postcode.trim(), address.city.trim()].join(" ");
        let country = country.unwrap_or_else(|| address.country.clone());
        let lines = [
            address.name.clone(),
            address.street.clone(),
            address.extra.clone(),
            town,
            country,
            draft.email.clone(),
        ];
        lines.into_iter().filter(|line| !line.trim().is_empty()).collect()
    })
}

fn delivery(visit: Visit) -> Vec<String> {
    let chosen = visit.context.store.with(|draft| draft.delivery.clone());
    let way =
        with_basis(visit, |basis| basis.options.deliveries.iter().find(|way| way.id == chosen).cloned());
    way.map(|way| vec![way.name, way.when]).unwrap_or_default()
}

fn payment(visit: Visit) -> String {
    match visit.context.store.with(|draft| draft.payment) {
        Some(PaymentMethod::TestCard) => {
            format!("Test card ending {}. No money moves.", visit.card.with(|number| card::ending(number)))
        }
        Some(PaymentMethod::OnDelivery) | None => "Pay on delivery".to_owned(),
    }
}

/// What it comes to, and the button; or why that is not known.
fn total(visit: Visit) -> AnyView {
    let host = visit.context.host;
    match visit.quote.get() {
        Load::Waiting => view! { class = C,
            <div aria-busy="true"><div class="skeleton text"></div><div class="skeleton text"></div><div class="skeleton bar"></div></div>
        }
        .into_any(),
        Load::Failed(error) if error.is(code::CART_EMPTY) => {
            view! { class = C, <p class="note warn">{with_code(&error)}</p> }.into_any()
        }
        Load::Failed(error) => view! { class = C,
            <div class="note bad" role="alert">
                <p>{with_code(&error)}</p>
                <button class="button quiet small" type="button" on:click=move |_| spawn_local(visit.ask_quote())>"Try again"</button>
            </div>
        }
        .into_any(),
        Load::Ready(totals) => {
            let coupon = visit.basis.with_untracked(|basis| match basis {
                Load::Ready(basis) => basis.cart.coupon.clone(),
                Load::Waiting | Load::Failed(_) => None,
            });
            let price = visit.money(&totals.total);
            let label = move || {
                if visit.busy.get() { "Placing your order …".to_owned() } else { format!("Place order, {price}") }
            };
            view! { class = C,
                {items::sums(host, &totals, coupon.as_ref())}
                <button class="button wide" type="button" data-test="place-order"
                    aria-disabled=move || visit.busy.get().to_string() on:click=move |_| spawn_local(order::place(visit))>
                    {label}
                </button>
            }
            .into_any()
        }
    }
}

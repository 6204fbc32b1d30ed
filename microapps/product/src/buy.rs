//! How many, and into the cart.

use crate::{
    C,
    cart::{self, Adding},
    icon::{MINUS, PLUS, icon},
    stock,
    visit::Visit,
};
use leptos::{ev, html, prelude::*};

/// Quantity, button, and what went wrong.
pub fn form(visit: Visit) -> AnyView {
    let adding = Adding::new();
    let label = move || match (adding.pending.get(), visit.buyable(), visit.stock()) {
        (true, ..) => "Adding…",
        (_, true, _) => "Add to cart",
        (_, _, Some(_)) => "Sold out",
        (_, _, None) => "Not available",
    };
    // A smaller stock takes the quantity along.
    Effect::new(move || {
        let most = stock::most(visit.stock().unwrap_or(1));
        if visit.quantity.with_untracked(|quantity| *quantity > most) {
            visit.quantity.set(most);
        }
    });
    // What was wrong with one choice is not wrong with another.
    Effect::new(move || {
        visit.choice.track();
        adding.problem.set(None);
    });
    view! { class = C,
        <div class="buy">
            <div class="how-many" hidden=move || !visit.buyable()>{stepper(visit)}</div>
            <button class="button add" type="button" data-test="add-to-cart"
                aria-disabled=move || (adding.pending.get() || !visit.buyable()).then_some("true")
                on:click=move |event| cart::add(visit, adding, &event)>
                {label}
            </button>
        </div>
        <p class="hint">"Tax is included; delivery is worked out at the checkout."</p>
        <div role="alert">
            {move || adding.problem.get().map(|text| {
                view! { class = C, <p class="note bad" data-test="add-failure">{text}</p> }.into_any()
            })}
        </div>
    }
    .into_any()
}

fn stepper(visit: Visit) -> AnyView {
    let input = NodeRef::<html::Input>::new();
    let most = move || stock::most(visit.stock().unwrap_or(1));
    let set = move |quantity: i64| {
        visit.quantity.set(quantity);
        // Also where the number stays what it was and only the text has to go.
        if let Some(input) = input.get_untracked() {
            input.set_value(&quantity.to_string());
        }
    };
    let typed = move |event: ev::Event| set(stock::quantity(&event_target_value(&event), visit.stock().unwrap_or(1)));
    let step = move |by: i64| set((visit.quantity.get_untracked() + by).clamp(1, most()));
    let button = move |label: &'static str, path: &'static str, by: i64, end: Signal<bool>| {
        view! { class = C,
            <button class="icon-button" type="button" aria-label=label data-test=label
                aria-disabled=move || end.get().then_some("true") on:click=move |_| step(by)>{icon(path)}</button>
        }
        .into_any()
    };
    view! { class = C,
        <label class="visually-hidden" for="product-quantity">"Quantity"</label>
        <div class="stepper">
            {button("One less", MINUS, -1, Signal::derive(move || visit.quantity.get() <= 1))}
            <input class="quantity" id="product-quantity" type="number" inputmode="numeric" min="1" step="1" max=most
                data-test="quantity" node_ref=input prop:value=move || visit.quantity.get().to_string() on:change=typed />
            {button("One more", PLUS, 1, Signal::derive(move || visit.quantity.get() >= most()))}
        </div>
    }
    .into_any()
}

//! How it is paid: on delivery, or with a card that is none.

use crate::{
    C, card,
    draft::Action,
    order,
    steps::Step,
    visit::{Basis, Load, Visit, focus},
};
use contract::shop::order::{Order, Payment, PaymentMethod};
use leptos::{ev, task::spawn_local};
use microapp::prelude::*;
use web_sys::HtmlInputElement;

const CARD: &str = "checkout-card";
const FIRST: &str = "checkout-payment-0";

/// The payment step; or, for an order that stands and waits for its payment, another try.
pub fn payment(visit: Visit) -> AnyView {
    let unpaid = Memo::new(move |_| basis(visit, |basis| basis.unpaid.clone()).flatten());
    let body = move || match unpaid.get() {
        Some(order) => again(visit, order),
        None => choice(visit),
    };
    body.into_any()
}

fn basis<T>(visit: Visit, read: impl FnOnce(&Basis) -> T) -> Option<T> {
    visit.basis.with(|basis| match basis {
        Load::Ready(basis) => Some(read(basis)),
        Load::Waiting | Load::Failed(_) => None,
    })
}

fn choice(visit: Visit) -> AnyView {
    let store = visit.context.store;
    let method = move || store.with(|draft| draft.payment);
    let missing = move || visit.checked.get() && method().is_none();
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if untrack(|| visit.done()).payment {
            visit.go(Step::Review);
            return;
        }
        visit.checked.set(true);
        focus(if untrack(method).is_some() { CARD } else { FIRST });
    };
    let payments = untrack(|| basis(visit, |basis| basis.options.payments.clone())).unwrap_or_default();
    let cards =
        payments.into_iter().enumerate().map(|(at, payment)| option(visit, at, payment)).collect::<Vec<_>>();
    view! { class = C,
        <h1>"How would you like to pay?"</h1>
        {super::message(visit)}
        <form class="form" novalidate on:submit=submit>
            <fieldset class="cards" aria-describedby="checkout-payment-error">
                <legend class="visually-hidden">"Payment"</legend>
                {cards}
            </fieldset>
            <p class="error" id="checkout-payment-error" role="alert">
                {move || missing().then_some("Choose how to pay.")}
            </p>
            {move || (method() == Some(PaymentMethod::TestCard)).then(|| card_field(visit))}
            <div class="actions">
                <button class="button go" type="submit" data-test="continue">"Continue to review"</button>
                <a href=visit.context.host.href(&Step::Delivery.path())>"Back to delivery"</a>
            </div>
        </form>
    }
    .into_any()
}

fn option(visit: Visit, at: usize, payment: Payment) -> AnyView {
    let store = visit.context.store;
    let method = payment.method;
    let is_test = method == PaymentMethod::TestCard;
    let choose = move |_| {
        visit.checked.set(false);
        store.dispatch(Action::Payment(method));
    };
    view! { class = C,
        <label class="choice" data-test="payment">
            <input type="radio" name="payment" id=format!("checkout-payment-{at}")
                prop:checked=move || store.with(|draft| draft.payment == Some(method)) on:change=choose />
            <span class="what">
                <strong>{payment.name} {is_test.then(|| view! { class = C, <span class="badge">"Test"</span> })}</strong>
                <span class="hint">{payment.hint}</span>
            </span>
        </label>
    }
    .into_any()
}

/// The field for the card's number. It is not for real ones, so no browser is asked to fill it in.
fn card_field(visit: Visit) -> AnyView {
    let error = move || visit.card.with(|number| visit.checked.get().then(|| card::check(number)).flatten());
    let on_input = move |event: ev::Event| {
        let field = event_target::<HtmlInputElement>(&event);
        let caret = field.selection_start().ok().flatten().unwrap_or(u32::MAX);
        let (text, caret) = card::group(&field.value(), caret as usize);
        field.set_value(&text);
        let caret = u32::try_from(caret).unwrap_or(0);
        let _ = field.set_selection_range(caret, caret);
        visit.card.set(text);
    };
    view! { class = C,
        <div class="field card-number">
            <label class="label" for=CARD>"Number of the test card"</label>
            <input class="input" id=CARD data-test="card" type="text" inputmode="numeric" autocomplete="off" maxlength="23"
                placeholder="4242 4242 4242 4242" required=true
                aria-describedby="checkout-card-hint checkout-card-error"
                aria-invalid=move || error().is_some().to_string()
                prop:value=move || visit.card.get() on:input=on_input />
            <p class="hint" id="checkout-card-hint">
                "No money moves. 4242 4242 4242 4242 is approved, 4000 0000 0000 0002 is declined. The number is not kept."
            </p>
            <p class="error" id="checkout-card-error">{error}</p>
        </div>
    }
    .into_any()
}

/// The order stands; only its payment is missing.
fn again(visit: Visit, order: Order) -> AnyView {
    let number = order.number.clone();
    let total = visit.money(&order.totals.total);
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if visit.card.with_untracked(|number| card::check(number).is_some()) {
            visit.checked.set(true);
            focus(CARD);
        } else {
            spawn_local(order::pay_again(visit, order.clone()));
        }
    };
    view! { class = C,
        <h1>"Pay for order " {number}</h1>
        {super::message(visit)}
        <p>"We keep your order for 30 minutes. Pay " <strong>{total.clone()}</strong> " with a test card to complete it."</p>
        <form class="form" novalidate on:submit=submit>
            {card_field(visit)}
            <div class="actions">
                <button class="button go" type="submit" data-test="pay" aria-disabled=move || visit.busy.get().to_string()>
                    {move || if visit.busy.get() { "One moment …".to_owned() } else { format!("Pay {total}") }}
                </button>
            </div>
        </form>
    }
    .into_any()
}

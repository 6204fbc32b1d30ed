//! Placing the order and paying it, each once per intent.

use crate::{
    draft::{Action, Field, Intent},
    steps::Step,
    visit::{Load, Unpaid, Visit, focus, read_order},
};
use contract::{
    code,
    shop::{
        cart::Cart,
        order::{Order, PayOrder},
    },
};
use microapp::{
    Host,
    api::{self, ApiError},
    prelude::*,
};

/// The place where messages about the order stand.
pub const MESSAGE: &str = "checkout-message";

/// Orders what the review shows, and pays it where there is a card to pay with.
pub async fn place(visit: Visit) {
    let Load::Ready(quote) = visit.quote.get_untracked() else { return };
    let store = visit.context.store;
    let intent = store.with_untracked(|draft| {
        draft.order(quote.total.amount).map(|order| draft.intent(order, api::idempotency_key))
    });
    let Some(intent) = intent else { return };
    if !begin(visit) {
        return;
    }
    // Kept before it is sent: after a crash the same key gives the same order.
    store.dispatch(Action::Intended(intent.clone()));
    let answer = send(visit.context.host, &intent).await;
    if !visit.is_open() {
        return;
    }
    match answer {
        Ok(order) => placed(visit, order).await,
        Err(error) if error.is(code::CART_EMPTY) => emptied(visit, error).await,
        Err(error) => refused(visit, error).await,
    }
    visit.busy.set(false);
}

/// Pays an order that stands with the card that was typed.
pub async fn pay_again(visit: Visit, order: Order) {
    if begin(visit) {
        pay(visit, order).await;
        visit.busy.set(false);
    }
}

/// An order that was asked for before the page went away may stand: then the cart is empty. Asking again
/// with the same key tells, and cannot order anything new.
pub async fn recover(visit: Visit) -> bool {
    let open = visit.context.store.with_untracked(|draft| [draft.intent.clone(), draft.lost.clone()]);
    for intent in open.into_iter().flatten() {
        if let Ok(order) = send(visit.context.host, &intent).await {
            if visit.is_open() {
                placed(visit, order).await;
            }
            return true;
        }
    }
    false
}

/// Whether nothing else is on its way: a second click does nothing.
fn begin(visit: Visit) -> bool {
    visit.message.set(None);
    !visit.busy.try_update(|busy| std::mem::replace(busy, true)).unwrap_or(true)
}

async fn send(host: Host, intent: &Intent) -> Result<Order, ApiError> {
    api::send_once(host, "/orders", &intent.key, &intent.order).await
}

async fn placed(visit: Visit, order: Order) {
    let host = visit.context.host;
    // The badge is the cart's matter; nothing here depends on it.
    leptos::task::spawn_local(async move {
        let _ = host.call::<Cart>("cart.refresh", &()).await;
    });
    if order.is_unpaid() {
        visit.context.store.dispatch(Action::Unpaid(order.key.clone()));
        if visit.card.with_untracked(|number| crate::card::check(number).is_none()) {
            pay(visit, order).await;
        } else {
            wait_for_payment(visit, order, "The order stands. It only waits for its payment.");
        }
    } else {
        confirm(visit, &order.key);
    }
}

async fn pay(visit: Visit, order: Order) {
    let store = visit.context.store;
    let key = store.with_untracked(|draft| draft.paying.clone()).unwrap_or_else(api::idempotency_key);
    store.dispatch(Action::Paying(key.clone()));
    let body = PayOrder { card_number: visit.card.get_untracked() };
    let path = format!("/orders/{}/payment", contract::route::encode(&order.key));
    let answer = api::send_once::<Order>(visit.context.host, &path, &key, &body).await;
    if !visit.is_open() {
        return;
    }
    match answer {
        Ok(_) => confirm(visit, &order.key),
        Err(error) if may_pass(&error) => wait_for_payment(visit, order, &with_code(&error)),
        Err(error) => {
            store.dispatch(Action::NotPaid);
            // Paid in another tab, or given up after half an hour: the order itself knows.
            match read_order(visit.context.host, &order.key).await {
                Ok(now) if !now.is_unpaid() && visit.is_open() => confirm(visit, &order.key),
                _ if visit.is_open() => wait_for_payment(visit, order, &with_code(&error)),
                _ => {}
            }
        }
    }
}

fn confirm(visit: Visit, key: &str) {
    visit.context.store.dispatch(Action::Finished);
    visit.card.set(String::new());
    visit.context.host.replace(&format!("/checkout/confirmation/{}", contract::route::encode(key)));
}

/// An order that stands and is not paid leads to the payment step: with the message, and an empty field
/// for another card.
fn wait_for_payment(visit: Visit, order: Order, message: &str) {
    visit.card.set(String::new());
    visit.checked.set(false);
    visit.basis.update(|basis| {
        if let Load::Ready(basis) = basis {
            basis.unpaid = Some(order);
        }
    });
    tell(visit, message.to_owned());
}

/// The cart is empty: either an answer got lost and the order stands, or somebody emptied it elsewhere.
async fn emptied(visit: Visit, error: ApiError) {
    visit.context.store.dispatch(Action::Refused);
    if recover(visit).await || !visit.is_open() {
        return;
    }
    tell(visit, with_code(&error));
    visit.reload().await;
}

async fn refused(visit: Visit, error: ApiError) {
    if may_pass(&error) {
        tell(visit, format!("{} Nothing is ordered twice: try again.", with_code(&error)));
        return;
    }
    visit.context.store.dispatch(Action::Refused);
    let fields = error.fields.iter();
    let fields: Vec<_> =
        fields.filter_map(|problem| Some((Field::parse(&problem.field)?, problem.message.clone()))).collect();
    if !fields.is_empty() {
        visit.refused.set(fields);
        visit.checked.set(true);
        visit.go(Step::Address);
        return;
    }
    // E403, E405, E406: the cart is another one than the shopper agreed to. Show it, and ask again.
    visit.reload().await;
    visit.ask_quote().await;
    tell(visit, with_code(&error));
}

fn tell(visit: Visit, message: String) {
    visit.message.set(Some(message));
    focus(MESSAGE);
}

/// Whether the same request may be taken up another time.
fn may_pass(error: &ApiError) -> bool {
    [code::LOAD_NETWORK, code::INTERNAL, code::UNAVAILABLE, code::TOO_MANY_REQUESTS]
        .iter()
        .any(|code| error.is(*code))
}

/// The sentence, with its number.
pub fn with_code(error: &ApiError) -> String {
    format!("{} ({})", error.message, error.code)
}

//! The order, for whoever has its address. It can be reloaded and kept as a bookmark.

use super::items;
use crate::{
    C,
    draft::{Action, Draft},
    order::with_code,
    steps::Step,
    visit::{Load, Unpaid, read_order},
};
use contract::{
    code,
    shop::order::{Order, OrderStatus, PaymentMethod},
};
use js_sys::Date;
use leptos::task::spawn_local;
use microapp::prelude::*;

/// The confirmation.
pub fn confirmation(context: Context<Draft>, key: String) -> AnyView {
    let order = RwSignal::new(Load::Waiting);
    context.host.set_title("Your order");
    let load = move || {
        let key = key.clone();
        order.set(Load::Waiting);
        spawn_local(async move {
            order.set(read_order(context.host, &key).await.map_or_else(Load::Failed, Load::Ready));
        });
    };
    load();
    let load = StoredValue::new(load);
    let retry = move |_| load.with_value(|load| load());
    let body = move || {
        match order.get() {
        Load::Waiting => view! { class = C,
            <div class="form" aria-busy="true">
                <h1>"Your order"</h1>
                <div class="skeleton bar"></div><div class="skeleton bar"></div><div class="skeleton bar"></div>
            </div>
        }
        .into_any(),
        Load::Failed(error) if error.is(code::NOT_FOUND) => view! { class = C,
            <div class="empty">
                <h1>"No such order"</h1>
                <p class="hint">"Check that the address is complete."</p>
                <a class="button" href=context.host.href("/")>"To the shop"</a>
            </div>
        }
        .into_any(),
        Load::Failed(error) => view! { class = C,
            <div class="empty">
                <h1>"Your order"</h1>
                <p class="note bad" role="alert">{with_code(&error)}</p>
                <button class="button" type="button" data-test="retry" on:click=retry>"Try again"</button>
            </div>
        }
        .into_any(),
        Load::Ready(order) => standing(context, &order),
    }
    };
    body.into_any()
}

fn standing(context: Context<Draft>, order: &Order) -> AnyView {
    let host = context.host;
    let (title, what) = words(order);
    let address = &order.address;
    let town = [address.postcode.as_str(), address.city.as_str(), address.country.as_str()].join(" ");
    let lines = [address.name.clone(), address.street.clone(), address.extra.clone(), town];
    let lines = lines.into_iter().filter(|line| !line.is_empty());
    let key = order.key.clone();
    let pay = move |_| {
        context.store.dispatch(Action::Unpaid(key.clone()));
        host.navigate(&Step::Payment.path());
    };
    let pay = order.is_unpaid().then(|| {
        view! { class = C, <button class="button" type="button" data-test="pay-now" on:click=pay>"Pay now"</button> }
    });
    let fact = |name: &'static str, value: String| {
        view! { class = C, <div><dt>{name}</dt><dd>{value}</dd></div> }.into_any()
    };
    let payment = match order.payment {
        PaymentMethod::OnDelivery => "On delivery",
        PaymentMethod::TestCard => "Test card",
    };
    view! { class = C,
        <div class="thanks">
            <img src="/pictures/confirmation/default.svg" alt="" width="240" height="180" />
            <div>
                <h1>{title}</h1>
                <p>{what}</p>
                <p class="hint">"Keep this page's address: it is all you need to look at the order again."</p>
                {pay}
            </div>
        </div>
        <div class="columns">
            <section class="card part" aria-labelledby="checkout-facts">
                <h2 id="checkout-facts">"The order"</h2>
                <dl class="facts">
                    <div><dt>"Number"</dt><dd data-test="order-number">{order.number.clone()}</dd></div>
                    {fact("Placed", day(&order.placed_at, &host.locale()))}
                    <div><dt>"Status"</dt><dd data-test="order-status">{status(order.status)}</dd></div>
                    {fact("Payment", payment.to_owned())}
                    {fact("Delivery", [order.delivery.name.as_str(), ", ", &order.delivery.when].concat())}
                    <div>
                        <dt>"Goes to"</dt>
                        <dd>{lines.map(|line| view! { class = C, <span class="row">{line}</span> }.into_any()).collect::<Vec<_>>()}</dd>
                    </div>
                    {fact("E-mail", order.email.clone())}
                </dl>
            </section>
            <section class="aside card" aria-labelledby="checkout-bought">
                <h2 id="checkout-bought">"What you ordered"</h2>
                {items::list(host, &order.lines)}
                {items::sums(host, &order.totals, order.coupon.as_ref())}
                <a class="button quiet wide" href=host.href("/")>"Continue shopping"</a>
            </section>
        </div>
    }
    .into_any()
}

fn words(order: &Order) -> (String, &'static str) {
    let number = &order.number;
    match order.status {
        OrderStatus::PaymentPending => (
            format!("Order {number} waits for its payment"),
            "We keep it for 30 minutes. Pay to complete it.",
        ),
        OrderStatus::Placed => (format!("Thank you! Order {number} is placed"), "You pay when it arrives."),
        OrderStatus::Paid => (format!("Thank you! Order {number} is paid"), "We are getting it ready."),
        OrderStatus::Shipped => (format!("Order {number} is on its way"), "It should be with you soon."),
        OrderStatus::Cancelled => {
            (format!("Order {number} was cancelled"), "Nothing is owed. You can order again at any time.")
        }
    }
}

fn status(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::PaymentPending => "Waiting for payment",
        OrderStatus::Placed => "Placed, paid on delivery",
        OrderStatus::Paid => "Paid",
        OrderStatus::Shipped => "Shipped",
        OrderStatus::Cancelled => "Cancelled",
    }
}

/// `21 November 2026`, in the shopper's language and time zone.
fn day(instant: &str, locale: &str) -> String {
    let options = js_sys::Object::new();
    for (name, value) in [("day", "numeric"), ("month", "long"), ("year", "numeric")] {
        // Setting a property of a fresh plain object cannot fail.
        let _ = js_sys::Reflect::set(&options, &name.into(), &value.into());
    }
    Date::new(&instant.into()).to_locale_date_string(locale, &options).into()
}

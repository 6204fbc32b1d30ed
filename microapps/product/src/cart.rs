//! Into the cart: the command `cart.add`, whether cart has ever been mounted or not.

use crate::{stock, visit::Visit, with_code};
use contract::{
    code,
    shop::{cart::AddItem, catalogue::Product},
};
use leptos::{ev::MouseEvent, task::spawn_local};
use microapp::prelude::*;
use serde::de::IgnoredAny;

/// Whether something is on its way into the cart, and what went wrong last.
#[derive(Clone, Copy)]
pub struct Adding {
    /// It is on its way.
    pub pending: RwSignal<bool>,
    /// For people, with its number.
    pub problem: RwSignal<Option<String>>,
}

impl Adding {
    /// Nothing yet.
    pub fn new() -> Self {
        Self { pending: RwSignal::new(false), problem: RwSignal::new(None) }
    }
}

/// Puts what is chosen into the cart: once for a double click, and never twice at a time.
pub fn add(visit: Visit, adding: Adding, event: &MouseEvent) {
    let second_of_double = event.detail() > 1;
    if second_of_double || adding.pending.get_untracked() {
        return;
    }
    let Some(variant) = visit.variant.get_untracked().filter(|variant| variant.stock > 0) else {
        let reason = stock::wording(visit.variant.with_untracked(|variant| variant.as_ref().map(|v| v.stock)));
        adding.problem.set(Some([reason.as_str(), ". Please choose another one."].concat()));
        return;
    };
    let item = AddItem { variant_id: variant.id, quantity: visit.quantity.get_untracked() };
    let added = visit.product(|product| sentence(product, &variant.values, item.quantity)).unwrap_or_default();
    let cart = visit.host.href("/cart");
    adding.pending.set(true);
    adding.problem.set(None);
    spawn_local(async move {
        let answer = visit.host.call::<IgnoredAny>("cart.add", &item).await;
        // The visit may be over by now; what went into the cart is told all the same.
        let here = adding.pending.try_update(|pending| *pending = false).is_some();
        match answer {
            Ok(_) if here => {
                let notice = Notice::new(Level::Success, added).with_action("View cart");
                if visit.host.ask_notice(notice).await {
                    go(visit, &cart);
                }
            }
            Err(failure) if here => {
                adding.problem.set(Some(with_code(&failure.message, &failure.code)));
                if failure.code == code::OUT_OF_STOCK.to_string() {
                    visit.load(); // the page shows more than there is
                }
            }
            _ => {}
        }
    });
}

/// The toast outlives the page that showed it; then its button follows the link by itself.
fn go(visit: Visit, cart: &str) {
    if visit.quantity.try_get_untracked().is_some() {
        visit.host.navigate("/cart");
    } else {
        let _ = window().location().assign(cart);
    }
}

/// `Added to your cart: 2 × Cosy dog bed (Navy, M).`
fn sentence(product: &Product, values: &[String], quantity: i64) -> String {
    let mut text = "Added to your cart: ".to_owned();
    if quantity > 1 {
        text.push_str(&quantity.to_string());
        text.push_str(" × ");
    }
    text.push_str(&product.title);
    if !values.is_empty() {
        text.push_str(" (");
        text.push_str(&values.join(", "));
        text.push(')');
    }
    text.push('.');
    text
}

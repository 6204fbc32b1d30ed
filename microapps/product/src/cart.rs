//! Into the cart: the command `cart.add`, whether cart has ever been mounted or not.

use crate::{stock, visit::Visit};
use contract::{
    code,
    shop::{cart::AddItem, catalogue::Product},
};
use leptos::task::spawn_local;
use microapp::{api::numbered, prelude::*};
use web_sys::MouseEvent;

/// Whether something is on its way into the cart, and what went wrong last.
#[derive(Clone, Copy)]
pub struct Adding {
    /// The products that are on their way.
    pub pending: Watched<Vec<i64>>,
    /// The products that were put in on this visit: the cart is one step away from there.
    pub added: Watched<Vec<i64>>,
    /// For people, with its number; empty for nothing.
    pub problem: Watched<String>,
}

impl Adding {
    /// Nothing yet.
    pub fn new() -> Self {
        Self { pending: Watched::default(), added: Watched::default(), problem: Watched::default() }
    }
}

/// Puts what is chosen into the cart: once for a double click, and not while the product is on its way.
pub fn add(visit: Visit, adding: Adding, event: &MouseEvent) {
    let second_of_double = event.detail() > 1;
    let product = visit.product();
    let is_pending = |id| adding.pending.with_untracked(|ids| ids.contains(&id));
    if second_of_double || product.as_ref().is_some_and(|product| is_pending(product.id)) {
        return;
    }
    let chosen = visit.chosen();
    let (Some(product), Some(variant), true) = (product, &chosen.variant, chosen.buyable()) else {
        let reason = stock::wording(chosen.stock());
        adding.problem.set(t_with("{reason}. Please choose another one.", &[("reason", &reason)]));
        return;
    };
    let item = AddItem { variant_id: variant.id, quantity: visit.quantity.get_untracked() };
    let added = sentence(&product, &variant.values, item.quantity);
    adding.pending.update(|ids| ids.push(product.id));
    adding.problem.set(String::new());
    spawn_local(async move {
        let answer = visit.host.run("cart.add", &item).await;
        adding.pending.update(|ids| ids.retain(|id| *id != product.id));
        let here = visit.host.is_open() && visit.product().is_some_and(|shown| shown.id == product.id);
        match answer {
            Ok(()) if here => {
                adding.added.update(|ids| ids.push(product.id));
                visit.host.notify(Notice::new(Level::Success, added).with_link(t("View cart"), "/cart"));
            }
            // Whoever went on sees it at the shell's cart badge.
            Ok(()) => {}
            Err(failure) => {
                let is_gone = failure.is(code::OUT_OF_STOCK) || failure.is(code::NOT_FOUND);
                let message = numbered(&said(&failure), &failure.code);
                if !here {
                    let text = [&product.title, ": ", &message].concat();
                    return visit.host.notify(Notice::new(Level::Error, text));
                }
                adding.problem.set(message);
                if is_gone {
                    visit.refresh(product.id); // the page shows more than there is
                }
            }
        }
    });
}

/// What went wrong, for people.
fn said(failure: &Failure) -> String {
    let is_one_of = |codes: &[code::Code]| codes.iter().any(|code| failure.is(*code));
    if is_one_of(&[code::COMMAND_TIMEOUT, code::PANICKED]) {
        // How far it came is not known.
        t("The cart has not answered yet, and may still take this up. Look there before you add it again.")
    } else if is_one_of(&[code::LOAD_STALLED, code::LOAD_NETWORK, code::LOAD_UNAVAILABLE]) {
        t("The shop cannot be reached. Check the connection, then try again.")
    } else if failure.code.starts_with("E2") && !failure.is(code::COMMAND_FAILED) {
        // What the shell says of a microapp is for those who make it.
        t("The cart could not be started. Try again in a moment.")
    } else {
        failure.message.clone()
    }
}

/// `Added to your cart: 2 × Cosy dog bed (Navy, M).`
fn sentence(product: &Product, values: &[String], quantity: i64) -> String {
    let mut item = String::new();
    if quantity > 1 {
        item.push_str(&quantity.to_string());
        item.push_str(" × ");
    }
    item.push_str(&product.title);
    if !values.is_empty() {
        item.push_str(" (");
        item.push_str(&values.join(", "));
        item.push(')');
    }
    t_with("Added to your cart: {item}.", &[("item", &item)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_connection_is_to_blame_for_is_said_of_it() {
        for (code, expected) in [
            (code::LOAD_NETWORK, "The shop cannot be reached"),
            (code::LOAD_STALLED, "The shop cannot be reached"),
            (code::LOAD_UNAVAILABLE, "The shop cannot be reached"),
            (code::COMMAND_TIMEOUT, "The cart has not answered yet"),
            (code::PANICKED, "The cart has not answered yet"),
            (code::LOAD_INTEGRITY, "The cart could not be started"),
            (code::COMMAND_UNKNOWN, "The cart could not be started"),
            (code::COMMAND_FAILED, "as it was told"),
            (code::OUT_OF_STOCK, "as it was told"),
        ] {
            let said = said(&Failure::new(code, "as it was told"));
            assert!(said.starts_with(expected), "{code}: {said}");
        }
    }
}

//! How many, and into the cart.

use crate::{
    C,
    cart::{self, Adding},
    el,
    icon::{MINUS, PLUS},
    stock,
    visit::Visit,
};
use contract::shop::catalogue::{PriceTax, Product};
use microapp::{
    element::{El, follow},
    t,
};
use wasm_bindgen::JsCast;

/// Quantity, button, and what went wrong.
pub fn form(visit: Visit, adding: Adding, product: &Product) -> El {
    let id = product.id;
    let pending = move || adding.pending.with(|ids| ids.contains(&id));
    // What was wrong with one choice is not wrong with another.
    let mut before = None;
    follow(move || {
        let choice = Some(visit.chosen().choice.clone());
        if before != choice {
            before = choice;
            adding.problem.set(String::new());
        }
    });
    let label = move || {
        let chosen = visit.chosen();
        t(match chosen.stock() {
            _ if pending() => "Adding…",
            Some(1..) => "Add to cart",
            Some(_) => "Sold out",
            None => "Not available",
        })
    };
    let button = el("button")
        .class("button add")
        .attrs(&[("type", "button"), ("data-test", "add-to-cart")])
        .attr_when("aria-disabled", "true", move || pending() || !visit.chosen().buyable())
        .text_from(label)
        .on("click", move |event| cart::add(visit, adding, event.unchecked_ref()));
    // The notice says it, too, but is far away for keys, and gone after a while.
    let to_cart = el("a")
        .class("button quiet to-cart")
        .attrs(&[("href", &visit.host.href("/cart")), ("data-test", "to-cart")])
        .attr_when("hidden", "", move || !adding.added.with(|ids| ids.contains(&id)))
        .t("View cart");
    let how_many = el("div").attr_when("hidden", "", move || !visit.chosen().buyable()).child(stepper(visit));
    let problem = el("p")
        .class("note bad")
        .attrs(&[("role", "alert"), ("data-test", "add-failure")])
        .attr_when("hidden", "", move || adding.problem.get().is_empty())
        .text_from(move || adding.problem.get());
    el("div")
        .class("purchase")
        .child(el("div").class("buy").child(how_many).child(button).child(to_cart))
        .child(el("p").class("hint").text_from(move || tax(visit)))
        .child(problem)
}

/// What comes on top of the price.
fn tax(visit: Visit) -> String {
    t(match visit.product().map(|product| product.tax) {
        Some(PriceTax::Added) => "Tax and delivery are worked out at the checkout.",
        Some(PriceTax::None) => "Delivery is worked out at the checkout.",
        _ => "Tax is included; delivery is worked out at the checkout.",
    })
}

fn most(visit: Visit) -> i64 {
    stock::most(visit.chosen().stock().unwrap_or(1))
}

fn stepper(visit: Visit) -> El {
    let input = el("input")
        .class("quantity")
        .attrs(&[
            ("id", "product-quantity"),
            ("type", "number"),
            ("inputmode", "numeric"),
            ("min", "1"),
            ("step", "1"),
            ("data-test", "quantity"),
        ])
        .attr_from("max", move || Some(most(visit).to_string()))
        .follow(move |input| {
            // A smaller stock takes the quantity along.
            let quantity = visit.quantity.get().min(most(visit));
            set(visit, input, quantity);
        });
    let typed = input.clone();
    let input = input.on("change", move |_| {
        set(visit, &typed, stock::quantity(&typed.field().value(), most(visit)));
    });
    let button = |label: &str, path: &str, by: i64| {
        let input = input.clone();
        el("button")
            .class("icon-button")
            .attrs(&[("type", "button"), ("aria-label", label)])
            .attr_when("aria-disabled", "true", move || {
                !(1..=most(visit)).contains(&(visit.quantity.get() + by))
            })
            .on("click", move |_| {
                set(visit, &input, (visit.quantity.get_untracked() + by).clamp(1, most(visit)))
            })
            .child(El::icon(C, path))
    };
    let (less, more) = (button(&t("One less"), MINUS, -1), button(&t("One more"), PLUS, 1));
    el("div")
        .class("stepper")
        .child(less)
        .child(el("label").class("visually-hidden").attr("for", "product-quantity").t("Quantity"))
        .child(input)
        .child(more)
}

/// Also where the number stays what it was and only the text has to go.
fn set(visit: Visit, input: &El, quantity: i64) {
    if visit.quantity.get_untracked() != quantity {
        visit.quantity.set(quantity);
    }
    let text = quantity.to_string();
    if input.field().value() != text {
        input.field().set_value(&text);
    }
}

//! What can be chosen: a group of radio buttons per option. A value that cannot be had stays
//! reachable and says why.

use crate::{C, choice::Availability, el, visit::Visit};
use contract::shop::catalogue::{OptionValue, Product, ProductOption};
use microapp::element::El;

/// The groups, in the product's order.
pub fn groups(visit: Visit, product: &Product) -> El {
    let mut groups = el("div").class("options");
    for (at, option) in product.options.iter().enumerate() {
        groups = groups.child(group(visit, at, option));
    }
    groups
}

fn group(visit: Visit, at: usize, option: &ProductOption) -> El {
    let id = ["product-option-", &at.to_string()].concat();
    let chosen = move || visit.chosen().choice.0.get(at).cloned().unwrap_or_default();
    let legend = el("legend").attr("id", &id).text(&option.label).text(": ");
    let mut values = el("div").class("values");
    for value in &option.values {
        values = values.child(radio(visit, at, &id, value));
    }
    el("fieldset")
        .class("option")
        .attrs(&[("role", "radiogroup"), ("aria-labelledby", &id)])
        .child(legend.child(el("span").class("chosen").text_from(chosen)))
        .child(values)
}

fn radio(visit: Visit, at: usize, group: &str, value: &OptionValue) -> El {
    let name = value.value.clone();
    let is_gone = move || visit.availability(at, &name) != Availability::InStock;
    let (name, is_gone_now) = (value.value.clone(), is_gone.clone());
    let radio = el("input")
        .class("visually-hidden")
        .attrs(&[("type", "radio"), ("name", group), ("value", &value.value), ("data-test", "option")])
        .attr_when("aria-disabled", "true", is_gone.clone())
        .follow(move |radio| radio.field().set_checked(visit.chosen().choice.0.get(at) == Some(&name)))
        .on("click", move |event| {
            // The browser takes the choice back; the focus stays, and the reason is read out with the name.
            if is_gone_now() {
                event.prevent_default();
            }
        });
    let (wanted, judged) = (value.value.clone(), value.value.clone());
    let radio = radio.on("change", move |_| visit.choose(at, &wanted));
    let reason =
        el("span").class("reason").text_from(move || match visit.availability(at, &judged).reason() {
            Some(reason) => [" ", &reason].concat(),
            None => String::new(),
        });
    let words = el("span").class("words").child(el("span").class("name").text(&value.value)).child(reason);
    let mut face = el("span").class("face");
    if let Some(colour) = &value.swatch {
        face = face.child(swatch(colour));
    }
    el("label").class("value").class_when("gone", is_gone).child(radio).child(face.child(words))
}

/// A dot of the colour: an attribute of SVG, since our pages allow no style attributes.
fn swatch(colour: &str) -> El {
    let dot = El::svg(C, "circle").attrs(&[("cx", "12"), ("cy", "12"), ("r", "11"), ("fill", colour)]);
    El::svg(C, "svg").class("swatch").attrs(&[("viewBox", "0 0 24 24"), ("aria-hidden", "true")]).child(dot)
}

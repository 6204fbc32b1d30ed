//! The description: HTML that the shop has sanitised.

use crate::C;
use contract::shop::catalogue::Product;
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::Element;

/// The text, with who makes it.
pub fn text(product: &Product) -> AnyView {
    let place = NodeRef::<html::Div>::new();
    let html = product.description_html.clone();
    Effect::new(move || {
        if let Some(place) = place.get() {
            place.set_inner_html(&html);
            scope(&place);
        }
    });
    let vendor = product.vendor.clone();
    view! { class = C,
        <section class="about" aria-labelledby="product-about">
            <h2 id="product-about">"About it"</h2>
            <div class="description" node_ref=place></div>
            {(!vendor.is_empty()).then(|| view! { class = C, <p class="vendor">"Made by "{vendor}</p> }.into_any())}
        </section>
    }
    .into_any()
}

/// Our style reaches only elements that carry our class.
fn scope(place: &Element) {
    let Ok(all) = place.query_selector_all("*") else { return };
    for at in 0..all.length() {
        if let Some(element) = all.item(at).and_then(|node| node.dyn_into::<Element>().ok()) {
            let _ = element.class_list().add_1(C);
        }
    }
}

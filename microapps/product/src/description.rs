//! The description: HTML that the shop has sanitised.

use crate::{C, el};
use contract::shop::catalogue::Product;
use microapp::{element::El, t_with};
use wasm_bindgen::JsCast;
use web_sys::Element;

/// The text, with who makes it.
pub fn text(product: &Product) -> El {
    let place = el("div").class("description");
    place.node().set_inner_html(&product.description_html);
    scope(place.node());
    let about = el("section")
        .class("about")
        .attr("aria-labelledby", "product-about")
        .child(el("h2").attr("id", "product-about").t("About it"))
        .child(place);
    match product.vendor.as_str() {
        "" => about,
        vendor => {
            about.child(el("p").class("vendor").text(&t_with("Made by {vendor}", &[("vendor", vendor)])))
        }
    }
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

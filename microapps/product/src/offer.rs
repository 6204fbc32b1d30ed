//! Price and stock of what is chosen, announced when they change.

use crate::{el, stock, visit::Visit};
use contract::shop::catalogue::{Product, Variant};
use microapp::{Host, element::El, format::money};

/// The way back to the shelf that the product stands on.
pub fn shelf(host: Host, product: &Product) -> El {
    let shelf = host.href(&["/?category=", &contract::route::encode(&product.category)].concat());
    el("nav")
        .class("crumbs")
        .attr_t("aria-label", "Where this product stands")
        .child(el("a").attr("href", &host.href("/")).t("Shop"))
        .child(el("span").attr("aria-hidden", "true").text("/"))
        .child(el("a").attr("href", &shelf).text(&product.category_name))
}

/// As high as the way back, until it is known.
pub fn shelf_waiting() -> El {
    el("div").class("crumbs").child(el("span").class("skeleton line short"))
}

/// The region that is announced. It is there before the product is.
pub fn status(visit: Visit) -> El {
    el("div")
        .class("offer")
        .attrs(&[("role", "status"), ("aria-atomic", "true"), ("data-test", "offer")])
        .children_from(
            move || {
                let chosen = visit.chosen();
                let mut key = vec![visit.page_number(), chosen.choice.0.join(", ")];
                if let Some(variant) = &chosen.variant {
                    let before = variant.compare_at.as_ref().map_or(0, |before| before.amount);
                    key.extend(
                        [variant.stock, variant.price.amount, before].map(|number| number.to_string()),
                    );
                }
                key.join(" ")
            },
            move || if visit.product().is_some() { offer(visit) } else { Vec::new() },
        )
}

fn offer(visit: Visit) -> Vec<El> {
    let chosen = visit.chosen();
    let tone = match chosen.stock() {
        Some(6..) => "stock in",
        Some(1..) => "stock few",
        _ => "stock out",
    };
    let mut offer = Vec::new();
    if !chosen.choice.0.is_empty() {
        let values = [chosen.choice.0.join(", ").as_str(), ": "].concat();
        offer.push(el("span").class("visually-hidden").text(&values));
    }
    if let Some(variant) = &chosen.variant {
        offer.push(price(variant));
    }
    offer.push(el("p").class(tone).attr("data-test", "stock").text(&stock::wording(chosen.stock())));
    offer
}

fn price(variant: &Variant) -> El {
    let price = el("p").class("price").attr("data-test", "price");
    let now = el("span").class("now").text(&money(&variant.price));
    match &variant.compare_at {
        None => price.child(now),
        Some(before) => {
            let said = el("span").class("visually-hidden").t("Before:").text(" ");
            price.child(now.class("reduced")).child(el("s").class("before").child(said).text(&money(before)))
        }
    }
}

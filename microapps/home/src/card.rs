//! A product in the list: one link, and the whole card follows it.

use crate::el;
use contract::shop::catalogue::ProductSummary;
use microapp::{
    Host,
    element::El,
    format::{self, money},
    t, t_with,
};

/// Cards that are in view at once on most screens; the pictures of the others wait.
const AT_ONCE: usize = 4;
/// For products without a picture.
const PLACEHOLDER: &str = "/pictures/placeholder/default.svg";

/// The card of the product at a place in the list.
pub fn card(host: Host, place: usize, product: &ProductSummary) -> El {
    let href = host.href(&["/product/", &product.id.to_string()].concat());
    let loading = if place < AT_ONCE { "eager" } else { "lazy" };
    let address = product.picture.as_deref().unwrap_or(PLACEHOLDER);
    // The title stands beside it: the same words twice help nobody.
    let alt = if product.picture_alt == product.title { "" } else { &product.picture_alt };
    let badge = match (&product.compare_at, product.in_stock) {
        (_, false) => Some(el("span").class("badge out").t("Sold out")),
        (Some(_), _) => Some(el("span").class("badge sale").t("Sale")),
        _ => None,
    };
    let image = el("img")
        .attrs(&[
            ("alt", alt),
            ("width", "400"),
            ("height", "400"),
            ("loading", loading),
            ("decoding", "async"),
        ])
        .picture(address, "(max-width: 48rem) 50vw, 20rem");
    let now = el("span").class("now").text(&money(&product.price));
    let price = el("p").class("price");
    let price = if product.from { price.text_around(&t("from {price}"), now) } else { price.child(now) };
    let price = price.children(product.compare_at.as_ref().map(|before| {
        el("s")
            .class("before")
            .child(el("span").class("visually-hidden").t("Before:").text(" "))
            .text(&money(before))
    }));
    let rating = product.rating.map(|rating| {
        let (average, count) = (format::tenths(rating.tenths), rating.count.to_string());
        let said =
            t_with("{rating} of 5 stars, reviews: {count}", &[("rating", &average), ("count", &count)]);
        el("p")
            .class("rating")
            .child(el("span").class("glyph").attr("aria-hidden", "true").text("★"))
            .child(el("span").attr("aria-hidden", "true").text(&average))
            .child(el("span").class("muted").attr("aria-hidden", "true").text(&["(", &count, ")"].concat()))
            .child(el("span").class("visually-hidden").text(&said))
    });
    let choices = (product.choices > 1).then(|| {
        let count = product.choices.to_string();
        el("p").class("choices").text(&t_with("{count} to choose from", &[("count", &count)]))
    });
    el("li")
        .class(if product.in_stock { "product" } else { "product sold-out" })
        .attr("data-test", "product-card")
        .child(el("div").class("picture").child(image).children(badge))
        .child(el("a").attr("href", &href).child(el("h3").text(&product.title)))
        .child(price)
        .children(rating)
        .children(choices)
}

/// A place that is kept free until the products are there.
pub fn waiting() -> El {
    el("li").class("product").attr("aria-hidden", "true").children(
        ["picture skeleton", "skeleton line", "skeleton line short"].map(|class| el("div").class(class)),
    )
}

//! A product in the list: one link, and the whole card follows it.

use crate::C;
use contract::shop::catalogue::ProductSummary;
use leptos::prelude::*;
use microapp::{Host, format::money};

/// Cards that are in view at once on most screens; the pictures of the others wait.
const AT_ONCE: usize = 4;

/// The card of the product at a place in the list.
pub fn card(host: Host, locale: &str, place: usize, product: ProductSummary) -> AnyView {
    let href = host.href(&["/product/", &product.id.to_string()].concat());
    let loading = if place < AT_ONCE { "eager" } else { "lazy" };
    let picture = product.picture.unwrap_or_else(|| "/pictures/placeholder/default.svg".to_owned());
    // The title stands beside it: the same words twice help nobody.
    let alt = if product.picture_alt == product.title { String::new() } else { product.picture_alt };
    let badge = match (&product.compare_at, product.in_stock) {
        (_, false) => Some(("badge out", "Sold out")),
        (Some(_), _) => Some(("badge sale", "Sale")),
        _ => None,
    };
    let before = product.compare_at.map(|price| {
        view! { class = C, <s class="before"><span class="visually-hidden">"Before: "</span>{money(&price, locale)}</s> }
            .into_any()
    });
    let choices = (product.choices > 1).then(|| {
        view! { class = C, <p class="choices">{product.choices.to_string()}" to choose from"</p> }.into_any()
    });
    view! { class = C,
        <li class="product" class:sold-out=!product.in_stock data-test="product-card">
            <div class="picture">
                <img src=picture alt=alt width="400" height="400" loading=loading decoding="async" />
                {badge.map(|(class, text)| view! { class = C, <span class=class>{text}</span> }.into_any())}
            </div>
            <a href=href><h3>{product.title}</h3></a>
            <p class="price">
                {product.from.then_some("from ")}
                <span class="now">{money(&product.price, locale)}</span>
                {before}
            </p>
            {choices}
        </li>
    }
    .into_any()
}

/// A place that is kept free until the products are there.
pub fn waiting() -> AnyView {
    view! { class = C,
        <li class="product" aria-hidden="true">
            <div class="picture skeleton"></div>
            <div class="skeleton line"></div>
            <div class="skeleton line short"></div>
        </li>
    }
    .into_any()
}

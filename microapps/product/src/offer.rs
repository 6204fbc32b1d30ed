//! Price and stock of what is chosen, announced when they change.

use crate::{
    C, stock,
    visit::{Page, Visit},
};
use contract::shop::catalogue::{Product, Variant};
use leptos::prelude::*;
use microapp::{Host, format::money};

/// The way back to the shelf that the product stands on.
pub fn category(host: Host, product: &Product) -> AnyView {
    let shelf = host.href(&["/?category=", &contract::route::encode(&product.category)].concat());
    view! { class = C,
        <nav class="crumbs" aria-label="Where this product stands">
            <a href=host.href("/")>"Shop"</a>
            <span aria-hidden="true">"/"</span>
            <a href=shelf>{product.category_name.clone()}</a>
        </nav>
    }
    .into_any()
}

/// The region that is announced. It is there before the product is.
pub fn status(visit: Visit) -> AnyView {
    let locale = visit.host.locale();
    view! { class = C,
        <div class="offer" role="status" aria-atomic="true" data-test="offer">
            {move || {
                let ready = visit.page.with(|page| matches!(page, Page::Ready(_)));
                ready.then(|| offer(visit, &locale))
            }}
        </div>
    }
    .into_any()
}

fn offer(visit: Visit, locale: &str) -> AnyView {
    let chosen = visit.choice.with(|choice| choice.0.join(", "));
    let (stock, price) =
        visit.variant.with(|variant| (variant.as_ref().map(|v| v.stock), variant.as_ref().map(|v| price(v, locale))));
    let tone = match stock {
        Some(6..) => "stock in",
        Some(1..) => "stock few",
        _ => "stock out",
    };
    view! { class = C,
        {(!chosen.is_empty()).then(|| view! { class = C, <span class="visually-hidden">{chosen}": "</span> }.into_any())}
        {price}
        <p class=tone data-test="stock">{stock::wording(stock)}</p>
    }
    .into_any()
}

fn price(variant: &Variant, locale: &str) -> AnyView {
    let before = variant.compare_at.as_ref().map(|price| {
        view! { class = C, <s class="before"><span class="visually-hidden">"Before: "</span>{money(price, locale)}</s> }
            .into_any()
    });
    view! { class = C,
        <p class="price" data-test="price">
            <span class="now" class:reduced=before.is_some()>{money(&variant.price, locale)}</span>
            {before}
        </p>
    }
    .into_any()
}

//! What somebody does not want to forget.

use super::{act, acting, states};
use crate::{el, loaded::Loaded, page::Page};
use contract::shop::money::Money;
use microapp::{
    api::{self, Method},
    element::El,
    format::money,
    t, t_with,
};
use serde::Deserialize;

/// Of `contract::shop::account::Wishlist` what the list shows.
#[derive(Deserialize)]
struct Wishlist {
    products: Vec<Product>,
}

#[derive(Deserialize)]
struct Product {
    id: i64,
    title: String,
    price: Money,
    from: bool,
    picture: Option<String>,
    in_stock: bool,
}

/// For products without a picture.
const PLACEHOLDER: &str = "/pictures/placeholder/default.svg";

/// The newest wish first.
pub fn wishlist(page: Page) -> El {
    let loaded = Loaded::<Wishlist>::from(page.host, "/account/wishlist");
    states::of(page, loaded, move || {
        vec![el("div").class("content").children_from(move || loaded.key(), move || vec![list(page, loaded)])]
    })
}

fn list(page: Page, loaded: Loaded<Wishlist>) -> El {
    let Some(list) = loaded.ready().filter(|list| !list.products.is_empty()) else {
        let hint = t("Save a product with the heart on its page, and it waits for you here.");
        return states::empty(page, &t("Nothing on it yet"), &hint, None);
    };
    el("ul").class("products").children(list.products.iter().map(|p| card(page, loaded, p)))
}

fn card(page: Page, loaded: Loaded<Wishlist>, product: &Product) -> El {
    let (id, number) = (product.id, product.id.to_string());
    let image = el("img")
        .attrs(&[("alt", ""), ("width", "400"), ("height", "400"), ("loading", "lazy")])
        .picture(product.picture.as_deref().unwrap_or(PLACEHOLDER), "(max-width: 48rem) 50vw, 20rem");
    let title = el("a")
        .class("title")
        .attr("href", &page.host.href(&["/product/", &number].concat()))
        .text(&product.title);
    let price = el("strong").text(&money(&product.price));
    let line = el("p").class("facts");
    let price = if product.from { line.text_around(&t("from {price}"), price) } else { line.child(price) };
    let sold_out = (!product.in_stock).then(|| el("span").class("badge off").t("Sold out"));
    let remove = acting(&t("Remove"), loaded.busy)
        .attrs(&[
            ("aria-label", &t_with("Remove {name}", &[("name", &product.title)])),
            ("data-test", "wish-remove"),
        ])
        .on("click", move |_| {
            let path = ["/account/wishlist/", &id.to_string()].concat();
            let sent = api::send(page.host, Method::DELETE, &path, &());
            act(page, loaded.busy, loaded.after(sent), t("It is off your wishlist."));
        });
    el("li")
        .class("card product")
        .attr("data-test", "wish")
        .child(el("div").class("picture").child(image).children(sold_out))
        .child(title)
        .child(price)
        .child(remove)
}

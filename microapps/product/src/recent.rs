//! The strip of what was looked at before.

use crate::{el, seen::Seen, visit::Visit};
use contract::shop::money::Money;
use leptos::prelude::*;
use microapp::{
    Store, Watched, api,
    element::{El, follow},
    format::money,
    page::run,
    t_with,
};
use std::sync::Arc;

/// For products without a picture.
const PLACEHOLDER: &str = "/pictures/placeholder/default.svg";

/// Of `contract::shop::catalogue::ProductSummary` what the strip shows.
struct Card {
    id: i64,
    title: String,
    price: Money,
    from: bool,
    picture: Option<String>,
}

contract::record!(Card { id, title, price, from, picture });
contract::read_as_records!(Card);

/// The strip; hidden while there is nothing to show. What left the shop is not in it.
pub fn strip(visit: Visit, store: Store<Seen>) -> El {
    let cards = Watched::new((0_u32, Arc::new(Vec::<Card>::new())));
    let show = move |found: Vec<Card>| {
        let (turn, _) = cards.get_untracked();
        cards.set((turn + 1, Arc::new(found)));
    };
    let mut page = String::new();
    let mut before = Vec::new();
    follow(move || {
        let number = visit.page_number();
        let Some(product) = visit.product().map(|product| product.id) else { return };
        if page != number {
            page = number;
            untrack(|| store.dispatch(product));
        }
        let others = store.with(|seen| seen.without(product));
        if others == before {
            return;
        }
        before.clone_from(&others);
        if others.is_empty() {
            return untrack(|| show(Vec::new()));
        }
        let asked: Vec<String> = others.iter().map(|id| ["id=", &id.to_string()].concat()).collect();
        run(async move {
            let path = ["/catalogue/summaries?", &asked.join("&")].concat();
            // Without an answer there is no strip: nobody came for it. What was cleared meanwhile stays so.
            let found = api::get::<Vec<Card>>(visit.host, &path).await.unwrap_or_default();
            if store.is_open() && store.with_untracked(|seen| seen.without(product) == others) {
                show(found);
            }
        });
    });
    el("section")
        .class("recent")
        .attrs(&[("aria-labelledby", "product-recent"), ("data-test", "recent")])
        .attr_when("hidden", "", move || visit.product().is_none() || cards.get().1.is_empty())
        .child(el("h2").attr("id", "product-recent").t("Recently viewed"))
        .child(el("ul").class("strip").children_from(
            move || cards.get().0.to_string(),
            move || cards.get().1.iter().map(|found| card(visit, found)).collect(),
        ))
}

fn card(visit: Visit, found: &Card) -> El {
    let href = visit.host.href(&["/product/", &found.id.to_string()].concat());
    let picture = found.picture.as_deref().unwrap_or(PLACEHOLDER);
    // The title stands below: the same words twice help nobody.
    let image = el("img")
        .attrs(&[
            ("alt", ""),
            ("width", "160"),
            ("height", "160"),
            ("loading", "lazy"),
            ("decoding", "async"),
        ])
        .picture(picture, "10rem");
    let price = money(&found.price);
    let price = if found.from { t_with("from {price}", &[("price", &price)]) } else { price };
    el("li").child(
        el("a")
            .attrs(&[("href", &href), ("data-test", "recent-product")])
            .child(image)
            .child(el("span").class("title").text(&found.title))
            .child(el("span").class("hint").text(&price)),
    )
}

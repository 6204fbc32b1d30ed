//! Home: search and browse. The whole state is in the address.
//!
//! 1. [`filters`] is what is looked for and its address; [`browse`] keeps it, the address and what
//!    the shop answered in step.
//! 2. Everything else draws a part of the page from [`browse::Browse`] and calls `choose`.

mod browse;
mod card;
mod categories;
mod echo;
mod facets;
mod filters;
mod focus;
mod icon;
mod narrow;
mod pages;
mod paging;
mod prices;
mod results;
mod search;
mod suggestions;

use browse::Browse;
use microapp::{
    element::{El, follow},
    prelude::*,
};

const C: &str = microapp::class!();

/// An element in the scope of our style.
fn el(tag: &str) -> El {
    El::new(C, tag)
}

struct Home;

impl Microapp for Home {
    type State = ();

    fn render(context: Context<()>) -> impl IntoView {
        let heading = el("h1").attr("tabindex", "-1");
        let products = el("h2").attrs(&[("id", "home-products"), ("tabindex", "-1")]).t("All products");
        let browse = Browse::begin(context, heading.clone(), products.clone());
        follow(move || {
            browse.host.set_title(&if browse.browsing() { browse.title() } else { t("Home") });
        });
        let words = el("div")
            .class("words")
            .child(heading.text_from(move || {
                if browse.browsing() { browse.title() } else { t("Good things for good animals") }
            }))
            .child(
                el("p")
                    .class("lead")
                    .attr_when("hidden", "", move || browse.browsing())
                    .t("Beds, bowls, toys and treats for everyone who sheds, chirps, swims or purrs."),
            )
            .child(search::field(browse));
        let hero = el("div").class("hero-place").children_from(
            move || browse.browsing().to_string(),
            move || if browse.browsing() { Vec::new() } else { vec![hero()] },
        );
        el("div")
            .class("page")
            .class_when("browsing", move || browse.browsing())
            .child(
                el("div")
                    .class("head")
                    .class_when("compact", move || browse.browsing())
                    .child(words)
                    .child(hero),
            )
            .child(categories::links(browse))
            .child(el("div").class("results-place").later(move || results::section(browse, products)))
            .into_view()
    }
}

fn hero() -> El {
    el("img").class("hero").attrs(&[
        ("src", "/pictures/hero/default.svg"),
        ("alt", ""),
        ("width", "800"),
        ("height", "400"),
        ("fetchpriority", "high"),
    ])
}

/// `1 product`, `24 products`.
fn count_of(products: i64) -> String {
    match products {
        0 => t("No products"),
        count => t_count("{n} product", "{n} products", count),
    }
}

microapp::export!(Home);

//! The categories: with pictures in the shop window, as a row of chips while browsing.

use crate::{browse::Browse, count_of, el};
use contract::shop::catalogue::Category;
use leptos::prelude::request_animation_frame;
use microapp::element::El;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Places that are kept free until the categories are there.
const EXPECTED: usize = 8;

/// A link for each category, and one for all of them.
pub fn links(browse: Browse) -> El {
    let list = el("ul").children_from(
        move || browse.answers().categories.len().to_string(),
        move || {
            let categories = &browse.answers().categories;
            if categories.is_empty() {
                return (0..EXPECTED).map(|_| waiting()).collect();
            }
            let all = link(browse, "").child(el("span").class("name").t("All"));
            let mut list = vec![el("li").attr_when("hidden", "", move || !browse.browsing()).child(all)];
            list.extend(categories.iter().map(|category| tile(browse, category)));
            list
        },
    );
    let list = list.follow(move |list| {
        browse.filters();
        browse.answers();
        let list = list.clone();
        request_animation_frame(move || show_current(list.html()));
    });
    el("nav")
        .class("categories")
        .attr_t("aria-label", "Categories")
        .attr_when("hidden", "", move || browse.answers().no_categories)
        .class_when("compact", move || browse.browsing())
        .child(list)
}

/// So much of the one before the chosen one shows, in pixels: there is more that way.
const PEEK: i32 = 48;

/// The chosen one of a row that is wider than the screen is moved into it.
fn show_current(row: &HtmlElement) {
    let Ok(Some(current)) = row.query_selector("[aria-current]") else { return };
    let current: HtmlElement = current.unchecked_into();
    let (start, shown) = (current.offset_left() - row.offset_left(), row.scroll_left());
    if start < shown || start + current.offset_width() > shown + row.client_width() {
        row.set_scroll_left(start - PEEK);
    }
}

fn tile(browse: Browse, category: &Category) -> El {
    let mut link = link(browse, &category.slug);
    if let Some(address) = &category.picture {
        let image = el("img").attrs(&[("alt", ""), ("width", "96"), ("height", "96")]);
        link = link.child(image.picture(address, "96px"));
    }
    let (slug, products) = (category.slug.clone(), category.products);
    let count = el("span").class("count").text_from(move || match found_in(browse, &slug) {
        _ if !browse.browsing() => count_of(products),
        // About as wide as what is on its way: nothing moves when it comes.
        None if browse.answers().is_first_awaited() => "(…)".to_owned(),
        count => ["(", &count.unwrap_or(products).to_string(), ")"].concat(),
    });
    el("li").child(link.child(el("span").class("name").text(&category.name)).text(" ").child(count))
}

/// How many products the filters would show in a category. `None` while the shop does not count.
fn found_in(browse: Browse, slug: &str) -> Option<i64> {
    let found = browse.found()?;
    let facets = found.page.facets.as_ref()?;
    let known = facets.categories.iter().find(|known| known.value == slug);
    Some(known.map_or(0, |known| known.count))
}

/// Words and prices stay when the category changes.
fn link(browse: Browse, slug: &str) -> El {
    let (target, own) = (slug.to_owned(), slug.to_owned());
    el("a")
        .attr("data-test", "category")
        .attr_from("href", move || Some(browse.host.href(&browse.filters().with_category(&target).path())))
        .attr_when("aria-current", "true", move || browse.filters().category == own)
}

fn waiting() -> El {
    el("li").attr("aria-hidden", "true").child(el("div").class("skeleton tile"))
}

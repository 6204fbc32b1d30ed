//! Search and the cart's badge.

use super::field;
use crate::{
    browser,
    navigation::{self, Entry},
    page::Shell,
};
use contract::route::encode;
use locale::{t, t_count};

/// On `<html>` while the front page is shown. `before_paint.js` sets it first, by the address alone.
const AT_FRONT: &str = "data-front";

/// Whether the page was painted as the front page.
pub fn was_at_front() -> bool {
    browser::root().has_attribute(AT_FRONT)
}

pub fn begin(shell: Shell) {
    let (form, link, badge) =
        (browser::by_id("search"), browser::by_id("cart-link"), browser::by_id("cart-badge"));
    browser::listen(&form, "submit", move |event| {
        event.prevent_default();
        search_for(shell, "shop-search");
    });
    // The front page has a search field of its own; ours makes room for it.
    let root = browser::root();
    shell.page().at_front.follow(move |at_front| {
        let _ = root.toggle_attribute_with_force(AT_FRONT, at_front);
    });
    shell.page().session.pieces.follow(move |pieces| {
        let label = match pieces {
            0 => t("Cart, empty"),
            count => t_count("Cart, {n} item", "Cart, {n} items", count),
        };
        let _ = link.set_attribute("aria-label", &label);
        badge.set_hidden(pieces == 0);
        badge.set_text_content(Some(&if pieces > 99 { "99+".to_owned() } else { pieces.to_string() }));
    });
}

/// Goes to the front page with what stands in the field.
pub fn search_for(shell: Shell, id: &str) {
    let field = field(id);
    let words = field.value();
    field.set_value("");
    let words = words.trim();
    let path = if words.is_empty() { "/".to_owned() } else { format!("/?q={}", encode(words)) };
    navigation::go(shell, &path, Entry::Push);
}

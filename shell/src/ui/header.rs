//! Logo, search, cart, account.

use super::{
    C, account_menu,
    icon::{CART, SEARCH, icon, mark},
};
use crate::{
    browser,
    navigation::{self, Entry},
    page::Shell,
};
use contract::route::encode;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, SubmitEvent};

pub fn view(shell: Shell) -> AnyView {
    let pieces = shell.session.pieces;
    let cart_label = move || match pieces.get() {
        0 => "Cart, empty".to_owned(),
        1 => "Cart, 1 item".to_owned(),
        count => format!("Cart, {count} items"),
    };
    view! { class = C,
        <header class="header">
            <div class="bar">
                <a class="brand" href="#/" data-test="brand">{mark()}<span class="name">"Menagerie"</span></a>
                {search(shell)}
                <nav class="tools" aria-label="Shop">
                    <a class="tool cart" href="#/cart" aria-label=cart_label data-test="cart-link">
                        {icon(CART)}
                        <span class="badge" class:empty=move || pieces.get() == 0 aria-hidden="true" data-test="cart-badge">
                            {move || if pieces.get() > 99 { "99+".to_owned() } else { pieces.get().to_string() }}
                        </span>
                    </a>
                    {account_menu::view(shell)}
                </nav>
            </div>
        </header>
    }
    .into_any()
}

/// Goes to the shop's front page with the words. That page has a search field of its own; ours makes room for it.
fn search(shell: Shell) -> AnyView {
    let at_front = shell.at_front;
    let search = move |event: SubmitEvent| {
        event.prevent_default();
        search_for(shell, "shop-search");
    };
    view! { class = C,
        <form class="search" role="search" class:away=move || at_front.get() on:submit=search>
            <label class="visually-hidden" for="shop-search">"Search the shop"</label>
            <input class="input" id="shop-search" type="search" name="q" placeholder="Search the shop" autocomplete="off"
                enterkeyhint="search" maxlength="200" data-test="shell-search" />
            <button class="icon-button" type="submit" aria-label="Search">{icon(SEARCH)}</button>
        </form>
    }
    .into_any()
}

/// Goes to the front page with what stands in the field.
pub fn search_for(shell: Shell, field: &str) {
    let field = browser::document().get_element_by_id(field);
    let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) else { return };
    let words = field.value();
    field.set_value("");
    let words = words.trim();
    let path = if words.is_empty() { "/".to_owned() } else { format!("/?q={}", encode(words)) };
    navigation::go(shell, &path, Entry::Push);
}

//! What a click on a link does: routes go through the router.

use crate::{
    address, focus,
    navigation::{Entry, go},
    page::Shell,
};
use wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent};

/// Links to routes go through the router, those to places in the page, its top among them, never touch the address.
pub fn clicked(shell: Shell, event: MouseEvent) {
    let plain = event.button() == 0
        && !event.ctrl_key()
        && !event.meta_key()
        && !event.shift_key()
        && !event.alt_key();
    if !plain || event.default_prevented() {
        return;
    }
    let Some(link) = link_of(&event) else { return };
    let href = link.get_attribute("href").unwrap_or_default();
    if link.has_attribute("target") || link.has_attribute("download") || !href.starts_with('#') {
        return;
    }
    event.prevent_default();
    if address::is_route(&href) {
        go(shell, href.trim_start_matches('#'), Entry::Push);
    } else if focus::to_anchor(href.trim_start_matches('#')) {
        // It is there.
    } else if href == "#" || href == "#top" {
        focus::scroll_to(0.0);
    } else {
        // An older form of a route, written into somebody's text.
        let address = address::read(&href, "");
        if shell.live.borrow().target(&address).is_some() {
            go(shell, &address.text(), Entry::Push);
        }
    }
}

/// The link that an event happened in, through shadow roots.
pub fn link_of(event: &web_sys::Event) -> Option<Element> {
    let first: Element = event.composed_path().get(0).dyn_into().ok()?;
    first.closest("a[href]").ok().flatten()
}

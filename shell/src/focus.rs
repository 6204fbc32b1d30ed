//! After a navigation: title, focus, scroll. For people who cannot see that the page has changed.

use crate::browser;
use wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlElement, ScrollBehavior, ScrollToOptions};

/// What stands behind every title.
const SITE: &str = "Menagerie";

/// Sets the document's title: `Cart · Menagerie`.
pub fn set_title(text: &str) {
    let title = if text.is_empty() || text == SITE { SITE.to_owned() } else { format!("{text} · {SITE}") };
    browser::document().set_title(&title);
}

/// Moves the focus to the heading of what is new, without scrolling.
pub fn to_heading(place: &HtmlElement) {
    let heading = place.query_selector("h1").ok().flatten();
    let target = heading.and_then(|heading| heading.dyn_into::<HtmlElement>().ok());
    let target = target.unwrap_or_else(|| place.clone());
    if !target.has_attribute("tabindex") {
        let _ = target.set_attribute("tabindex", "-1");
    }
    let quietly = FocusOptions::new();
    quietly.set_prevent_scroll(true);
    let _ = target.focus_with_options(&quietly);
}

/// Scrolls at once, whatever the page's style says.
pub fn scroll_to(y: f64) {
    let options = ScrollToOptions::new();
    options.set_top(y);
    options.set_behavior(ScrollBehavior::Instant);
    browser::window().scroll_to_with_scroll_to_options(&options);
}

/// Scrolls to where the page was, as soon as it is long enough, unless the shopper scrolls first.
pub async fn restore_scroll(y: f64) {
    scroll_to(y);
    let window = browser::window();
    let mut reached = window.scroll_y().unwrap_or(0.0);
    for _ in 0..60 {
        if (reached - y).abs() < 2.0 {
            return;
        }
        browser::sleep(50).await;
        let now = window.scroll_y().unwrap_or(0.0);
        if (now - reached).abs() > 2.0 {
            return;
        }
        scroll_to(y);
        reached = window.scroll_y().unwrap_or(0.0);
    }
}

/// Follows a skip link or an anchor in the page, without touching the address.
pub fn to_anchor(id: &str) -> bool {
    let Some(element) = browser::document().get_element_by_id(id) else { return false };
    let element: HtmlElement = element.unchecked_into();
    if !element.has_attribute("tabindex") {
        let _ = element.set_attribute("tabindex", "-1");
    }
    element.scroll_into_view();
    let _ = element.focus();
    true
}

/// Whether the pointer or the focus is in a toast.
pub fn within_toast(id: u32) -> bool {
    let toast = browser::document().query_selector(&format!("[data-toast='{id}']")).ok().flatten();
    toast.is_some_and(|toast| toast.matches(":hover, :focus-within").unwrap_or(false))
}

//! Focus and scroll after a change that the shell leaves to us: one of the query alone.

use leptos::{html, prelude::*};
use web_sys::{FocusOptions, HtmlElement};

/// Brings the first row of products into view and the focus to their heading.
pub fn to_products(heading: NodeRef<html::H2>) {
    after_drawing(move || {
        if let Some(heading) = heading.try_get_untracked().flatten() {
            heading.scroll_into_view();
            focus_quietly(&heading);
        }
    });
}

/// Scrolls to the top. Where the focused link or button is gone, the focus goes to the page's heading.
pub fn to_top(heading: NodeRef<html::H1>) {
    after_drawing(move || {
        window().scroll_to_with_x_and_y(0.0, 0.0);
        let lost = document().active_element().is_none_or(|active| active.tag_name() == "BODY");
        if let Some(heading) = heading.try_get_untracked().flatten().filter(|_| lost) {
            focus_quietly(&heading);
        }
    });
}

fn after_drawing(act: impl FnOnce() + 'static) {
    request_animation_frame(act);
}

fn focus_quietly(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    let _ = element.focus_with_options(&options);
}

/// Whether the focus is in `element`, also inside a shadow root.
pub fn has(element: &HtmlElement) -> bool {
    element.matches(":focus").unwrap_or(false)
}

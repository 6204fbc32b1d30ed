//! Focus and scroll after a change that the shell leaves to us: one of the query alone.

use leptos::prelude::*;
use microapp::{element::El, page::is_focus_lost};
use web_sys::{Element, FocusOptions};

/// Brings the first row of products into view and the focus to their heading.
pub fn to_products(heading: El) {
    request_animation_frame(move || {
        if let Some(row) = heading.node().parent_element() {
            row.scroll_into_view();
        }
        quietly(&heading);
    });
}

/// Scrolls to the top. Where the focused link or button is gone, the focus goes to the page's heading.
pub fn to_top(heading: El) {
    request_animation_frame(move || {
        window().scroll_to_with_x_and_y(0.0, 0.0);
        if is_focus_lost() {
            quietly(&heading);
        }
    });
}

fn quietly(element: &El) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    let _ = element.html().focus_with_options(&options);
}

/// Whether the focus is in `element`, also inside a shadow root.
pub fn has(element: &Element) -> bool {
    element.matches(":focus").unwrap_or(false)
}

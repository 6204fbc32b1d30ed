//! Where the focus is, and where it goes when the view changes.

use crate::{Desk, el};
use leptos::prelude::*;
use microapp::{element::El, page::is_focus_lost};
use web_sys::Node;

/// Where the focus goes when the view changes.
const HEADING: &str = "console-heading";

/// The heading of a view.
pub fn heading<D: Desk>(text: &str) -> El {
    el::<D>("h1").attrs(&[("id", HEADING), ("tabindex", "-1")]).text(text)
}

/// Brings the focus to the heading of what shows now.
pub fn to_heading() {
    next_frame(|| {
        window().scroll_to_with_x_and_y(0.0, 0.0);
        focus_heading();
    });
}

fn next_frame(act: fn()) {
    request_animation_frame(act);
}

/// Whether `part` may have the focus: it has it already, or nothing does.
pub fn is_free_for(part: &Node) -> bool {
    is_focus_lost() || part.contains(document().active_element().as_deref())
}

/// Brings the focus to the heading where what had it is gone. Browsers notice that a frame later.
pub fn keep() {
    next_frame(|| {
        next_frame(|| {
            if is_focus_lost() {
                focus_heading();
            }
        });
    });
}

fn focus_heading() {
    let heading = document().get_element_by_id(HEADING);
    if let Some(heading) =
        heading.and_then(|it| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(it).ok())
    {
        let _ = heading.focus();
    }
}

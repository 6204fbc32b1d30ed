//! Icons: 24 × 24, drawn in the colour of the text around them, as in `assets/icons`.

use super::C;
use leptos::prelude::*;

pub const ALERT: &str = "M10.7 4.2 2.9 17.7a1.5 1.5 0 0 0 1.3 2.3h15.6a1.5 1.5 0 0 0 1.3-2.3L13.3 4.2a1.5 1.5 0 0 0-2.6 0zM12 9.5v4.5M12 17v.01";
pub const CHECK: &str = "m4.5 12.5 5 5 10-11";
pub const CLOSE: &str = "m6 6 12 12M18 6 6 18";

/// One icon. It says nothing to a screen reader: the text beside it does.
pub fn icon(path: &'static str) -> AnyView {
    view! { class = C,
        <svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
            <path d=path></path>
        </svg>
    }
    .into_any()
}

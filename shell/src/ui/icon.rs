//! Icons: 24 × 24, drawn in the colour of the text around them, as in `assets/icons`.

use super::C;
use leptos::prelude::*;

pub const ALERT: &str = "M10.7 4.2 2.9 17.7a1.5 1.5 0 0 0 1.3 2.3h15.6a1.5 1.5 0 0 0 1.3-2.3L13.3 4.2a1.5 1.5 0 0 0-2.6 0zM12 9.5v4.5M12 17v.01";
pub const CART: &str = "M2.5 3.5h2l2.6 11.2a1.5 1.5 0 0 0 1.5 1.2h8.6a1.5 1.5 0 0 0 1.5-1.2L20.5 7H5.4M9.5 18.4a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 1 0 0-2.6M16.5 18.4a1.3 1.3 0 1 0 0 2.6 1.3 1.3 0 1 0 0-2.6";
pub const CHECK: &str = "m4.5 12.5 5 5 10-11";
pub const CLOSE: &str = "m6 6 12 12M18 6 6 18";
pub const SEARCH: &str = "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 1 0 0-13M15.5 15.5l5 5";
pub const USER: &str = "M12 4a4 4 0 1 0 0 8 4 4 0 1 0 0-8M4.5 20.5c.6-4 3.6-6 7.5-6s6.9 2 7.5 6";

/// One icon. It says nothing to a screen reader: the text beside it does.
pub fn icon(path: &'static str) -> AnyView {
    view! { class = C,
        <svg class="icon" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor"
            stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">
            <path d=path></path>
        </svg>
    }
    .into_any()
}

/// The mark: somebody's face, friendly.
pub fn mark() -> AnyView {
    view! { class = C,
        <svg class="mark" viewBox="0 0 64 64" width="36" height="36" aria-hidden="true" focusable="false">
            <path fill="#128174" d="M32 60C15 60 5 50 5 36V9c0-4 4-6 7-3l10 9c6-2 14-2 20 0l10-9c3-3 7-1 7 3v27c0 14-10 24-27 24z"></path>
            <path fill="none" stroke="#f9b94a" stroke-width="6" stroke-linecap="round" stroke-linejoin="round" d="M20 33V22l12 10 12-10v11"></path>
            <path fill="#fff8ea" d="M20 39.4a3.6 3.6 0 1 0 0 7.2 3.6 3.6 0 1 0 0-7.2M44 39.4a3.6 3.6 0 1 0 0 7.2 3.6 3.6 0 1 0 0-7.2M28.5 47.5h7c1.5 0 1.9 1.3.9 2.3L33 53c-.6.5-1.4.5-2 0l-3.4-3.2c-1-1-.6-2.3.9-2.3z"></path>
        </svg>
    }
    .into_any()
}

//! After a navigation: title, focus, scroll. For people who cannot see that the page has changed.

use crate::browser;
use std::cell::Cell;
use wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlElement, ScrollBehavior, ScrollToOptions};

/// For so many looks, one every 50 ms, a page stays where it was scrolled to once it is long enough …
const ENOUGH_LOOKS: u32 = 60;
/// … and for so many at most it is waited for.
const MOST_LOOKS: u32 = 600;

/// What stands behind every title.
const SITE: &str = "Menagerie";

/// Sets the document's title: `Cart · Menagerie`.
pub fn set_title(text: &str) {
    let title = if text.is_empty() || text == SITE { SITE.to_owned() } else { format!("{text} · {SITE}") };
    browser::document().set_title(&title);
}

/// What stands between header and footer.
pub fn main_element() -> Option<HtmlElement> {
    browser::document().get_element_by_id("main").map(JsCast::unchecked_into)
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

/// Moves it there again when the heading is drawn anew with the data, and the focus would fall off the
/// page with the old one; until the shopper does something.
pub async fn stay_on_heading(place: HtmlElement) {
    let decision = DECISIONS.get();
    for _ in 0..ENOUGH_LOOKS {
        browser::sleep(50).await;
        if DECISIONS.get() != decision {
            return;
        }
        let document = browser::document();
        if document.active_element().is_none_or(|active| active.tag_name() == "BODY") {
            to_heading(&place);
        }
    }
}

thread_local! {
    /// Raised whenever somebody decides where the page is scrolled to.
    static DECISIONS: Cell<u32> = const { Cell::new(0) };
    /// Where the page is on its way to, as long as it is too short for that.
    static DUE: Cell<Option<f64>> = const { Cell::new(None) };
}

fn decided() -> u32 {
    DUE.set(None);
    DECISIONS.with(|decisions| {
        decisions.set(decisions.get() + 1);
        decisions.get()
    })
}

/// Notices when the shopper takes the page into their own hands.
pub fn begin() {
    for event in ["wheel", "touchmove", "pointerdown", "keydown"] {
        browser::listen(&browser::document(), event, |_| {
            decided();
        });
    }
}

/// Scrolls at once, whatever the page's style says.
pub fn scroll_to(y: f64) {
    decided();
    jump(y);
}

fn jump(y: f64) {
    let options = ScrollToOptions::new();
    options.set_top(y);
    options.set_behavior(ScrollBehavior::Instant);
    browser::window().scroll_to_with_scroll_to_options(&options);
}

/// Where the page is scrolled to, or would be if all of it were there.
pub fn scroll_place() -> f64 {
    DUE.get().unwrap_or_else(|| browser::window().scroll_y().unwrap_or(0.0))
}

/// Scrolls to where the page was, and stays there while it grows (the browser would follow what moves),
/// until the shopper scrolls or goes on. A page that is still too short is waited for.
pub async fn restore_scroll(y: f64) {
    scroll_to(y);
    let decision = decided();
    let mut reached = 0;
    for look in 0..MOST_LOOKS {
        DUE.set((reached == 0).then_some(y));
        browser::sleep(50).await;
        if DECISIONS.get() != decision {
            return;
        }
        let reachable = is_reachable(y);
        reached += u32::from(reachable);
        // A page that has become shorter ends as near as it can.
        if (reachable || look < ENOUGH_LOOKS) && (browser::window().scroll_y().unwrap_or(y) - y).abs() > 1.0 {
            jump(y);
        }
        if reached > ENOUGH_LOOKS {
            break;
        }
    }
    DUE.set(None);
}

/// Whether the page is long enough for being scrolled there.
fn is_reachable(y: f64) -> bool {
    let height = browser::document().document_element().map_or(0, |root| root.scroll_height());
    let view = browser::window().inner_height().ok().and_then(|height| height.as_f64());
    f64::from(height) - view.unwrap_or(0.0) >= y - 1.0
}

/// Follows a skip link or an anchor in the page, without touching the address.
pub fn to_anchor(id: &str) -> bool {
    let Some(element) = browser::document().get_element_by_id(id) else { return false };
    let element: HtmlElement = element.unchecked_into();
    if !element.has_attribute("tabindex") {
        let _ = element.set_attribute("tabindex", "-1");
    }
    decided();
    element.scroll_into_view();
    let _ = element.focus();
    true
}

/// Whether the pointer or the focus is in a toast.
pub fn within_toast(id: u32) -> bool {
    let toast = browser::document().query_selector(&format!("[data-toast='{id}']")).ok().flatten();
    toast.is_some_and(|toast| toast.matches(":hover, :focus-within").unwrap_or(false))
}

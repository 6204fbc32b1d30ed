//! What the main slot shows when there is no microapp in it: a skeleton, a way back, what failed.

use super::{copy_of, header, part};
use crate::{
    browser, navigation,
    page::{Shell, SlotView},
};
use locale::{t, t_with};
use web_sys::Element;

pub fn begin(shell: Shell) {
    let panel = browser::by_id("panel");
    // What the page began with.
    let skeleton = panel.first_element_child();
    shell.page().slot.follow(move |view| {
        let content = match view {
            SlotView::App => None,
            SlotView::Loading => skeleton.clone(),
            SlotView::NotFound(path) => Some(not_found(shell, &path)),
            SlotView::Failed(problem) => {
                let (title, details) =
                    (t_with("{title} could not be shown", &[("title", &problem.title)]), problem.to_string());
                let hint = t("The rest of the shop goes on working. Try again, or come back in a moment.");
                Some(failure(shell, &title, &hint, &details, Some(problem.app)))
            }
            SlotView::Unreachable(reason) => {
                let title = t("The shop cannot be reached");
                let hint = t("Check the connection, then try again.");
                Some(failure(shell, &title, &hint, &reason, None))
            }
        };
        match content {
            Some(content) => panel.replace_children_with_node_1(&content),
            None => panel.replace_children_with_node_0(),
        }
    });
}

fn not_found(shell: Shell, path: &str) -> Element {
    let view = copy_of("not-found-template");
    part(&view, ".path").set_text_content(Some(path));
    browser::listen(&part(&view, "form"), "submit", move |event| {
        event.prevent_default();
        header::search_for(shell, "find");
    });
    view
}

/// What failed, of the app or, without one, of the whole shop.
fn failure(shell: Shell, title: &str, hint: &str, details: &str, app: Option<String>) -> Element {
    let view = copy_of("failure-template");
    part(&view, "h1").set_text_content(Some(title));
    part(&view, ".advice").set_text_content(Some(hint));
    part(&view, ".details").set_text_content(Some(details));
    if let Some(app) = &app {
        let _ = view.set_attribute("data-failed", app);
    }
    browser::listen(&part(&view, "button"), "click", move |_| match &app {
        Some(app) => navigation::retry(shell, app),
        None => navigation::retry_all(shell),
    });
    view
}

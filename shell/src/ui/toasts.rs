//! Toasts, in a region that is announced politely.

use super::{copy_of, part};
use crate::{address, browser, focus, notices::Toast, page::Shell};
use web_sys::Element;

pub fn begin(shell: Shell) {
    let region = browser::by_id("toasts");
    let mut shown: Vec<(u32, Element)> = Vec::new();
    shell.page().notices.toasts.follow(move |toasts| {
        // One that stays is left alone: nobody's focus is lost, and nothing is announced twice.
        shown.retain(|(id, element)| {
            let stays = toasts.iter().any(|toast| toast.id == *id);
            if !stays {
                let had_focus = element.matches(":focus-within").unwrap_or(false);
                element.remove();
                // Whoever pressed its button goes on in the page, not at its beginning.
                if let Some(main) = focus::main_element().filter(|_| had_focus) {
                    focus::to_heading(&main);
                }
            }
            stays
        });
        for toast in toasts {
            if shown.iter().all(|(id, _)| *id != toast.id) {
                let element = one(shell, &toast);
                let _ = region.append_child(&element);
                shown.push((toast.id, element));
            }
        }
    });
}

fn one(shell: Shell, toast: &Toast) -> Element {
    let id = toast.id;
    let element = copy_of("toast-template");
    let _ = element.set_attribute("data-toast", &id.to_string());
    let _ = element.set_attribute("data-level", toast.level);
    part(&element, ".text").set_text_content(Some(&toast.text));
    let (act, link, shut) = (part(&element, "button.act"), part(&element, "a.act"), part(&element, ".shut"));
    for (element, shows) in [(&act, toast.path.is_none()), (&link, toast.path.is_some())] {
        element.set_text_content(toast.action.as_deref());
        element.set_hidden(toast.action.is_none() || !shows);
        browser::listen(element, "click", move |_| shell.notices.close(id, true));
    }
    if let Some(path) = &toast.path {
        let _ = link.set_attribute("href", &address::href(path));
    }
    browser::listen(&shut, "click", move |_| shell.notices.close(id, false));
    element
}

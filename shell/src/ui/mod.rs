//! Brings the page to life. Header, footer, menu and dialogs stand in `index.html`, there before any wasm is;
//! what comes and goes (toasts, what the slot shows) has its `<template>` there and is put in its place here.

mod account_menu;
pub mod header;
mod leave_dialog;
mod sign_in_dialog;
mod slot;
pub mod theme;
mod toasts;

use crate::{browser, language, overrides, page::Shell, watched::Watched};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, HtmlElement, HtmlInputElement, HtmlTemplateElement};

/// Binds the page to the shell, in two parts: what is seen first, then what opens and comes later.
pub async fn begin(shell: Shell) {
    header::begin(shell);
    slot::begin(shell);
    browser::pause().await;
    account_menu::begin(shell);
    sign_in_dialog::begin(shell);
    leave_dialog::begin(shell);
    toasts::begin(shell);
    overrides::begin();
    language::choices(shell);

    let (progress, main) = (browser::by_id("progress"), browser::by_id("main"));
    shell.page().tasks.follow(move |tasks| {
        let busy = tasks > 0;
        let _ = progress.class_list().toggle_with_force("on", busy);
        let _ = main.set_attribute("aria-busy", if busy { "true" } else { "false" });
    });
    let announcer = browser::by_id("announcer");
    shell.page().announcement.follow(move |text| announcer.set_text_content(Some(&text)));
}

/// A press of a button, for as long as the page lives.
fn on_click(id: &str, pressed: impl Fn() + 'static) {
    browser::listen(&browser::by_id(id), "click", move |_| pressed());
}

fn field(id: &str) -> HtmlInputElement {
    browser::by_id(id).unchecked_into()
}

/// Opens and closes a dialog with its signal. A native modal: it traps the focus, closes by Escape and
/// gives the focus back.
fn follow(id: &str, open: &'static Watched<bool>) {
    let dialog: HtmlDialogElement = browser::by_id(id).unchecked_into();
    open.follow(move |wanted| {
        if wanted && !dialog.open() {
            // It fails only for a dialog that is not on the page.
            let _ = dialog.show_modal();
        } else if !wanted && dialog.open() {
            dialog.close();
        }
    });
}

/// A copy of what stands in a `<template>` of `index.html`.
fn copy_of(template: &str) -> Element {
    let template: HtmlTemplateElement = browser::by_id(template).unchecked_into();
    let original = template.content().first_element_child();
    let copy = original.and_then(|original| original.clone_node_with_deep(true).ok());
    copy.unwrap_or_else(|| browser::missing("template's content")).unchecked_into()
}

/// The part of a copy that a selector names. Every one that is asked for is in its template.
fn part(of: &Element, selector: &str) -> HtmlElement {
    of.query_selector(selector).ok().flatten().unwrap_or_else(|| browser::missing(selector)).unchecked_into()
}

//! Brings the page to life. Header, footer, menu and dialogs stand in `index.html`, there before any wasm is;
//! what comes and goes (toasts, what the slot shows) is drawn here.

mod account_menu;
mod header;
mod icon;
mod leave_dialog;
mod sign_in_dialog;
mod slot;
pub mod theme;
mod toasts;

use crate::{browser, page::Shell};
use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{HtmlDialogElement, HtmlInputElement};

/// The scope of `shell/style.css`.
pub const C: &str = "m-shell";

/// Binds the page to the shell.
pub fn begin(shell: Shell) {
    header::begin(shell);
    account_menu::begin(shell);
    sign_in_dialog::begin(shell);
    leave_dialog::begin(shell);
    let panel = browser::by_id("panel");
    panel.replace_children_with_node_0();
    mount_to(panel, move || slot::view(shell)).forget();
    mount_to(browser::by_id("toasts"), move || toasts::view(shell)).forget();

    let (progress, main) = (browser::by_id("progress"), browser::by_id("main"));
    let busy = shell.is_busy();
    Effect::new(move |_| {
        let _ = progress.class_list().toggle_with_force("on", busy.get());
        let _ = main.set_attribute("aria-busy", if busy.get() { "true" } else { "false" });
    });
    let announcer = browser::by_id("announcer");
    Effect::new(move |_| announcer.set_text_content(Some(&shell.announcement.get())));
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
fn follow(id: &str, open: RwSignal<bool>) {
    let dialog: HtmlDialogElement = browser::by_id(id).unchecked_into();
    Effect::new(move |_| {
        let wanted = open.get();
        if wanted && !dialog.open() {
            // It fails only for a dialog that is not on the page.
            let _ = dialog.show_modal();
        } else if !wanted && dialog.open() {
            dialog.close();
        }
    });
}

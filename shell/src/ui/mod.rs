//! What the shell draws around the microapps.

mod account_menu;
mod footer;
mod header;
mod icon;
mod leave_dialog;
mod sign_in_dialog;
mod slot;
pub mod theme;
mod toasts;

use crate::page::Shell;
use leptos::{html::Dialog, prelude::*};

/// The scope of `shell/style.css`.
pub const C: &str = "m-shell";

/// The whole page.
pub fn shell_view(shell: Shell) -> impl IntoView {
    let busy = shell.is_busy();
    let announcement = shell.announcement;
    view! { class = C,
        <a class="skip" href="#main">"Skip to content"</a>
        <div class="progress" class:on=move || busy.get() aria-hidden="true"></div>
        {header::view(shell)}
        <main class="main" id="main" tabindex="-1" aria-busy=move || busy.get().to_string()>
            {slot::view(shell)}
            <div class="slot" id="slot"></div>
        </main>
        {footer::view()}
        <div class="overlay" id="overlay"></div>
        {toasts::view(shell)}
        {sign_in_dialog::view(shell)}
        {leave_dialog::view(shell)}
        <p class="visually-hidden" role="status" data-test="announcer">{move || announcement.get()}</p>
    }
}

/// Opens and closes a dialog with its signal. A native modal: it traps the focus, closes by Escape and
/// gives the focus back.
fn follow(dialog: NodeRef<Dialog>, open: RwSignal<bool>) {
    Effect::new(move |_| {
        let wanted = open.get();
        let Some(dialog) = dialog.get() else { return };
        if wanted && !dialog.open() {
            // It fails only for a dialog that is not on the page.
            let _ = dialog.show_modal();
        } else if !wanted && dialog.open() {
            dialog.close();
        }
    });
}

//! Toasts, in a region that is announced politely.

use super::{
    C,
    icon::{ALERT, CHECK, CLOSE, icon},
};
use crate::{browser::Shared, notices::Toast, page::Shell};
use leptos::prelude::*;

pub fn view(shell: Shell) -> impl IntoView {
    let toasts = shell.notices.toasts;
    let shell = Shared::new(shell);
    view! { <For each=move || toasts.get() key=|toast| toast.id children=move |toast| one(*shell, toast) /> }
}

fn one(shell: Shell, toast: Toast) -> AnyView {
    let id = toast.id;
    let sign = match toast.level {
        "success" => CHECK,
        "warning" | "error" => ALERT,
        _ => "",
    };
    let without_action = toast.action.is_none();
    view! { class = C,
        <div class="toast" data-toast=id.to_string() data-level=toast.level>
            {icon(sign)}
            <span class="text">{toast.text}</span>
            <button class="act" type="button" hidden=without_action on:click=move |_| shell.notices.close(id, true) data-test="toast-action">
                {toast.action}
            </button>
            <button class="shut" type="button" aria-label="Dismiss" on:click=move |_| shell.notices.close(id, false)>{icon(CLOSE)}</button>
        </div>
    }
    .into_any()
}

//! Toasts, in a region that is announced politely.

use super::{
    C,
    icon::{ALERT, CHECK, CLOSE, icon},
};
use crate::{browser::Shared, notices::Toast, page::Shell};
use leptos::prelude::*;

pub fn view(shell: Shell) -> AnyView {
    let toasts = shell.notices.toasts;
    let shell = Shared::new(shell);
    view! { class = C,
        <div class="toasts" role="status" aria-live="polite" aria-relevant="additions" data-test="toasts">
            <For each=move || toasts.get() key=|toast| toast.id children=move |toast| one(*shell, toast) />
        </div>
    }
    .into_any()
}

fn one(shell: Shell, toast: Toast) -> AnyView {
    let id = toast.id;
    let sign = match toast.level {
        "success" => CHECK,
        "warning" | "error" => ALERT,
        _ => "",
    };
    let action = toast.action.map(|label| {
        view! { class = C,
            <button class="act" type="button" on:click=move |_| shell.notices.close(id, true) data-test="toast-action">{label}</button>
        }
    });
    view! { class = C,
        <div class="toast" data-toast=id.to_string() data-level=toast.level>
            {(!sign.is_empty()).then(|| icon(sign))}
            <span class="text">{toast.text}</span>
            {action}
            <button class="shut" type="button" aria-label="Dismiss" on:click=move |_| shell.notices.close(id, false)>{icon(CLOSE)}</button>
        </div>
    }
    .into_any()
}

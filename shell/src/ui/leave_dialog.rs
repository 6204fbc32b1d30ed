//! The question before unsaved work is left.

use super::C;
use crate::page::Shell;
use leptos::{html::Dialog, prelude::*};

pub fn view(shell: Shell) -> AnyView {
    let dialog = NodeRef::<Dialog>::new();
    super::follow(dialog, shell.holds.open);
    view! { class = C,
        <dialog class="dialog" node_ref=dialog aria-labelledby="leave-title" on:close=move |_| shell.holds.answer(false) data-test="leave-dialog">
            <h2 id="leave-title">"Leave without sending?"</h2>
            <p>"What you have written here is not saved yet."</p>
            <div class="choices">
                <button class="button" type="button" on:click=move |_| shell.holds.answer(false) data-test="stay">"Stay"</button>
                <button class="button quiet" type="button" on:click=move |_| shell.holds.answer(true) data-test="leave">"Leave"</button>
            </div>
        </dialog>
    }
    .into_any()
}

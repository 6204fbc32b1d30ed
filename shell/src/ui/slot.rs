//! What the main slot shows when there is no microapp in it: a skeleton, a way back, what failed.

use super::{
    C, header,
    icon::{ALERT, icon},
};
use crate::{
    browser::Shared,
    navigation,
    page::{Shell, SlotView},
};
use leptos::prelude::*;
use web_sys::SubmitEvent;

pub fn view(shell: Shell) -> impl IntoView {
    let slot = shell.slot;
    let shell = Shared::new(shell);
    move || match slot.get() {
        SlotView::App => ().into_any(),
        SlotView::Loading => skeleton(),
        SlotView::NotFound(path) => not_found(*shell, path),
        SlotView::Failed(problem) => {
            let (title, details) = (format!("{} could not be shown", problem.title), problem.to_string());
            let hint = "The rest of the shop goes on working. Try again, or come back in a moment.";
            failure(*shell, title, hint, details, Some(problem.app))
        }
        SlotView::Unreachable(reason) => {
            let title = "The shop cannot be reached".to_owned();
            failure(*shell, title, "Check the connection, then try again.", reason, None)
        }
    }
}

fn skeleton() -> AnyView {
    view! { class = C,
        <div class="loading" data-test="slot-loading">
            <p class="visually-hidden">"Loading"</p>
            <div class="skeleton tall"></div>
        </div>
    }
    .into_any()
}

fn not_found(shell: Shell, path: String) -> AnyView {
    let find = move |event: SubmitEvent| {
        event.prevent_default();
        header::search_for(shell, "find");
    };
    view! { class = C,
        <div class="empty" data-test="not-found">
            <img class="picture" src="/pictures/not-found/default.svg" width="220" height="220" alt="" />
            <h1>"We looked everywhere"</h1>
            <p>"There is nothing at " <code class="path">{path}</code> ". It may have moved, or the address has a slip in it."</p>
            <form class="find" role="search" on:submit=find>
                <label class="visually-hidden" for="find">"Search the shop"</label>
                <input class="input" id="find" type="search" placeholder="What are you looking for?" maxlength="200" data-test="not-found-search" />
            </form>
            <a class="button" href="#/">"To the shop"</a>
        </div>
    }
    .into_any()
}

/// What failed, of the app or, without one, of the whole shop.
fn failure(shell: Shell, title: String, hint: &'static str, details: String, app: Option<String>) -> AnyView {
    let label = app.clone();
    let retry = move |_| match &app {
        Some(app) => navigation::retry(shell, app),
        None => wasm_bindgen_futures::spawn_local(navigation::load_manifest(shell)),
    };
    view! { class = C,
        <div class="empty" data-test="slot-failed" data-failed=label>
            <span class="alarm">{icon(ALERT)}</span>
            <h1>{title}</h1>
            <p>{hint}</p>
            <button class="button" type="button" on:click=retry data-test="retry">"Try again"</button>
            <p class="hint details" data-test="problem">{details}</p>
        </div>
    }
    .into_any()
}

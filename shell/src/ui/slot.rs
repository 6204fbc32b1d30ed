//! What the main slot shows when there is no microapp in it: a skeleton, a way back, what failed.

use super::{
    C, header,
    icon::{ALERT, icon},
};
use crate::{
    browser::Shared,
    loader::Problem,
    navigation,
    page::{Shell, SlotView},
};
use leptos::prelude::*;
use web_sys::SubmitEvent;

pub fn view(shell: Shell) -> AnyView {
    let slot = shell.slot;
    let shell = Shared::new(shell);
    let panel = move || match slot.get() {
        SlotView::App => ().into_any(),
        SlotView::Loading => skeleton(),
        SlotView::NotFound(path) => not_found(*shell, path),
        SlotView::Failed(problem) => failed(*shell, problem),
        SlotView::Unreachable(reason) => unreachable(*shell, reason),
    };
    view! { class = C, <div class="panel">{panel}</div> }.into_any()
}

fn skeleton() -> AnyView {
    view! { class = C,
        <div class="loading" data-test="slot-loading">
            <p class="visually-hidden">"Loading"</p>
            <div class="skeleton tall"></div>
            <div class="tiles"><div class="skeleton tile"></div><div class="skeleton tile"></div><div class="skeleton tile"></div><div class="skeleton tile"></div></div>
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
                <input class="input" id="find" type="search" name="q" placeholder="What are you looking for?" maxlength="200" data-test="not-found-search" />
            </form>
            <a class="button" href="#/">"To the shop"</a>
        </div>
    }
    .into_any()
}

fn failed(shell: Shell, problem: Problem) -> AnyView {
    let app = problem.app.clone();
    let details = problem.to_string();
    view! { class = C,
        <div class="empty" data-test="slot-failed" data-app=problem.app>
            <span class="alarm">{icon(ALERT)}</span>
            <h1>{problem.title} " could not be shown"</h1>
            <p>"The rest of the shop goes on working. Try again, or come back in a moment."</p>
            <button class="button" type="button" on:click=move |_| navigation::retry(shell, &app) data-test="retry">"Try again"</button>
            <p class="hint details" data-test="problem">{details}</p>
        </div>
    }
    .into_any()
}

fn unreachable(shell: Shell, reason: String) -> AnyView {
    let again = move |_| wasm_bindgen_futures::spawn_local(navigation::load_manifest(shell));
    view! { class = C,
        <div class="empty" data-test="unreachable">
            <span class="alarm">{icon(ALERT)}</span>
            <h1>"The shop cannot be reached"</h1>
            <p>"Check the connection, then try again."</p>
            <button class="button" type="button" on:click=again data-test="retry">"Try again"</button>
            <p class="hint details">{reason}</p>
        </div>
    }
    .into_any()
}

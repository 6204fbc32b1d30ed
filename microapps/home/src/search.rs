//! The search field: results follow the typing.

use crate::{
    C,
    browse::{Browse, Entry},
    focus,
    icon::{SEARCH, icon},
};
use leptos::{ev::SubmitEvent, html, leptos_dom::helpers::TimeoutHandle, prelude::*};
use std::time::Duration;

/// How long the typing rests before the shop is asked.
const REST: Duration = Duration::from_millis(150);

/// The field, in step with the address.
pub fn field(browse: Browse) -> AnyView {
    let input = NodeRef::<html::Input>::new();
    let waiting = StoredValue::new_local(None::<TimeoutHandle>);
    let stop_waiting = move || {
        if let Some(handle) = waiting.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    };
    // What waits must not lead back here when the shopper has left.
    on_cleanup(stop_waiting);

    let apply = move || {
        stop_waiting();
        if let Some(input) = input.get_untracked() {
            let filters = browse.filters.get_untracked();
            browse.choose(filters.with_words(&input.value()), Entry::Same);
        }
    };
    let typed = move |_| {
        stop_waiting();
        waiting.set_value(set_timeout_with_handle(apply, REST).ok());
    };
    let submitted = move |event: SubmitEvent| {
        event.prevent_default();
        apply();
    };

    // What comes from elsewhere shows in the field; what was typed here is in it already, maybe with more.
    Effect::new(move || {
        let words = browse.filters.with(|filters| filters.q.clone());
        let Some(input) = input.get() else { return };
        let newer = focus::has(&input) && browse.chosen_here();
        if !newer && input.value().trim() != words {
            stop_waiting();
            input.set_value(&words);
        }
    });

    view! { class = C,
        <form class="search" role="search" on:submit=submitted>
            <label class="visually-hidden" for="home-search">"Search the shop"</label>
            <input class="input" id="home-search" type="search" name="q" placeholder="What are you looking for?"
                autocomplete="off" enterkeyhint="search" maxlength="200" data-test="search" node_ref=input on:input=typed />
            {icon(SEARCH)}
        </form>
    }
    .into_any()
}

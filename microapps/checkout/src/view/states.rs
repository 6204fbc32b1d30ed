//! What stands in place of a step.

use crate::{
    C,
    order::{self, with_code},
    steps::Step,
    visit::{Load, Visit},
};
use leptos::task::spawn_local;
use microapp::prelude::*;

/// Before the first answer: the shape of a form, under the heading of its step.
pub fn skeleton(step: Step) -> AnyView {
    let title = match step {
        Step::Address => "Where should it go?",
        Step::Delivery => "How should it get there?",
        Step::Payment => "How would you like to pay?",
        Step::Review => "Is everything right?",
    };
    let rows =
        (0..4).map(|_| view! { class = C, <div class="skeleton bar"></div> }.into_any()).collect::<Vec<_>>();
    view! { class = C,
        <div class="columns" aria-busy="true">
            <div class="step form"><h1>{title}</h1>{rows}</div>
            <div class="aside card"><div class="skeleton text"></div><div class="skeleton text"></div></div>
        </div>
    }
    .into_any()
}

/// The shop did not answer.
pub fn failed(visit: Visit) -> AnyView {
    let reason = move || match visit.basis.get() {
        Load::Failed(error) => with_code(&error),
        Load::Waiting | Load::Ready(_) => String::new(),
    };
    view! { class = C,
        <div class="empty" data-test="failed">
            <h1>"The checkout is not ready"</h1>
            <p class="note bad" role="alert">{reason}</p>
            <button class="button" type="button" data-test="retry" on:click=move |_| visit.load()>"Try again"</button>
        </div>
    }
    .into_any()
}

/// Nothing to order; unless an order stands whose answer got lost.
pub fn empty(visit: Visit) -> AnyView {
    let host = visit.context.host;
    let asking = RwSignal::new(
        visit.context.store.with_untracked(|draft| draft.intent.is_some() || draft.lost.is_some()),
    );
    if asking.get_untracked() {
        spawn_local(async move {
            let found = order::recover(visit).await;
            if !found {
                asking.set(false);
            }
        });
    }
    let body = move || {
        if asking.get() {
            return view! { class = C,
                <h1>"One moment"</h1>
                <p role="status">"We are looking up what became of your order."</p>
            }
            .into_any();
        }
        view! { class = C,
            <img src="/pictures/empty-cart/default.svg" alt="" width="240" height="180" />
            <h1>"There is nothing to order yet"</h1>
            <p class="hint">"Put something into your cart first; the way here is short."</p>
            <a class="button" href=host.href("/")>"Have a look around"</a>
        }
        .into_any()
    };
    view! { class = C, <div class="empty" data-test="empty">{body}</div> }.into_any()
}

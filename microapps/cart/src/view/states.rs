//! What is on the page besides a filled cart.

use super::{Page, Phase, unseen};
use crate::{C, saved::Action};
use contract::code;
use leptos::task::spawn_local;
use microapp::{api::ApiError, prelude::*};

/// Before the first answer: the shape of a cart, or why there is none.
pub fn not_known_yet(page: Page) -> AnyView {
    let failed = Memo::new(move |_| matches!(page.phase.get(), Phase::Failed(_)));
    let body = move || if failed.get() { ().into_any() } else { skeleton() };
    body.into_any()
}

fn skeleton() -> AnyView {
    let line = || {
        view! { class = C,
            <div class="line">
                <div class="picture skeleton"></div>
                <div class="about"><div class="skeleton text"></div><div class="skeleton text short"></div></div>
            </div>
        }
        .into_any()
    };
    view! { class = C,
        <div class="columns" aria-busy="true">
            <p class="visually-hidden">"Loading your cart"</p>
            <div class="list">{line()} {line()}</div>
            <div class="summary card">
                <div class="skeleton text short"></div><div class="skeleton text"></div><div class="skeleton bar"></div>
            </div>
        </div>
    }
    .into_any()
}

/// Nothing in it.
pub fn empty(page: Page) -> AnyView {
    let host = page.context.host;
    let arriving = move || match unseen(page) {
        0 => "Beds, bowls and balls are waiting to be found.".to_owned(),
        1 => "1 item goes into it as soon as the shop can be reached.".to_owned(),
        more => format!("{more} items go into it as soon as the shop can be reached."),
    };
    view! { class = C,
        {notices(page)}
        <div class="empty" data-test="empty">
            <img src="/pictures/empty-cart/default.svg" alt="" width="240" height="180" />
            <h2>"Nothing here yet"</h2>
            <p class="hint">{arriving}</p>
            <a class="button" href=host.href("/")>"Have a look around"</a>
        </div>
    }
    .into_any()
}

/// A plain word when the shop cannot be reached.
pub fn connection(page: Page) -> AnyView {
    let note = move || match page.phase.get() {
        Phase::Failed(error) => trouble(page, &error),
        Phase::Settled | Phase::Busy => ().into_any(),
    };
    view! { class = C, <div role="status" class="connection" data-test="connection">{note}</div> }.into_any()
}

fn trouble(page: Page, error: &ApiError) -> AnyView {
    let waits = page.context.store.with(|saved| !saved.waiting.is_empty());
    let known = page.known();
    let offline = error.is(code::LOAD_NETWORK);
    let what = match (offline, known, waits) {
        (true, _, true) => {
            "You seem to be offline. Your changes are kept here and are sent when the connection is back."
        }
        (true, true, false) => "You seem to be offline. This is your cart as it was last time.",
        (true, false, false) => {
            "The shop cannot be reached. Your cart shows up as soon as the connection is back."
        }
        (false, _, true) => "The shop could not take up your changes yet. They are kept here.",
        (false, _, false) => "The shop could not read your cart just now.",
    };
    let detail = (!offline).then(|| format!(" {} ({})", error.message, error.code));
    let discard = move |_| {
        page.context.store.dispatch(Action::Discarded);
        spawn_local(page.refresh());
    };
    view! { class = C,
        <div class="note warn trouble">
            <p>{what} {detail}</p>
            <div class="beside">
                <button class="button quiet small" type="button" data-test="retry" on:click=move |_| spawn_local(page.refresh())>
                    "Try again"
                </button>
                {(waits && !offline).then(|| view! { class = C,
                    <button class="button quiet small" type="button" on:click=discard>"Drop my changes"</button>
                })}
            </div>
        </div>
    }
    .into_any()
}

/// What is to be said about the whole cart, or about lines that are gone.
pub fn notices(page: Page) -> AnyView {
    let said = move || {
        let mut texts = page.shown.with(|cart| {
            let on_a_line = |id: i64| cart.lines.iter().any(|line| line.variant_id == id);
            let notices = cart.notices.iter().filter(|notice| !notice.variant_id.is_some_and(on_a_line));
            notices.map(|notice| notice.message.clone()).collect::<Vec<_>>()
        });
        let filled = page.shown.with(|cart| !cart.lines.is_empty());
        match unseen(page) {
            waiting if waiting > 0 && filled => {
                texts.push(format!("{waiting} more on the way, as soon as the shop can be reached."));
            }
            _ => {}
        }
        let note =
            |text: String| view! { class = C, <p class="note warn" data-test="notice">{text}</p> }.into_any();
        texts.into_iter().map(note).collect::<Vec<_>>()
    };
    view! { class = C, <div class="notices" role="status">{said}</div> }.into_any()
}

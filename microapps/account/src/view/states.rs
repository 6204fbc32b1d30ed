//! What stands in place of an answer.

use super::HEADING;
use crate::{
    el,
    loaded::{Loaded, Stand},
    page::Page,
};
use leptos::prelude::*;
use microapp::{
    element::El,
    page::{focus, focus_from, run},
};
use serde::de::DeserializeOwned;
use std::pin::Pin;

/// Asks anew, until the answer is there.
type Again = Box<dyn Fn() -> Pin<Box<dyn Future<Output = ()>>>>;

/// What was asked for, as `ready` draws it once, or what stands in its place. What shows a later answer, too, follows
/// [`Loaded::key`]; all else stays, and with it what is typed and the focus. Whoever signs in meanwhile sees theirs.
pub fn of<T: DeserializeOwned + Send + Sync + 'static>(
    page: Page,
    loaded: Loaded<T>,
    ready: impl Fn() -> Vec<El> + 'static,
) -> El {
    let person = page.person;
    let (mut before, mut doubted) = (None, false);
    microapp::element::follow(move || {
        // Whoever has another name is still the same.
        let now = person.with(|person| person.as_ref().map(|person| person.email.clone()));
        let other = before.as_ref().is_some_and(|before| *before != now);
        doubted &= !other;
        // Who is here is known a moment before or after such an answer; it is doubted once.
        let late = now.is_some() && loaded.stand() == Stand::SignedOut && !doubted;
        doubted |= late;
        let left = other && now.is_none();
        let someone_else = other && before.as_ref().is_some_and(Option::is_some);
        if late || left || someone_else {
            loaded.again();
        }
        before = Some(now);
    });
    frame(
        page,
        Box::new(move || loaded.stand()),
        Box::new(move || loaded.key()),
        Box::new(move || loaded.failure()),
        Box::new(ready),
        Box::new(move || loaded.refresh()),
    )
}

/// The same code for every type of answer.
fn frame(
    page: Page,
    stand: Box<dyn Fn() -> Stand>,
    answer: Box<dyn Fn() -> String>,
    failure: Box<dyn Fn() -> String>,
    ready: Box<dyn Fn() -> Vec<El>>,
    again: Again,
) -> El {
    let stand = StoredValue::new_local(stand);
    let again = StoredValue::new_local(again);
    let standing = move || stand.try_with_value(|stand| stand()).unwrap_or(Stand::Waiting);
    let key = move || match standing() {
        Stand::Waiting => "waiting".to_owned(),
        Stand::SignedOut => "signed out".to_owned(),
        Stand::Failed => answer(),
        Stand::Ready => "ready".to_owned(),
    };
    el("div")
        .class("content")
        .attr_when("aria-busy", "true", move || standing() == Stand::Waiting)
        .children_from(key, move || match untrack(standing) {
            Stand::Waiting => skeleton(),
            Stand::SignedOut => vec![signed_out(page)],
            Stand::Failed => vec![failed(&untrack(&failure), again)],
            Stand::Ready => ready(),
        })
}

fn skeleton() -> Vec<El> {
    let bar = |class: &str| el("div").class("skeleton").class(class);
    let card = || el("div").class("card waiting").child(bar("text short")).child(bar("text"));
    vec![el("p").class("visually-hidden").t("Loading"), card(), card()]
}

fn signed_out(page: Page) -> El {
    let sign_in = move |_| {
        run(async move {
            // Closed without a sign-in: nothing changes.
            if page.host.sign_in().await.is_ok() {
                focus(HEADING);
            }
        });
    };
    el("div")
        .class("empty")
        .attr("data-test", "signed-out")
        .child(el("p").t("Sign in to see what is yours."))
        .child(
            el("button")
                .class("button")
                .attrs(&[("type", "button"), ("data-test", "account-sign-in")])
                .t("Sign in or sign up")
                .on("click", sign_in),
        )
}

fn failed(reason: &str, again: StoredValue<Again, LocalStorage>) -> El {
    let again = move |_| {
        let answer = again.with_value(|again| again());
        run(async move {
            answer.await;
            focus_from("[data-test=failed]", HEADING);
        });
    };
    el("div")
        .class("empty")
        .attr("data-test", "failed")
        .child(el("p").class("note bad").attr("role", "alert").text(reason))
        .child(
            el("button")
                .class("button")
                .attrs(&[("type", "button"), ("data-test", "retry")])
                .t("Try again")
                .on("click", again),
        )
}

/// There is nothing of it yet.
pub fn empty(page: Page, title: &str, hint: &str, picture: Option<&str>) -> El {
    let picture = picture.map(|address| {
        el("img").attrs(&[("src", address), ("alt", ""), ("width", "240"), ("height", "180")])
    });
    el("div")
        .class("empty")
        .attr("data-test", "empty")
        .children(picture)
        .child(el("h2").text(title))
        .child(el("p").class("hint").text(hint))
        .child(el("a").class("button").attr("href", &page.host.href("/")).t("Have a look around"))
}

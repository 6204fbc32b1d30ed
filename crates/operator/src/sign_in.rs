//! Signing in with an operator's token.

use crate::{Desk, Session, Who, el, focus};
use leptos::task::spawn_local;
use microapp::{api::ApiError, element::El, t};

/// What makes a token.
const MAKE: &str = "menagerie tokens create --operator";

/// The form.
pub fn form<D: Desk>(desk: D) -> Vec<El> {
    let el = el::<D>;
    let reason = move || desk.session(|session| session.reason.clone());
    let field = el("input")
        .class("input")
        .attrs(&[
            ("id", "console-token"),
            ("type", "password"),
            ("name", "token"),
            ("autocomplete", "current-password"),
            ("autocapitalize", "none"),
            ("spellcheck", "false"),
            ("required", ""),
            ("aria-describedby", "console-token-hint console-token-error"),
            ("data-test", "token"),
        ])
        .attr_when("aria-invalid", "true", move || reason().is_some());
    let typed = field.clone();
    let busy = move || desk.session(|session| session.busy);
    let submit = el("button")
        .class("button")
        .attrs(&[("type", "submit"), ("data-test", "sign-in")])
        .attr_when("aria-disabled", "true", busy)
        .text_from(move || t(if busy() { "Looking at it …" } else { "Sign in" }));
    let made = t(
        "The first start of the server shows one; {command} makes another. It stays in this tab, and is forgotten when \
         you sign out or close it.",
    );
    let command = el("code").text(MAKE);
    let hint = el("p").class("hint").attr("id", "console-token-hint").text_around(&made, command);
    let error = el("p")
        .class("error")
        .attrs(&[("id", "console-token-error"), ("role", "alert"), ("data-test", "reason")])
        .text_from(move || reason().unwrap_or_default());
    let form = el("form")
        .class("sign-in card")
        .attr("novalidate", "")
        .on("submit", move |event| {
            event.prevent_default();
            let secret = typed.field().value();
            let again = typed.clone();
            spawn_local(async move {
                sign_in(desk, secret).await;
                let _ = again.html().focus();
            });
        })
        .child(focus::heading::<D>(&t("Sign in")))
        .child(el("p").class("intro").t("For operators: releases, orders, stock and messages."))
        .child(
            el("div")
                .class("field")
                .child(el("label").class("label").attr("for", "console-token").t("Operator’s token"))
                .child(field)
                .child(error)
                .child(hint),
        )
        .child(submit);
    vec![form]
}

/// Looks at a token, and signs its holder in if it is an operator's.
async fn sign_in<D: Desk>(desk: D, secret: String) {
    let secret = secret.trim().to_owned();
    let begun = desk.change_session(|session| {
        session.reason = secret.is_empty().then(|| t("Enter a token."));
        let begun = !session.busy && session.reason.is_none();
        session.busy |= begun;
        begun
    });
    if !begun {
        return;
    }
    let answer = desk.ask_who(secret.clone()).await;
    desk.change_session(|session| take_up(session, &secret, answer));
}

fn take_up(session: &mut Session, secret: &str, answer: Result<Option<Who>, ApiError>) {
    session.busy = false;
    match answer {
        Ok(who) => session.begin(secret, who),
        Err(error) => session.reason = Some(error.numbered()),
    }
}

//! Signing in with an operator's token.

use crate::{desk::Desk, el, page};
use leptos::task::spawn_local;
use microapp::element::El;

/// The form.
pub fn form(desk: Desk) -> Vec<El> {
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
        .text_from(move || if busy() { "Looking at it …" } else { "Sign in" }.to_owned());
    let hint = el("p")
        .class("hint")
        .attr("id", "console-token-hint")
        .text("The first start of the server shows one; ")
        .child(el("code").text("menagerie tokens create --operator"))
        .text(" makes another. It stays in this tab, and is forgotten when you sign out or close it.");
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
                desk.sign_in(secret).await;
                let _ = again.html().focus();
            });
        })
        .child(page::heading("Sign in"))
        .child(el("p").class("intro").text("For operators: what is live, how it does, and the way back."))
        .child(
            el("div")
                .class("field")
                .child(el("label").class("label").attr("for", "console-token").text("Operator’s token"))
                .child(field)
                .child(error)
                .child(hint),
        )
        .child(submit);
    vec![form]
}

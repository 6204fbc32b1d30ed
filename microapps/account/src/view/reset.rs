//! Choosing a new password, by the link of a mail.

use crate::{
    el,
    form::{Field, Form, Kind},
    page::Page,
    section::Section,
};
use contract::{code, shop::account::ResetPassword};
use leptos::prelude::untrack;
use microapp::{
    api::{self, Method},
    element::El,
    page::run,
    t,
};

const FIELDS: &[Field] = &[Field {
    name: "new_password",
    id: "reset-password",
    label: || t("New password"),
    autocomplete: "new-password",
    kind: Kind::NewPassword,
}];
/// Where it stands that the password is another one.
const DONE: &str = "reset-done";

/// The form, then the way in. Both follow the address: another link in the same tab is another form, and whoever is signed
/// in finds the way in although the page begins anew when they are signed out.
pub fn reset(page: Page) -> El {
    let asked = move || [page.query("done"), page.query("token")];
    el("div").class("content").children_from(
        move || asked().join(" "),
        move || match asked() {
            [done, _] if !done.is_empty() => vec![way_in(page)],
            [_, token] if token.is_empty() => vec![no_link(page)],
            [_, token] => choose(page, token),
        },
    )
}

fn choose(page: Page, token: String) -> Vec<El> {
    let form = Form::new(page, FIELDS, "reset-trouble");
    let send = move || {
        let new_password = form.texts().pop().unwrap_or_default();
        let body = ResetPassword { token: token.clone(), new_password };
        let token = token.clone();
        let sent = api::send(page.host, Method::PUT, "/password-resets", &body);
        form.send(sent, move |_| {
            if untrack(|| page.section() == Section::Reset && page.query("token") == token) {
                // The used link stays in no history.
                page.host.replace(&[Section::Reset.path(), "?done=1"].concat());
            } else {
                page.done(t("Your password is changed. Sign in with the new one."));
            }
            // Whoever was signed in here is not any more.
            page.changed();
            form.leave(DONE);
        });
    };
    // Then it is the only way on.
    let is_void = move || form.failed_by(code::RESET_INVALID);
    let another = el("a")
        .class_when("button", is_void)
        .attrs(&[("href", &page.link(Section::Forgotten)), ("data-test", "reset-another")])
        .t("Ask for another link");
    let send_it = form.button(t("Set password"), "reset-send").class_when("quiet", is_void);
    let actions = el("div").class("actions").child(send_it).child(another);
    let lead = t("Every browser that is signed in to your account is signed out then.");
    vec![
        el("p").class("hint").text(&lead),
        el("div").class("card").child(form.draw(vec![form.field(0), actions], send)),
    ]
}

fn way_in(page: Page) -> El {
    let sign_in = el("button")
        .class("button send")
        .attrs(&[("type", "button"), ("data-test", "reset-sign-in")])
        .t("Sign in")
        .on("click", move |_| {
            run(async move {
                if page.host.sign_in().await.is_ok() {
                    page.host.navigate(Section::Overview.path());
                }
            });
        });
    el("div")
        .class("card")
        .attrs(&[("id", DONE), ("tabindex", "-1"), ("data-test", "reset-done")])
        .child(el("p").t("Your password is changed. Sign in with the new one."))
        .child(sign_in)
}

fn no_link(page: Page) -> El {
    let text = t("This address is not whole. Open the link from the mail again, or ask for another one.");
    el("div")
        .class("card")
        .attr("data-test", "reset-no-link")
        .child(el("p").text(&text))
        .child(el("a").class("button send").attr("href", &page.link(Section::Forgotten)).t("Ask for a link"))
}

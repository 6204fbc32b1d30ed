//! Asking for a new password, for whoever forgot theirs. Whether there is such an account is not told.

use crate::{
    el,
    form::{Field, Form, Kind},
    page::Page,
};
use contract::shop::account::ForgotPassword;
use microapp::Watched;
use microapp::{
    api::{self, Method},
    element::El,
    page::focus,
    t,
};

const FIELDS: &[Field] = &[Field {
    name: "email",
    id: "forgotten-email",
    label: || t("E-mail"),
    autocomplete: "email",
    kind: Kind::Email,
}];
/// Where it stands that a mail may be on its way.
const SENT: &str = "forgotten-sent";

/// The form, then where to look.
pub fn forgotten(page: Page) -> El {
    let form = Form::new(page, FIELDS, "forgotten-trouble");
    let sent_to = Watched::new(String::new());
    el("div").class("content").children_from(
        move || sent_to.get(),
        move || match sent_to.get_untracked() {
            email if email.is_empty() => ask(page, form, sent_to),
            email => vec![sent(&email, sent_to)],
        },
    )
}

fn ask(page: Page, form: Form, sent_to: Watched<String>) -> Vec<El> {
    let send = move || {
        let email = form.texts().pop().unwrap_or_default().trim().to_owned();
        let body = ForgotPassword { email: email.clone() };
        let asked = api::send(page.host, Method::POST, "/password-resets", &body);
        form.send(asked, move |_| {
            sent_to.update(|sent_to| *sent_to = email);
            form.leave(SENT);
        });
    };
    let lead =
        t("Tell us the address that you sign in with. We send a link by which you choose a new password.");
    let inside = vec![form.field(0), form.button(t("Send me a link"), "forgotten-send")];
    vec![el("p").class("hint").text(&lead), el("div").class("card").child(form.draw(inside, send))]
}

fn sent(email: &str, sent_to: Watched<String>) -> El {
    let again = el("button").class("button quiet send").attr("type", "button").t("Use another address").on(
        "click",
        move |_| {
            sent_to.set(String::new());
            focus("forgotten-email");
        },
    );
    let text = t(
        "If it belongs to an account, a mail is on its way there. Its link works once, for an hour. Nothing \
         there after some minutes? Look among the unwanted mails.",
    );
    el("div")
        .class("card")
        .attrs(&[("id", SENT), ("tabindex", "-1"), ("data-test", "forgotten-sent")])
        .child(el("p").text_around(&t("Thank you. We have noted {email}."), el("strong").text(email)))
        .child(el("p").text(&text))
        .child(again)
}

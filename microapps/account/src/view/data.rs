//! The name, all that is kept, and leaving.

use super::{HEADING, states, subheading};
use crate::{
    el,
    form::{Field, Form, Kind},
    loaded::Loaded,
    page::Page,
};
use contract::shop::account::{ChangeAccount, DeleteAccount};
use microapp::Watched;
use microapp::{
    api::{self, Method},
    element::El,
    page::focus,
    t, t_with,
};
use serde::de::IgnoredAny;

const NAME: &[Field] = &[Field {
    name: "name",
    id: "own-name",
    label: || t("Name"),
    autocomplete: "name",
    kind: Kind::Text(100),
}];
const PASSWORD: &[Field] = &[Field {
    name: "password",
    id: "deletion-password",
    label: || t("Your password"),
    autocomplete: "current-password",
    kind: Kind::Password,
}];

/// The name, all that is kept, and leaving.
pub fn data(page: Page) -> El {
    // Nothing of the answer is looked at but that there is one: somebody is signed in.
    let loaded = Loaded::<IgnoredAny>::from(page.host, "/account/addresses");
    let name = Form::new(page, NAME, "name-trouble");
    let leaving = Form::new(page, PASSWORD, "deletion-trouble");
    let asked = Watched::new(false);
    microapp::element::follow(move || {
        if let Some(person) = page.person.get() {
            name.fill(vec![person.name]);
        }
    });
    states::of(page, loaded, move || vec![who(page, name), take_along(page), leave(page, leaving, asked)])
}

fn who(page: Page, form: Form) -> El {
    let email = el("p").class("hint").text_from(move || {
        let email = page.person.with(|person| person.as_ref().map(|person| person.email.clone()));
        t_with("You sign in with {email}.", &[("email", &email.unwrap_or_default())])
    });
    let send = move || {
        let body = ChangeAccount { name: form.texts().pop().unwrap_or_default() };
        let sent = api::send(page.host, Method::PATCH, "/account", &body);
        form.send(sent, move |_| {
            page.changed();
            page.done(t("We call you by this name from now on."));
        });
    };
    el("section")
        .class("card")
        .child(subheading(&t("What we call you")))
        .child(email)
        .child(form.draw(vec![form.field(0), form.button(t("Save name"), "save-name")], send))
}

fn take_along(page: Page) -> El {
    let link = el("a")
        .class("button quiet send")
        .attrs(&[
            ("href", &[&page.host.api(), "/account/export"].concat()),
            ("download", "menagerie-account.json"),
            ("data-test", "export"),
        ])
        .t("Download my data");
    let hint = t(
        "Account, addresses, wishlist, reviews, messages, cart, orders, passkeys and signed-in browsers, in one JSON file.",
    );
    el("section")
        .class("card")
        .child(subheading(&t("What we keep about you")))
        .child(el("p").class("hint").text(&hint))
        .child(link)
}

fn leave(page: Page, form: Form, asked: Watched<bool>) -> El {
    let hint = t(
        "Addresses, wishlist, reviews, messages, cart, passkeys and sign-ins go at once. Orders stay for the tax office, without \
         your name and address; one that is still on its way keeps its address until 30 days after it was sent.",
    );
    let inside = el("div").children_from(
        move || asked.get().to_string(),
        move || match asked.get_untracked() {
            false => vec![
                el("button")
                    .class("button quiet danger")
                    .attrs(&[("type", "button"), ("data-test", "delete")])
                    .t("Delete my account…")
                    .on("click", move |_| {
                        asked.set(true);
                        focus("deletion-password");
                    }),
            ],
            true => vec![sure(page, form, asked)],
        },
    );
    el("section")
        .class("card")
        .child(subheading(&t("Leaving")))
        .child(el("p").class("hint").text(&hint))
        .child(inside)
}

fn sure(page: Page, form: Form, asked: Watched<bool>) -> El {
    let stay = el("button")
        .class("button quiet")
        .attrs(&[("type", "button"), ("data-test", "delete-cancel")])
        .t("Stay")
        .on("click", move |_| {
            form.clear();
            asked.set(false);
            focus(HEADING);
        });
    let warning = el("p").class("note warn").t("This cannot be undone.");
    let actions = el("div")
        .class("actions")
        .child(form.button(t("Delete for good"), "delete-confirm").class("danger-fill"))
        .child(stay);
    let send = move || {
        let body = DeleteAccount { password: form.texts().pop().unwrap_or_default() };
        let sent = api::send(page.host, Method::POST, "/account/deletion", &body);
        form.send(sent, move |_| {
            page.changed();
            page.done(t("Your account is deleted. Goodbye."));
            page.host.navigate("/");
        });
    };
    form.draw(vec![warning, form.field(0), actions], send)
}

//! The password, the passkeys, and the browsers that are signed in.

use super::{HEADING, act, acting, passkeys::Passkeys, states, subheading};
use crate::{
    access::Access,
    el,
    form::{Field, Form, Kind},
    loaded::Loaded,
    page::Page,
};
use contract::shop::account::{ChangePassword, SignedInBrowser};
use microapp::{
    api::{self, Method},
    element::El,
    format, t, t_with,
};

const FIELDS: &[Field] = &[
    Field {
        name: "password",
        id: "present-password",
        label: || t("Present password"),
        autocomplete: "current-password",
        kind: Kind::Password,
    },
    Field {
        name: "new_password",
        id: "new-password",
        label: || t("New password"),
        autocomplete: "new-password",
        kind: Kind::NewPassword,
    },
];

/// The password, the passkeys, and the browsers that are signed in.
pub fn security(page: Page) -> El {
    let loaded = Access::load(page.host);
    let form = Form::new(page, FIELDS, "password-trouble");
    let passkeys = Passkeys::new(page, loaded);
    states::of(page, loaded, move || {
        vec![password(page, form, loaded), passkeys.card(), browsers(page, loaded)]
    })
}

fn password(page: Page, form: Form, loaded: Loaded<Access>) -> El {
    // Password managers know by it whose password it is.
    let name = el("input")
        .class("visually-hidden")
        .attrs(&[("type", "text"), ("autocomplete", "username"), ("tabindex", "-1"), ("aria-hidden", "true")])
        .attr("readonly", "")
        .attr_from("value", move || page.person.with(|person| person.as_ref().map(|p| p.email.clone())));
    let forgotten = el("a")
        .attr("href", &page.link(crate::section::Section::Forgotten))
        .t("I do not know the present one");
    let inside = vec![
        name,
        form.field(0),
        form.field(1),
        el("div")
            .class("actions")
            .child(form.button(t("Change password"), "change-password"))
            .child(forgotten),
    ];
    let send = move || {
        let mut texts = form.texts().into_iter();
        let mut next = || texts.next().unwrap_or_default();
        let body = ChangePassword { password: next(), new_password: next() };
        let sent = api::send(page.host, Method::PUT, "/account/password", &body);
        form.send(sent, move |is_same| {
            page.done(t("Your password is changed. Other browsers are signed out."));
            loaded.again();
            if is_same {
                form.clear();
                form.leave(HEADING);
            }
        });
    };
    el("section").class("card").child(subheading(&t("Password"))).child(form.draw(inside, send))
}

fn browsers(page: Page, loaded: Loaded<Access>) -> El {
    el("section").class("card").children_from(move || loaded.key(), move || listed(page, loaded))
}

fn listed(page: Page, loaded: Loaded<Access>) -> Vec<El> {
    let access = loaded.ready().unwrap_or_default();
    let sessions = &access.sessions;
    let locale = page.host.locale();
    let others = sessions.iter().any(|session| !session.current);
    let all = others.then(|| {
        acting(&t("Sign out all others"), loaded.busy)
            .attr("data-test", "end-others")
            .on("click", move |_| {
                end(page, loaded, "/account/sessions".to_owned(), t("Only this browser is signed in."))
            })
    });
    let rows = sessions.iter().map(|session| row(page, loaded, &locale, session));
    vec![
        el("div").class("head").child(subheading(&t("Where you are signed in"))).children(all),
        el("ul").class("rows").children(rows),
    ]
}

fn row(page: Page, loaded: Loaded<Access>, locale: &str, session: &SignedInBrowser) -> El {
    let device = if session.device.is_empty() { t("A browser") } else { session.device.clone() };
    let when = match (&session.seen, session.current) {
        (_, true) => t("This browser"),
        (Some(seen), _) => t_with("Last seen {when}", &[("when", &format::moment(seen, locale))]),
        (None, _) => t("Signed in some time ago"),
    };
    let path = ["/account/sessions/", &session.id].concat();
    let button = (!session.current).then(|| {
        acting(&t("Sign out"), loaded.busy)
            .attrs(&[
                ("aria-label", &t_with("Sign out {device}, {when}", &[("device", &device), ("when", &when)])),
                ("data-test", "end-session"),
            ])
            .on("click", move |_| end(page, loaded, path.clone(), t("That browser is signed out.")))
    });
    let words = el("span")
        .class("words")
        .child(el("strong").text(&device))
        .child(el("span").class("hint").text(&when));
    el("li").attr("data-test", "session").child(words).children(button)
}

fn end(page: Page, loaded: Loaded<Access>, path: String, done: String) {
    let sent = api::send(page.host, Method::DELETE, &path, &());
    act(page, loaded.busy, loaded.without(sent), done);
}

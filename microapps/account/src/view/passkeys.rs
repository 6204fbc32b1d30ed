//! Passkeys: seen, added, renamed, taken away.

use super::{HEADING, act, acting, quiet, subheading};
use crate::{
    access::Access,
    el,
    form::{Field, Form, Kind},
    loaded::Loaded,
    page::Page,
    passkey,
};
use contract::shop::passkey::{Passkey, RenamePasskey};
use microapp::Watched;
use microapp::{
    api::{self, Answer, Method},
    element::El,
    format,
    page::focus,
    t, t_with,
};

const PASSWORD: &[Field] = &[Field {
    name: "password",
    id: "passkey-password",
    label: || t("Your password"),
    autocomplete: "current-password",
    kind: Kind::Password,
}];
const NAME: &[Field] = &[Field {
    name: "name",
    id: "passkey-name",
    label: || t("Name"),
    autocomplete: "off",
    kind: Kind::Text(100),
}];

/// What is being written.
#[derive(Clone, Copy)]
enum Writing {
    Nothing,
    /// The password, for one more.
    Password,
    /// Another name for the one of this number.
    Name(i64),
}

/// The card with the passkeys.
#[derive(Clone, Copy)]
pub struct Passkeys {
    page: Page,
    loaded: Loaded<Access>,
    writing: Watched<Writing>,
    password: Form,
    name: Form,
}

impl Passkeys {
    /// With nothing written yet.
    pub fn new(page: Page, loaded: Loaded<Access>) -> Self {
        let writing = Watched::new(Writing::Nothing);
        let (password, name) =
            (Form::new(page, PASSWORD, "passkey-trouble"), Form::new(page, NAME, "passkey-name-trouble"));
        Self { page, loaded, writing, password, name }
    }

    /// All of them, and a way to one more.
    pub fn card(self) -> El {
        let hint = t(
            "A passkey opens your account by fingerprint, face or the lock of your device. There is nothing to type, and \
             nothing that could be guessed.",
        );
        let list = el("ul").class("rows").children_from(
            move || self.loaded.key(),
            move || {
                let access = self.loaded.ready().unwrap_or_default();
                let locale = self.page.host.locale();
                access.passkeys.iter().map(|passkey| self.row(&locale, passkey)).collect()
            },
        );
        let key = move || match self.writing.get() {
            Writing::Nothing => String::new(),
            Writing::Password => "password".to_owned(),
            Writing::Name(id) => id.to_string(),
        };
        let below = el("div").children_from(key, move || match self.writing.get_untracked() {
            Writing::Nothing => vec![self.beginning()],
            Writing::Password => vec![self.adding()],
            Writing::Name(id) => vec![self.renaming(id)],
        });
        el("section")
            .class("card")
            .child(subheading(&t("Passkeys")))
            .child(el("p").class("hint").text(&hint))
            .child(list)
            .child(below)
    }

    fn row(self, locale: &str, passkey: &Passkey) -> El {
        let (id, name) = (passkey.id, passkey.name.clone());
        let added = format::day(&passkey.added, locale);
        let when = match &passkey.used {
            Some(used) => t_with(
                "Added {added}, last used {used}",
                &[("added", &added), ("used", &format::moment(used, locale))],
            ),
            None => t_with("Added {added}, not used yet", &[("added", &added)]),
        };
        let place = [("name", &*passkey.name)];
        let rename = quiet(&t("Rename"))
            .attrs(&[("aria-label", &t_with("Rename {name}", &place)), ("data-test", "passkey-rename")])
            .on("click", move |_| {
                self.write(Writing::Name(id), "passkey-name");
                self.name.fill(vec![name.clone()]);
            });
        let remove = acting(&t("Remove"), self.loaded.busy)
            .attrs(&[("aria-label", &t_with("Remove {name}", &place)), ("data-test", "passkey-remove")])
            .on("click", move |_| self.remove(id));
        let words = el("span")
            .class("words")
            .child(el("strong").text(&passkey.name))
            .child(el("span").class("hint").text(&when));
        let actions = el("div").class("actions").child(rename).child(remove);
        el("li").attr("data-test", "passkey").child(words).child(actions)
    }

    fn beginning(self) -> El {
        if let Some(hindrance) = passkey::hindrance() {
            return el("p").class("hint").attr("data-test", "passkeys-unsupported").text(&hindrance);
        }
        el("button")
            .class("button quiet")
            .attrs(&[("type", "button"), ("data-test", "passkey-add")])
            .t("Add a passkey")
            .on("click", move |_| self.write(Writing::Password, "passkey-password"))
    }

    fn adding(self) -> El {
        let send = move || {
            let password = self.password.texts().pop().unwrap_or_default();
            let added = passkey::add(self.page.host, password);
            self.send(self.password, added, t("Your passkey is added. Sign in with it the next time."));
        };
        let inside =
            vec![self.password.field(0), self.actions(self.password.button(t("Go on"), "passkey-make"))];
        self.password.draw(inside, send)
    }

    fn renaming(self, id: i64) -> El {
        let send = move || {
            let body = RenamePasskey { name: self.name.texts().pop().unwrap_or_default() };
            let sent = api::send(self.page.host, Method::PATCH, &path(id), &body);
            self.send(self.name, sent, t("The passkey has another name."));
        };
        let inside = vec![self.name.field(0), self.actions(self.name.button(t("Save name"), "passkey-save"))];
        self.name.draw(inside, send)
    }

    fn actions(self, button: El) -> El {
        let cancel = el("button")
            .class("button quiet")
            .attrs(&[("type", "button"), ("data-test", "passkey-cancel")])
            .t("Cancel")
            .on("click", move |_| self.write(Writing::Nothing, HEADING));
        el("div").class("actions").child(button).child(cancel)
    }

    fn write(self, writing: Writing, place: &str) {
        self.draw(writing);
        focus(place);
    }

    fn draw(self, writing: Writing) {
        self.password.clear();
        self.name.clear();
        self.writing.update(|known| *known = writing);
    }

    fn remove(self, id: i64) {
        let sent = api::send(self.page.host, Method::DELETE, &path(id), &());
        let done = t("The passkey opens nothing any more. You can delete it from your device, too.");
        act(self.page, self.loaded.busy, self.loaded.without(sent), done);
    }

    /// Sends a form, and closes it unless they have gone on to another one.
    fn send(self, form: Form, work: Answer<()>, done: String) {
        form.send(self.loaded.after(work), move |is_same| {
            self.page.done(done);
            if is_same {
                self.draw(Writing::Nothing);
                form.leave(HEADING);
            }
        });
    }
}

fn path(id: i64) -> String {
    ["/account/passkeys/", &id.to_string()].concat()
}

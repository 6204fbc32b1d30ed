//! Signing in and up.

use super::{field, follow, on_click};
use crate::{browser, page::Shell, passkey::Offer, session::Problem};
use contract::code;
use js_sys::Object;
use locale::{t, t_with};
use std::cell::{Cell, RefCell};

/// The fields, as the server names them.
const FIELDS: [&str; 3] = ["name", "email", "password"];

pub fn begin(shell: Shell) {
    let dialog = SignInDialog::lasting(shell);
    follow("sign-in-dialog", &shell.page().session.dialog);
    on_click("sign-in-close", move || shell.session.dialog.set(false));
    on_click("sign-in-switch", move || dialog.switch());
    // The link itself leads on; the dialog is not in its way.
    on_click("sign-in-forgotten", move || shell.session.dialog.set(false));
    on_click("sign-in-passkey", move || dialog.submit(By::Passkey));
    shell.page().session.dialog.follow(move |open| {
        if open {
            browser::spawn(dialog.offer());
        }
    });
    let mut known = None;
    shell.page().session.account.follow(move |account| {
        if known.is_some() && account != known {
            // Who they were is not for the next one to read.
            for name in FIELDS {
                field(&format!("sign-in-{name}")).set_value("");
            }
        }
        known = account;
    });
    browser::listen(&browser::by_id("sign-in-dialog"), "close", move |_| dialog.closed());
    browser::listen(&browser::by_id("sign-in-form"), "submit", move |event| {
        event.prevent_default();
        dialog.submit(By::Password);
    });
}

/// How somebody shows who they are.
enum By {
    Password,
    /// One that the browser is asked for now.
    Passkey,
    /// One that was chosen in a field.
    Offer(Object),
}

struct SignInDialog {
    shell: Shell,
    /// Signing up rather than in.
    joining: Cell<bool>,
    waiting: Cell<bool>,
    /// Raised when the dialog is closed: what was asked before interests nobody any more.
    closed: Cell<u32>,
    /// For a passkey, while the dialog is open.
    offer: RefCell<Option<Offer>>,
}

impl SignInDialog {
    fn lasting(shell: Shell) -> &'static Self {
        Box::leak(Box::new(Self {
            shell,
            joining: Cell::new(false),
            waiting: Cell::new(false),
            closed: Cell::new(0),
            offer: RefCell::default(),
        }))
    }

    /// Between signing in and signing up, for whoever reads it.
    fn switch(&self) {
        let joining = !self.joining.get();
        self.show(joining);
        let _ = field(if joining { "sign-in-name" } else { "sign-in-email" }).focus();
    }

    fn show(&self, joining: bool) {
        self.joining.set(joining);
        show_problem(None);
        browser::by_id("sign-in-name-field").set_hidden(!joining);
        browser::by_id("sign-in-hint").set_hidden(!joining);
        browser::by_id("sign-in-forgot").set_hidden(joining);
        browser::by_id("sign-in-passkey").set_hidden(joining);
        let [email, password] =
            if joining { ["email", "new-password"] } else { ["username webauthn", "current-password"] };
        let _ = field("sign-in-email").set_attribute("autocomplete", email);
        let _ = field("sign-in-password").set_attribute("autocomplete", password);
        // A hint that does not show describes nothing: the browser would read it out all the same.
        let described =
            if joining { "sign-in-password-error sign-in-hint" } else { "sign-in-password-error" };
        let _ = field("sign-in-password").set_attribute("aria-describedby", described);
        let verb = verb(joining);
        set_text("sign-in-title", &verb);
        set_text("sign-in-submit", &verb);
        set_text("sign-in-switch", &t(if joining { "I have an account" } else { "I am new here" }));
    }

    /// Has the browser offer passkeys in the field for the address, until one is chosen or somebody goes another way.
    /// What stands in its way is no trouble of anybody's.
    async fn offer(&'static self) {
        let Some(offer) = Offer::new().await else { return };
        let signal = offer.signal();
        if self.waiting.get() || !self.shell.page().session.dialog.get() {
            return;
        }
        self.offer.replace(Some(offer));
        if let Ok(answer) = self.shell.page().session.passkey(Some(&signal)).await {
            self.submit(By::Offer(answer));
        }
    }

    fn closed(&self) {
        self.offer.take();
        self.waiting.set(false);
        self.closed.set(self.closed.get() + 1);
        field("sign-in-password").set_value("");
        // Whoever has signed up signs in the next time.
        self.show(false);
        // After a sign-in nobody waits any more, and this tells nobody.
        self.shell.session.dismiss();
    }

    fn submit(&'static self, by: By) {
        if self.waiting.replace(true) {
            return;
        }
        self.offer.take();
        // What was offered and chosen, and then refused, is not offered again.
        let again = !matches!(by, By::Offer(_));
        show_problem(None);
        set_text("sign-in-submit", &t("One moment…"));
        let closed = self.closed.get();
        browser::spawn(async move {
            let [name, email, password] = FIELDS.map(|name| field(&format!("sign-in-{name}")).value());
            let (shell, session) = (self.shell, &self.shell.page().session);
            let answer = match by {
                By::Offer(answer) => session.sign_in_by_passkey(shell, &answer).await,
                By::Passkey => match session.passkey(None).await {
                    Ok(answer) => session.sign_in_by_passkey(shell, &answer).await,
                    Err(problem) => Err(problem),
                },
                By::Password if self.joining.get() => session.sign_up(shell, &name, &email, &password).await,
                By::Password => session.sign_in(shell, &email, &password).await,
            };
            let is_late = self.closed.get() != closed;
            if !is_late {
                self.waiting.set(false);
                set_text("sign-in-submit", &verb(self.joining.get()));
            }
            match answer {
                Ok(()) => {
                    let name = session.account.get().map(|account| account.name).unwrap_or_default();
                    shell.notices.success(t_with("Hello, {name}.", &[("name", &name)]));
                }
                Err(_) if is_late => {}
                Err(problem) => {
                    show_problem(Some(&problem));
                    // Who let the question grow too old may choose the same again.
                    if again || problem.code == code::PASSKEY_OVER.to_string() {
                        self.offer().await;
                    }
                }
            }
        });
    }
}

fn verb(joining: bool) -> String {
    t(if joining { "Sign up" } else { "Sign in" })
}

/// Says at each field what is wrong with it, the rest below, and goes to the first.
fn show_problem(problem: Option<&Problem>) {
    let mut first = None;
    for name in FIELDS {
        let found = problem.and_then(|problem| problem.fields.iter().find(|(field, _)| field == name));
        let id = format!("sign-in-{name}");
        set_text(&format!("{id}-error"), found.map_or("", |(_, message)| message));
        let input = field(&id);
        let _ = input.set_attribute("aria-invalid", if found.is_some() { "true" } else { "false" });
        if found.is_some() && first.is_none() {
            first = Some(input);
        }
    }
    let general = problem.filter(|_| first.is_none());
    set_text("sign-in-error", &general.map(|p| format!("{} ({})", p.title, p.code)).unwrap_or_default());
    if let Some(input) = first {
        let _ = input.focus();
    }
}

fn set_text(id: &str, text: &str) {
    browser::by_id(id).set_text_content(Some(text));
}

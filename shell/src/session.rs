//! Who is signed in. The session itself is an HttpOnly cookie; we only know what the server tells.

use crate::{browser, http, json, navigation, page::Shell, passkey, watched::Watched};
use contract::{
    code::{self, Code},
    storage::PERSONAL_PREFIX,
};
use js_sys::{Date, Error, Function, Object, Promise};
use locale::t;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{AbortSignal, Storage, StorageEvent, StorageEventInit};

/// The event behind `session.subscribe`. Its name is ours: no microapp's begins with a dot.
pub const CHANGED: &str = ".session";
/// The event that the cart's badge follows.
pub const CART_CHANGED: &str = "cart.changed";
/// The event that says that the account is another, or gone.
const ACCOUNT_CHANGED: &str = "account.changed";
/// Written into the browser's storage at sign-out, with a moment: so the other tabs hear of it.
const SIGNED_OUT: &str = "menagerie/signed-out";

/// Who is signed in.
pub struct Session {
    /// The account.
    pub account: Watched<Option<Account>>,
    /// Pieces in the cart.
    pub pieces: Watched<i64>,
    /// The sign-in dialog.
    pub dialog: Watched<bool>,
    waiting: RefCell<Vec<(Function, Function)>>,
}

impl Session {
    /// Nobody, until the server says otherwise.
    pub fn new() -> Self {
        Self {
            account: Watched::new(None),
            pieces: Watched::new(0),
            dialog: Watched::new(false),
            waiting: RefCell::default(),
        }
    }

    /// Asks the server, and follows the cart and the other tabs.
    pub async fn refresh(&'static self, shell: Shell) {
        let changed = Closure::<dyn Fn(JsValue)>::new(|cart: JsValue| {
            if let Some(count) = browser::property(&cart, "pieces").as_f64() {
                self.pieces.set(count as i64);
            }
        });
        shell.events.on(CART_CHANGED, changed.into_js_value().unchecked_into());
        let changed = Closure::<dyn Fn(JsValue)>::new(move |_| browser::spawn(self.look_again(shell)));
        shell.events.on(ACCOUNT_CHANGED, changed.into_js_value().unchecked_into());
        let elsewhere = Closure::<dyn Fn(StorageEvent)>::new(move |event: StorageEvent| {
            if event.key().as_deref() == Some(SIGNED_OUT) {
                self.signed_out_elsewhere(shell);
            }
        });
        let heard: Function = elsewhere.into_js_value().unchecked_into();
        let _ = browser::window().add_event_listener_with_callback("storage", &heard);
        if let Ok(answer) = request("GET", "/session", None).await {
            self.take_up(shell, answer);
        }
    }

    /// Asks the server once more. Where somebody was and nobody is, it is as after signing out.
    async fn look_again(&'static self, shell: Shell) {
        let Ok(answer) = request("GET", "/session", None).await else { return };
        if answer.account.is_none() && self.account.with(Option::is_some) {
            clear_personal();
            tell_other_tabs();
        }
        self.take_up(shell, answer);
    }

    /// What microapps may know: name and address, or null.
    pub fn info(&self) -> JsValue {
        match self.account.get() {
            None => JsValue::NULL,
            Some(account) => {
                let info = Object::new();
                browser::set(&info, "name", account.name);
                browser::set(&info, "email", account.email);
                info.into()
            }
        }
    }

    /// Opens the dialog; ends when somebody is signed in, fails when it is closed.
    pub fn ask_sign_in(&self) -> Promise {
        if self.account.with(Option::is_some) {
            return Promise::resolve(&self.info());
        }
        self.dialog.set(true);
        Promise::new(&mut |resolve, reject| self.waiting.borrow_mut().push((resolve, reject)))
    }

    /// Closes the dialog without a sign-in.
    pub fn dismiss(&self) {
        self.dialog.set(false);
        let error = Error::new(&format!("{} the sign-in was closed", code::SIGN_IN_REQUIRED));
        browser::set(&error, "code", code::SIGN_IN_REQUIRED.to_string());
        for (_, reject) in self.waiting.take() {
            let _ = reject.call1(&JsValue::UNDEFINED, &error);
        }
    }

    /// Signs in.
    pub async fn sign_in(&self, shell: Shell, email: &str, password: &str) -> Result<(), Problem> {
        let body = form(&[("email", email), ("password", password)]);
        let answer = request("POST", "/session", Some(&body)).await?;
        self.signed_in(shell, answer);
        Ok(())
    }

    /// Signs up, and in.
    pub async fn sign_up(
        &self,
        shell: Shell,
        name: &str,
        email: &str,
        password: &str,
    ) -> Result<(), Problem> {
        let body = form(&[("name", name), ("email", email), ("password", password)]);
        let answer = request("POST", "/accounts", Some(&body)).await?;
        self.signed_in(shell, answer);
        Ok(())
    }

    /// The browser's answer to the shop's question for a passkey: at once, or by the signal of an offer.
    pub async fn passkey(&self, offer: Option<&JsValue>) -> Result<Object, Problem> {
        let challenge = exchange("POST", "/session/passkey/options", None).await?;
        passkey::answer(&challenge, offer).await
    }

    /// Signs in with a passkey.
    pub async fn sign_in_by_passkey(&self, shell: Shell, body: &Object) -> Result<(), Problem> {
        let answer = request("POST", "/session/passkey", Some(body)).await?;
        self.signed_in(shell, answer);
        Ok(())
    }

    fn signed_in(&self, shell: Shell, answer: Answer) {
        self.take_up(shell, answer);
        self.dialog.set(false);
        for (resolve, _) in self.waiting.take() {
            let _ = resolve.call1(&JsValue::UNDEFINED, &self.info());
        }
    }

    /// Signs out. What this browser keeps about the person goes first, so that it works offline too; the other
    /// tabs hear of it by [`SIGNED_OUT`].
    pub async fn sign_out(&self, shell: Shell) -> Result<(), Problem> {
        clear_personal();
        let answer = request("DELETE", "/session", None).await?;
        self.take_up(shell, answer);
        tell_other_tabs();
        Ok(())
    }

    /// Nobody is here any more, and nobody's cart. The browser's storage is cleared already.
    fn signed_out_elsewhere(&self, shell: Shell) {
        clear(browser::tab_storage());
        self.take_up(shell, Answer::default());
    }

    fn take_up(&self, shell: Shell, answer: Answer) {
        let changed = self.account.with(|account| *account != answer.account);
        self.account.set(answer.account);
        self.pieces.set(answer.pieces);
        for notice in answer.notices {
            shell.notices.warn(notice);
        }
        if changed {
            shell.events.emit(CHANGED, &self.info());
            navigation::props_changed(shell);
        }
    }
}

/// Tells the other tabs that nobody is signed in any more.
fn tell_other_tabs() {
    if let Some(storage) = browser::storage() {
        let _ = storage.set_item(SIGNED_OUT, &Date::now().to_string());
    }
}

/// Clears every store marked personal, this tab's and the browser's.
fn clear_personal() {
    clear(browser::tab_storage());
    clear(browser::storage());
}

/// Clears what is marked personal, and tells the apps on this page, as other tabs are told by the browser.
fn clear(storage: Option<Storage>) {
    let Some(storage) = storage else { return };
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|index| storage.key(index).ok().flatten());
    let personal: Vec<String> = keys.filter(|key| key.starts_with(PERSONAL_PREFIX)).collect();
    for key in personal {
        let _ = storage.remove_item(&key);
        let init = StorageEventInit::new();
        init.set_key(Some(&key));
        if let Ok(event) = StorageEvent::new_with_event_init_dict("storage", &init) {
            let _ = browser::window().dispatch_event(&event);
        }
    }
}

/// How long an answer may take, in milliseconds.
const TIMEOUT: u32 = 20_000;

async fn request(method: &str, path: &str, body: Option<&Object>) -> Result<Answer, Problem> {
    Ok(Answer::read(&exchange(method, path, body).await?))
}

async fn exchange(method: &str, path: &str, body: Option<&Object>) -> Result<JsValue, Problem> {
    let limit = AbortSignal::timeout_with_u32(TIMEOUT);
    let Ok(response) = http::send(method, &format!("/api/v1{path}"), body, Some(&limit)).await else {
        let title = t("The shop cannot be reached. Check the connection, then try again.");
        return Err(Problem::new(code::LOAD_NETWORK, &title));
    };
    let Some(answer) = json::parse(&response.text) else {
        let title = t("The shop gave an answer that this page cannot read.");
        return Err(Problem::new(code::INTERNAL, &title));
    };
    if response.ok { Ok(answer) } else { Err(Problem::read(&answer)) }
}

/// What the server says about who is here (`contract::shop::account::Session`).
#[derive(Default)]
struct Answer {
    account: Option<Account>,
    pieces: i64,
    notices: Vec<String>,
}

impl Answer {
    fn read(answer: &JsValue) -> Self {
        let account = browser::property(answer, "account");
        let known = account.is_object();
        Self {
            account: known.then(|| Account {
                name: json::text(&account, "name"),
                email: json::text(&account, "email"),
            }),
            pieces: json::number(answer, "cart_pieces").unwrap_or(0.0) as i64,
            notices: json::texts(answer, "notices"),
        }
    }
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// What to call them.
    pub name: String,
    /// Their address.
    pub email: String,
}

/// Why the server refused (`contract::shop::problem::Problem`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    /// Our number.
    pub code: String,
    /// One sentence.
    pub title: String,
    /// Fields and what is wrong with them.
    pub fields: Vec<(String, String)>,
}

impl Problem {
    /// One that the page itself knows of.
    pub fn new(code: Code, title: &str) -> Self {
        Self { code: code.to_string(), title: title.to_owned(), fields: Vec::new() }
    }

    fn read(answer: &JsValue) -> Self {
        let fields = json::list(answer, "fields");
        let fields = fields.iter().map(|field| (json::text(field, "field"), json::text(field, "message")));
        Self {
            code: json::text(answer, "code"),
            title: json::text(answer, "title"),
            fields: fields.collect(),
        }
    }
}

/// A body of texts.
fn form(fields: &[(&str, &str)]) -> Object {
    let body = Object::new();
    for (name, value) in fields {
        browser::set(&body, name, *value);
    }
    body
}

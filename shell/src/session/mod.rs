//! Who is signed in. The session itself is an HttpOnly cookie; we only know what the server tells.

mod answer;
mod personal;

pub use answer::{Account, Problem};

use crate::{browser, commands, navigation, page::Shell, passkey, watched::Watched};
use answer::{Answer, exchange, form, request};
use contract::code;
use js_sys::{Error, Function, Object, Promise};
use personal::{PERSON, clear, clear_page, hand_over, kept_of, person_of, tell_of_stores};
use std::cell::{Cell, RefCell};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::StorageEvent;

/// The event behind `session.subscribe`. Its name is ours: no microapp's begins with a dot.
pub const CHANGED: &str = ".session";
/// The event that the cart's badge follows.
pub const CART_CHANGED: &str = "cart.changed";
/// The event that says that the account is another, or gone.
const ACCOUNT_CHANGED: &str = "account.changed";
/// Marks that somebody signed out, and the server does not know yet: also when the page is closed meanwhile.
const LEAVING: &str = "menagerie/leaving";
/// After so many milliseconds the server is asked again who is here, where it could not be asked.
const NEXT_TRIES: [i32; 3] = [2_000, 8_000, 30_000];

/// Who is signed in.
pub struct Session {
    /// The account.
    pub account: Watched<Option<Account>>,
    /// Pieces in the cart.
    pub pieces: Watched<i64>,
    /// The sign-in dialog.
    pub dialog: Watched<bool>,
    waiting: RefCell<Vec<(Function, Function)>>,
    /// How often the cart has changed on this page.
    cart_changes: Cell<u32>,
    /// The same as [`LEAVING`], where the browser keeps nothing.
    leaving: Cell<bool>,
}

impl Session {
    /// Nobody, until the server says otherwise.
    pub fn new() -> Self {
        Self {
            account: Watched::new(None),
            pieces: Watched::new(0),
            dialog: Watched::new(false),
            waiting: RefCell::default(),
            cart_changes: Cell::default(),
            leaving: Cell::new(false),
        }
    }

    /// Asks the server, and follows the cart and the other tabs.
    pub async fn refresh(&'static self, shell: Shell) {
        let look = move || browser::spawn(self.look_until_told(shell));
        let changed = Closure::<dyn Fn(JsValue)>::new(move |cart: JsValue| {
            if let Some(count) = browser::property(&cart, "pieces").as_f64() {
                let is_emptied = count == 0.0 && self.pieces.get() > 0;
                self.pieces.set(count as i64);
                self.cart_changes.set(self.cart_changes.get().wrapping_add(1));
                if is_emptied && self.account.with(Option::is_some) {
                    browser::spawn(async move {
                        // It may be a guest's, where the session ended elsewhere. Of the cart itself the page knows more.
                        let answer = request("GET", "/session", None).await;
                        if answer.is_ok_and(|answer| self.is_other(&answer)) {
                            look();
                        }
                    });
                }
            }
        });
        shell.events.on(CART_CHANGED, changed.into_js_value().unchecked_into());
        let changed = Closure::<dyn Fn(JsValue)>::new(move |_| {
            // It was changed by somebody who is signed in, and meant it.
            self.set_leaving(false);
            look();
        });
        shell.events.on(ACCOUNT_CHANGED, changed.into_js_value().unchecked_into());
        let elsewhere = Closure::<dyn Fn(StorageEvent)>::new(move |event: StorageEvent| {
            if event.key().as_deref() == Some(PERSON) {
                match event.new_value() {
                    Some(_) => look(),
                    // The browser's storage is cleared already; this works offline too.
                    None => self.take_up(shell, Answer::default()),
                }
            }
        });
        let heard: Function = elsewhere.into_js_value().unchecked_into();
        // A page that the browser kept, and shows again, heard nothing of what happened meanwhile.
        browser::listen(&browser::window(), "pageshow", move |event| {
            if browser::property(&event, "persisted").is_truthy() {
                if kept_of() != person_of(self.account.get().as_ref()) {
                    // What the browser keeps belongs to whoever is here now, and stays; what the tab keeps may not.
                    if self.account.with(Option::is_some) {
                        clear(browser::tab_storage());
                    }
                    self.show(shell, Answer::default());
                }
                tell_of_stores();
                look();
            }
        });
        let _ = browser::window().add_event_listener_with_callback("storage", &heard);
        browser::listen(&browser::window(), "online", move |_| {
            if self.is_leaving() {
                look();
            } else {
                browser::spawn(async move {
                    // What was put into the cart meanwhile is sent before the server's count is shown.
                    let refreshed = commands::call(shell, "cart.refresh", &JsValue::NULL).await;
                    if refreshed.is_ok() {
                        // What could not be done without a connection is done.
                        shell.notices.move_on(u32::MAX);
                    }
                    drop(self.look(shell).await);
                });
            }
        });
        self.look_until_told(shell).await;
    }

    /// Asks who is here, and again where the server could not be asked.
    async fn look_until_told(&self, shell: Shell) {
        let mut pauses = NEXT_TRIES.into_iter();
        while self.look(shell).await.is_err()
            && let Some(pause) = pauses.next()
        {
            browser::sleep(pause).await;
        }
    }

    /// Asks the server who is here. Where somebody signed in or out meanwhile, that is newer than the answer.
    async fn look(&self, shell: Shell) -> Result<(), Problem> {
        if self.is_leaving() {
            return self.leave(shell).await;
        }
        let known = || (kept_of(), self.account.get());
        let (before, cart) = (known(), self.cart_changes.get());
        let mut answer = request("GET", "/session", None).await?;
        if known() == before {
            // Of whoever the browser keeps things of, the page knows more.
            if self.cart_changes.get() != cart && kept_of() == person_of(answer.account.as_ref()) {
                answer.pieces = self.pieces.get();
            }
            self.take_up(shell, answer);
        }
        Ok(())
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
    pub fn ask_sign_in(&'static self, shell: Shell) -> Promise {
        if self.account.with(Option::is_none) {
            return self.open_dialog();
        }
        browser::promise(async move {
            // The session may have ended elsewhere.
            let _ = self.look(shell).await;
            if self.account.with(Option::is_some) {
                return Ok(self.info());
            }
            JsFuture::from(self.open_dialog()).await
        })
    }

    fn open_dialog(&self) -> Promise {
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
        self.set_leaving(false);
        self.take_up(shell, answer);
    }

    /// Signs out. What this browser keeps about the person goes first, so that it works offline too. Where the server
    /// cannot be told, it is when the connection is back.
    pub async fn sign_out(&'static self, shell: Shell) -> Result<(), Problem> {
        clear(browser::tab_storage());
        clear(browser::storage());
        clear_page();
        let told = self.leave(shell).await;
        if let Err(problem) = &told {
            if problem.is_unreachable() {
                self.set_leaving(true);
                browser::spawn(self.look_until_told(shell));
            }
            // What is on the page has lost its store.
            navigation::begin_anew(shell);
        }
        told
    }

    /// Tells the server that somebody signed out.
    async fn leave(&self, shell: Shell) -> Result<(), Problem> {
        let answer = request("DELETE", "/session", None).await?;
        self.set_leaving(false);
        self.take_up(shell, answer);
        Ok(())
    }

    fn is_leaving(&self) -> bool {
        let is_kept = || browser::storage()?.get_item(LEAVING).ok()?;
        self.leaving.get() || is_kept().is_some()
    }

    fn set_leaving(&self, leaving: bool) {
        let noted = browser::storage().and_then(|storage| {
            let noted = if leaving { storage.set_item(LEAVING, "1") } else { storage.remove_item(LEAVING) };
            noted.ok()
        });
        self.leaving.set(leaving && noted.is_none());
    }

    fn take_up(&self, shell: Shell, answer: Answer) {
        if self.is_other(&answer) {
            self.set_leaving(false);
            if self.account.with(Option::is_some) {
                clear(browser::tab_storage());
            }
        }
        hand_over(answer.account.as_ref());
        self.show(shell, answer);
    }

    /// Whether it is about somebody else than this page knows.
    fn is_other(&self, answer: &Answer) -> bool {
        let address = |account: &Option<Account>| account.as_ref().map(|account| account.email.clone());
        self.account.with(address) != address(&answer.account)
    }

    /// Says on this page who is here. What the browser keeps is left alone.
    fn show(&self, shell: Shell, answer: Answer) {
        let before = self.account.get();
        let changed = before != answer.account;
        let left = before.is_some() && self.is_other(&answer);
        if left {
            shell.notices.move_on(u32::MAX);
        }
        self.account.set(answer.account);
        self.pieces.set(answer.pieces);
        for notice in answer.notices {
            shell.notices.warn(notice);
        }
        if changed {
            shell.events.emit(CHANGED, &self.info());
            if left {
                clear_page();
                navigation::begin_anew(shell);
            } else {
                navigation::props_changed(shell);
            }
        }
        if self.account.with(Option::is_some) {
            // Whoever was asked to sign in is: here, in another tab, or before this page knew of it.
            self.dialog.set(false);
            for (resolve, _) in self.waiting.take() {
                let _ = resolve.call1(&JsValue::UNDEFINED, &self.info());
            }
        }
    }
}

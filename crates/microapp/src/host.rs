//! The services of the shell, typed. On pages without it a stand-in answers the same calls.

use crate::{
    Watched,
    failure::Failure,
    json::{from_js, to_js},
    property,
};
use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::{GetValue, LocalStorage, StoredValue, WithValue};
use serde::{Serialize, de::DeserializeOwned};
use std::pin::Pin;
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::{JsFuture, spawn_local};

#[wasm_bindgen]
extern "C" {
    /// `props.host` (docs/contract.md).
    #[derive(Clone)]
    type JsHost;
    #[wasm_bindgen(method, structural, catch)]
    fn navigate(this: &JsHost, path: &str, options: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    fn href(this: &JsHost, path: &str) -> Result<String, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    fn hold(this: &JsHost, ask: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    fn notify(this: &JsHost, notice: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    fn call(this: &JsHost, command: &str, payload: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    fn emit(this: &JsHost, event: &str, detail: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    fn on(this: &JsHost, event: &str, listener: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch, js_name = setTitle)]
    fn set_title(this: &JsHost, text: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch, js_name = setBusy)]
    fn set_busy(this: &JsHost, busy: bool) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method, structural, catch)]
    fn report(this: &JsHost, problem: &JsValue) -> Result<JsValue, JsValue>;
}

/// How loud a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Something to know.
    Info,
    /// Something worked.
    Success,
    /// Something to look at. It stays until it is dismissed, or the shopper has gone on.
    Warning,
    /// Something failed. It stays as a warning does.
    Error,
}

/// A toast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    level: Level,
    text: String,
    action: Option<String>,
    path: Option<String>,
}

impl Notice {
    /// A toast with one sentence.
    pub fn new(level: Level, text: impl Into<String>) -> Self {
        Self { level, text: text.into(), action: None, path: None }
    }

    /// With a button: `Undo`.
    #[must_use]
    pub fn with_action(mut self, label: impl Into<String>) -> Self {
        self.action = Some(label.into());
        self
    }

    /// With a link to a path of the shop: `View cart`. It works as long as the toast shows, and the toast goes
    /// when the shopper gets there.
    #[must_use]
    pub fn with_link(mut self, label: impl Into<String>, path: impl Into<String>) -> Self {
        self.action = Some(label.into());
        self.path = Some(path.into());
        self
    }

    fn to_js(&self) -> JsValue {
        let level = match self.level {
            Level::Info => "info",
            Level::Success => "success",
            Level::Warning => "warning",
            Level::Error => "error",
        };
        let notice = object([("level", level.into()), ("text", self.text.as_str().into())]);
        if let Some(action) = &self.action {
            set(&notice, "action", &action.as_str().into());
        }
        if let Some(path) = &self.path {
            set(&notice, "path", &path.as_str().into());
        }
        notice
    }
}

/// Who is signed in, as microapps may know it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SessionInfo {
    /// What to call them.
    pub name: String,
    /// Their address.
    pub email: String,
}

contract::record!(SessionInfo { name, email });
contract::read_as_records!(SessionInfo);

/// The services of the shell. Copied freely; ends with the mount.
#[derive(Clone, Copy)]
pub struct Host {
    js: StoredValue<JsHost, LocalStorage>,
}

impl Host {
    pub(crate) fn new(host: JsValue) -> Self {
        Self { js: StoredValue::new_local(host.unchecked_into()) }
    }

    /// Goes to a path of the shop: `/product/7`.
    pub fn navigate(&self, path: &str) {
        self.go(path, false);
    }

    /// The same, in place of the entry in the browser's history.
    pub fn replace(&self, path: &str) {
        self.go(path, true);
    }

    fn go(&self, path: &str, replace: bool) {
        let options = object([("replace", replace.into())]);
        self.ask(|js| js.navigate(path, &options));
    }

    /// The address for a link to a path.
    pub fn href(&self, path: &str) -> String {
        self.js.try_with_value(|js| js.href(path).ok()).flatten().unwrap_or_else(|| path.to_owned())
    }

    /// Has `ask` asked before the page or route is left; `true` means: there is unsaved work.
    pub fn hold(&self, ask: impl Fn() -> bool + 'static) -> Subscription {
        let ask = Closure::<dyn Fn() -> bool>::new(ask).into_js_value();
        Subscription::new(self.with(|js| js.hold(&ask)))
    }

    /// Who is signed in, now and from now on.
    pub fn session(&self) -> Watched<Option<SessionInfo>> {
        let signal = Watched::new(None);
        if let Ok(promise) = self.session_call("get", &JsValue::UNDEFINED) {
            spawn_local(async move {
                if let Ok(session) = JsFuture::from(Promise::resolve(&promise)).await {
                    signal.set(from_js(&session));
                }
            });
        }
        self.on_session(move |session| signal.set(session));
        signal
    }

    /// Hears who is signed in whenever that changes, for as long as the present owner lives. Who is here already, which
    /// [`session`](Self::session) says a moment later, is no change.
    pub fn on_session(&self, heard: impl Fn(Option<SessionInfo>) + 'static) {
        let listener = Closure::<dyn Fn(JsValue)>::new(move |session: JsValue| heard(from_js(&session)));
        let subscription = Subscription::new(self.session_call("subscribe", &listener.into_js_value()));
        StoredValue::new_local(subscription);
    }

    /// Opens the sign-in dialog; ends when somebody is signed in, fails when they closed it.
    pub async fn sign_in(&self) -> Result<(), Failure> {
        settled(self.session_call("signIn", &JsValue::UNDEFINED)).await.map(drop)
    }

    fn session_call(&self, name: &str, argument: &JsValue) -> Result<JsValue, JsValue> {
        self.with(|js| {
            let session = property::get(js, "session");
            property::get(&session, name).dyn_into::<Function>()?.call1(&session, argument)
        })
    }

    /// Shows a toast.
    pub fn notify(&self, notice: Notice) {
        self.ask(|js| js.notify(&notice.to_js()));
    }

    /// Shows a toast with a button; `true` when it was pressed. It goes with the mount that showed it.
    pub async fn ask_notice(&self, notice: Notice) -> bool {
        settled(self.with(|js| js.notify(&notice.to_js()))).await.is_ok_and(|answer| answer.is_truthy())
    }

    /// Runs another microapp's command.
    pub async fn call<T: DeserializeOwned>(
        &self,
        command: &str,
        payload: &impl Serialize,
    ) -> Result<T, Failure> {
        from_js(&self.call_js(command, &to_js(payload)).await?).ok_or_else(|| Failure {
            code: String::new(),
            message: [command, " gave an answer of another form than expected"].concat(),
        })
    }

    /// Runs another microapp's command; what it answers is not looked at.
    pub async fn run(&self, command: &str, payload: &impl Serialize) -> Result<(), Failure> {
        self.call_js(command, &to_js(payload)).await.map(drop)
    }

    /// The same for whoever does not wait for it. It is asked for at once, also by a mount that ends.
    pub fn run_beside(&self, command: &str, payload: &impl Serialize) {
        let payload = to_js(payload);
        self.ask(|js| js.call(command, &payload));
    }

    fn call_js(&self, command: &str, payload: &JsValue) -> Settled {
        settled(self.with(|js| js.call(command, payload)))
    }

    /// Sends one of this microapp's events.
    pub fn emit(&self, event: &str, detail: &impl Serialize) {
        let detail = to_js(detail);
        self.ask(|js| js.emit(event, &detail));
    }

    /// Hears another microapp's events until the answer is dropped.
    pub fn on<T: DeserializeOwned>(&self, event: &str, heard: impl Fn(T) + 'static) -> Subscription {
        let listener = Closure::<dyn Fn(JsValue)>::new(move |detail: JsValue| {
            if let Some(detail) = from_js(&detail) {
                heard(detail);
            }
        });
        let listener = listener.into_js_value();
        Subscription::new(self.with(|js| js.on(event, &listener)))
    }

    /// The document's title: `Cart`.
    pub fn set_title(&self, text: &str) {
        self.ask(|js| js.set_title(text));
    }

    /// The progress bar.
    pub fn set_busy(&self, busy: bool) {
        self.ask(|js| js.set_busy(busy));
    }

    /// `en-GB`.
    pub fn locale(&self) -> String {
        self.text("locale").unwrap_or_else(|| "en".to_owned())
    }

    /// The shop's API, without a slash at the end.
    pub fn api(&self) -> String {
        self.text("api").unwrap_or_else(|| "/api/v1".to_owned())
    }

    /// Tells the shell about a failure that the shopper is told about otherwise.
    pub fn report(&self, failure: &Failure) {
        let problem = object([
            ("kind", "error".into()),
            ("code", failure.code.as_str().into()),
            ("message", failure.message.as_str().into()),
        ]);
        self.ask(|js| js.report(&problem));
    }

    fn text(&self, name: &str) -> Option<String> {
        self.with(|js| Ok(property::get(js, name))).ok()?.as_string()
    }

    /// Calls without waiting; a rejection is nobody's to handle.
    fn ask(&self, call: impl FnOnce(&JsHost) -> Result<JsValue, JsValue>) {
        spawn_local(forgotten(settled(self.with(call))));
    }

    /// Whether its mount still lives. A task that may outlive the mount asks this after every `await`.
    pub fn is_open(&self) -> bool {
        self.js.try_with_value(|_| ()).is_some()
    }

    fn with<T>(&self, call: impl FnOnce(&JsHost) -> Result<T, JsValue>) -> Result<T, JsValue> {
        self.js.try_get_value().map_or(Err(JsValue::UNDEFINED), |js| call(&js))
    }
}

/// Ends with a drop: an event subscription, a hold.
#[must_use = "it ends when it is dropped; keep it in a StoredValue"]
pub struct Subscription(Option<Function>);

impl Subscription {
    fn new(off: Result<JsValue, JsValue>) -> Self {
        Self(off.ok().and_then(|off| off.dyn_into().ok()))
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(off) = self.0.take() {
            let _ = off.call0(&JsValue::UNDEFINED);
        }
    }
}

/// What a call will have come to. Boxed, so that those who wait for it need not know how it is waited for.
type Settled = Pin<Box<dyn Future<Output = Result<JsValue, Failure>>>>;

/// Waits for a promise, or takes the value as it is.
fn settled(promise: Result<JsValue, JsValue>) -> Settled {
    Box::pin(async move {
        let answer = match promise {
            Ok(promise) => JsFuture::from(Promise::resolve(&promise)).await,
            Err(error) => Err(error),
        };
        answer.map_err(|error| Failure::from_js(&error))
    })
}

async fn forgotten(settled: Settled) {
    let _ = settled.await;
}

fn object<const N: usize>(pairs: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new().into();
    for (name, value) in pairs {
        set(&object, name, &value);
    }
    object
}

fn set(object: &JsValue, name: &str, value: &JsValue) {
    // Setting a property of a fresh plain object cannot fail.
    let _ = Reflect::set(object, &name.into(), value);
}

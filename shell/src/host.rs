//! What one mount of a microapp sees of the shell (docs/contract.md, "props"). When the mount ends,
//! everything that it subscribed to ends with it.

use crate::{
    address, browser, commands, language,
    loader::message_of,
    navigation::{self, Entry},
    notices::Toast,
    page::{Busy, Shell},
};
use contract::code::{self, Code};
use js_sys::{Error, Function, Object, Promise, Reflect};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

/// What has to be undone at the end of a mount.
type Undo = Rc<RefCell<Vec<Box<dyn FnOnce()>>>>;

/// The object, and what has to be undone when it is dropped.
pub struct HostObject {
    id: u32,
    js: Object,
    undo: Undo,
    lasts: Lasts,
    /// What it said of its panic while it was not on the page yet, or being told something.
    panic: Rc<RefCell<Option<String>>>,
}

/// Whether a mount still lasts: what an app that is gone, or that hangs and was left, says late moves nobody.
#[derive(Clone)]
struct Lasts {
    over: Rc<Cell<bool>>,
    left: Rc<Cell<bool>>,
}

impl Lasts {
    fn get(&self) -> bool {
        !self.over.get() && !self.left.get()
    }
}

impl HostObject {
    /// A host for one mount of `app`, until its shopper has `left`.
    pub fn new(shell: Shell, app: &str, version: &str, left: Rc<Cell<bool>>) -> Self {
        let lasts = Lasts { over: Rc::default(), left };
        let (id, js) = (browser::fresh_number(), Object::new());
        let host = Self { id, js, undo: Rc::default(), lasts, panic: Rc::default() };
        browser::set(&host.js, "contract", contract::CONTRACT);
        browser::set(&host.js, "api", "/api/v1");
        getter(&host.js, "locale", || language::tag().into());
        getter(&host.js, "theme", move || shell.theme.resolved().into());
        host.navigation(shell);
        host.session(shell);
        host.notices(shell);
        host.others(shell, app.to_owned());
        host.reports(shell, app.to_owned(), version.to_owned());
        host
    }

    /// Its number on this page: no other mount has it.
    pub fn id(&self) -> u32 {
        self.id
    }

    /// What the microapp gets.
    pub fn js(&self) -> &Object {
        &self.js
    }

    /// What it said of its panic where that could not be seen to at once.
    pub fn take_panic(&self) -> Option<String> {
        self.panic.take()
    }

    /// Undoes what the mount subscribed to.
    pub fn end(&self) {
        self.lasts.over.set(true);
        for undo in self.undo.take() {
            undo();
        }
    }

    fn navigation(&self, shell: Shell) {
        let lasts = self.lasts.clone();
        method(&self.js, "navigate", move |path, options| {
            if !lasts.get() {
                return done();
            }
            let path = path.as_string().unwrap_or_default();
            let replace = browser::property(&options, "replace").is_truthy();
            navigation::go(shell, &path, if replace { Entry::Replace } else { Entry::Push });
            done()
        });
        method(&self.js, "href", |path, _| address::href(&path.as_string().unwrap_or_default()).into());
        let (undo, lasts) = (self.undo.clone(), self.lasts.clone());
        method(&self.js, "hold", move |ask, _| match ask.dyn_into::<Function>() {
            Ok(_) if !lasts.get() => nothing(),
            Ok(ask) => {
                let id = shell.holds.hold(ask);
                undo_once(&undo, move || shell.holds.release(id))
            }
            Err(_) => JsValue::UNDEFINED,
        });
    }

    fn session(&self, shell: Shell) {
        let session = Object::new();
        method(&session, "get", move |_, _| Promise::resolve(&shell.session.info()).into());
        let (undo, lasts) = (self.undo.clone(), self.lasts.clone());
        method(&session, "subscribe", move |heard, _| match heard.dyn_into::<Function>() {
            Ok(_) if !lasts.get() => nothing(),
            Ok(heard) => {
                let id = shell.events.on(crate::session::CHANGED, heard);
                undo_once(&undo, move || shell.events.off(id))
            }
            Err(_) => JsValue::UNDEFINED,
        });
        let lasts = self.lasts.clone();
        method(&session, "signIn", move |_, _| {
            if !lasts.get() {
                return rejected(code::SIGN_IN_REQUIRED, "whoever asks is gone");
            }
            shell.page().session.ask_sign_in(shell).into()
        });
        browser::set(&self.js, "session", session);
    }

    fn notices(&self, shell: Shell) {
        let (undo, lasts) = (self.undo.clone(), self.lasts.clone());
        method(&self.js, "notify", move |notice, _| {
            let toast = Toast::from_js(&notice);
            if toast.action.is_some() && toast.path.is_none() {
                // After the mount nobody is left who would do what its button says.
                if !lasts.get() {
                    return Promise::resolve(&JsValue::FALSE).into();
                }
                let id = toast.id;
                undo.borrow_mut().push(Box::new(move || shell.notices.close(id, false)));
            }
            shell.notices.show(toast).into()
        });
        let lasts = self.lasts.clone();
        method(&self.js, "setTitle", move |text, _| {
            if lasts.get() {
                shell.set_title(&text.as_string().unwrap_or_default());
            }
            done()
        });
        let busy: Rc<RefCell<Option<Busy>>> = Rc::default();
        let (lasts, kept) = (self.lasts.clone(), busy.clone());
        self.undo.borrow_mut().push(Box::new(move || drop(kept.take())));
        method(&self.js, "setBusy", move |is_busy, _| {
            *busy.borrow_mut() = (is_busy.is_truthy() && lasts.get()).then(|| shell.busy());
            done()
        });
    }

    fn others(&self, shell: Shell, app: String) {
        method(&self.js, "call", move |command, payload| {
            let command = command.as_string().unwrap_or_default();
            browser::promise(async move { commands::call(shell, &command, &payload).await }).into()
        });
        method(&self.js, "emit", move |event, detail| {
            let event = event.as_string().unwrap_or_default();
            let published = shell.app(&app).is_some_and(|app| app.placed().events.contains(&event));
            if !published {
                return rejected(code::EVENT_UNPUBLISHED, &format!("{app} does not publish {event}"));
            }
            // Later, as every call: who hears it may send something in answer.
            browser::promise(async move {
                shell.events.emit(&event, &detail);
                Ok(JsValue::UNDEFINED)
            })
            .into()
        });
        let (undo, lasts) = (self.undo.clone(), self.lasts.clone());
        method(&self.js, "on", move |event, heard| match (event.as_string(), heard.dyn_into::<Function>()) {
            (Some(_), Ok(_)) if !lasts.get() => nothing(),
            (Some(event), Ok(heard)) => {
                let id = shell.events.on(&event, heard);
                undo_once(&undo, move || shell.events.off(id))
            }
            _ => JsValue::UNDEFINED,
        });
    }

    fn reports(&self, shell: Shell, app: String, version: String) {
        let (id, panic) = (self.id, self.panic.clone());
        method(&self.js, "report", move |problem, _| {
            let text = message_of(&problem);
            let panicked = browser::text(&problem, "kind").as_deref() == Some("panic");
            if panicked {
                *panic.borrow_mut() = Some(text.clone());
            }
            if !(panicked && shell.panicked(id, &text)) {
                let code =
                    if panicked { Some(code::PANICKED.to_string()) } else { browser::text(&problem, "code") };
                browser::log_error(&format!("{} {app}@{version} {text}", code.unwrap_or_default()));
            }
            done()
        });
    }
}

/// Remembers to undo something at the end of the mount; the answer undoes it now, once.
fn undo_once(all: &Undo, undo: impl FnOnce() + 'static) -> JsValue {
    undo_boxed_once(all, Box::new(undo))
}

#[inline(never)]
fn undo_boxed_once(all: &Undo, undo: Box<dyn FnOnce()>) -> JsValue {
    let undo = Rc::new(RefCell::new(Some(undo)));
    let now = undo.clone();
    all.borrow_mut().push(Box::new(move || {
        if let Some(undo) = undo.take() {
            undo();
        }
    }));
    Closure::<dyn FnMut()>::new(move || {
        if let Some(undo) = now.take() {
            undo();
        }
    })
    .into_js_value()
}

fn method(object: &Object, name: &str, call: impl FnMut(JsValue, JsValue) -> JsValue + 'static) {
    let call: Box<dyn FnMut(JsValue, JsValue) -> JsValue> = Box::new(call);
    browser::set(object, name, Closure::wrap(call).into_js_value());
}

fn getter(object: &Object, name: &str, get: impl FnMut() -> JsValue + 'static) {
    let descriptor = Object::new();
    browser::set(&descriptor, "get", Closure::<dyn FnMut() -> JsValue>::new(get).into_js_value());
    browser::set(&descriptor, "enumerable", true);
    let _ = Reflect::define_property(object, &name.into(), &descriptor);
}

/// What undoes nothing: for a mount that is over.
fn nothing() -> JsValue {
    // No function from text: the page's policy refuses those.
    Closure::<dyn FnMut()>::new(|| {}).into_js_value()
}

fn done() -> JsValue {
    Promise::resolve(&JsValue::UNDEFINED).into()
}

fn rejected(code: Code, text: &str) -> JsValue {
    let error = Error::new(&format!("{code} {text}"));
    browser::set(&error, "code", code.to_string());
    Promise::reject(&error).into()
}

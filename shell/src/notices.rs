//! Toasts: one sentence, announced politely, with a button where something can be undone.

use crate::{browser, focus, watched::Watched};
use js_sys::{Function, Promise};
use std::cell::RefCell;
use wasm_bindgen::JsValue;

/// The most toasts at a time; more would cover the page.
const MOST: usize = 4;
/// How long a toast stays, in milliseconds; with a button, twice as long. What went wrong stays until it is dismissed, or as
/// long on the next page.
const STAY: i32 = 6_000;

/// The toasts of this page.
pub struct Notices {
    /// Those that show, the oldest first.
    pub toasts: Watched<Vec<Toast>>,
    answers: RefCell<Vec<(u32, Function)>>,
}

/// A toast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    /// Its number on this page.
    pub id: u32,
    /// `info`, `success`, `warning` or `error`.
    pub level: &'static str,
    /// One sentence.
    pub text: String,
    /// A button, where there is one.
    pub action: Option<String>,
    /// Where the button leads, when it is a link: a path of the shop.
    pub path: Option<String>,
}

impl Toast {
    /// Reads what a microapp handed to `notify`.
    pub fn from_js(notice: &JsValue) -> Self {
        let level = match browser::text(notice, "level").as_deref() {
            Some("success") => "success",
            Some("warning") => "warning",
            Some("error") => "error",
            _ => "info",
        };
        let (action, path) = (browser::text(notice, "action"), browser::text(notice, "path"));
        Self { action, path, ..Self::new(level, browser::text(notice, "text").unwrap_or_default()) }
    }

    /// Whether it stays until it is dismissed.
    fn lasts(&self) -> bool {
        matches!(self.level, "warning" | "error")
    }

    fn new(level: &'static str, text: String) -> Self {
        Self { id: browser::fresh_number(), level, text, action: None, path: None }
    }
}

impl Notices {
    /// None yet. They live as long as the page.
    pub fn new() -> &'static Self {
        Box::leak(Box::new(Self { toasts: Watched::new(Vec::new()), answers: RefCell::default() }))
    }

    /// Shows one; the answer is whether its button was pressed.
    pub fn show(&'static self, toast: Toast) -> Promise {
        let (id, lasts) = (toast.id, toast.lasts());
        let stay = if toast.action.is_some() { 2 * STAY } else { STAY };
        self.make_room_for(&toast);
        self.toasts.update(|toasts| toasts.push(toast));
        if !lasts {
            self.close_after(id, stay);
        }
        Promise::new(&mut |resolve, _| {
            self.answers.borrow_mut().push((id, resolve));
        })
    }

    fn close_after(&'static self, id: u32, stay: i32) {
        browser::spawn(async move {
            browser::sleep(stay).await;
            // Somebody who points at it or has the focus in it is still reading.
            while focus::within_toast(id) {
                browser::sleep(1_000).await;
            }
            self.close(id, false);
        });
    }

    /// The same twice is one, and the oldest goes when there are too many.
    fn make_room_for(&self, toast: &Toast) {
        let mut surplus: Vec<u32> = self.toasts.with(|toasts| {
            let same = toasts.iter().filter(|shown| shown.text == toast.text && shown.action == toast.action);
            same.map(|shown| shown.id).collect()
        });
        let count = self.toasts.with(Vec::len) - surplus.len();
        if count >= MOST {
            surplus.extend(self.toasts.with(|toasts| toasts.first().map(|toast| toast.id)));
        }
        for id in surplus {
            self.close(id, false);
        }
    }

    /// Takes one away.
    pub fn close(&self, id: u32, pressed: bool) {
        self.toasts.update(|toasts| toasts.retain(|toast| toast.id != id));
        let at = self.answers.borrow().iter().position(|(of, _)| *of == id);
        if let Some(at) = at {
            let (_, answer) = self.answers.borrow_mut().swap_remove(at);
            let _ = answer.call1(&JsValue::UNDEFINED, &pressed.into());
        }
    }

    /// Takes away those that lead to where the shopper is now.
    pub fn arrived(&self, path: &str) {
        let there: Vec<u32> = self.toasts.with(|toasts| {
            let there = toasts.iter().filter(|toast| toast.path.as_deref() == Some(path));
            there.map(|toast| toast.id).collect()
        });
        for id in there {
            self.close(id, false);
        }
    }

    /// What went wrong before is of no more interest than any other toast: of those with a number below `end`.
    pub fn move_on(&'static self, end: u32) {
        let lasting = |toasts: &Vec<Toast>| -> Vec<u32> {
            toasts.iter().filter(|toast| toast.lasts() && toast.id < end).map(|toast| toast.id).collect()
        };
        for id in self.toasts.with(lasting) {
            self.close_after(id, STAY);
        }
    }

    /// Something to look at.
    pub fn warn(&'static self, text: String) {
        drop(self.show(Toast::new("warning", text)));
    }

    /// Something worked.
    pub fn success(&'static self, text: String) {
        drop(self.show(Toast::new("success", text)));
    }
}

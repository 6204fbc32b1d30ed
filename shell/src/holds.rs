//! Unsaved work: who wants to be asked before the page or the route is left.

use crate::{
    browser,
    loader::{Missed, within},
    watched::Watched,
};
use js_sys::{Function, Promise};
use std::cell::{Cell, RefCell};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::BeforeUnloadEvent;

/// For how many milliseconds one may think about whether it has unsaved work.
const ANSWER: u32 = 1_500;

/// The functions to ask, and the question to the shopper.
pub struct Holds {
    asked: RefCell<Vec<(u32, Function)>>,
    /// Whether the question is on the page.
    pub open: Watched<bool>,
    answer: RefCell<Option<Function>>,
    /// The shopper said already that the page may go.
    let_go: Cell<bool>,
}

impl Holds {
    /// Nobody has unsaved work yet.
    pub fn new() -> Self {
        Self {
            asked: RefCell::default(),
            open: Watched::new(false),
            answer: RefCell::default(),
            let_go: Cell::default(),
        }
    }

    /// Has `ask` asked; the answer is for [`Holds::release`].
    pub fn hold(&self, ask: Function) -> u32 {
        let id = browser::fresh_number();
        self.asked.borrow_mut().push((id, ask));
        id
    }

    /// Asks no more.
    pub fn release(&self, id: u32) {
        self.asked.borrow_mut().retain(|(held, _)| *held != id);
    }

    /// The browser need not ask about the page that goes now.
    pub fn let_go(&self) {
        self.let_go.set(true);
    }

    /// Whether anybody wants to be asked at all.
    pub fn any(&self) -> bool {
        !self.asked.borrow().is_empty()
    }

    /// Whether somebody has unsaved work. One that fails has none; of one that does not answer it is not known, and the
    /// shopper is asked.
    async fn unsaved(&self) -> bool {
        let asked: Vec<Function> = self.asked.borrow().iter().map(|(_, ask)| ask.clone()).collect();
        for ask in asked {
            let Ok(answer) = ask.call0(&JsValue::UNDEFINED) else { continue };
            match within(ANSWER, Promise::resolve(&answer)).await {
                Ok(answer) if answer.is_falsy() => {}
                Err(Missed::Failed(_)) => {}
                Ok(_) | Err(Missed::Elapsed) => return true,
            }
        }
        false
    }

    /// Asks the shopper; whether to leave.
    pub async fn may_leave(&self) -> bool {
        if !self.unsaved().await {
            return true;
        }
        let asked = Promise::new(&mut |resolve, _| *self.answer.borrow_mut() = Some(resolve));
        self.open.set(true);
        JsFuture::from(asked).await.is_ok_and(|leave| leave.is_truthy())
    }

    /// What the shopper said.
    pub fn answer(&self, leave: bool) {
        self.open.set(false);
        if let Some(answer) = self.answer.take() {
            let _ = answer.call1(&JsValue::UNDEFINED, &leave.into());
        }
    }

    /// The browser's own question before the page is closed. It cannot wait for a promise: one counts as unsaved.
    pub fn guard_page(&'static self) {
        browser::listen(&browser::window(), "beforeunload", move |event| {
            if self.let_go.take() {
                return;
            }
            let asked: Vec<Function> = self.asked.borrow().iter().map(|(_, ask)| ask.clone()).collect();
            if asked.iter().any(|ask| ask.call0(&JsValue::UNDEFINED).is_ok_and(|answer| answer.is_truthy())) {
                event.prevent_default();
                event.unchecked_into::<BeforeUnloadEvent>().set_return_value("unsaved");
            }
        });
    }
}

//! What microapps tell one another: published events.

use crate::browser;
use js_sys::Function;
use std::cell::RefCell;
use wasm_bindgen::JsValue;

/// The listeners.
#[derive(Default)]
pub struct Events {
    listeners: RefCell<Vec<Listener>>,
}

struct Listener {
    id: u32,
    event: String,
    heard: Function,
}

impl Events {
    /// Tells everybody. A listener that throws stops nobody else.
    pub fn emit(&self, event: &str, detail: &JsValue) {
        let heard: Vec<Function> = {
            let listeners = self.listeners.borrow();
            listeners
                .iter()
                .filter(|listener| listener.event == event)
                .map(|listener| listener.heard.clone())
                .collect()
        };
        for function in heard {
            if let Err(thrown) = function.call1(&JsValue::UNDEFINED, detail) {
                browser::log_error(&format!(
                    "a listener of {event} failed: {}",
                    crate::loader::message_of(&thrown)
                ));
            }
        }
    }

    /// Listens; the answer is for [`Events::off`].
    pub fn on(&self, event: &str, heard: Function) -> u32 {
        let id = browser::fresh_number();
        self.listeners.borrow_mut().push(Listener { id, event: event.to_owned(), heard });
        id
    }

    /// Ends a listener.
    pub fn off(&self, id: u32) {
        self.listeners.borrow_mut().retain(|listener| listener.id != id);
    }
}

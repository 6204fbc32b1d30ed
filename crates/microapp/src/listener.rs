//! Hearing an event for as long as something lives.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Event, EventTarget};

/// Hears an event until it is dropped.
///
/// What hears is taken off its target first. A view that goes away in the middle of a click is still on that click's way,
/// and a function that is gone must not be called.
pub struct Listener {
    target: EventTarget,
    event: &'static str,
    heard: Closure<dyn FnMut(Event)>,
}

impl Listener {
    /// Begins to hear.
    pub fn new(target: &EventTarget, event: &'static str, heard: impl FnMut(Event) + 'static) -> Self {
        Self::boxed(target.clone(), event, Closure::wrap(Box::new(heard) as Box<dyn FnMut(Event)>))
    }

    #[inline(never)]
    fn boxed(target: EventTarget, event: &'static str, heard: Closure<dyn FnMut(Event)>) -> Self {
        let listener = Self { target, event, heard };
        let _ = listener.target.add_event_listener_with_callback(event, listener.function());
        listener
    }

    fn function(&self) -> &js_sys::Function {
        JsValue::as_ref(self.heard.as_ref()).unchecked_ref()
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.target.remove_event_listener_with_callback(self.event, self.function());
    }
}

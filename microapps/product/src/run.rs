//! Work that goes on beside the page.

use leptos::prelude::*;
use std::pin::Pin;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Runs `work`. One type of work is compiled, whatever is run.
pub fn run(work: impl Future<Output = ()> + 'static) {
    leptos::task::spawn_local(Box::pin(work) as Pin<Box<dyn Future<Output = ()>>>);
}

/// Moves the focus after the view has taken up the last change.
pub fn focus(id: String) {
    request_animation_frame(move || {
        let element =
            document().get_element_by_id(&id).and_then(|element| element.dyn_into::<HtmlElement>().ok());
        if let Some(element) = element {
            let _ = element.focus();
        }
    });
}

//! Small things of the page that microapps share.

use js_sys::{Math, Promise, Uint8Array};
use leptos::prelude::{document, request_animation_frame};
use std::pin::Pin;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlElement;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = crypto, js_name = getRandomValues, catch)]
    fn get_random_values(bytes: &Uint8Array) -> Result<JsValue, JsValue>;
}

/// A random version 4 UUID (RFC 9562). `crypto.randomUUID` exists in secure contexts only; shops are
/// tried out over plain HTTP in the local network too.
pub fn random_uuid() -> String {
    let bytes = Uint8Array::new_with_length(16);
    let mut random = [0u8; 16];
    match get_random_values(&bytes) {
        Ok(_) => bytes.copy_to(&mut random),
        // No browser of the last ten years comes here; a key that is only likely to be unique still serves.
        Err(_) => random.fill_with(|| (Math::random() * 256.0) as u8),
    }
    contract::uuid::version_4(random)
}

/// Runs `work` beside the page. One type of work is compiled, whatever is run.
pub fn run(work: impl Future<Output = ()> + 'static) {
    leptos::task::spawn_local(Box::pin(work) as Pin<Box<dyn Future<Output = ()>>>);
}

/// Moves the focus to the element of an id, after the view has taken up the last change.
pub fn focus(id: &str) {
    let id = id.to_owned();
    request_animation_frame(move || move_focus(&id));
}

/// The same after something that took its time, for whoever has waited: the focus is still in `part`, a selector, or it is
/// lost, since what had it is gone. Whoever has gone on to something else keeps it.
pub fn focus_from(part: &str, id: &str) {
    let (part, id) = (part.to_owned(), id.to_owned());
    request_animation_frame(move || {
        let active = document().active_element();
        let waits = active.and_then(|active| active.closest(&part).ok().flatten()).is_some();
        if waits || is_focus_lost() {
            move_focus(&id);
        }
    });
}

fn move_focus(id: &str) {
    let element = document().get_element_by_id(id);
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Whether nothing of the page has the focus: browsers give it to the whole where what had it is gone.
pub fn is_focus_lost() -> bool {
    document().active_element().is_none_or(|active| active.tag_name() == "BODY")
}

/// Waits for so many milliseconds. With 0 it lets the browser do what is due, and goes on at once in a tab that nobody
/// sees, where browsers let timers wait for a second.
pub async fn pause(milliseconds: i32) {
    if milliseconds == 0 && document().hidden() {
        return;
    }
    let timer = Promise::new(&mut |done, _| {
        if let Some(window) = web_sys::window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&done, milliseconds);
        }
    });
    let _ = JsFuture::from(timer).await;
}

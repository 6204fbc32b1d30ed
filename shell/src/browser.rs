//! The few things of the browser that nearly every part asks for.

use js_sys::{Function, Object, Promise, Reflect};
use std::{cell::Cell, future::Future, pin::Pin};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AddEventListenerOptions, Document, Element, EventTarget, HtmlElement, Storage, Window};

/// Writes to the console, for those who look after the shop.
pub fn log_error(text: &str) {
    web_sys::console::error_1(&text.into());
}

/// An element of the shell's own page. `index.html` has every one that is asked for.
pub fn by_id(id: &str) -> HtmlElement {
    document().get_element_by_id(id).map_or_else(|| missing(id), JsCast::unchecked_into)
}

/// The elements that a selector names.
pub fn all(selector: &str) -> Vec<Element> {
    let Ok(found) = document().query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|at| Some(found.get(at)?.unchecked_into())).collect()
}

/// The page and the shell are of one release: a missing element is a mistake of ours, told as a panic
/// that the page shows.
pub fn missing<T>(what: &str) -> T {
    panic!("index.html has no {what}")
}

/// The window. A wasm instance without one never gets as far as here.
pub fn window() -> Window {
    js_sys::global().unchecked_into()
}

/// The document.
pub fn document() -> Document {
    property(&window(), "document").unchecked_into()
}

/// `<html>`.
pub fn root() -> Element {
    document().document_element().unwrap_or_else(|| missing("<html>"))
}

/// The browser's storage, unless it is blocked.
pub fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// What the browser keeps for this tab alone, unless it is blocked.
pub fn tab_storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// A property of a JavaScript object; `undefined` where there is none.
pub fn property(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

/// A property that is a text.
pub fn text(object: &JsValue, name: &str) -> Option<String> {
    property(object, name).as_string()
}

/// Sets a property of a plain object, which cannot fail.
pub fn set(object: &Object, name: &str, value: impl Into<JsValue>) {
    let _ = Reflect::set(object, &name.into(), &value.into());
}

/// A random UUID. `crypto.randomUUID` exists in secure contexts only; shops are tried out over plain HTTP
/// in the local network too.
pub fn random_uuid() -> String {
    let mut random = [0; 16];
    let crypto = window().crypto();
    if crypto.and_then(|crypto| crypto.get_random_values_with_u8_array(&mut random)).is_err() {
        // No browser of the last ten years comes here; a number that is only likely to be unique still serves.
        random.fill_with(|| (js_sys::Math::random() * 256.0) as u8);
    }
    contract::uuid::version_4(random)
}

/// Milliseconds since the page began; does not run while the machine sleeps in every browser.
pub fn now() -> f64 {
    window().performance().map_or_else(js_sys::Date::now, |performance| performance.now())
}

/// Waits.
pub async fn sleep(milliseconds: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
    });
    let _ = JsFuture::from(promise).await;
}

/// Lets the browser do what is due: paint, answer a click. Long work is done in parts; at once in a tab that nobody
/// sees, where browsers let timers wait for a second.
pub async fn pause() {
    if !document().hidden() {
        sleep(0).await;
    }
}

// What takes a future or a closure here boxes it before anything else: generic code below would be
// compiled once for each of them, and they are many.

/// Runs `work` to its end, beginning in the next microtask.
pub fn spawn(work: impl Future<Output = ()> + 'static) {
    spawn_boxed(Box::pin(work));
}

#[inline(never)]
fn spawn_boxed(work: Pin<Box<dyn Future<Output = ()>>>) {
    wasm_bindgen_futures::spawn_local(work);
}

/// Runs `work`, and settles the promise with its answer.
pub fn promise(work: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Promise {
    promise_boxed(Box::pin(work))
}

#[inline(never)]
fn promise_boxed(work: Pin<Box<dyn Future<Output = Result<JsValue, JsValue>>>>) -> Promise {
    wasm_bindgen_futures::future_to_promise(work)
}

/// Runs `work` when the page has nothing else to do, after `limit` milliseconds in any case; soon where the browser cannot
/// tell.
pub fn when_idle(limit: Option<i32>, work: impl FnOnce() + 'static) {
    when_idle_boxed(limit, Box::new(work));
}

#[inline(never)]
fn when_idle_boxed(limit: Option<i32>, work: Box<dyn FnOnce()>) {
    let callback = Closure::once_into_js(work);
    let window = window();
    match property(&window, "requestIdleCallback").dyn_into::<Function>() {
        Ok(request) => {
            let options = Object::new();
            set(&options, "timeout", limit);
            let _ = request.call2(&window, &callback, &options);
        }
        Err(_) => {
            let _ =
                window.set_timeout_with_callback_and_timeout_and_arguments_0(callback.unchecked_ref(), 200);
        }
    }
}

/// What nobody does but a person.
const SIGNS_OF_LIFE: [&str; 5] = ["pointermove", "pointerdown", "touchstart", "wheel", "keydown"];

/// Waits for the first sign of somebody, `limit` milliseconds at most.
pub async fn sign_of_life(limit: i32) {
    let window = window();
    let promise = Promise::new(&mut |resolve, _| {
        let once = AddEventListenerOptions::new();
        once.set_once(true);
        once.set_passive(true);
        for sign in SIGNS_OF_LIFE {
            let _ =
                window.add_event_listener_with_callback_and_add_event_listener_options(sign, &resolve, &once);
        }
        let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, limit);
    });
    let _ = JsFuture::from(promise).await;
}

/// Listens for as long as the page lives.
pub fn listen(target: &EventTarget, event: &str, heard: impl FnMut(web_sys::Event) + 'static) {
    listen_boxed(target, event, Box::new(heard));
}

#[inline(never)]
fn listen_boxed(target: &EventTarget, event: &str, heard: Box<dyn FnMut(web_sys::Event)>) {
    let heard = Closure::wrap(heard).into_js_value();
    let _ = target.add_event_listener_with_callback(event, heard.unchecked_ref());
}

thread_local! {
    static NEXT: Cell<u32> = const { Cell::new(1) };
}

/// A number that this page has not had yet.
pub fn fresh_number() -> u32 {
    NEXT.with(|next| next.replace(next.get() + 1))
}

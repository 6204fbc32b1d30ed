//! Whose turn it is: changes go one after the other, whoever on this page or in another tab sends them.

use futures_util::lock::{Mutex, MutexGuard};
use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::{JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

/// What the browser calls it.
const LOCK: &str = "menagerie/cart";
/// So many milliseconds others are waited for at most: a tab that hangs stops nobody for good.
const PATIENCE: u32 = 20_000;

#[wasm_bindgen]
extern "C" {
    // Over plain HTTP there is no such thing, and the call fails as any other may.
    #[wasm_bindgen(js_namespace = ["navigator", "locks"], js_name = request, catch)]
    fn request(name: &str, options: &Object, held: &JsValue) -> Result<Promise, JsValue>;
}

thread_local! {
    /// Where the browser has no locks, at least this instance keeps the order: also when a command comes while the page is
    /// sending.
    static HERE: &'static Mutex<()> = Box::leak(Box::default());
}

/// The turn, until it is dropped.
pub struct Turn {
    end: Option<Function>,
    _here: MutexGuard<'static, ()>,
}

/// Waits until nobody else is sending. A new guest's second change then has the cookie that the first one got.
pub async fn take() -> Turn {
    let here = HERE.with(|here| *here).lock().await;
    let options = Object::new();
    // Setting a property of a fresh object cannot fail.
    let _ = Reflect::set(&options, &"signal".into(), &AbortSignal::timeout_with_u32(PATIENCE));
    let (mut asked, mut end) = (None, None);
    let begun = Promise::new(&mut |begin, _| {
        // The browser gives the lock to others when what it was given settles.
        let held = Promise::new(&mut |done, _| end = Some(done));
        let is_ours = Closure::once_into_js(move || {
            let _ = begin.call0(&JsValue::NULL);
            held
        });
        asked = request(LOCK, &options, &is_ours).ok();
    });
    if let Some(asked) = asked {
        // What was asked for fails where the lock is refused or does not come in time.
        let _ = JsFuture::from(Promise::race(&Array::of2(&begun, &asked))).await;
    }
    Turn { end, _here: here }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(end) = &self.end {
            let _ = end.call0(&JsValue::NULL);
        }
    }
}

//! Small things of the page that microapps share.

use js_sys::{Math, Promise, Uint8Array};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

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

/// Waits for so many milliseconds.
pub async fn pause(milliseconds: i32) {
    let timer = Promise::new(&mut |done, _| {
        if let Some(window) = web_sys::window() {
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&done, milliseconds);
        }
    });
    let _ = JsFuture::from(timer).await;
}

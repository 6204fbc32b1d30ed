//! Small things of the page that microapps share.

use js_sys::{Math, Uint8Array};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

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

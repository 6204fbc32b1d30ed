//! Dates as people write them, by the browser.

use js_sys::{Date, Object, Reflect};
use wasm_bindgen::JsValue;

/// `26 Nov 2026`; what the shop sent where it is no date.
pub fn day(text: &str, locale: &str) -> String {
    let date = Date::new(&JsValue::from_str(text));
    if date.get_time().is_nan() {
        return text.to_owned();
    }
    let options = Object::new();
    // Setting a property of a fresh object cannot fail.
    let _ = Reflect::set(&options, &"dateStyle".into(), &"medium".into());
    date.to_locale_date_string(locale, &options).into()
}

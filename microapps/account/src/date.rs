//! Dates as people write them, by the browser.

use js_sys::{Date, Object, Reflect};
use wasm_bindgen::JsValue;

/// `26 Nov 2026`; what the shop sent where it is no date.
pub fn day(text: &str, locale: &str) -> String {
    written(text, locale, false)
}

/// `26 Nov 2026, 21:52`
pub fn moment(text: &str, locale: &str) -> String {
    written(text, locale, true)
}

fn written(text: &str, locale: &str, with_time: bool) -> String {
    let date = Date::new(&JsValue::from_str(text));
    if date.get_time().is_nan() {
        return text.to_owned();
    }
    let options = Object::new();
    // Setting a property of a fresh object cannot fail.
    let _ = Reflect::set(&options, &"dateStyle".into(), &"medium".into());
    if with_time {
        let _ = Reflect::set(&options, &"timeStyle".into(), &"short".into());
    }
    date.to_locale_string(locale, &options).into()
}

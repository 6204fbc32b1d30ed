//! Numbers and dates as people write them: dates by the browser's own `Intl`.

use contract::shop::money::{Money, SAMPLE, decimal_point};
use js_sys::{Date, Object, Reflect};
use locale::t;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = Date, js_name = Date)]
    type Instant;
    #[wasm_bindgen(method, catch, js_name = toLocaleString)]
    fn written(this: &Instant, locale: &str, options: &Object) -> Result<String, JsValue>;
}

/// `€19.99`
pub fn money(money: &Money) -> String {
    money.written(&t(SAMPLE))
}

/// `4.3` of 43 tenths: what stars come to on average.
pub fn tenths(tenths: i64) -> String {
    (tenths / 10).to_string() + &decimal_point(&t(SAMPLE)) + &(tenths % 10).to_string()
}

/// `26 Nov 2026` of an instant as the shop sends it, in the reader's time zone.
pub fn day(instant: &str, locale: &str) -> String {
    written(instant, locale, &[("dateStyle", "medium")])
}

/// `26 November 2026`
pub fn long_day(instant: &str, locale: &str) -> String {
    written(instant, locale, &[("dateStyle", "long")])
}

/// `26 Nov 2026, 21:52`
pub fn moment(instant: &str, locale: &str) -> String {
    written(instant, locale, &[("dateStyle", "medium"), ("timeStyle", "short")])
}

/// `Mon 21:52` of so many milliseconds since 1970.
pub fn day_and_hour(at: f64, locale: &str) -> String {
    let date: Instant = Date::new(&at.into()).unchecked_into();
    let style = options(&[("weekday", "short"), ("hour", "2-digit"), ("minute", "2-digit")]);
    date.written(locale, &style).unwrap_or_default()
}

/// What the shop sent where it is no date, or where the browser does not know the locale.
fn written(instant: &str, locale: &str, style: &[(&str, &str)]) -> String {
    let date = Date::new(&instant.into());
    if date.get_time().is_nan() {
        return instant.to_owned();
    }
    let date: Instant = date.unchecked_into();
    date.written(locale, &options(style)).unwrap_or_else(|_| instant.to_owned())
}

fn options(style: &[(&str, &str)]) -> Object {
    let options = Object::new();
    for (name, value) in style {
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&options, &(*name).into(), &(*value).into());
    }
    options
}

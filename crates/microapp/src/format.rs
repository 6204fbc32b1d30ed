//! Numbers and dates as people write them, by the browser's own `Intl`.

use contract::shop::money::Money;
use js_sys::{Date, Function, Object, Reflect};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = Intl)]
    type NumberFormat;
    #[wasm_bindgen(constructor, js_namespace = Intl, catch)]
    fn new(locale: &str, options: &Object) -> Result<NumberFormat, JsValue>;
}

/// `€19.99`. Falls back to `19.99 EUR` for a currency or locale that the browser does not know.
// A body of its own, and so the same in every microapp: what is the same is not fetched again.
#[inline(never)]
pub fn money(money: &Money, locale: &str) -> String {
    // Minor units of every currency that the shop offers are hundredths.
    let value = money.amount as f64 / 100.0;
    let style = [("style", "currency"), ("currency", money.currency.as_str())];
    number(value, locale, &style).unwrap_or_else(|| plain(money))
}

/// `4.3` of 43 tenths: what stars come to on average.
pub fn tenths(tenths: i64, locale: &str) -> String {
    let style = [("minimumFractionDigits", "1")];
    number(tenths as f64 / 10.0, locale, &style)
        .unwrap_or_else(|| [(tenths / 10).to_string(), (tenths % 10).to_string()].join("."))
}

thread_local! {
    /// Making one takes as long as writing a hundred numbers; a page has one or two.
    static MADE: RefCell<Vec<(String, Function)>> = const { RefCell::new(Vec::new()) };
}

/// `None` for what the browser does not know.
#[inline(never)]
fn number(value: f64, locale: &str, style: &[(&str, &str)]) -> Option<String> {
    let mut key = locale.to_owned();
    style.iter().for_each(|(_, value)| key.push_str(value));
    let made = MADE.with_borrow(|made| made.iter().find(|(known, _)| *known == key).map(|(_, f)| f.clone()));
    let format = match made {
        Some(format) => format,
        None => {
            let maker = NumberFormat::new(locale, &options(style)).ok()?;
            // Bound to its maker, as the standard has it.
            let format: Function = Reflect::get(&maker, &"format".into()).ok()?.dyn_into().ok()?;
            MADE.with_borrow_mut(|made| made.push((key, format.clone())));
            format
        }
    };
    format.call1(&JsValue::UNDEFINED, &value.into()).ok()?.as_string()
}

fn options(style: &[(&str, &str)]) -> Object {
    let options = Object::new();
    for (name, value) in style {
        // Setting a property of a fresh object cannot fail.
        let _ = Reflect::set(&options, &(*name).into(), &(*value).into());
    }
    options
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

/// What the shop sent where it is no date.
fn written(instant: &str, locale: &str, style: &[(&str, &str)]) -> String {
    let date = Date::new(&instant.into());
    if date.get_time().is_nan() {
        return instant.to_owned();
    }
    date.to_locale_string(locale, &options(style)).into()
}

/// By whole numbers: writing an `f64` takes 18 KB of wasm.
fn plain(money: &Money) -> String {
    let (sign, hundredths) = (if money.amount < 0 { "-" } else { "" }, money.amount.unsigned_abs());
    format!("{sign}{}.{:02} {}", hundredths / 100, hundredths % 100, money.currency)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_the_browsers_help() {
        for (amount, expected) in [(1999, "19.99 EUR"), (5, "0.05 EUR"), (-150, "-1.50 EUR"), (0, "0.00 EUR")]
        {
            assert_eq!(plain(&Money { amount, currency: "EUR".to_owned() }), expected);
        }
    }
}

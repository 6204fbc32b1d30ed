//! Numbers and dates as people write them, by the browser's own `Intl`.

use contract::shop::money::Money;
use js_sys::{Function, Object, Reflect};
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
    let options = Object::new();
    let _ = Reflect::set(&options, &"style".into(), &"currency".into());
    let _ = Reflect::set(&options, &"currency".into(), &money.currency.as_str().into());
    NumberFormat::new(locale, &options)
        .ok()
        .and_then(|format| {
            let function: Function = Reflect::get(&format, &"format".into()).ok()?.dyn_into().ok()?;
            function.call1(&format, &value.into()).ok()?.as_string()
        })
        .unwrap_or_else(|| plain(money))
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

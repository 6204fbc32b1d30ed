//! What is said, in the language of the page.
//!
//! English stands in the code, where it can be read, and is the key; every other language is a file,
//! `assets/locales/de.json`, of which a release carries what its code can say. Whoever reads English loads nothing.
//!
//! ```
//! use locale::{t, t_count, t_with};
//! assert_eq!(t("Remove"), "Remove");
//! assert_eq!(t_with("Remove {name}", &[("name", "Dog bed")]), "Remove Dog bed");
//! assert_eq!(t_count("{n} item", "{n} items", 2), "2 items");
//! ```
//!
//! A language's file has `"Remove": "Entfernen"`; for counted things, under the form for many, the forms of
//! its plural as CLDR names them: `"{n} items": { "one": "{n} Artikel", "other": "{n} Artikel" }`.

use js_sys::{Array, Intl::PluralRules, Object, Reflect};
use std::cell::RefCell;
use wasm_bindgen::JsValue;

/// A language and its texts.
struct Spoken {
    language: String,
    texts: JsValue,
}

thread_local! {
    /// Nothing for English.
    static SPOKEN: RefCell<Option<Spoken>> = const { RefCell::new(None) };
}

/// Speaks `language` (`de`) from now on, by the object that its file holds; English where it is none.
pub fn speak(language: &str, texts: JsValue) {
    let spoken = texts.is_object().then(|| Spoken { language: language.to_owned(), texts });
    SPOKEN.set(spoken);
}

/// A text in the language of the page; English where it has no other.
#[inline(never)]
pub fn t(english: &str) -> String {
    SPOKEN
        .with_borrow(|spoken| Reflect::get(&spoken.as_ref()?.texts, &english.into()).ok()?.as_string())
        .unwrap_or_else(|| english.to_owned())
}

/// A text with values in its places: `{name}`.
#[inline(never)]
pub fn t_with(english: &str, places: &[(&str, &str)]) -> String {
    fill(&t(english), places)
}

/// A text about `n` things, by the plural of the language: `{n} item`, `{n} items`.
#[inline(never)]
pub fn t_count(one: &str, other: &str, n: i64) -> String {
    let form = SPOKEN.with_borrow(|spoken| {
        let spoken = spoken.as_ref()?;
        let forms = Reflect::get(&spoken.texts, &other.into()).ok()?;
        let rules = PluralRules::new(&Array::of1(&spoken.language.as_str().into()), &Object::new());
        let form = Reflect::get(&forms, &rules.select(n as f64).into()).ok()?;
        form.as_string().or_else(|| Reflect::get(&forms, &"other".into()).ok()?.as_string())
    });
    let form = form.unwrap_or_else(|| if n == 1 { one } else { other }.to_owned());
    fill(&form, &[("n", &n.to_string())])
}

/// From left to right, so that a value with braces in it is not filled in itself.
fn fill(text: &str, places: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        let value = places.iter().find(|(known, _)| *known == name);
        filled.push_str(value.map_or("", |(_, value)| value));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_to_their_places_in_any_order() {
        let places = [("a", "1"), ("b", "{a}")];
        for (text, expected) in [
            ("no places", "no places"),
            ("{a} then {b}", "1 then {a}"),
            ("{b}{a}{b}", "{a}1{a}"),
            ("{unknown}!", "!"),
            ("an open {a", "an open 1"),
            ("", ""),
        ] {
            assert_eq!(fill(text, &places), expected, "{text}");
        }
    }

    #[test]
    fn english_counts_one_and_many() {
        for (n, expected) in [(0, "0 items"), (1, "1 item"), (2, "2 items"), (-1, "-1 items")] {
            assert_eq!(t_count("{n} item", "{n} items", n), expected);
        }
    }
}

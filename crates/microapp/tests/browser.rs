//! What only a browser can show of the SDK: its JSON beside `serde_json`'s, and elements that follow signals.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::unwrap_used, reason = "a failed unwrap is how a test fails")]

use contract::shop::money::Money;
use leptos::prelude::*;
use microapp::{Context, Failure, Microapp, Payload, State, element::El, format, json, keyed, t, t_count};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::{collections::BTreeMap, fmt::Debug};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum Shape {
    Nothing,
    Round(u32),
    Pair(i8, String),
    #[serde(rename = "box")]
    Box {
        width: f64,
        label: Option<String>,
    },
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Everything {
    truth: bool,
    small: i8,
    large: i64,
    fraction: f64,
    letter: char,
    text: String,
    missing: Option<u32>,
    #[serde(default)]
    defaulted: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<String>,
    list: Vec<Option<i32>>,
    pair: (String, u16),
    map: BTreeMap<String, Vec<u8>>,
    unit: (),
}

/// Ours writes what `serde_json` writes, and each reads what the other wrote.
fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: &T) {
    let (ours, theirs) = (json::to_text(value), serde_json::to_string(value).unwrap());
    assert_eq!(&serde_json::from_str::<T>(&ours).unwrap(), value, "{ours}");
    assert_eq!(json::from_text::<T>(&theirs).as_ref(), Some(value), "{theirs}");
    assert_eq!(json::from_js::<T>(&json::to_js(value)).as_ref(), Some(value), "{theirs}");
}

#[wasm_bindgen_test]
fn json_is_what_serde_json_makes_of_it() {
    check(&Everything::default());
    check(&Everything {
        truth: true,
        small: i8::MIN,
        large: (1 << 53) - 1,
        fraction: -0.125,
        letter: 'ß',
        text: "a \"quoted\" \u{2028} 🐕 line\n".to_owned(),
        missing: Some(7),
        defaulted: vec![String::new()],
        skipped: Some("no longer".to_owned()),
        list: vec![Some(1), None, Some(-1)],
        pair: ("p".to_owned(), u16::MAX),
        map: [("__proto__".to_owned(), vec![1, 255]), ("".to_owned(), Vec::new())].into(),
        unit: (),
    });
    for shape in [
        Shape::Nothing,
        Shape::Round(3),
        Shape::Pair(-1, "x".to_owned()),
        Shape::Box { width: 1.5, label: None },
        Shape::Box { width: 2.0, label: Some("l".to_owned()) },
    ] {
        check(&shape);
    }
}

#[wasm_bindgen_test]
fn keys_that_are_no_texts_are_read_as_what_they_were() {
    #[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    struct Id(u64);
    #[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    enum Size {
        Small,
        Large,
    }
    check(&BTreeMap::from([(7_u32, 2_u32), (u32::MAX, 0)]));
    check(&BTreeMap::from([(i8::MIN, "least"), (0, "none")].map(|(key, text)| (key, text.to_owned()))));
    check(&BTreeMap::from([(true, 1), (false, 2)]));
    check(&BTreeMap::from([(Id(1), ()), (Id((1 << 53) - 1), ())]));
    check(&BTreeMap::from([(Size::Small, 'ß'), (Size::Large, 'x')]));
    check(&BTreeMap::from([('7', 7)]));
    for text in ["{\"\":1}", "{\"x\":1}", "{\"-1\":1}", "{\"1.5\":1}"] {
        assert!(json::from_text::<BTreeMap<u8, u8>>(text).is_none(), "{text}");
    }
}

#[wasm_bindgen_test]
fn what_is_not_of_the_type_is_refused() {
    fn refused<T: DeserializeOwned + Debug>(text: &str) {
        assert!(json::from_text::<T>(text).is_none(), "{text}");
    }
    refused::<u8>("256");
    refused::<u8>("-1");
    refused::<u8>("1.5");
    refused::<i64>("\"1\"");
    refused::<bool>("1");
    refused::<char>("\"ab\"");
    refused::<Vec<u8>>("{}");
    refused::<(u8, u8)>("[1]");
    refused::<Shape>("\"Square\"");
    refused::<Shape>("{}");
    refused::<Shape>("{\"Pair\":[1]}");
    refused::<Everything>("{\"truth\":true}");
    refused::<Everything>("[]");
    refused::<Everything>("null");
    refused::<u8>("");
    refused::<u8>("{");
}

#[wasm_bindgen_test]
fn amounts_and_averages_are_written_in_the_language_of_the_page() {
    let said = || [format::money(&Money { amount: 123_456, currency: "EUR".to_owned() }), format::tenths(43)];
    assert_eq!(said(), ["€1,234.56", "4.3"]);
    let texts = "{ \"€1,234.50\": \"1.234,50\u{a0}€\" }";
    microapp::__private::speak("de", js_sys::JSON::parse(texts).unwrap());
    assert_eq!(said(), ["1.234,56\u{a0}€", "4,3"]);
    microapp::__private::speak("en", wasm_bindgen::JsValue::UNDEFINED);
}

#[wasm_bindgen_test]
fn a_date_in_a_locale_that_the_browser_does_not_know_is_left_as_it_came() {
    // The same day in nearly every time zone.
    let instant = "2026-11-26T11:52:00Z";
    assert_eq!(format::long_day(instant, "en-GB"), "26 November 2026");
    assert_eq!(format::long_day(instant, "en_GB"), instant);
    assert_eq!(format::moment("not a date", "en-GB"), "not a date");
}

#[wasm_bindgen_test]
fn texts_are_said_in_the_language_of_the_page() {
    let texts = r#"{ "Remove": "Entfernen", "from {price}": "ab {price} aufwärts",
        "{n} items": { "one": "{n} Ding", "other": "{n} Dinge" }, "{n} left": { "other": "noch {n}" } }"#;
    let said = || {
        let price = El::new("m-test", "b").text("€5");
        let element = El::new("m-test", "p").text_around(&t("from {price}"), price).attr_t("title", "Remove");
        let counts = [1, 2].map(|n| t_count("{n} item", "{n} items", n)).join(", ");
        let left = t_count("{n} left", "{n} left", 1);
        (element.node().outer_html(), counts, left, t("nobody translated this"))
    };
    let check = |html: &str, counts: &str, left: &str| {
        let expected = (html.to_owned(), counts.to_owned(), left.to_owned());
        let (html, counts, left, unknown) = said();
        assert_eq!((html, counts, left), expected);
        assert_eq!(unknown, "nobody translated this");
    };
    let english = r#"<p class="m-test" title="Remove">from <b class="m-test">€5</b></p>"#;
    check(english, "1 item, 2 items", "1 left");
    microapp::__private::speak("de", js_sys::JSON::parse(texts).unwrap());
    let german = r#"<p class="m-test" title="Entfernen">ab <b class="m-test">€5</b> aufwärts</p>"#;
    check(german, "1 Ding, 2 Dinge", "noch 1");
    microapp::__private::speak("de", wasm_bindgen::JsValue::UNDEFINED);
    check(english, "1 item, 2 items", "1 left");
}

/// Lets effects run.
async fn settle() {
    for _ in 0..3 {
        any_spawner::Executor::tick().await;
    }
}

#[wasm_bindgen_test]
async fn elements_follow_signals_until_their_owner_ends() {
    let _ = any_spawner::Executor::init_wasm_bindgen();
    let owner = Owner::new();
    let (list, made, element) = owner.with(|| {
        let list = RwSignal::new(vec!["a", "b"]);
        let made = StoredValue::new(0);
        let element =
            El::new("m-test", "ul").class_when("many", move || list.with(Vec::len) > 1).children_from(
                move || list.get().concat(),
                move || {
                    made.update_value(|made| *made += 1);
                    list.get().into_iter().map(|text| El::new("m-test", "li").text(text)).collect()
                },
            );
        (list, made, element)
    });
    let shows = || element.node().outer_html();
    settle().await;
    assert_eq!(shows(), r#"<ul class="m-test many"><li class="m-test">a</li><li class="m-test">b</li></ul>"#);

    list.set(vec!["a", "b"]);
    settle().await;
    assert_eq!(made.get_value(), 1, "the same key draws nothing anew");

    list.set(vec!["c"]);
    settle().await;
    assert_eq!(shows(), r#"<ul class="m-test"><li class="m-test">c</li></ul>"#);

    owner.cleanup();
    assert!(list.is_disposed());
    settle().await;
    assert_eq!(shows(), r#"<ul class="m-test"><li class="m-test">c</li></ul>"#);
}

#[wasm_bindgen_test]
async fn a_key_that_comes_twice_has_one_child() {
    let _ = any_spawner::Executor::init_wasm_bindgen();
    let owner = Owner::new();
    let (keys, list) = owner.with(|| {
        let keys = RwSignal::new(vec!['a', 'a', 'b']);
        let child = |key: char| El::new("m-test", "li").text(&key.to_string());
        (keys, keyed::children(El::new("m-test", "ul"), move || keys.get(), child))
    });
    let shows = || list.node().text_content().unwrap_or_default();
    settle().await;
    assert_eq!(shows(), "ab");
    keys.set(vec!['c', 'b', 'c', 'a', 'b', 'd']);
    settle().await;
    assert_eq!(shows(), "cbad");
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Noted(Vec<String>);

impl State for Noted {
    type Action = String;
    fn reduce(&mut self, note: String) {
        self.0.push(note);
    }
}

thread_local! {
    static CLEANED_UP: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

/// Its command notes something, after it has waited, and answers with all that is noted.
struct Notes;

impl Microapp for Notes {
    type State = Noted;
    fn render(_: Context<Noted>) -> impl IntoView {}
    async fn command(context: Context<Noted>, name: String, _: Payload) -> Result<Payload, Failure> {
        settle().await;
        on_cleanup(|| CLEANED_UP.set(CLEANED_UP.get() + 1));
        context.store.dispatch(name);
        Ok(Payload::new(&context.store.get()))
    }
}

/// Runs the command on a short-lived instance.
fn note(text: &str) -> js_sys::Promise {
    let nothing = wasm_bindgen::JsValue::UNDEFINED;
    microapp::__private::command::<Notes>("notes", text.to_owned(), nothing.clone(), nothing)
}

fn storage() -> web_sys::Storage {
    web_sys::window().unwrap().local_storage().unwrap().unwrap()
}

#[wasm_bindgen_test]
async fn stores_at_one_place_lose_nothing() {
    storage().clear().unwrap();
    // Both are open before the first writes.
    let [first, second] = ["first", "second"].map(note);
    wasm_bindgen_futures::JsFuture::from(first).await.unwrap();
    let answer = wasm_bindgen_futures::JsFuture::from(second).await.unwrap();
    let both = Noted(["first", "second"].map(str::to_owned).into());
    assert_eq!(json::from_js::<Noted>(&answer), Some(both.clone()));
    let place = (0..storage().length().unwrap()).find_map(|at| storage().key(at).unwrap()).unwrap();
    assert_eq!(json::from_text::<Noted>(&storage().get_item(&place).unwrap().unwrap()), Some(both));

    // What cannot be read begins anew, and stays beside it.
    storage().set_item(&place, "{").unwrap();
    let answer = wasm_bindgen_futures::JsFuture::from(note("third")).await.unwrap();
    assert_eq!(json::from_js::<Noted>(&answer), Some(Noted(vec!["third".to_owned()])));
    assert_eq!(storage().get_item(&(place + "/unreadable")).unwrap().as_deref(), Some("{"));
}

#[wasm_bindgen_test]
async fn a_command_is_cleaned_up_after_also_where_it_has_waited() {
    let before = CLEANED_UP.get();
    wasm_bindgen_futures::JsFuture::from(note("anything")).await.unwrap();
    assert_eq!(CLEANED_UP.get(), before + 1);
}

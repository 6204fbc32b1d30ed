//! Hearing and speaking, where the browser can: its own `SpeechRecognition` and `speechSynthesis`.

use crate::{chat::Chat, texts::Language};
use js_sys::{Array, Function, Object, Reflect, global};
use leptos::prelude::*;
use microapp::property::{self, set};
use std::cell::Cell;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};

/// Calls a method; what it throws is no news to anybody.
fn call(object: &JsValue, name: &str, argument: &JsValue) {
    if let Ok(function) = property::get(object, name).dyn_into::<Function>() {
        let _ = function.call1(object, argument);
    }
}

fn made(name: &str, arguments: &Array) -> Option<JsValue> {
    let constructor: Function = property::get(&global(), name).dyn_into().ok()?;
    Reflect::construct(&constructor, arguments).ok()
}

fn recognition() -> Option<&'static str> {
    ["SpeechRecognition", "webkitSpeechRecognition"]
        .into_iter()
        .find(|name| property::get(&global(), name).is_function())
}

/// Whether the browser can turn speech into text.
pub fn can_listen() -> bool {
    recognition().is_some()
}

/// Whether the browser can read aloud.
pub fn can_speak() -> bool {
    property::get(&global(), "speechSynthesis").is_object()
}

fn tag(language: Language) -> &'static str {
    match language {
        Language::English => "en-GB",
        Language::German => "de-DE",
    }
}

/// Reads a text aloud, after what is being read. A voice of this device goes before one far away.
pub fn speak(text: &str, language: Language) {
    if text.trim().is_empty() {
        return;
    }
    let synthesis = property::get(&global(), "speechSynthesis");
    let Some(utterance) = made("SpeechSynthesisUtterance", &Array::of1(&text.into())) else { return };
    set(&utterance, "lang", &tag(language).into());
    let voices = property::get(&synthesis, "getVoices").dyn_into::<Function>().ok();
    let voices = voices.and_then(|voices| voices.call0(&synthesis).ok()).unwrap_or_default();
    if let Ok(voices) = voices.dyn_into::<Array>() {
        let fits = |voice: &JsValue| {
            let speaks = property::get(voice, "lang")
                .as_string()
                .is_some_and(|lang| lang.starts_with(language.code()));
            speaks && property::get(voice, "localService").is_truthy()
        };
        if let Some(voice) = voices.iter().find(fits) {
            set(&utterance, "voice", &voice);
        }
    }
    call(&synthesis, "speak", &utterance);
    SPOKE.set(true);
}

thread_local! {
    static SPOKE: Cell<bool> = const { Cell::new(false) };
}

/// Stops reading. Whatever the page reads stops, too: so only where something was read here.
pub fn be_silent() {
    if SPOKE.take() {
        call(&property::get(&global(), "speechSynthesis"), "cancel", &JsValue::UNDEFINED);
    }
}

/// An ear that is open. It closes when this is dropped.
pub struct Ear {
    recognition: JsValue,
    _heard: [Closure<dyn FnMut(JsValue)>; 3],
}

impl Drop for Ear {
    fn drop(&mut self) {
        for event in ["onresult", "onerror", "onend"] {
            set(&self.recognition, event, &JsValue::NULL);
        }
        call(&self.recognition, "abort", &JsValue::UNDEFINED);
    }
}

impl Ear {
    /// Listens to one sentence. `heard` gets what is understood so far, and `true` with the last of it.
    pub fn open(chat: Chat, heard: impl Fn(String, bool) + 'static) -> Option<Self> {
        let recognition = made(recognition()?, &Array::new())?;
        set(&recognition, "lang", &tag(chat.language.get_untracked()).into());
        set(&recognition, "interimResults", &JsValue::TRUE);
        let on_result = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            let (mut text, mut last) = (String::new(), false);
            let results: Array = Array::from(&Object::from(property::get(&event, "results")));
            for result in results.iter() {
                text.push_str(
                    &property::get(&property::get(&result, "0"), "transcript")
                        .as_string()
                        .unwrap_or_default(),
                );
                last = property::get(&result, "isFinal").is_truthy();
            }
            heard(text, last);
        });
        let on_error = Closure::<dyn FnMut(JsValue)>::new(move |_| {
            chat.status.set(chat.language.get_untracked().texts().not_heard.to_owned());
            chat.listening.set(false);
        });
        let on_end = Closure::<dyn FnMut(JsValue)>::new(move |_| chat.listening.set(false));
        set(&recognition, "onresult", on_result.as_ref());
        set(&recognition, "onerror", on_error.as_ref());
        set(&recognition, "onend", on_end.as_ref());
        call(&recognition, "start", &JsValue::UNDEFINED);
        Some(Self { recognition, _heard: [on_result, on_error, on_end] })
    }
}

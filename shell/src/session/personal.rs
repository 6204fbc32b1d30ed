//! What this browser keeps of people: whose it is, and how it goes when they do.

use super::Account;
use crate::browser;
use contract::{
    rollout,
    storage::{PERSONAL_PREFIX, STORE_PREFIX},
};
use js_sys::{Number, Object};
use wasm_bindgen::JsValue;
use web_sys::{Storage, StorageEvent, StorageEventInit};

/// Whose personal stores this browser keeps: a hash of the address of whoever is signed in. The other tabs hear by it
/// that somebody signed in or out.
pub const PERSON: &str = "menagerie/person";

/// How an account is known there. Written by the browser: what writes a fraction would be 5 KB of this wasm.
pub fn person_of(account: Option<&Account>) -> Option<String> {
    let drawn = Number::from(rollout::draw(&account?.email, PERSON));
    drawn.to_string_with_radix(10).ok().map(String::from)
}

/// Whose personal stores this browser keeps.
pub fn kept_of() -> Option<String> {
    browser::storage()?.get_item(PERSON).ok().flatten()
}

/// Clears what this browser keeps of somebody else, also where their session ended elsewhere or ran out, and notes whose
/// it is from now on.
pub fn hand_over(account: Option<&Account>) {
    let Some(storage) = browser::storage() else { return };
    let person = person_of(account);
    let before = kept_of();
    if before == person {
        return;
    }
    if before.is_some() {
        clear(browser::tab_storage());
        clear(browser::storage());
    }
    let _ = match person {
        Some(person) => storage.set_item(PERSON, &person),
        None => storage.remove_item(PERSON),
    };
}

/// Clears what is marked personal, and tells the apps on this page, as other tabs are told by the browser.
pub fn clear(storage: Option<Storage>) {
    let Some(storage) = storage else { return };
    for key in keys_of(&storage, PERSONAL_PREFIX) {
        let _ = storage.remove_item(&key);
        tell(&key, None);
    }
}

/// The same of what the browser did not take, and this page has instead.
pub fn clear_page() {
    let window = browser::window();
    let keys = Object::keys(&window).into_iter().filter_map(|key| key.as_string());
    for key in keys.filter(|key| key.starts_with(PERSONAL_PREFIX)) {
        browser::set(&window, &key, JsValue::NULL);
        tell(&key, None);
    }
}

/// Tells the apps on this page of what all stores keep now: it heard of no other tab while the browser kept it.
pub fn tell_of_stores() {
    let Some(storage) = browser::storage() else { return };
    for key in [STORE_PREFIX, PERSONAL_PREFIX].iter().flat_map(|prefix| keys_of(&storage, prefix)) {
        tell(&key, storage.get_item(&key).ok().flatten().as_deref());
    }
}

fn keys_of(storage: &Storage, prefix: &str) -> Vec<String> {
    let keys = (0..storage.length().unwrap_or(0)).filter_map(|index| storage.key(index).ok().flatten());
    keys.filter(|key| key.starts_with(prefix)).collect()
}

/// Says what a key has now, as the browser does when another tab changes it.
fn tell(key: &str, value: Option<&str>) {
    let init = StorageEventInit::new();
    init.set_key(Some(key));
    init.set_new_value(value);
    if let Ok(event) = StorageEvent::new_with_event_init_dict("storage", &init) {
        let _ = browser::window().dispatch_event(&event);
    }
}

//! A random number for this browser, so that it keeps the release that it drew.

use crate::browser;
use std::cell::OnceCell;

const KEY: &str = "menagerie/visitor";

thread_local! {
    static OF_THE_PAGE: OnceCell<String> = const { OnceCell::new() };
}

/// The visitor's id. Where storage is blocked it lasts as long as the page.
pub fn id() -> String {
    OF_THE_PAGE.with(|id| id.get_or_init(find).clone())
}

fn find() -> String {
    let storage = browser::storage();
    let known = storage.as_ref().and_then(|s| s.get_item(KEY).ok().flatten());
    known.filter(|id| id.len() == 36).unwrap_or_else(|| {
        let id = browser::random_uuid();
        if let Some(storage) = storage {
            let _ = storage.set_item(KEY, &id);
        }
        id
    })
}

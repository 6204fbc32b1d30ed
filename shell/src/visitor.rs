//! A random number for this browser, so that it keeps the release that it drew.

use crate::browser;

const KEY: &str = "menagerie/visitor";

/// The visitor's id. Where storage is blocked it lasts as long as the page.
pub fn id() -> String {
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

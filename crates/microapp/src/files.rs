//! The further files of a microapp's own release: what `files` and `agents` in its Cargo.toml name.

use crate::property;
use js_sys::Function;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};

/// Where a file of the release lies, and what it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseFile {
    /// Its address.
    pub address: String,
    /// Its hash, for `fetch`: `sha384-…`.
    pub integrity: String,
}

thread_local! {
    static FIND: RefCell<Option<Function>> = const { RefCell::new(None) };
}

/// Remembers what the entry module knows.
pub(crate) fn remember(props: &JsValue) {
    FIND.set(property::get(props, "file").dyn_into().ok());
}

/// A file of the release, by its name; for mounted instances.
pub fn release_file(name: &str) -> Option<ReleaseFile> {
    let find = FIND.with_borrow(Clone::clone)?;
    let found = find.call1(&JsValue::UNDEFINED, &name.into()).ok()?;
    let text = |name: &str| property::get(&found, name).as_string();
    Some(ReleaseFile { address: text("address")?, integrity: text("integrity")? })
}

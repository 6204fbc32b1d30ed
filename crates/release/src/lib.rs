//! What a release is: pack, scope styles, hash, verify. No network, no other processes.
//!
//! 1. A release is a map of plain file names to bytes, one of them `microapp.json`.
//! 2. [`pack`] makes one from what the build staged; [`verify`] is the only judge of whether one is good.
//! 3. The same input gives the same bytes, and the version of a local build is the hash of them.
//!
//! ```
//! let integrity = release::hash::integrity(b"export const mount = 1");
//! assert!(integrity.starts_with("sha384-"));
//! ```

pub mod archive;
pub mod compress;
mod error;
pub mod exports;
pub mod hash;
pub mod verify;

#[cfg(feature = "pack")]
mod compact;
#[cfg(feature = "pack")]
pub mod description;
#[cfg(feature = "pack")]
pub mod entry;
#[cfg(feature = "pack")]
pub mod glue;
#[cfg(feature = "pack")]
pub mod layout;
#[cfg(feature = "pack")]
pub mod locales;
#[cfg(feature = "pack")]
pub mod module;
#[cfg(feature = "pack")]
pub mod pack;
#[cfg(feature = "pack")]
pub mod page;
#[cfg(feature = "pack")]
mod reach;
#[cfg(feature = "pack")]
mod short_names;
#[cfg(feature = "pack")]
mod source;
#[cfg(feature = "pack")]
pub mod spoken_page;
#[cfg(feature = "pack")]
pub mod style;
#[cfg(feature = "pack")]
mod table;

pub use error::Error;

use std::collections::BTreeMap;

/// The files of a release by plain name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// The name under which the shell itself is released.
pub const SHELL: &str = "shell";
/// No microapp has this name: its class would be the one that the root element of every microapp has.
pub const ROOT: &str = "root";
/// The shell's file that visitors get as the page.
pub const PAGE: &str = "index.html";

/// The names of the operators' microapps. Like the shell they are in no manifest of the shop: they have a page of their own.
pub const OPERATORS: [&str; 2] = ["console", "backoffice"];

/// Whether a microapp is for operators.
pub fn is_for_operators(app: &str) -> bool {
    OPERATORS.contains(&app)
}

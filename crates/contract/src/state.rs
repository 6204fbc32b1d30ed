//! The life of a microapp on a page, one enum as in single-spa.

use serde::{Deserialize, Serialize};

/// Where a microapp stands. Every change is a `menagerie:app-state` event on `window`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AppState {
    /// Known from the manifest, nothing fetched.
    NotLoaded,
    /// Its files are on the way.
    Loading,
    /// Loaded, `bootstrap` not called yet.
    NotBootstrapped,
    /// `bootstrap` is running.
    Bootstrapping,
    /// Ready, not on the page.
    NotMounted,
    /// `mount` is running.
    Mounting,
    /// On the page.
    Mounted,
    /// `update` is running.
    Updating,
    /// `unmount` is running.
    Unmounting,
    /// `unload` is running: its release is being replaced or dropped.
    Unloading,
    /// A lifecycle failed or it panicked. It is started anew by Retry, by coming back to its address, or by a command.
    Broken,
    /// Its files could not be had. Retry fetches them under a fresh address.
    LoadFailed,
}

impl AppState {
    /// The name in events and messages, as single-spa spells it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotLoaded => "NOT_LOADED",
            Self::Loading => "LOADING",
            Self::NotBootstrapped => "NOT_BOOTSTRAPPED",
            Self::Bootstrapping => "BOOTSTRAPPING",
            Self::NotMounted => "NOT_MOUNTED",
            Self::Mounting => "MOUNTING",
            Self::Mounted => "MOUNTED",
            Self::Updating => "UPDATING",
            Self::Unmounting => "UNMOUNTING",
            Self::Unloading => "UNLOADING",
            Self::Broken => "BROKEN",
            Self::LoadFailed => "LOAD_FAILED",
        }
    }
}

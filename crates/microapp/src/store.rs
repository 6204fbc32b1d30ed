//! A store per microapp: state, actions, a reducer; kept in the browser, in step across tabs.

use crate::{Host, Level, Listener, Notice, failure::Failure, json};
use contract::{
    code,
    storage::{PERSONAL_PREFIX, STORE_PREFIX},
};
use leptos::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::JsCast;
use web_sys::{Storage, StorageEvent, window};

/// The state of a [`Store`].
pub trait State: Clone + Default + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Raise it when older releases could not read what is written. Each version has a place of its
    /// own, so that a release that is rolled back finds its own last state.
    const VERSION: u32 = 1;
    /// Whether it is about the person who is signed in; then it is cleared at sign-out.
    const PERSONAL: bool = false;
    /// What can happen to it.
    type Action;
    /// The one place where it changes.
    fn reduce(&mut self, action: Self::Action);
    /// Makes this state out of what version `from` left, as JSON. The old one stays where it is.
    fn migrate(from: u32, stored: &str) -> Option<Self> {
        let _ = (from, stored);
        None
    }
}

/// A microapp without a store.
impl State for () {
    type Action = ();
    fn reduce(&mut self, (): ()) {}
}

/// The state of a microapp. A change is written at once, so a crash loses nothing.
pub struct Store<S: State> {
    state: RwSignal<S>,
    key: StoredValue<String>,
    host: Host,
    warned: StoredValue<bool>,
}

impl<S: State> Copy for Store<S> {}

impl<S: State> Clone for Store<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: State> Store<S> {
    /// Reads the stored state of `app`, migrating an older version's where there is none yet.
    pub(crate) fn open(app: &str, host: Host) -> Self {
        let key = key::<S>(app, S::VERSION);
        let store = Self {
            state: RwSignal::new(S::default()),
            key: StoredValue::new(key.clone()),
            host,
            warned: StoredValue::new(false),
        };
        // `()` and the like have nothing to keep.
        if size_of::<S>() > 0 {
            if let Some(state) = store.load(app, &key) {
                store.state.set(state);
            }
            store.follow_other_tabs();
        }
        store
    }

    /// The state now; inside a view or effect, also subscribes to it.
    pub fn get(&self) -> S {
        self.state.get()
    }

    /// A part of the state now; inside a view or effect, also subscribes to it.
    pub fn with<T>(&self, read: impl FnOnce(&S) -> T) -> T {
        self.state.with(read)
    }

    /// A part of the state now, without subscribing.
    pub fn with_untracked<T>(&self, read: impl FnOnce(&S) -> T) -> T {
        self.state.with_untracked(read)
    }

    /// Whether its mount still lives. A task that may outlive the mount asks this after every `await`.
    pub fn is_open(&self) -> bool {
        self.key.try_with_value(|_| ()).is_some()
    }

    /// Changes the state and keeps it.
    pub fn dispatch(&self, action: S::Action) {
        self.state.update(|state| state.reduce(action));
        if let Err(reason) = self.write() {
            self.warn(&reason);
        }
    }

    fn write(&self) -> Result<(), String> {
        let text = self.state.with_untracked(json::to_text);
        let storage = storage().ok_or("the browser does not allow it")?;
        self.key
            .with_value(|key| storage.set_item(key, &text))
            .map_err(|error| Failure::from_js(&error).message)
    }

    fn warn(&self, reason: &str) {
        if self.warned.get_value() {
            return;
        }
        self.warned.set_value(true);
        self.host.notify(Notice::new(
            Level::Warning,
            "This browser keeps nothing for us right now: what you enter lasts until this page is closed.",
        ));
        self.host.report(&Failure::new(code::STORAGE_UNAVAILABLE, reason));
    }

    fn load(&self, app: &str, own: &str) -> Option<S> {
        let storage = storage()?;
        if let Some(text) = storage.get_item(own).ok().flatten() {
            let state = json::from_text(&text);
            if state.is_none() {
                // Set aside rather than overwritten: somebody may want to look at it.
                let _ = storage.set_item(&format!("{own}/unreadable"), &text);
                self.host.report(&Failure::new(code::STORAGE_UNREADABLE, own));
            }
            return state;
        }
        (1..S::VERSION).rev().find_map(|version| {
            let text = storage.get_item(&key::<S>(app, version)).ok().flatten()?;
            S::migrate(version, &text)
        })
    }

    /// Takes up what another tab wrote, or that the shell cleared at sign-out.
    fn follow_other_tabs(&self) {
        let store = *self;
        let Some(window) = window() else { return };
        let listener = Listener::new(&window, "storage", move |event| {
            let event: StorageEvent = event.unchecked_into();
            let ours =
                store.key.with_value(|key| event.key().as_deref() == Some(key) || event.key().is_none());
            if !ours {
                return;
            }
            match event.new_value() {
                None => store.state.set(S::default()),
                Some(text) => {
                    if let Some(state) = json::from_text(&text) {
                        store.state.set(state);
                    }
                }
            }
        });
        StoredValue::new_local(listener);
    }
}

fn key<S: State>(app: &str, version: u32) -> String {
    format!("{}{app}/{version}", if S::PERSONAL { PERSONAL_PREFIX } else { STORE_PREFIX })
}

/// Blocked storage throws on access; a full one on write.
fn storage() -> Option<Storage> {
    window()?.local_storage().ok().flatten()
}

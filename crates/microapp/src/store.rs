//! A store per microapp: state, actions, a reducer; kept in the browser, in step across tabs and instances.

use crate::{Host, Level, Listener, Notice, Watched, failure::Failure, json, property};
use contract::{
    code::{STORAGE_UNAVAILABLE, STORAGE_UNREADABLE},
    storage::{PERSONAL_PREFIX, STORE_PREFIX},
};
use js_sys::{JSON, Reflect};
use leptos::prelude::StoredValue;
use locale::t;
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Storage, StorageEvent, StorageEventInit, window};

/// On `window`: whether the page has said that the browser keeps nothing.
const SAID: &str = "menagerie/unkept";

/// The state of a [`Store`]. It is kept as JSON: with a whole number beyond 2^53, `NaN` or an infinity in it, it could
/// not be read again.
///
/// Fields are found by their names and told to serde by their places, so `#[serde(alias)]` would put values into other
/// fields: a field that is renamed is taken over in `migrate`.
pub trait State: Clone + Default + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Raise it when older releases could not read what is written. Each version has a place of its
    /// own, so that a release that is rolled back finds its own last state.
    const VERSION: u32 = 1;
    /// Whether it is about the person who is signed in; then it is cleared at sign-out. It stays what it is through all
    /// versions: the two kinds are kept apart, so an older version's state of the other kind would be neither found nor
    /// cleared.
    const PERSONAL: bool = false;
    /// Whether somebody enters it. What is noted beside, like what they looked at, is lost without a word where the browser
    /// keeps nothing.
    const ENTERED: bool = true;
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
    state: Watched<S>,
    place: &'static Place,
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
        let place = Place::at(key::<S>(app, S::VERSION), host, S::ENTERED);
        let store = Self { state: Watched::default(), place };
        // `()` and the like have nothing to keep.
        if size_of::<S>() > 0 {
            if store.place.look() {
                store.take_up();
            } else if let Some(state) = Self::migrated(app) {
                store.state.set(state);
                if S::PERSONAL {
                    // What is not kept yet would be found by nobody who clears what is kept.
                    store.place.write(&store.state.with_untracked(json::to_js));
                }
            }
            store.place.follow_others(Box::new(move || store.take_up()));
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
        self.place.host.is_open()
    }

    /// How often it was cleared since it was opened: somebody signed out. What was asked for before is not for the next one, so
    /// a task looks at this, too, where its answer is about a person.
    pub fn clearings(&self) -> u32 {
        self.place.clearings.with_untracked(|count| *count)
    }

    /// Changes the state and keeps it. After the mount nothing changes any more.
    pub fn dispatch(&self, action: S::Action) {
        if self.is_open() {
            self.catch_up();
            self.state.update(|state| state.reduce(action));
            self.place.write(&self.state.with_untracked(json::to_js));
        }
    }

    /// Takes up what another instance on this page has written meanwhile.
    pub(crate) fn catch_up(&self) {
        if size_of::<S>() > 0 && self.place.look() {
            self.take_up();
        }
    }

    fn migrated(app: &str) -> Option<S> {
        (1..S::VERSION).rev().find_map(|version| S::migrate(version, &read(&key::<S>(app, version))?))
    }

    /// Takes up the text that was found last; none where the shell cleared it at sign-out.
    fn take_up(&self) {
        let state = self.place.text.with_untracked(|text| match text {
            Some(text) => json::from_text(text),
            None => {
                self.place.clearings.update(|count| *count += 1);
                Some(S::default())
            }
        });
        match state {
            Some(state) => self.state.set(state),
            None => self.place.set_aside(),
        }
    }
}

/// Where a state is kept; the same code for every type of state.
struct Place {
    key: String,
    host: Host,
    /// Whether it is said when the browser keeps nothing.
    warns: bool,
    /// What was found or written there last.
    text: Watched<Option<String>>,
    /// How often it was cleared.
    clearings: Watched<u32>,
}

impl Place {
    #[inline(never)]
    fn at(key: String, host: Host, warns: bool) -> &'static Self {
        Box::leak(Box::new(Self {
            key,
            host,
            warns,
            text: Watched::default(),
            clearings: Watched::default(),
        }))
    }

    /// Finds what stands there now; whether it is something else than was found or written last.
    #[inline(never)]
    fn look(&self) -> bool {
        let now = read(&self.key);
        let is_news = self.text.with_untracked(|text| *text != now);
        self.text.set(now);
        is_news
    }

    fn write(&self, state: &JsValue) {
        let text = JSON::stringify(state).map(String::from).unwrap_or_default();
        let written = keep(&self.key, &text);
        self.text.set(Some(text));
        tell(&self.key);
        if let Err(failure) = written
            && self.warns
            && let Some(window) = window()
            && property::get(&window, SAID).is_undefined()
        {
            // Once is enough.
            let _ = Reflect::set(&window, &SAID.into(), &JsValue::TRUE);
            self.host.notify(Notice::new(
                Level::Warning,
                t("This browser keeps nothing for us right now: what you enter lasts until this page is closed."),
            ));
            self.host.report(&failure);
        }
    }

    /// What cannot be read is not overwritten: somebody may want to look at it.
    fn set_aside(&self) {
        if let (Some(storage), Some(text)) = (storage(), self.text.get_untracked()) {
            let _ = storage.set_item(&[&self.key, "/unreadable"].concat(), &text);
        }
        self.host.report(&Failure::new(STORAGE_UNREADABLE, self.key.as_str()));
    }

    /// Says when another tab or instance has written there, or when it was cleared.
    fn follow_others(&'static self, told: Box<dyn Fn()>) {
        let Some(window) = window() else { return };
        let listener = Listener::new(&window, "storage", move |event| {
            let event: StorageEvent = event.unchecked_into();
            if event.key().is_none_or(|key| key == self.key) {
                if event.is_trusted() && event.new_value().is_some() {
                    // Another tab could write: what this page has is older.
                    forget(&self.key);
                }
                if self.look() {
                    told();
                }
            }
        });
        StoredValue::new_local(listener);
    }
}

fn key<S: State>(app: &str, version: u32) -> String {
    key_of(if S::PERSONAL { PERSONAL_PREFIX } else { STORE_PREFIX }, app, version)
}

#[inline(never)]
fn key_of(prefix: &str, app: &str, version: u32) -> String {
    [prefix, app, "/", &version.to_string()].concat()
}

/// What stands there: on the page, where the browser did not take it.
fn read(key: &str) -> Option<String> {
    let on_page = property::get(window()?.as_ref(), key).as_string();
    on_page.or_else(|| storage()?.get_item(key).ok().flatten())
}

/// Lets go of what the page has.
fn forget(key: &str) {
    if let Some(window) = window() {
        let _ = Reflect::set(&window, &key.into(), &JsValue::NULL);
    }
}

/// Has the browser keep it. What it does not take the page has for as long as it lives: mounts come and go.
fn keep(key: &str, text: &str) -> Result<(), Failure> {
    let storage = storage().ok_or_else(|| Failure::new(STORAGE_UNAVAILABLE, "the browser does not allow it"));
    let full = |error| Failure::new(STORAGE_UNAVAILABLE, Failure::from_js(&error).message);
    let kept = storage.and_then(|storage| storage.set_item(key, text).map_err(full));
    if let Some(window) = window()
        && (kept.is_err() || property::get(&window, key).is_string())
    {
        let _ = Reflect::set(&window, &key.into(), &if kept.is_ok() { JsValue::NULL } else { text.into() });
    }
    kept
}

/// Tells the other instances on this page: the browser tells other tabs only.
fn tell(key: &str) {
    let init = StorageEventInit::new();
    init.set_key(Some(key));
    if let Some(window) = window()
        && let Ok(event) = StorageEvent::new_with_event_init_dict("storage", &init)
    {
        let _ = window.dispatch_event(&event);
    }
}

/// Blocked storage throws on access; a full one on write.
fn storage() -> Option<Storage> {
    window()?.local_storage().ok().flatten()
}

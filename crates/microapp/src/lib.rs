//! Write a microapp in Rust.
//!
//! 1. A microapp is **one type** that implements [`Microapp`]: its store, its view, its commands.
//! 2. Every mount is an **instance of its own**, with its own memory; what must outlive it is in the [`Store`].
//! 3. Everything outside is reached through the [`Host`]: routes, session, notices, other microapps.
//!
//! A whole one, with a store and a scoped style (`style.css` beside `Cargo.toml`, every rule of
//! which applies only to elements that carry the class):
//!
//! ```
//! use microapp::prelude::*;
//!
//! const C: &str = microapp::class!(); // the scope of style.css
//!
//! #[derive(Clone, Default, Serialize, Deserialize)]
//! struct Greetings { count: u32 }
//!
//! enum Action { Greet }
//!
//! impl State for Greetings {
//!     type Action = Action;
//!     fn reduce(&mut self, action: Action) {
//!         match action { Action::Greet => self.count += 1 }
//!     }
//! }
//!
//! struct Hello;
//!
//! impl Microapp for Hello {
//!     type State = Greetings;
//!     fn render(context: Context<Greetings>) -> impl IntoView {
//!         let store = context.store;
//!         view! { class = C,
//!             <h1>"Hello"</h1>
//!             <button on:click=move |_| store.dispatch(Action::Greet)>
//!                 "Greeted " {move || store.get().count} " times"
//!             </button>
//!         }
//!     }
//! }
//!
//! microapp::export!(Hello);
//! ```
//!
//! `[package.metadata.microapp]` in `Cargo.toml` says the rest: title, routes, commands (docs/contract.md).

pub mod api;
mod context;
pub mod element;
mod failure;
mod files;
pub mod format;
mod host;
pub mod json;
pub mod keyed;
mod labelled_field;
mod lifecycle;
mod listener;
pub mod page;
mod payload;
pub mod property;
mod props;
mod store;
mod watched;

pub use context::Context;
pub use failure::Failure;
pub use files::{ReleaseFile, release_file};
pub use host::{Host, Level, Notice, SessionInfo, Subscription};
pub use labelled_field::LabelledField;
pub use lifecycle::Microapp;
pub use listener::Listener;
pub use locale::{t, t_count, t_with};
pub use payload::Payload;
pub use props::Route;
pub use store::{State, Store};
pub use watched::Watched;

/// What a microapp's source needs in every file.
pub mod prelude {
    pub use crate::{Context, Failure, Host, Level, Microapp, Notice, Payload, Route, State, Store, Watched};
    pub use leptos::prelude::*;
    pub use locale::{t, t_count, t_with};
    pub use serde::{Deserialize, Serialize};
}

/// The class that scopes `style.css` (no argument) or `styles/<name>.css`: `m-cart`, `m-cart_hero`.
#[macro_export]
macro_rules! class {
    () => {
        concat!("m-", env!("CARGO_PKG_NAME"))
    };
    ($style:literal) => {
        concat!("m-", env!("CARGO_PKG_NAME"), "_", $style)
    };
}

/// Exports a [`Microapp`] to the entry module. Once per crate.
#[macro_export]
macro_rules! export {
    ($app:ty) => {
        const _: () = {
            use $crate::__private::{self as sdk, JsValue, wasm_bindgen};

            #[wasm_bindgen::prelude::wasm_bindgen(wasm_bindgen = sdk::wasm_bindgen)]
            pub fn microapp_on_panic(report: sdk::Function) {
                sdk::on_panic(report);
            }
            #[wasm_bindgen::prelude::wasm_bindgen(wasm_bindgen = sdk::wasm_bindgen)]
            pub fn microapp_speak(language: String, texts: JsValue) {
                sdk::speak(&language, texts);
            }
            #[wasm_bindgen::prelude::wasm_bindgen(wasm_bindgen = sdk::wasm_bindgen)]
            pub fn microapp_mount(props: JsValue) -> sdk::Promise {
                sdk::mount::<$app>(env!("CARGO_PKG_NAME"), props)
            }
            #[wasm_bindgen::prelude::wasm_bindgen(wasm_bindgen = sdk::wasm_bindgen)]
            pub fn microapp_update(props: JsValue) -> sdk::Promise {
                sdk::update(props)
            }
            #[wasm_bindgen::prelude::wasm_bindgen(wasm_bindgen = sdk::wasm_bindgen)]
            pub fn microapp_unmount() -> sdk::Promise {
                sdk::unmount()
            }
            #[wasm_bindgen::prelude::wasm_bindgen(wasm_bindgen = sdk::wasm_bindgen)]
            pub fn microapp_command(name: String, payload: JsValue, host: JsValue) -> sdk::Promise {
                sdk::command::<$app>(env!("CARGO_PKG_NAME"), name, payload, host)
            }
        };
    };
}

/// What [`export!`] expands to. Not for direct use.
#[doc(hidden)]
pub mod __private {
    pub use crate::lifecycle::{command, mount, on_panic, unmount, update};
    pub use js_sys::{Function, Promise};
    pub use locale::speak;
    pub use wasm_bindgen::{self, JsValue};
}

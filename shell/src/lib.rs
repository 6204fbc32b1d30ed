//! The shell: header, footer, sign-in, hash router, app loader, notices.
//!
//! 1. [`page`] holds what is true now (values that the view follows) and the one [`page::Shell`] that
//!    all of it hangs on.
//! 2. [`navigation`] turns an address into mounts and unmounts; [`loader`] does one app's lifecycle.
//! 3. [`host`] is what a microapp sees of us. Nothing else crosses.
//!
//! The shell never names a microapp: routes, commands and titles come from the manifest.

mod address;
mod arrival;
mod browser;
mod commands;
mod config;
mod events;
mod focus;
mod history;
mod holds;
mod host;
mod http;
mod json;
mod language;
mod links;
mod live_apps;
mod loader;
mod mounting;
mod navigation;
mod notices;
mod overlays;
mod overrides;
mod page;
mod passkey;
mod placed;
mod prefetch;
mod reports;
mod session;
mod ui;
mod visitor;
mod watch;
mod watched;

use js_sys::Function;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

/// Starts the shell on the page. `import_module` loads a module by its address; `panicked` is told
/// why the shell itself cannot go on.
#[wasm_bindgen]
pub fn start(import_module: Function, panicked: Function) -> Result<(), JsValue> {
    let begun = browser::now();
    language::begin();
    let config = config::read();
    let version = watch::own_version().unwrap_or_default();
    // A release has no words for it: whoever calls it sees that it stopped.
    #[cfg(not(panic = "immediate-abort"))]
    {
        let panicked = send_wrapper::SendWrapper::new(panicked);
        std::panic::set_hook(Box::new(move |info| {
            let _ = panicked.call1(&JsValue::UNDEFINED, &info.to_string().into());
        }));
    }
    #[cfg(panic = "immediate-abort")]
    drop(panicked);
    let shell = page::Shell::new(config, import_module);
    browser::spawn(async move {
        ui::begin(shell).await;
        browser::pause().await;
        reports::begin(shell, version, browser::now() - begun);
        navigation::begin(shell).await;
    });
    Ok(())
}

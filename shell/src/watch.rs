//! On a developer's server: a published release is taken up by the open page.

use crate::{
    browser, json,
    live_apps::{self, Source},
    navigation,
    page::Shell,
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

/// Listens, where the page's configuration says that there is something to hear.
pub fn begin(shell: Shell) {
    let Some(address) = &shell.config.watch else { return };
    let Ok(source) = EventSource::new(address) else { return };
    let own_version = own_version();
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let data = event.data().as_string().unwrap_or_default();
        let news = json::parse(&data).unwrap_or_default();
        match (browser::text(&news, "shell"), &own_version) {
            (Some(live), Some(own)) if live != *own => {
                let _ = browser::window().location().reload();
            }
            _ => browser::spawn(take_up(shell)),
        }
    });
    source.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    heard.forget();
    // Held for the page's life; dropping it would not close it, but the collector might.
    std::mem::forget(source);
}

/// Replaces every app that has another release now; the one on the page is mounted again.
async fn take_up(shell: Shell) {
    let Ok(live) = live_apps::fetch(Source::Server, shell.config.deadlines.load).await else { return };
    let listed: Vec<_> = live.apps().to_vec();
    *shell.live.borrow_mut() = live;
    for listed in listed {
        let Some(app) = shell.app(listed.placed.name.as_str()) else { continue };
        if !app.replace(listed) {
            continue;
        }
        let on_page =
            shell.mounted.borrow().as_ref().is_some_and(|mounted| mounted.app().name() == app.name());
        if on_page {
            navigation::unmount_current(shell).await;
        }
        app.unload(shell).await;
        if on_page {
            navigation::run(shell);
        }
    }
}

/// The version that this shell was loaded from: `/apps/shell/<version>/shell.js`.
fn own_version() -> Option<String> {
    let script =
        browser::document().query_selector("script[type=module][src*='/apps/shell/']").ok().flatten()?;
    let address = script.get_attribute("src")?;
    address.rsplit('/').nth(1).map(str::to_owned)
}

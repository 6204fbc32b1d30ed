//! On a developer's server: a published release is taken up by the open page.

use crate::{
    browser, json,
    live_apps::{self, Source},
    navigation, overlays,
    page::Shell,
};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

/// Listens, where the page's configuration says that there is something to hear.
pub fn begin(shell: Shell) {
    let Some(address) = &shell.page().config.watch else { return };
    let heard = listener(shell);
    let connect = move || {
        let source = EventSource::new(address).ok();
        if let Some(source) = &source {
            source.set_onmessage(Some(heard.as_ref().unchecked_ref()));
        }
        source
    };
    let source = Rc::new(RefCell::new(connect()));
    let left = source.clone();
    // A page in the back/forward cache would keep one of the few connections that a browser makes to a host.
    browser::listen(&browser::window(), "pagehide", move |_| {
        if let Some(source) = left.take() {
            source.close();
        }
    });
    browser::listen(&browser::window(), "pageshow", move |_| {
        if source.borrow().is_none() {
            *source.borrow_mut() = connect();
            browser::spawn(take_up(shell));
        }
    });
}

fn listener(shell: Shell) -> Closure<dyn FnMut(MessageEvent)> {
    let own_version = own_version();
    Closure::new(move |event: MessageEvent| {
        let data = event.data().as_string().unwrap_or_default();
        let news = json::parse(&data).unwrap_or_default();
        match (browser::text(&news, "shell"), &own_version) {
            (Some(live), Some(own)) if live != *own => {
                let _ = browser::window().location().reload();
            }
            _ => browser::spawn(take_up(shell)),
        }
    })
}

/// Replaces every app that has another release now; the one on the page is mounted again.
async fn take_up(shell: Shell) {
    let Ok(live) = live_apps::fetch(shell, Source::Server).await else { return };
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
        overlays::take_off(shell, &app).await;
        app.unload(shell).await;
        if on_page {
            navigation::run(shell);
        }
    }
    overlays::mount(shell);
}

/// The version that this shell was loaded from: `/apps/shell/<version>/shell.js`.
pub fn own_version() -> Option<String> {
    let script =
        browser::document().query_selector("script[type=module][src*='/apps/shell/']").ok().flatten()?;
    let address = script.get_attribute("src")?;
    address.rsplit('/').nth(1).map(str::to_owned)
}

//! Fetching ahead of need: when a pointer or the focus is on a link to a route, and when the page is idle.

use crate::{browser, links, page::Shell};
use contract::{release::Load, route::Address};

/// Watches pointers and focus.
pub fn begin(shell: Shell) {
    for event in ["pointerover", "focusin"] {
        browser::listen(&browser::document(), event, move |event| {
            let Some(link) = links::link_of(&event) else { return };
            let href = link.get_attribute("href").unwrap_or_default();
            if crate::address::is_route(&href) {
                let target = shell.live.borrow().target(&Address::parse(href.trim_start_matches('#')));
                if let Some(target) = target {
                    app(shell, &target.app);
                }
            }
        });
    }
}

/// Fetches at once what the manifest says is always needed.
pub fn eager(shell: Shell) {
    // What is asked for is on its way already.
    let asked_for = shell.live.borrow().target(&shell.history.current()).map(|target| target.app);
    for name in loaded(shell, Load::Eager).into_iter().filter(|name| Some(name) != asked_for.as_ref()) {
        app(shell, &name);
    }
}

/// Fetches, when the page has nothing else to do, what the manifest wants fetched without being asked for.
pub fn when_idle(shell: Shell) {
    for name in loaded(shell, Load::Idle) {
        browser::when_idle(None, move || app(shell, &name));
    }
}

fn loaded(shell: Shell, load: Load) -> Vec<String> {
    let live = shell.live.borrow();
    let apps = live.apps().iter().filter(|listed| listed.placed.load == load);
    apps.map(|listed| listed.placed.name.as_str().to_owned()).collect()
}

fn app(shell: Shell, name: &str) {
    if let Some(app) = shell.app(name) {
        app.prefetch(shell);
    }
}

//! The overlay slot: microapps that are there on every route, such as a chat.

use crate::{
    browser,
    live_apps::Target,
    loader::{App, Mounted, Problem},
    page::Shell,
};
use contract::{release::Load, route::Pairs};
use std::rc::Rc;
use wasm_bindgen::JsCast;

/// For how many milliseconds at most a lazy one waits for somebody to stir.
const UNSEEN: i32 = 10_000;

/// For how many milliseconds at most the page can be too busy for one.
const BUSY: i32 = 5_000;

/// Mounts those that are not there yet, each when the page has nothing else to do: a lazy one when somebody is there,
/// so that it takes nothing from the page that they wait for.
pub fn mount(shell: Shell) {
    // Once each, however often this is called meanwhile.
    for app in shell.overlays().into_iter().filter(|app| !app.awaited.replace(true)) {
        browser::spawn(async move {
            if app.placed().load == Load::Lazy {
                browser::sign_of_life(UNSEEN).await;
            }
            browser::when_idle(Some(BUSY), move || {
                browser::spawn(async move {
                    if mounted(shell, &app).is_none() {
                        put_on(shell, app.clone()).await;
                    }
                    app.awaited.set(false);
                });
            });
        });
    }
}

/// Tells them that route, locale, theme or session changed.
pub fn update(shell: Shell) {
    let overlays = shell.overlaid.borrow().clone();
    for overlay in overlays {
        browser::spawn(async move {
            let target = target(shell, overlay.app());
            let updated = overlay.update(shell, &target).await;
            // What failed may have been replaced meanwhile: then nothing is wrong with what is there.
            let is_there = shell.overlaid.borrow().iter().any(|other| Rc::ptr_eq(other, &overlay));
            if let Err(problem) = updated
                && is_there
            {
                overlay.app().break_down();
                fall_back(shell, overlay.app(), problem).await;
            }
        });
    }
}

/// Takes one off; whether it was there.
pub async fn take_off(shell: Shell, app: &Rc<App>) -> bool {
    let Some(overlay) = mounted(shell, app) else { return false };
    shell.overlaid.borrow_mut().retain(|other| !Rc::ptr_eq(other, &overlay));
    overlay.unmount(shell).await;
    true
}

/// After a panic: the last good release in its place, or nothing.
pub async fn fall_back(shell: Shell, app: &Rc<App>, problem: Problem) {
    if !take_off(shell, app).await {
        shell.report(&problem);
    } else if app.fall_back(shell, problem).is_ok() {
        put_on(shell, app.clone()).await;
    }
}

/// The one of `app`, where it is on the page.
pub fn mounted(shell: Shell, app: &Rc<App>) -> Option<Rc<Mounted>> {
    shell.overlaid.borrow().iter().find(|overlay| Rc::ptr_eq(overlay.app(), app)).cloned()
}

async fn put_on(shell: Shell, app: Rc<App>) {
    let place = browser::by_id("overlay").unchecked_into();
    let target = target(shell, &app);
    // What fails is reported, and leaves its place empty: the page goes on without it.
    if let Ok(mounted) = app.mount(shell, &place, &target, &Rc::default()).await {
        let (id, panic) = (mounted.id(), mounted.take_panic());
        shell.overlaid.borrow_mut().push(Rc::new(mounted));
        if let Some(text) = panic {
            // Between the end of the mount and now.
            shell.panicked(id, &text);
        }
        if shell.history.current() != target.address {
            // The shopper went on while it came.
            update(shell);
        }
    }
}

fn target(shell: Shell, app: &Rc<App>) -> Target {
    let address = shell.history.current();
    Target { app: app.name(), pattern: String::new(), params: Pairs::default(), address }
}

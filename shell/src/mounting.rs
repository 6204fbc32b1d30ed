//! A mount that is under way, and may be left before it ends.

use crate::{
    browser,
    live_apps::Target,
    loader::{App, Mounted, Problem},
    page::Shell,
};
use js_sys::Promise;
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlElement;

/// A mount that is under way.
pub struct Mounting {
    app: Rc<App>,
    ended: Promise,
    outcome: Rc<RefCell<Option<Result<Mounted, Problem>>>>,
    /// Set when nobody waits for it any more.
    left: Rc<Cell<bool>>,
}

impl Mounting {
    /// Begins to mount an app in its place.
    pub fn begin(shell: Shell, app: &Rc<App>, place: &HtmlElement, target: &Target) -> Self {
        let (outcome, left) = (Rc::<RefCell<_>>::default(), Rc::<Cell<bool>>::default());
        let work = {
            let (app, place, target) = (app.clone(), place.clone(), target.clone());
            let (outcome, left) = (outcome.clone(), left.clone());
            async move {
                *outcome.borrow_mut() = Some(app.mount(shell, &place, &target, &left).await);
                Ok(JsValue::UNDEFINED)
            }
        };
        Self { app: app.clone(), ended: browser::promise(work), outcome, left }
    }

    /// Waits until it ends, or the shopper wants to be in another app; whether it has ended.
    pub async fn ends_while_wanted(&self, shell: Shell) -> bool {
        while self.outcome.borrow().is_none() {
            let wanted = shell.live.borrow().target(&shell.history.current());
            if wanted.is_none_or(|target| target.app != self.app.name()) {
                return false;
            }
            shell.page().navigation.wait_for(&self.ended).await;
        }
        true
    }

    /// What it came to; `None` before it has ended.
    pub fn outcome(self) -> Option<Result<Mounted, Problem>> {
        self.outcome.take()
    }

    /// Waits for it no longer: it is taken off when it has ended.
    pub fn leave(self, shell: Shell) {
        self.left.set(true);
        self.app.leave();
        browser::spawn(async move {
            let _ = JsFuture::from(self.ended).await;
            let outcome = self.outcome.take();
            if let Some(Ok(mounted)) = outcome {
                mounted.unmount(shell).await;
            }
        });
    }
}

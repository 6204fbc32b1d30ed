//! A microapp that is on the page: what it is told, and how it is taken off.

use super::{App, Lifecycle, Problem, entry::Entry};
use crate::{browser, host::HostObject, live_apps::Target, page::Shell};
use contract::{
    code::{self, Code},
    state::AppState,
};
use js_sys::Object;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;

/// A microapp that is on the page.
pub struct Mounted {
    pub(super) app: Rc<App>,
    pub(super) entry: Entry,
    pub(super) element: HtmlElement,
    pub(super) host: HostObject,
}

impl Mounted {
    /// Whose it is.
    pub fn app(&self) -> &Rc<App> {
        &self.app
    }

    /// Its number on this page.
    pub fn id(&self) -> u32 {
        self.host.id()
    }

    /// A problem in its name.
    pub fn problem(&self, code: Code, what: &str) -> Problem {
        self.app.problem_of(&self.entry, code, what)
    }

    /// What it said of its panic where that could not be seen to at once.
    pub fn take_panic(&self) -> Option<String> {
        self.host.take_panic()
    }

    /// The problem where it reported a panic during a step that came to an end all the same.
    pub(super) fn unless_panicked(&self) -> Result<(), Problem> {
        self.take_panic()
            .map_or(Ok(()), |text| Err(self.problem(code::PANICKED, &format!("panicked: {text}"))))
    }

    /// What its entry is told.
    pub(super) fn props(&self, target: &Target) -> Object {
        let route = Object::new();
        browser::set(&route, "path", target.address.path.as_str());
        browser::set(&route, "pattern", target.pattern.as_str());
        browser::set(&route, "params", pairs(&target.params));
        browser::set(&route, "query", pairs(&target.address.query));
        let props = Object::new();
        browser::set(&props, "name", self.app.name());
        browser::set(&props, "domElement", &self.element);
        browser::set(&props, "route", route);
        browser::set(&props, "host", self.host.js());
        props
    }

    /// Hands it a changed route; whether it takes such changes at all.
    pub async fn update(&self, shell: Shell, target: &Target) -> Result<bool, Problem> {
        if !self.entry.can_update() {
            return Ok(false);
        }
        self.app.set_state(AppState::Updating);
        let props = self.props(target);
        let answer = self.app.step(shell, &self.entry, Lifecycle::Update, &props).await;
        let answer = answer.and_then(|()| self.unless_panicked());
        // A panic in between has parked it already.
        if self.app.state() == AppState::Updating {
            self.app.set_state(AppState::Mounted);
        }
        answer.map(|()| true)
    }

    /// Takes it off the page. Whatever it does, its place is empty afterwards.
    pub async fn unmount(&self, shell: Shell) {
        let broken = self.app.state() == AppState::Broken;
        if !broken {
            self.app.set_state(AppState::Unmounting);
        }
        let app = self.app.clone();
        let in_place = self.element.is_connected();
        let answer = self.take_off(shell).await;
        if broken {
            return;
        }
        match answer {
            Ok(()) => app.set_state(AppState::NotMounted),
            Err(problem) => {
                shell.report(&problem);
                // Its place may have been taken from under it: then no release is to blame.
                if in_place || problem.code != code::UNMOUNT_FAILED {
                    app.tell(shell, &problem);
                }
                app.set_state(AppState::Broken);
                // The next mount starts a module of its own.
                app.reset();
            }
        }
    }

    pub(super) async fn take_off(&self, shell: Shell) -> Result<(), Problem> {
        let props = Object::new();
        browser::set(&props, "name", self.app.name());
        browser::set(&props, "domElement", &self.element);
        browser::set(&props, "host", self.host.js());
        let answer = self.app.step(shell, &self.entry, Lifecycle::Unmount, &props).await;
        self.element.replace_children_with_node_0();
        self.element.remove();
        self.host.end();
        answer
    }
}

/// An element of its own for every mount, so that a late one cannot touch the next.
pub(super) fn fresh_element(app: &str) -> HtmlElement {
    let element: HtmlElement = browser::document()
        .create_element("div")
        .unwrap_or_else(|_| JsValue::NULL.unchecked_into())
        .unchecked_into();
    let _ = element.set_attribute("data-app", app);
    element
}

fn pairs(pairs: &contract::route::Pairs) -> Object {
    let object = Object::new();
    for (name, value) in pairs {
        browser::set(&object, name, value.as_str());
    }
    object
}

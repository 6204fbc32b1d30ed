//! The lifecycles that an entry module exports: functions, or arrays of them, returning promises.

use crate::browser;
use contract::code::{self, Code};
use js_sys::{Array, Function, Promise};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// A step of the lifecycle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lifecycle {
    /// Once before the first mount.
    Bootstrap,
    /// Onto the page.
    Mount,
    /// The route changed.
    Update,
    /// Off the page.
    Unmount,
    /// Out of the page's memory.
    Unload,
}

impl Lifecycle {
    /// The name of its export.
    pub const fn export(self) -> &'static str {
        match self {
            Self::Bootstrap => "bootstrap",
            Self::Mount => "mount",
            Self::Update => "update",
            Self::Unmount => "unmount",
            Self::Unload => "unload",
        }
    }

    /// The numbers for being late and for failing.
    pub const fn codes(self) -> (Code, Code) {
        match self {
            Self::Bootstrap => (code::BOOTSTRAP_TIMEOUT, code::BOOTSTRAP_FAILED),
            Self::Mount => (code::MOUNT_TIMEOUT, code::MOUNT_FAILED),
            Self::Update => (code::UPDATE_TIMEOUT, code::UPDATE_FAILED),
            Self::Unmount => (code::UNMOUNT_TIMEOUT, code::UNMOUNT_FAILED),
            Self::Unload => (code::UNLOAD_FAILED, code::UNLOAD_FAILED),
        }
    }
}

/// A loaded entry module, and the version of its release: by the time a step of it fails the app may be in another one.
#[derive(Clone)]
pub struct Entry {
    module: JsValue,
    /// The version of its release.
    pub version: Rc<str>,
}

impl Entry {
    /// Checks that it can be mounted and unmounted. single-spa's helpers also export everything as
    /// the module's default.
    pub fn new(module: JsValue, version: &str) -> Option<Self> {
        let default = browser::property(&module, "default");
        let version = Rc::from(version);
        [module, default]
            .into_iter()
            .map(|module| Self { module, version: Rc::clone(&version) })
            .find(|entry| !entry.functions("mount").is_empty() && !entry.functions("unmount").is_empty())
    }

    /// Calls a lifecycle; one that is not exported has nothing to do.
    pub fn run(&self, lifecycle: Lifecycle, props: &JsValue) -> Promise {
        let (functions, props) = (self.functions(lifecycle.export()), props.clone());
        browser::promise(async move {
            for function in functions {
                let answer = function.call1(&JsValue::UNDEFINED, &props)?;
                JsFuture::from(Promise::resolve(&answer)).await?;
            }
            Ok(JsValue::UNDEFINED)
        })
    }

    /// Whether it takes up changes while mounted.
    pub fn can_update(&self) -> bool {
        !self.functions("update").is_empty()
    }

    /// Runs a command.
    pub fn command(&self, name: &str, payload: &JsValue) -> Option<Promise> {
        let function = self.functions("command").pop()?;
        let (name, payload) = (JsValue::from(name), payload.clone());
        Some(browser::promise(async move {
            let answer = function.call2(&JsValue::UNDEFINED, &name, &payload)?;
            JsFuture::from(Promise::resolve(&answer)).await
        }))
    }

    fn functions(&self, export: &str) -> Vec<Function> {
        let value = browser::property(&self.module, export);
        match value.dyn_into::<Function>() {
            Ok(function) => vec![function],
            Err(value) if Array::is_array(&value) => {
                Array::from(&value).iter().filter_map(|f| f.dyn_into().ok()).collect()
            }
            Err(_) => Vec::new(),
        }
    }
}

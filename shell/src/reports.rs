//! What this page sees of mounts, told to the server in batches: releases, kinds and milliseconds, no address and no name.
//!
//! The server judges by it whether a new release does worse than the one before. What is timed is `mount` alone: a new
//! release is in nobody's cache yet, and loading it would always look slower. For the same reason a connection that broke, or a
//! server that could not answer, is told of nobody, and what ran in the place of a release that failed is told of neither: it is
//! met by those alone for whom something had failed already.

use crate::{browser, config::Endpoint, json, page::Shell, visitor};
use contract::{code, code::Code};
use js_sys::{Array, Object};
use std::cell::{Cell, RefCell};
use wasm_bindgen::JsValue;

/// How long a report waits for others, in milliseconds.
const GATHERING: i32 = 3_000;
/// The most that the server takes at once.
const MOST: u32 = 50;

/// Reports that wait.
#[derive(Default)]
pub struct Reports {
    waiting: RefCell<Array>,
    /// The shell's version and how long it took to begin, until it is told of.
    shell: Cell<Option<(String, f64)>>,
}

/// Notes that the shell, of this version, took so many milliseconds to begin. Sends what waits when the page goes: it may not
/// come back.
pub fn begin(shell: Shell, version: String, milliseconds: f64) {
    shell.reports.shell.set(Some((version, milliseconds)));
    for event in ["visibilitychange", "pagehide"] {
        browser::listen(&browser::window(), event, move |_| {
            if event == "pagehide" || browser::document().hidden() {
                flush(shell);
            }
        });
    }
}

/// What was asked for first stands on the page, or cannot be had: the shell is judged by that.
pub fn began(shell: Shell, outcome: Result<(), Code>) {
    let Some((version, milliseconds)) = shell.reports.shell.take() else { return };
    // Where teams try builds, what fails may be theirs.
    if shell.live.borrow().apps().iter().any(|listed| listed.overridden) {
        return;
    }
    match outcome {
        Ok(()) => worked(shell, release_of_the_shell(), &version, milliseconds),
        Err(code) => failed(shell, release_of_the_shell(), &version, code),
    }
}

/// A mount that worked, after so many milliseconds.
pub fn worked(shell: Shell, app: &str, version: &str, milliseconds: f64) {
    add(shell, app, mount(app, version, "ok", milliseconds));
}

/// A release that could not be mounted, or broke afterwards.
pub fn failed(shell: Shell, app: &str, version: &str, code: Code) {
    let kind = match code {
        // The connection's fault, or the server's.
        code::LOAD_STALLED | code::LOAD_NETWORK | code::LOAD_UNAVAILABLE | code::MANIFEST_UNREACHABLE => {
            return;
        }
        code::PANICKED => "panicked",
        code::MOUNT_TIMEOUT | code::BOOTSTRAP_TIMEOUT => "timed-out",
        _ => "failed",
    };
    add(shell, app, mount(app, version, kind, 0.0));
}

/// Under which name the shell is released.
pub fn release_of_the_shell() -> &'static str {
    "shell"
}

fn mount(app: &str, version: &str, kind: &str, milliseconds: f64) -> Object {
    let mount = Object::new();
    browser::set(&mount, "app", app);
    browser::set(&mount, "version", version);
    browser::set(&mount, "kind", kind);
    browser::set(&mount, "ms", milliseconds.round());
    mount
}

fn add(shell: Shell, app: &str, mount: Object) {
    // How a team's own build does is no matter of the shop's.
    if shell.config.reports.is_none() || shell.live.borrow().app(app).is_some_and(|listed| listed.overridden)
    {
        return;
    }
    let count = shell.reports.waiting.borrow().push(&mount);
    if count == MOST {
        flush(shell);
    } else if count == 1 {
        browser::spawn(async move {
            browser::sleep(GATHERING).await;
            flush(shell);
        });
    }
}

fn flush(shell: Shell) {
    let mounts = shell.reports.waiting.take();
    if let Some(endpoint) = shell.config.reports.as_ref().filter(|_| mounts.length() > 0) {
        send(endpoint, &mounts);
    }
}

/// By `sendBeacon`: it outlives the page, and nobody waits for it.
fn send(endpoint: &Endpoint, mounts: &JsValue) {
    let body = Object::new();
    browser::set(&body, "token", endpoint.token.as_str());
    browser::set(&body, "visitor", visitor::id());
    browser::set(&body, "mounts", mounts);
    let _ = browser::window().navigator().send_beacon_with_opt_str(&endpoint.url, Some(&json::write(&body)));
}

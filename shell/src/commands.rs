//! Commands: one microapp asks another to do something, loaded or not.

use crate::{loader::Problem, page::Shell};
use contract::{code, state::AppState};
use wasm_bindgen::JsValue;

/// Runs `command`, loading whoever offers it first.
pub async fn call(shell: Shell, command: &str, payload: &JsValue) -> Result<JsValue, JsValue> {
    let name = shell.live.borrow().with_command(command).map(|listed| listed.placed.name.as_str().to_owned());
    match name.and_then(|name| shell.app(&name)) {
        Some(app) => app.command(shell, command, payload).await,
        None => Err(unknown(command).to_js()),
    }
}

fn unknown(command: &str) -> Problem {
    let app = command.split('.').next().unwrap_or(command);
    Problem {
        code: code::COMMAND_UNKNOWN,
        app: app.to_owned(),
        version: "none".to_owned(),
        title: app.to_owned(),
        state: AppState::NotLoaded,
        what: format!("is not there to run {command}"),
    }
}

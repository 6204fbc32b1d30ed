//! A wasm as a release has it, without the release around it: compiled, bound to JavaScript, optimised.

use crate::tools::{self, TARGET};
use cli::{
    Error,
    wasm_opt::{self, Names},
};
use contract::code::BUILD_FAILED;
use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

/// A module and the script that speaks to it.
pub struct Module {
    /// The module.
    pub wasm: Vec<u8>,
    /// wasm-bindgen's script.
    pub script: String,
}

/// How wasm-bindgen's script is loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// As a module.
    Module,
    /// As a script that sets `wasm_bindgen`.
    Global,
}

/// Builds the package in `dir`, with these features.
pub fn build(
    workspace: &Path,
    dir: &Path,
    features: &[&str],
    names: Names,
    script: Script,
) -> Result<Module, Error> {
    let fault = |why: String| Error::new(BUILD_FAILED, format!("{}: {why}", dir.display()));
    let output = tools::release_command("cargo", workspace)?
        .args(["build", "--release", "--target", TARGET, "--message-format=json-render-diagnostics"])
        .arg("--manifest-path")
        .arg(dir.join("Cargo.toml"))
        .args(["--features", &features.join(",")])
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| fault(error.to_string()))?;
    if !output.status.success() {
        return Err(fault("the compiler's message stands above".to_owned()));
    }
    let messages = String::from_utf8_lossy(&output.stdout).into_owned();
    let raw = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .flat_map(|message| message["filenames"].as_array().cloned().unwrap_or_default())
        .filter_map(|name| name.as_str().map(str::to_owned))
        .rfind(|name| name.ends_with(".wasm"))
        .ok_or_else(|| fault("the build made no wasm".to_owned()))?;
    let folder = tempfile::tempdir().map_err(|error| fault(error.to_string()))?;
    let target = if script == Script::Module { "web" } else { "no-modules" };
    let mut bindgen: Command = tools::command("wasm-bindgen", workspace)?;
    bindgen.args(["--target", target, "--no-typescript", "--out-name", "app", "--out-dir"]);
    let status = bindgen.arg(folder.path()).arg(raw).status().map_err(|error| fault(error.to_string()))?;
    if !status.success() {
        return Err(fault("wasm-bindgen failed".to_owned()));
    }
    let read = |name: &str| fs::read(folder.path().join(name)).map_err(|error| fault(error.to_string()));
    let wasm = read("app_bg.wasm")?;
    let wasm = wasm_opt::optimise(&wasm, names)?.unwrap_or(wasm);
    Ok(Module { wasm, script: String::from_utf8_lossy(&read("app.js")?).into_owned() })
}

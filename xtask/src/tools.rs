//! Fetches the build tools that are missing, into a folder of their own.

use crate::apps::cannot_read;
use cli::{
    Error,
    tools::{find, folder, path},
};
use contract::code::TOOL_MISSING;
use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// Newer ones need a newer compiler than rust-toolchain.toml names.
const TRUNK: &str = "0.21.14";
/// The npm package that carries `wasm-opt`.
const BINARYEN: &str = "132.0.0";
/// The oldest Node that runs it.
const NODE: u32 = 20;
/// What microapps are compiled for.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Installs what is missing, and says on one line what there is.
pub fn ensure(workspace: &Path) -> Result<(), Error> {
    wasm_target(workspace)?;
    let wasm_bindgen = wasm_bindgen_version(workspace)?;
    if version_of("trunk").as_deref() != Some(TRUNK) {
        cargo_install(workspace, "trunk", TRUNK, &["--locked"])?;
    }
    // Without --locked: its lock file names a package that the registry no longer has.
    if version_of("wasm-bindgen").as_deref() != Some(&wasm_bindgen)
        || version_of("wasm-bindgen-test-runner").as_deref() != Some(&wasm_bindgen)
    {
        cargo_install(workspace, "wasm-bindgen-cli", &wasm_bindgen, &[])?;
    }
    let wasm_opt = match wasm_opt() {
        Ok(version) => format!("wasm-opt {version}"),
        Err(why) => format!("no wasm-opt, so the wasm stays larger ({why})"),
    };
    println!("  {:<10} trunk {TRUNK}, wasm-bindgen {wasm_bindgen}, {wasm_opt}", "tools");
    Ok(())
}

/// The versions of everything that turns sources into a release.
pub fn versions(workspace: &Path) -> Result<String, Error> {
    let wasm_bindgen = wasm_bindgen_version(workspace)?;
    let wasm_opt =
        installed_binaryen().or_else(|| find("wasm-opt").map(|program| program.display().to_string()));
    Ok(format!("trunk {TRUNK} wasm-bindgen {wasm_bindgen} wasm-opt {}", wasm_opt.unwrap_or_default()))
}

/// The version of wasm-bindgen in Cargo.lock, which the tool must have too.
fn wasm_bindgen_version(workspace: &Path) -> Result<String, Error> {
    let path = workspace.join("Cargo.lock");
    let text = fs::read_to_string(&path).map_err(|error| cannot_read(&path, &error))?;
    locked_version(&text, "wasm-bindgen")
        .ok_or_else(|| Error::new(TOOL_MISSING, format!("{} does not name wasm-bindgen", path.display())))
}

fn locked_version(lock: &str, package: &str) -> Option<String> {
    let mut lines = lock.lines().skip_while(|line| *line != format!("name = \"{package}\""));
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"').map(str::to_owned)
}

/// What `name --version` says, without the name.
fn version_of(name: &str) -> Option<String> {
    let output = Command::new(find(name)?)
        .arg("--version")
        .stdin(Stdio::null())
        .env_remove("NO_COLOR")
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.split_whitespace().find(|word| word.starts_with(|c: char| c.is_ascii_digit())).map(str::to_owned)
}

fn cargo_install(workspace: &Path, package: &str, version: &str, flags: &[&str]) -> Result<(), Error> {
    println!(
        "  {:<10} installing {package} {version} into {}; this takes minutes, once",
        "tools",
        folder().display()
    );
    let arguments: Vec<_> =
        ["install", package, "--version", version].into_iter().chain(flags.iter().copied()).collect();
    let fault = |why: String| {
        let command = arguments.join(" ");
        Error::new(
            TOOL_MISSING,
            format!("{package} {version} could not be installed ({why}); by hand: cargo {command}"),
        )
    };
    let mut command = Command::new("cargo");
    command.args(&arguments).arg("--root").arg(folder()).current_dir(workspace);
    // A folder for this install alone: what is built here fits nothing else.
    let status = command.env_remove("CARGO_TARGET_DIR").status().map_err(|error| fault(error.to_string()))?;
    if status.success() { Ok(()) } else { Err(fault(status.to_string())) }
}

fn wasm_target(workspace: &Path) -> Result<(), Error> {
    let rustc = Command::new("rustc").args(["--print", "sysroot"]).current_dir(workspace).output();
    let sysroot =
        rustc.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default();
    if Path::new(&sysroot).join("lib/rustlib").join(TARGET).is_dir() {
        return Ok(());
    }
    let status = Command::new("rustup").args(["target", "add", TARGET]).current_dir(workspace).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        _ => {
            let what = format!("the compiler has no {TARGET}; by hand: rustup target add {TARGET}");
            Err(Error::new(TOOL_MISSING, what))
        }
    }
}

/// The version of wasm-opt, which is installed if need be, or why there is none.
fn wasm_opt() -> Result<String, String> {
    if let Some(version) = installed_binaryen() {
        return Ok(version);
    }
    let node =
        version_of_node().ok_or_else(|| format!("it needs Node {NODE} or newer, which is not installed"))?;
    if node < NODE {
        return Err(format!("it needs Node {NODE} or newer, and there is {node}"));
    }
    println!("  {:<10} installing binaryen {BINARYEN} into {}", "tools", folder().display());
    fs::create_dir_all(folder()).map_err(|error| error.to_string())?;
    let output = Command::new("npm")
        .args(["install", "--omit=optional", "--no-save", "--no-package-lock", "--no-audit", "--no-fund"])
        .arg(format!("binaryen@{BINARYEN}"))
        .arg("--prefix")
        .arg(folder())
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("npm cannot be run: {error}"))?;
    installed_binaryen().ok_or_else(|| {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        format!(
            "npm could not install it: {}",
            said.lines().find(|line| line.contains("ERR")).unwrap_or("no reason given")
        )
    })
}

/// The version of binaryen in the tools folder, if it is the one we want.
fn installed_binaryen() -> Option<String> {
    let text = fs::read(folder().join("node_modules/binaryen/package.json")).ok()?;
    let package: serde_json::Value = serde_json::from_slice(&text).ok()?;
    let version = package.get("version")?.as_str()?;
    let runs = version == BINARYEN && find("wasm-opt").is_some() && find("node").is_some();
    runs.then(|| version.to_owned())
}

fn version_of_node() -> Option<u32> {
    let output = Command::new("node").arg("--version").output().ok()?;
    String::from_utf8_lossy(&output.stdout).trim().strip_prefix('v')?.split('.').next()?.parse().ok()
}

/// The folder that cargo builds into.
pub fn target_dir(workspace: &Path) -> PathBuf {
    // Relative ones count from where cargo is called, which is the workspace for all that we call.
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), |dir| workspace.join(dir))
}

/// A command with the tools folder first in its PATH.
pub fn command(program: &str, workspace: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(workspace).env("PATH", path());
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_the_lock_file() {
        let lock = "[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n\n[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.2.9\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(locked_version(lock, "wasm-bindgen-macro").as_deref(), Some("0.2.9"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }
}

//! What a microapp's Cargo.lock says.

use super::command;
use crate::Error;
use contract::code::{LOCK_FILE, TOOL_MISSING};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Stdio,
};

/// The version of wasm-bindgen in the Cargo.lock of the workspace that `dir` is in. The tool must have it too.
pub fn wasm_bindgen(dir: &Path) -> Result<String, Error> {
    let path = workspace(dir)?.join("Cargo.lock");
    let fault = |what: &str| Error::new(LOCK_FILE, format!("{} {what}", path.display()));
    let text = fs::read_to_string(&path).map_err(|error| fault(&format!("cannot be read: {error}")))?;
    version_of(&text, "wasm-bindgen").ok_or_else(|| fault("does not name wasm-bindgen"))
}

/// The folder of the workspace that `dir` is in; only cargo knows.
pub(super) fn workspace(dir: &Path) -> Result<PathBuf, Error> {
    let output = command("cargo")
        .args(["locate-project", "--workspace", "--message-format", "plain"])
        .current_dir(dir)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| {
            let what = format!("`cargo` cannot be run in {}: {error}; rustup installs it", dir.display());
            Error::new(TOOL_MISSING, what)
        })?;
    let manifest = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
    match manifest.parent().filter(|_| output.status.success()) {
        Some(folder) => Ok(folder.to_owned()),
        None => {
            let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            Err(Error::new(LOCK_FILE, format!("{}: {said}", dir.display())))
        }
    }
}

fn version_of(lock: &str, package: &str) -> Option<String> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.nth(1)?.strip_prefix("version = \"")?.strip_suffix('"').map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_the_lock_file() {
        let lock = "[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n\n[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"0.2.9\"\n";
        assert_eq!(version_of(lock, "wasm-bindgen").as_deref(), Some("0.2.130"));
        assert_eq!(version_of(lock, "wasm-bindgen-macro").as_deref(), Some("0.2.9"));
        assert_eq!(version_of(lock, "wasm"), None);
    }

    /// What the lock file of a package says, and the error without one.
    fn check(lock: Option<&str>, expected: Result<&str, &str>) {
        let dir = tempfile::tempdir().unwrap();
        fs::write(
            dir.path().join("Cargo.toml"),
            "[package]\nname = \"a\"\n[lib]\npath = \"a.rs\"\n[workspace]\n",
        )
        .unwrap();
        if let Some(lock) = lock {
            fs::write(dir.path().join("Cargo.lock"), lock).unwrap();
        }
        match (wasm_bindgen(dir.path()), expected) {
            (Ok(version), Ok(expected)) => assert_eq!(version, expected),
            (Err(error), Err(expected)) => {
                assert_eq!(error.code(), LOCK_FILE, "{error}");
                assert!(error.to_string().contains(expected), "{error}");
                assert!(error.message().contains("cargo generate-lockfile"), "{}", error.message());
            }
            (found, _) => panic!("{found:?} is not {expected:?}"),
        }
    }

    #[test]
    fn lock_files_of_a_folder() {
        check(Some("[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.99\"\n"), Ok("0.2.99"));
        check(
            Some("[[package]]\nname = \"other\"\nversion = \"1.0.0\"\n"),
            Err("does not name wasm-bindgen"),
        );
        check(Some("\u{0}rubbish"), Err("does not name wasm-bindgen"));
        check(None, Err("cannot be read"));
    }

    #[test]
    fn a_folder_that_is_no_package() {
        let error = wasm_bindgen(tempfile::tempdir().unwrap().path()).unwrap_err();
        assert_eq!(error.code(), LOCK_FILE, "{error}");
    }
}

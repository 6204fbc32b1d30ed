//! Where the things under test lie. `cargo xtask test` sets all of it.

use std::{env, path::PathBuf};

/// What to do when something is missing.
const WAY_OUT: &str = "run `cargo xtask test`, which builds it and says where it is";

/// The workspace.
pub fn workspace() -> PathBuf {
    // cargo says where the package is that it tests; with one target folder for several clones the program may be of another.
    let tests =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    tests.parent().expect("tests/ lies in the workspace").to_owned()
}

/// The server program, from `MENAGERIE_SERVER`.
pub fn server() -> PathBuf {
    program("MENAGERIE_SERVER", "the server program")
        .unwrap_or_else(|| missing("MENAGERIE_SERVER is not set"))
}

/// The command line, from `MENAGERIE_CLI`.
pub fn cli() -> PathBuf {
    program("MENAGERIE_CLI", "the command line").unwrap_or_else(|| missing("MENAGERIE_CLI is not set"))
}

/// chromedriver, from `CHROMEDRIVER` or the places where Debian puts it.
pub fn chromedriver() -> PathBuf {
    program("CHROMEDRIVER", "chromedriver")
        .or_else(|| installed("chromedriver"))
        .unwrap_or_else(|| missing("there is no chromedriver"))
}

/// Chromium, from `CHROMIUM` or the places where Debian puts it.
pub fn chromium() -> PathBuf {
    program("CHROMIUM", "Chromium")
        .or_else(|| installed("chromium"))
        .unwrap_or_else(|| missing("there is no Chromium"))
}

/// The folder with `engine.wasm` and `engine.js`, from `MENAGERIE_ENGINE`.
pub fn engine() -> PathBuf {
    match env::var_os("MENAGERIE_ENGINE") {
        Some(folder) => folder.into(),
        None => missing("MENAGERIE_ENGINE is not set"),
    }
}

/// The packed release of a microapp, or of the shell: `<MENAGERIE_DIST>/microapps/cart/dist/release`.
pub fn release(folder: &str) -> PathBuf {
    let root = env::var_os("MENAGERIE_DIST").map_or_else(workspace, PathBuf::from);
    let release = root.join(folder).join("dist/release");
    if !release.join("microapp.json").is_file() {
        missing(&format!("there is no release in {}", release.display()));
    }
    release
}

/// The folders of all microapps, and of those that only the tests have.
pub fn microapps() -> Vec<String> {
    folders("microapps")
}

fn folders(parent: &str) -> Vec<String> {
    let read = std::fs::read_dir(workspace().join(parent)).expect("the workspace can be read");
    let mut names: Vec<String> = read
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.join("Trunk.toml").is_file())
        .filter_map(|path| Some(format!("{parent}/{}", path.file_name()?.to_str()?)))
        .collect();
    names.sort();
    names
}

/// Where screenshots go.
pub fn screenshots() -> PathBuf {
    let folder =
        env::var_os("MENAGERIE_SCREENSHOTS").map_or_else(|| workspace().join("screenshots"), PathBuf::from);
    std::fs::create_dir_all(&folder).expect("the folder for screenshots can be made");
    folder
}

/// Ends the test with what is missing and the way out.
pub fn missing(what: &str) -> ! {
    panic!("{what}: {WAY_OUT}")
}

fn program(variable: &str, what: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env::var_os(variable)?);
    if !path.is_file() {
        missing(&format!("{variable} names {what} as {}, which is not there", path.display()));
    }
    Some(path)
}

fn installed(name: &str) -> Option<PathBuf> {
    let paths = env::var_os("PATH")?;
    env::split_paths(&paths).map(|folder| folder.join(name)).find(|path| path.is_file())
}

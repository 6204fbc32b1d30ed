//! Where the build tools are: in a folder of our own, before PATH.

pub mod browser;
mod compiler;
mod lock;
mod settings;
mod toolset;

use crate::server::TOKEN_VARIABLE;
use std::{
    env,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::Command,
};

pub use toolset::{TARGET, Toolset, versions, wasm_opt};

/// Names another tools folder.
pub const TOOLS_VARIABLE: &str = "MENAGERIE_TOOLS";

/// The user's cache: `${XDG_CACHE_HOME:-~/.cache}/menagerie`. What is relative counts for nothing, as the XDG Base Directory
/// Specification has it.
pub fn cache_folder() -> PathBuf {
    let set = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let cache = set("XDG_CACHE_HOME").or_else(|| set("HOME").map(|home| home.join(".cache")));
    cache.unwrap_or_else(env::temp_dir).join("menagerie")
}

/// The tools folder: what [`TOOLS_VARIABLE`] names, else `tools` in the user's cache. Programs are run in other folders than
/// ours, so it is absolute.
pub fn folder() -> PathBuf {
    match env::var_os(TOOLS_VARIABLE).filter(|value| !value.is_empty()).map(PathBuf::from) {
        Some(named) => std::path::absolute(&named).unwrap_or(named),
        None => cache_folder().join("tools"),
    }
}

/// PATH with the programs in the tools folder first.
pub fn path() -> OsString {
    let ours = [folder().join("bin"), folder().join("node_modules").join(".bin")];
    let rest = env::var_os("PATH").unwrap_or_default();
    let joined = env::join_paths(ours.into_iter().chain(env::split_paths(&rest)));
    joined.unwrap_or(rest)
}

/// A command that is not told our token: what is built or installed runs the code of others, `build.rs` and the like.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.env_remove(TOKEN_VARIABLE);
    command
}

/// The program `name` in [`path`].
pub fn find(name: &str) -> Option<PathBuf> {
    find_in(&path(), name)
}

pub(crate) fn find_in(path: &OsStr, name: &str) -> Option<PathBuf> {
    let name = format!("{name}{}", env::consts::EXE_SUFFIX);
    env::split_paths(path).map(|folder| folder.join(&name)).find(|program| is_program(program))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_folder_that_has_the_program_wins() {
        let [a, b] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let path = env::join_paths([a.path(), b.path()]).unwrap();
        assert_eq!(find_in(&path, "tool"), None);
        for folder in [&b, &a] {
            let program = folder.path().join("tool");
            std::fs::write(&program, "").unwrap();
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                assert_ne!(find_in(&path, "tool").as_ref(), Some(&program), "without permission to run it");
                std::fs::set_permissions(&program, PermissionsExt::from_mode(0o755)).unwrap();
            }
            assert_eq!(find_in(&path, "tool"), Some(program));
        }
    }
}

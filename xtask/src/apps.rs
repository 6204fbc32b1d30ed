//! The shell and the microapps of this workspace, and how each is built.

use crate::{fingerprint, shell_words::seconds};
use cli::{
    Error,
    build::{self, Output},
};
use contract::{code::BUILD_FAILED, release::Release};
use release::{Files, SHELL, verify};
use std::{
    env, fs,
    io::{self, Write},
    path::{Path, PathBuf},
    time::Instant,
};

/// The file in `dist` that says of which inputs it was made.
const STAMP: &str = ".inputs";

/// The shell or a microapp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct App {
    /// Its name, which is its folder's.
    pub name: String,
    /// The folder with its Cargo.toml.
    pub dir: PathBuf,
    /// The folder with its Trunk.toml and page: for the shell the workspace itself.
    pub page: PathBuf,
    /// The folder that its build writes.
    pub dist: PathBuf,
}

/// The workspace.
pub fn workspace() -> PathBuf {
    // cargo says where the package is that it runs; a program that was moved does not.
    let package =
        env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    package.parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// The shell, then the microapps by name.
pub fn all(workspace: &Path) -> Result<Vec<App>, Error> {
    let mut apps = Vec::new();
    let folder = workspace.join("microapps");
    let entries = fs::read_dir(&folder).map_err(|error| cannot_read(&folder, &error))?;
    for dir in entries.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
        if dir.join("Trunk.toml").is_file()
            && let Some(name) = dir.file_name().and_then(|name| name.to_str())
        {
            apps.push(App {
                name: name.to_owned(),
                page: dir.clone(),
                dist: dir.join("dist"),
                dir: dir.clone(),
            });
        }
    }
    apps.sort_by(|a, b| a.name.cmp(&b.name));
    if workspace.join("Trunk.toml").is_file() {
        let dir = workspace.join(SHELL);
        let page = workspace.to_owned();
        apps.insert(0, App { name: SHELL.to_owned(), page, dist: dir.join("dist"), dir });
    }
    Ok(apps)
}

/// The microapp that only the end-to-end tests mount, and the release after it: the same package with
/// another feature, so with a page of its own.
pub fn fixtures(workspace: &Path) -> Vec<App> {
    let dir = workspace.join("tests/fixtures/specimen");
    let next = dir.join("next");
    vec![
        App { name: "specimen".to_owned(), page: dir.clone(), dist: dir.join("dist"), dir: dir.clone() },
        App { name: "specimen, next".to_owned(), dist: next.join("dist"), page: next, dir },
    ]
}

/// The package that is a wasm with the agent engine alone.
pub fn engine(workspace: &Path) -> PathBuf {
    workspace.join("tests/fixtures/engine")
}

impl App {
    /// The packed release.
    pub fn release(&self) -> PathBuf {
        self.dist.join("release")
    }

    /// The files of the packed release.
    pub fn files(&self) -> Result<Files, Error> {
        Ok(verify::read(&self.release())?)
    }

    /// What the packed release says of itself.
    pub fn described(&self) -> Result<Release, Error> {
        Ok(verify::folder(&self.release())?)
    }

    fn stamp(&self) -> PathBuf {
        self.dist.join(STAMP)
    }

    /// What its build depends on, as a hash.
    pub fn inputs(&self, workspace: &Path) -> Result<String, Error> {
        fingerprint::of(self, workspace)
    }

    /// Whether its release is made of `inputs`.
    pub fn is_built_of(&self, inputs: &str) -> bool {
        let stamp = fs::read_to_string(self.stamp()).unwrap_or_default();
        stamp == inputs && verify::folder(&self.release()).is_ok()
    }

    /// Builds it, unless that was done with the same inputs. Says so on one line.
    pub fn build(&self, workspace: &Path) -> Result<(), Error> {
        let inputs = self.inputs(workspace)?;
        if self.is_built_of(&inputs) {
            println!("  {:<10} unchanged", self.name);
            return Ok(());
        }
        print!("  {:<10} building … ", self.name);
        let _ = io::stdout().flush();
        let start = Instant::now();
        build::trunk(&self.page, Output::ShowIfFailed).inspect_err(|_| println!("failed"))?;
        let release = verify::folder(&self.release())?;
        fs::write(self.stamp(), inputs).map_err(|error| cannot_read(&self.stamp(), &error))?;
        println!("{}, {}", seconds(start), release.version);
        Ok(())
    }
}

/// Builds them all, one after the other: each uses all cores.
pub fn build(apps: &[App], workspace: &Path) -> Result<(), Error> {
    apps.iter().try_for_each(|app| app.build(workspace))
}

/// Says of a file that it cannot be read or written.
pub fn cannot_read(path: &Path, error: &io::Error) -> Error {
    Error::new(BUILD_FAILED, format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn microapps_are_folders_with_a_trunk_toml() {
        let workspace = tempfile::tempdir().unwrap();
        for path in
            ["microapps/cart/Trunk.toml", "microapps/b/Trunk.toml", "microapps/none/Cargo.toml", "Trunk.toml"]
        {
            let path = workspace.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let apps = all(workspace.path()).unwrap();
        assert_eq!(apps.iter().map(|app| app.name.as_str()).collect::<Vec<_>>(), ["shell", "b", "cart"]);
        assert_eq!(apps[0].page, workspace.path());
    }
}

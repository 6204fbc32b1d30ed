//! What a microapp says of itself: `[package]` and `[package.metadata.microapp]` in its Cargo.toml.

use crate::{Error, source};
use contract::{
    code::RELEASE_MANIFEST,
    release::{Load, Slot},
};
use serde::Deserialize;
use std::{collections::BTreeMap, path::Path};

/// What a microapp's Cargo.toml says of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Description {
    /// The package's name.
    pub name: String,
    /// The package's version, inherited from the workspace where it says so.
    pub version: String,
    /// `[package.metadata.microapp]`.
    pub microapp: Microapp,
}

/// `[package.metadata.microapp]`: the fields of `microapp.json` that people write.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Microapp {
    /// What people call it.
    pub title: String,
    /// Hash paths that it answers.
    #[serde(default)]
    pub routes: Vec<String>,
    /// Older addresses and the path they mean.
    #[serde(default)]
    pub aliases: BTreeMap<String, String>,
    /// Where it goes on the page.
    #[serde(default)]
    pub slot: Slot,
    /// When it is fetched.
    #[serde(default)]
    pub load: Load,
    /// Commands that others may call.
    #[serde(default)]
    pub commands: Vec<String>,
    /// Events that it may send.
    #[serde(default)]
    pub events: Vec<String>,
    /// Host services that it uses.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Style sheets whose rules stand before those of `style.css`, relative to the microapp's folder.
    #[serde(default)]
    pub styles: Vec<String>,
    /// More files to put into the release, relative to the microapp's folder; of a folder, all files in it.
    #[serde(default)]
    pub files: Vec<String>,
    /// The folder with a file for each language besides English, relative to the microapp's folder; `locales` if that is there.
    pub locales: Option<String>,
    /// Agents to put into the release, relative to the microapp's folder: a file for each language.
    #[serde(default)]
    pub agents: Vec<String>,
    /// The folder with vectors for these agents, relative to the microapp's folder: one file in the release.
    pub vectors: Option<String>,
}

#[derive(Deserialize)]
struct Manifest {
    package: Option<Package>,
    workspace: Option<Workspace>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    #[serde(default)]
    version: Version,
    #[serde(default)]
    metadata: Metadata,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Version {
    Own(String),
    Inherited { workspace: bool },
}

impl Default for Version {
    fn default() -> Self {
        Self::Own("0.0.0".to_owned()) // as cargo has it
    }
}

#[derive(Default, Deserialize)]
struct Metadata {
    microapp: Option<Microapp>,
}

#[derive(Deserialize)]
struct Workspace {
    package: Option<WorkspacePackage>,
}

#[derive(Deserialize)]
struct WorkspacePackage {
    version: Option<String>,
}

impl Description {
    /// Reads the Cargo.toml in `dir`.
    pub fn read(dir: &Path) -> Result<Self, Error> {
        let path = dir.join("Cargo.toml");
        let place = path.display().to_string();
        let fault = |what: &str| Error::new(RELEASE_MANIFEST, &place, what);
        let package = manifest(&path)?.package.ok_or_else(|| fault("has no [package]"))?;
        let microapp =
            package.metadata.microapp.ok_or_else(|| fault("has no [package.metadata.microapp]"))?;
        let version = match package.version {
            Version::Own(version) => version,
            Version::Inherited { workspace: true } => inherited(dir)?.ok_or_else(|| {
                fault("inherits its version, but no folder above has a [workspace.package] version")
            })?,
            Version::Inherited { workspace: false } => {
                return Err(fault("`version.workspace` can only be true"));
            }
        };
        Ok(Self { name: package.name, version, microapp })
    }
}

fn manifest(path: &Path) -> Result<Manifest, Error> {
    toml::from_str(&source::text(path)?)
        .map_err(|error| Error::new(RELEASE_MANIFEST, path.display().to_string(), error.to_string().trim()))
}

/// The version in the `[workspace.package]` of the nearest workspace above `dir`.
fn inherited(dir: &Path) -> Result<Option<String>, Error> {
    let dir = dir.canonicalize().map_err(|error| source::unreadable(dir, &error))?;
    for folder in dir.ancestors() {
        let path = folder.join("Cargo.toml");
        if path.is_file()
            && let Some(workspace) = manifest(&path)?.workspace
        {
            return Ok(workspace.package.and_then(|package| package.version));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn read(cargo_toml: &str) -> Result<Description, Error> {
        let workspace = tempfile::tempdir().unwrap();
        fs::write(workspace.path().join("Cargo.toml"), "[workspace.package]\nversion = \"1.2.3\"\n").unwrap();
        let dir = workspace.path().join("apps/cart");
        fs::create_dir_all(&dir).unwrap();
        fs::write(dir.join("Cargo.toml"), cargo_toml).unwrap();
        Description::read(&dir)
    }

    #[test]
    fn a_whole_description() {
        let description = read(
            r#"
            [package]
            name = "cart"
            version.workspace = true
            edition.workspace = true
            [package.metadata.microapp]
            title = "Cart"
            routes = ["/cart"]
            aliases = { "/basket" = "/cart" }
            load = "idle"
            slot = "overlay"
            commands = ["cart.add"]
            [package.metadata.other]
            x = 1
            [dependencies]
            "#,
        )
        .unwrap();
        assert_eq!((description.name.as_str(), description.version.as_str()), ("cart", "1.2.3"));
        assert_eq!((description.microapp.load, description.microapp.slot), (Load::Idle, Slot::Overlay));
        assert_eq!(description.microapp.aliases["/basket"], "/cart");
    }

    #[test]
    fn faults_say_where() {
        let microapp = "[package.metadata.microapp]\ntitle = \"Cart\"\n";
        for (cargo_toml, part) in [
            ("[package]\nname = \"cart\"\n".to_owned(), "has no [package.metadata.microapp]"),
            ("[workspace]\n".to_owned(), "has no [package]"),
            (format!("[package]\nname = \"cart\"\n{microapp}route = \"/x\"\n"), "line 5"),
            (
                format!("[package]\nname = \"cart\"\nversion.workspace = false\n{microapp}"),
                "can only be true",
            ),
            ("[package".to_owned(), "line 1"),
            ("[package]\nname = \"cart\"\n[package.metadata.microapp]\n".to_owned(), "title"),
        ] {
            let error = read(&cargo_toml).unwrap_err();
            assert_eq!(error.code, RELEASE_MANIFEST);
            assert!(error.place.ends_with("Cargo.toml") && error.what.contains(part), "{error}");
        }
    }
}

//! What a build depends on, as one hash: the same hash, the same release.

use crate::{
    apps::{App, cannot_read},
    tools,
};
use cli::Error;
use contract::code::BUILD_FAILED;
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeSet,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

/// Files that every build depends on.
const SHARED: [&str; 12] = [
    "Cargo.toml",
    "Cargo.lock",
    "rust-toolchain.toml",
    ".cargo/config.toml",
    "crates/cli/src/agent/browser.rs",
    "crates/cli/src/agent/files.rs",
    "crates/cli/src/build.rs",
    "crates/cli/src/pack.rs",
    "crates/cli/src/tools/compiler.rs",
    "crates/cli/src/tools/settings.rs",
    "crates/cli/src/tools/toolset.rs",
    "crates/cli/src/wasm_opt.rs",
];

/// The crate that packs; a change of it changes every release.
const PACKING: &str = "crates/release";

/// Folders that builds write, or that say nothing about them.
const IGNORED: [&str; 3] = ["dist", "target", "tests"];

/// The hash of everything that the build of `app` reads, and of the tools that it runs.
pub fn of(app: &App, workspace: &Path) -> Result<String, Error> {
    let mut hash = Sha256::new();
    for path in inputs(app, workspace)? {
        let bytes = fs::read(&path).map_err(|error| cannot_read(&path, &error))?;
        let name = path.strip_prefix(workspace).unwrap_or(&path).to_string_lossy();
        hash.update((name.len() as u64).to_be_bytes());
        hash.update(name.as_bytes());
        hash.update((bytes.len() as u64).to_be_bytes());
        hash.update(bytes);
    }
    hash.update(tools::versions(workspace)?);
    Ok(hash.finalize().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    }))
}

/// The files, sorted.
fn inputs(app: &App, workspace: &Path) -> Result<BTreeSet<PathBuf>, Error> {
    let mut files: BTreeSet<PathBuf> =
        SHARED.iter().map(|name| workspace.join(name)).filter(|path| path.is_file()).collect();
    files.extend(
        ["index.html", "Trunk.toml"]
            .map(|name| app.page.join(name))
            .into_iter()
            .filter(|path| path.is_file()),
    );
    let mut folders = BTreeSet::from([workspace.join(PACKING)]);
    own_crates(&app.dir, workspace, &mut folders)?;
    for folder in &folders {
        collect(folder, &mut files)?;
    }
    let manifest = read_toml(&app.dir.join("Cargo.toml"))?;
    let microapp = manifest.get("package").and_then(|package| package.get("metadata")?.get("microapp"));
    let further = ["files", "agents"].into_iter().filter_map(|kind| microapp?.get(kind)?.as_array());
    let vectors = microapp.and_then(|microapp| microapp.get("vectors"));
    for path in further.flatten().chain(vectors).filter_map(toml::Value::as_str) {
        let path = app.dir.join(path);
        // Without `..`, so that a file has one name only.
        let path = path.canonicalize().map_err(|error| cannot_read(&path, &error))?;
        if path.is_dir() {
            collect(&path, &mut files)?;
        } else {
            files.insert(path);
        }
    }
    let locales = microapp.and_then(|microapp| microapp.get("locales")?.as_str()).unwrap_or("locales");
    if let Ok(locales) = app.dir.join(locales).canonicalize() {
        let mut languages = BTreeSet::new();
        collect(&locales, &mut languages)?;
        files
            .extend(languages.into_iter().filter(|path| path.extension().is_some_and(|kind| kind == "json")));
    }
    files.insert(workspace.join("assets/tokens.css")); // packing knows the design tokens
    files.retain(|path| path.is_file());
    Ok(files)
}

/// Adds the folder of a package and those of the workspace's packages that it depends on.
fn own_crates(dir: &Path, workspace: &Path, folders: &mut BTreeSet<PathBuf>) -> Result<(), Error> {
    if !folders.insert(dir.to_owned()) {
        return Ok(());
    }
    let shared = read_toml(&workspace.join("Cargo.toml"))?;
    let shared = shared.get("workspace").and_then(|workspace| workspace.get("dependencies"));
    let manifest = read_toml(&dir.join("Cargo.toml"))?;
    let dependencies =
        ["dependencies", "build-dependencies"].into_iter().filter_map(|kind| manifest.get(kind)?.as_table());
    for (name, dependency) in dependencies.flatten() {
        let own = dependency.get("path").and_then(toml::Value::as_str).map(|path| dir.join(path));
        let inherited = || Some(workspace.join(shared?.get(name)?.get("path")?.as_str()?));
        if let Some(path) = own.or_else(inherited) {
            own_crates(&path, workspace, folders)?;
        }
    }
    Ok(())
}

fn read_toml(path: &Path) -> Result<toml::Table, Error> {
    let text = fs::read_to_string(path).map_err(|error| cannot_read(path, &error))?;
    toml::from_str(&text).map_err(|error| Error::new(BUILD_FAILED, format!("{}: {error}", path.display())))
}

fn collect(folder: &Path, files: &mut BTreeSet<PathBuf>) -> Result<(), Error> {
    for entry in fs::read_dir(folder).map_err(|error| cannot_read(folder, &error))? {
        let path = entry.map_err(|error| cannot_read(folder, &error))?.path();
        if is_ignored(&path) {
            continue;
        }
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.insert(path);
        }
    }
    Ok(())
}

/// Whether a file or folder of this name is no source: builds, tests, what editors leave behind.
pub fn is_ignored(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    IGNORED.contains(&name.as_ref()) || name.starts_with('.') || name.ends_with('~')
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Workspace(tempfile::TempDir);

    impl Workspace {
        fn new() -> Self {
            let workspace = Self(tempfile::tempdir().unwrap());
            for (path, text) in [
                (
                    "Cargo.toml",
                    "[workspace.dependencies]\nmicroapp = { path = \"crates/microapp\" }\nserde = \"1\"\n",
                ),
                ("Cargo.lock", "[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n"),
                ("assets/tokens.css", ":root{}"),
                ("assets/locales/de.json", "{}"),
                ("crates/release/src/lib.rs", ""),
                ("crates/microapp/Cargo.toml", "[dependencies]\ncontract = { path = \"../contract\" }\n"),
                ("crates/contract/Cargo.toml", ""),
                ("crates/contract/src/lib.rs", ""),
                ("crates/server/src/lib.rs", ""),
                (
                    "microapps/cart/Cargo.toml",
                    "[package.metadata.microapp]\nlocales = \"../../assets/locales\"\n[dependencies]\nmicroapp.workspace = true\nserde.workspace = true\n",
                ),
                ("microapps/cart/src/lib.rs", ""),
                ("microapps/home/src/lib.rs", ""),
            ] {
                workspace.write(path, text);
            }
            workspace
        }

        fn write(&self, path: &str, text: &str) {
            let path = self.0.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }

        fn cart(&self) -> String {
            let dir = self.0.path().join("microapps/cart");
            of(&App { name: "cart".into(), page: dir.clone(), dist: dir.join("dist"), dir }, self.0.path())
                .unwrap()
        }
    }

    #[test]
    fn what_a_build_reads_changes_its_hash_and_nothing_else_does() {
        for (path, changes) in [
            ("microapps/cart/src/lib.rs", true),
            ("microapps/cart/src/new.rs", true),
            ("microapps/cart/style.css", true),
            ("crates/contract/src/lib.rs", true),
            ("crates/release/src/lib.rs", true),
            ("Cargo.lock", true),
            ("assets/tokens.css", true),
            ("assets/locales/de.json", true),
            ("assets/locales/de.letters.txt", false),
            ("microapps/home/src/lib.rs", false),
            ("crates/server/src/lib.rs", false),
            ("microapps/cart/dist/cart.js", false),
            ("microapps/cart/src/.lib.rs.swp", false),
        ] {
            let workspace = Workspace::new();
            let before = workspace.cart();
            assert_eq!(before, workspace.cart());
            let old = fs::read_to_string(workspace.0.path().join(path)).unwrap_or_default();
            workspace.write(path, &format!("{old}\n"));
            assert_eq!(before != workspace.cart(), changes, "{path}");
        }
    }
}

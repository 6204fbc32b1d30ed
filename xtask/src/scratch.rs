//! The workspace again in another folder, to be built there from nothing and changed.

use crate::{apps, tools};
use cli::{Error, tools::cache_folder};
use contract::code::BUILD_FAILED;
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

/// A file of a microapp, a line in it, and what that becomes.
pub type Change = (&'static str, &'static str, &'static str, &'static str);

/// One line of each microapp.
pub const CHANGES: [Change; 5] = [
    ("cart", "src/view.rs", "\"Your cart\"", "\"Your basket of things\""),
    ("home", "src/lib.rs", "Good things for good animals", "Good things for all good animals"),
    ("product", "src/buy.rs", "delivery is worked out", "the delivery is worked out"),
    ("checkout", "src/rules.rs", "Enter the street and number.", "Enter the street and the house number."),
    ("contact", "src/form.rs", "Write a few words.", "Write us a few words."),
];

/// What is not copied: what builds and servers write, and the history.
const LEFT: [&str; 6] = [".git", "target", "dist", "data", "screenshots", "docs"];

/// A copy of the workspace, far from it: builds there see nothing of it. It stays, so that the next time is faster.
pub struct Scratch {
    root: PathBuf,
    /// Nobody else copies or builds there meanwhile.
    _lock: File,
}

impl Scratch {
    /// Copies what has changed since the last time.
    pub fn of(workspace: &Path) -> Result<Self, Error> {
        let root = cache_folder().join("scratch");
        let fault = |error| apps::cannot_read(&root, &error);
        fs::create_dir_all(cache_folder()).map_err(fault)?;
        let lock = File::create(root.with_extension("lock")).map_err(fault)?;
        if lock.try_lock().is_err() {
            println!("  {:<10} another checkout builds in {}; waiting for it", "scratch", root.display());
            lock.lock().map_err(fault)?;
        }
        copy(workspace, &root).map_err(fault)?;
        Ok(Self { root, _lock: lock })
    }

    /// Where it lies.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Changes a line, which must be there once.
    pub fn change_line(&self, (app, file, from, to): &Change) -> Result<(), Error> {
        let path = self.root.join("microapps").join(app).join(file);
        let text = fs::read_to_string(&path).map_err(|error| apps::cannot_read(&path, &error))?;
        if text.matches(*from).count() != 1 {
            return Err(Error::new(
                BUILD_FAILED,
                format!("{} has not exactly one `{from}` to change", path.display()),
            ));
        }
        fs::write(&path, text.replace(*from, to)).map_err(|error| apps::cannot_read(&path, &error))
    }

    /// Builds shell and microapps, with nothing of what the workspace has built.
    pub fn build(&self) -> Result<(), Error> {
        let mut command = tools::command("cargo", &self.root)?;
        command.args(["xtask", "budget"]).env("CARGO_TARGET_DIR", self.root.join("target"));
        let status = command.status();
        let status =
            status.map_err(|error| Error::new(BUILD_FAILED, format!("cargo cannot be run: {error}")))?;
        if status.success() {
            Ok(())
        } else {
            Err(Error::new(BUILD_FAILED, "the build elsewhere failed".to_owned()))
        }
    }
}

/// Makes `to` like `from`; files that are alike are left alone, so that cargo sees what changed.
fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    let mut names = Vec::new();
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let name = entry.file_name();
        if LEFT.iter().any(|left| name == *left) {
            continue;
        }
        let (here, there) = (entry.path(), to.join(&name));
        if entry.file_type()?.is_dir() {
            copy(&here, &there)?;
        } else if fs::read(&there).ok() != Some(fs::read(&here)?) {
            fs::copy(&here, &there)?;
        }
        names.push(name);
    }
    for entry in fs::read_dir(to)? {
        let entry = entry?;
        let left = LEFT.iter().any(|left| entry.file_name() == *left);
        if !left && !names.contains(&entry.file_name()) {
            if entry.file_type()?.is_dir() {
                fs::remove_dir_all(entry.path())?
            } else {
                fs::remove_file(entry.path())?
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_follows_its_original() {
        let (from, to) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let write = |path: &str, text: &str| {
            let path = from.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("a/b.rs", "one");
        write("target/x", "built");
        write("gone.rs", "two");
        copy(from.path(), to.path()).unwrap();
        fs::create_dir_all(to.path().join("target")).unwrap();
        write("a/b.rs", "three");
        fs::remove_file(from.path().join("gone.rs")).unwrap();
        copy(from.path(), to.path()).unwrap();
        assert_eq!(fs::read_to_string(to.path().join("a/b.rs")).unwrap(), "three");
        assert!(!to.path().join("gone.rs").exists() && !to.path().join("target/x").exists());
        assert!(to.path().join("target").is_dir(), "what was built there stays");
    }
}

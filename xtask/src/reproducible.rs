//! Whether a build gives the same bytes wherever it is made, whatever happens to the other microapps.

use crate::{
    apps::{self, App},
    scratch::{CHANGES, Scratch},
    tools::{self, TARGET},
};
use cli::Error;
use contract::code::{BUILD_FAILED, TESTS_FAILED};
use std::{env, fs, path::Path};

/// The microapp that is built twice: the smallest.
const SUBJECT: &str = "contact";

/// Compiles a microapp here, and in a copy of the workspace elsewhere in which a line of another one is changed. What comes after the
/// compiler (glue, wasm-opt, packing) reads no paths and no clock; `cargo xtask bench delivery` compares whole releases.
pub fn check(workspace: &Path) -> Result<(), Error> {
    let scratch = Scratch::of(workspace)?;
    let change = CHANGES.iter().find(|(app, ..)| *app != SUBJECT);
    change.map_or(Ok(()), |change| scratch.change_line(change))?;
    // Each with a target folder of its own: in a shared one cargo takes the two for one package, and builds it once.
    let there = wasm(scratch.root(), &scratch.root().join("target"))?;
    let here = wasm(workspace, &tools::target_dir(workspace))?;
    let home = env::home_dir().unwrap_or_default();
    let home = home.as_os_str().as_encoded_bytes();
    if home.len() > 1 && here.windows(home.len()).any(|bytes| bytes == home) {
        let what = format!("{SUBJECT} names places in the home of whoever built it");
        return Err(Error::new(TESTS_FAILED, what));
    }
    if here == there {
        println!("{SUBJECT}: the same {} bytes here and in {}", here.len(), scratch.root().display());
        return Ok(());
    }
    let what = format!("{SUBJECT} has other bytes when it is built in {}", scratch.root().display());
    Err(Error::new(TESTS_FAILED, what))
}

/// The compiler's wasm of the subject, built from `root` into `target`.
fn wasm(root: &Path, target: &Path) -> Result<Vec<u8>, Error> {
    let mut command = tools::release_command("cargo", root)?;
    command.args(["build", "--quiet", "--release", "--target", TARGET, "--package", SUBJECT]);
    let status = command.env("CARGO_TARGET_DIR", target).status();
    let status = status.map_err(|error| Error::new(BUILD_FAILED, format!("cargo cannot be run: {error}")))?;
    if !status.success() {
        return Err(Error::new(BUILD_FAILED, format!("{SUBJECT} in {}", root.display())));
    }
    let file = target.join(TARGET).join("release").join(format!("{SUBJECT}.wasm"));
    fs::read(&file).map_err(|error| apps::cannot_read(&file, &error))
}

/// Compares a release with the one that was built in another copy of the workspace.
pub fn same_release(app: &App, elsewhere: &Path) -> Result<(), Error> {
    let there = apps::all(elsewhere)?.into_iter().find(|other| other.name == app.name);
    let there = there.map(|other| other.files()).transpose()?.unwrap_or_default();
    let here = app.files()?;
    let differing =
        here.iter().find(|(name, bytes)| there.get(*name) != Some(bytes)).map(|(name, _)| name.as_str());
    match differing.or((here.len() != there.len()).then_some("a file more or less")) {
        None => Ok(()),
        Some(what) => Err(Error::new(TESTS_FAILED, format!("{} built elsewhere differs: {what}", app.name))),
    }
}

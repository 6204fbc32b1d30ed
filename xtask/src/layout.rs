//! `cargo xtask layout`: what most microapps have, so that it stands first in all of them.

use crate::{
    apps::{self, App, cannot_read},
    tools,
};
use cli::{
    Error,
    wasm_opt::{self, Names},
};
use release::{SHELL, layout::Layout, pack::Parts};
use std::fs;

/// Where packing reads it.
const LIST: &str = "crates/release/src/layout.txt";

/// Builds what is not built, and writes the list. Every release is another one after that.
pub fn write() -> Result<(), Error> {
    let workspace = apps::workspace();
    tools::ensure(&workspace)?;
    let apps = apps::all(&workspace)?;
    apps::build(&apps, &workspace)?;
    let modules = apps.iter().filter(|app| app.name != SHELL).map(module).collect::<Result<Vec<_>, _>>()?;
    let layout = Layout::of(&modules)?;
    let path = workspace.join(LIST);
    fs::write(&path, layout.to_text()).map_err(|error| cannot_read(&path, &error))?;
    println!("{}: {} lines", path.display(), layout.to_text().lines().count());
    Ok(())
}

/// The wasm of a microapp as it is packed, with the names of its functions.
fn module(app: &App) -> Result<Vec<u8>, Error> {
    let module = Parts::read(&app.dir, &app.dist)?.module;
    Ok(wasm_opt::optimise(&module, Names::Keep)?.unwrap_or(module))
}

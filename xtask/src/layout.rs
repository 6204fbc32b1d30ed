//! `cargo xtask layout`: what most microapps have, so that it stands first in all of them.

use crate::{
    apps::{self, App, cannot_read},
    tools,
};
use cli::{
    Error,
    wasm_opt::{self, Names},
};
use contract::code::TOOL_MISSING;
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
    wasm_opt::optimise(&module, Names::Keep)?.ok_or_else(|| {
        let why = "what is not made smaller has functions that no release has. Install Node, which runs it";
        Error::new(TOOL_MISSING, format!("wasm-opt is missing: {why}"))
    })
}

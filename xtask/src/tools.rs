//! The build tools for this workspace. `menagerie build` knows how they are found and installed.

use cli::{Error, tools::Toolset};
use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

pub use cli::tools::{TARGET, versions};

/// Installs what is missing, and says on one line what there is.
pub fn ensure(workspace: &Path) -> Result<(), Error> {
    let say = |what: &str| println!("  {:<10} {what}", "tools");
    say(&Toolset::ensure(workspace, &say)?.told());
    Ok(())
}

/// The folder that cargo builds into.
pub fn target_dir(workspace: &Path) -> PathBuf {
    // Relative ones count from where cargo is called, which is the workspace for all that we call.
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| workspace.join("target"), |dir| workspace.join(dir))
}

/// A command with these tools first in its PATH.
pub fn command(program: &str, workspace: &Path) -> Result<Command, Error> {
    Ok(Toolset::ensure(workspace, &|_| {})?.command(program, workspace))
}

/// A command that compiles for a release: [`TARGET`] alone, and what that is compiled with.
pub fn release_command(program: &str, workspace: &Path) -> Result<Command, Error> {
    Ok(Toolset::ensure(workspace, &|_| {})?.release_command(program, workspace))
}

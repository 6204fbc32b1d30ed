//! `menagerie build`: one `trunk build` for each microapp.

use crate::{Error, output, tools};
use contract::code::BUILD_FAILED;
use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

/// How to get trunk. Newer ones need a newer compiler.
const GET_TRUNK: &str = "`cargo xtask serve` installs it, or: cargo install trunk --version 0.21.14 --locked";

/// Build and pack microapps, each by its own `trunk build --release`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  menagerie build microapps/cart microapps/home")]
pub struct Arguments {
    /// The microapps' folders, each with a Trunk.toml.
    #[arg(required = true)]
    pub dirs: Vec<PathBuf>,
}

/// Builds one after the other and says how long each took.
pub fn run(arguments: &Arguments) -> Result<String, Error> {
    let mut done = Vec::new();
    for dir in &arguments.dirs {
        output::note(format!("building {} …", dir.display()));
        let start = Instant::now();
        trunk(dir, Output::Show)?;
        done.push(format!("{} in {:.1} s", dir.display(), start.elapsed().as_secs_f32()));
    }
    Ok(format!("built {}", done.join(", ")))
}

/// What becomes of the words of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// They are shown as they come.
    Show,
    /// They are shown if it fails.
    ShowIfFailed,
}

/// Runs `trunk build --release` in `dir`.
pub fn trunk(dir: &Path, output: Output) -> Result<(), Error> {
    let trunk = tools::require("trunk", GET_TRUNK)?;
    let mut command = Command::new(trunk);
    // Trunk would fetch tools that it does not find; ours are in PATH.
    command.args(["--quiet", "--skip-version-check", "build", "--release", "--offline"]);
    command.current_dir(dir).env("PATH", path_with_ourselves()).env_remove("RUST_BACKTRACE");
    // Trunk takes colours from the environment and refuses `NO_COLOR=1`, which others ask for.
    command.env_remove("NO_COLOR").stdin(Stdio::null());
    let fault = |why: String| Error::new(BUILD_FAILED, format!("trunk build in {} {why}", dir.display()));
    let status = match output {
        Output::Show => command.status().map_err(|error| fault(error.to_string()))?,
        Output::ShowIfFailed => {
            let result = command.output().map_err(|error| fault(error.to_string()))?;
            if !result.status.success() {
                output::note(String::from_utf8_lossy(&result.stdout));
                output::note(String::from_utf8_lossy(&result.stderr));
            }
            result.status
        }
    };
    if status.success() { Ok(()) } else { Err(fault("failed".to_owned())) }
}

/// PATH with this program's folder first: the hook of a build runs `menagerie`.
fn path_with_ourselves() -> std::ffi::OsString {
    let path = tools::path();
    let here = env::current_exe().ok().and_then(|program| program.parent().map(Path::to_path_buf));
    env::join_paths(here.into_iter().chain(env::split_paths(&path))).unwrap_or(path)
}

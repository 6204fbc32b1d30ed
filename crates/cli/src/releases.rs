//! `menagerie releases`: packed releases.

use crate::Error;
use release::verify;
use std::path::PathBuf;

/// Packed releases.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Check a packed release as the server would: description, names, hashes, size.
    #[command(after_help = "Example:\n  menagerie releases check microapps/cart/dist/release")]
    Check {
        /// The folder with `microapp.json`.
        dir: PathBuf,
    },
}

/// Does what `command` says.
pub fn run(command: &Command) -> Result<String, Error> {
    let Command::Check { dir } = command;
    let release = verify::folder(dir)?;
    let bytes: u64 = release.files.values().map(|file| file.size).sum();
    Ok(format!(
        "{} {} is good: {} files, {} KB",
        release.name,
        release.version,
        release.files.len(),
        bytes.div_ceil(1024)
    ))
}

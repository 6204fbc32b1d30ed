//! Agents on disk: an export of Dialogflow ES in a folder or a zip file, read without trust.
//!
//! What stands in its files is `nlu`'s, which reads and writes no file itself.

pub mod archive;
mod folder;

use nlu::{
    agent::Agent,
    format::{
        FormatError,
        dialogflow::{self, Files, Report},
    },
};
use std::{fs, io, path::Path};

/// An agent of more bytes is not read.
pub const MOST_BYTES: u64 = dialogflow::MOST_BYTES as u64;
/// Where an agent's intents and entities lie.
pub const FOLDERS: [&str; 2] = ["intents", "entities"];

/// Why an agent could not be read. Paths are those within its folder.
#[derive(Debug, thiserror::Error)]
pub enum AgentFileError {
    /// The folder or zip file itself.
    #[error(transparent)]
    Unreadable(#[from] io::Error),
    /// A file or folder in it.
    #[error("{0}: {1}")]
    UnreadablePart(String, io::Error),
    /// The zip file has too many bytes.
    #[error("{0} bytes are too much for an agent; {MOST_BYTES} are allowed")]
    Large(u64),
    /// The files of the folder together have.
    #[error("more than {MOST_BYTES} bytes are too much for an agent")]
    LargeFolder,
    /// Something among intents and entities.
    #[error("{0}: it cannot be read, since {1}")]
    Skipped(String, &'static str),
    /// What stands in a file.
    #[error(transparent)]
    Invalid(#[from] FormatError),
}

/// The agent of a folder or zip file, with the report of its import.
pub fn read(path: &Path) -> Result<(Agent, Report), AgentFileError> {
    let (files, ignored) = if path.is_dir() { folder::read(path)? } else { (zip_file(path)?, Vec::new()) };
    let (agent, mut report) = dialogflow::read(&files)?;
    report.ignored.extend(ignored);
    Ok((agent, report))
}

fn zip_file(path: &Path) -> Result<Files, AgentFileError> {
    let size = fs::metadata(path)?.len();
    if size > MOST_BYTES {
        return Err(AgentFileError::Large(size));
    }
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    Ok(archive::read(&name, &fs::read(path)?)?)
}

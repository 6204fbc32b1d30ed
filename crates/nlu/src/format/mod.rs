//! Formats that agents and training data come in.

pub mod dialogflow;
mod fields;
pub mod jsonl;
pub mod rasa;

/// Why a file was refused: the file, the place in it, and what was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}, {place}: {what}")]
pub struct FormatError {
    /// The file.
    pub file: String,
    /// Where in the file.
    pub place: String,
    /// What is wrong, and what was expected.
    pub what: String,
}

impl FormatError {
    /// An error at a place.
    pub fn new(file: impl Into<String>, place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { file: file.into(), place: place.into(), what: what.into() }
    }
}

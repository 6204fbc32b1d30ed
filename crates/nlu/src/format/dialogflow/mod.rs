//! The exports of Dialogflow ES, in both layouts that are in the wild.

mod read;
mod write;

pub use read::{MOST_BYTES, MOST_FILES, read, root};
pub use write::write;

use std::collections::{BTreeMap, BTreeSet};

/// The files of an export by their paths, with `/` between folders.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What happened on import beyond success.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Fields that are kept though the engine does not act on them, as `intent.lastUpdate`.
    pub kept: BTreeSet<String>,
    /// Secrets that were dropped.
    pub dropped: BTreeSet<String>,
    /// Files that are no part of an agent, and what was not read.
    pub ignored: Vec<String>,
    /// What is kept, but will not do what it says: expressions and a time zone that are not known.
    pub faults: Vec<String>,
}

impl Report {
    /// The report for people.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        let mut line = |what: &str, names: Vec<&str>| {
            if !names.is_empty() {
                text.push_str(what);
                text.push_str(&names.join(", "));
                text.push('\n');
            }
        };
        line("dropped, being secret: ", self.dropped.iter().map(String::as_str).collect());
        line("kept, but not acted on: ", self.kept.iter().map(String::as_str).collect());
        line("ignored files: ", self.ignored.iter().map(String::as_str).collect());
        self.faults.iter().for_each(|fault| line("not understood: ", vec![fault]));
        text
    }
}

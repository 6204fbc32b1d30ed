//! Training phrases.

use super::Extra;

/// A training phrase, cut into parts at its annotations.
#[derive(Debug, Clone, PartialEq)]
pub struct Phrase {
    /// Unique id.
    pub id: String,
    /// Its parts, white space included.
    pub parts: Vec<Part>,
    /// Whether parts like `@sys.date` stand for any value.
    pub template: bool,
    /// See [`Extra`].
    pub extra: Extra,
}

/// A part of a training phrase.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Part {
    /// The text.
    pub text: String,
    /// The parameter that it fills.
    pub alias: Option<String>,
    /// Its entity type, with `@`.
    pub entity: Option<String>,
    /// Whether a person marked it.
    pub by_hand: Option<bool>,
    /// See [`Extra`].
    pub extra: Extra,
}

impl Part {
    /// The entity type, unless the part is marked to be ignored.
    pub fn marked(&self) -> Option<&str> {
        self.entity.as_deref().filter(|e| *e != "@sys.ignore" && !e.is_empty())
    }
}

impl Phrase {
    /// A phrase without annotations.
    pub fn plain(text: &str) -> Self {
        let part = Part { text: text.to_owned(), ..Part::default() };
        Self { id: String::new(), parts: vec![part], template: false, extra: Extra::new() }
    }

    /// The whole text.
    pub fn text(&self) -> String {
        self.parts.iter().map(|p| p.text.as_str()).collect()
    }
}

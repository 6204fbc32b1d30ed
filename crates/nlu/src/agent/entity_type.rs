//! Entity types of the agent's own.

use super::Extra;
use crate::map::Map;

/// How the entries of an entity type are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EntityKind {
    /// Values with synonyms.
    #[default]
    Map,
    /// Values only.
    List,
    /// Regular expressions.
    Regexp,
}

/// An entity type.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EntityType {
    /// Unique id.
    pub id: String,
    /// Name, without `@`. One that starts with `sys.` extends a system entity.
    pub name: String,
    /// How its entries are read.
    pub kind: EntityKind,
    /// Whether values beyond the entries are taken where the sentence calls for them.
    pub expansion: bool,
    /// Whether one wrong letter is forgiven.
    pub fuzzy: bool,
    /// Entries of each language.
    pub entries: Map<Vec<Entry>>,
    /// See [`Extra`].
    pub extra: Extra,
}

/// One value.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// What is reported, or the regular expression. In a composite: references like `@colour @size`.
    pub value: String,
    /// What is said.
    pub synonyms: Vec<String>,
}

impl EntityType {
    /// As a session's own: whether it adds to the agent's of the same name, in place of standing in for it.
    pub fn supplements(&self) -> bool {
        let mode = self.extra.get("entityOverrideMode").and_then(|mode| mode.as_str());
        mode == Some("ENTITY_OVERRIDE_MODE_SUPPLEMENT")
    }

    /// Its entries in a language; a locale without its own has those of its language.
    pub fn entries_in(&self, language: &str) -> &[Entry] {
        self.entries.of_locale(language).map_or(&[], Vec::as_slice)
    }
}

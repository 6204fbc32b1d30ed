//! An agent as its author sees it: what Dialogflow ES keeps in an export, with names of our own.
//!
//! Every part has a field `extra` with what an export holds beyond what the engine acts on, so that nothing
//! is lost on the way through.

mod entity_type;
mod intent;
mod message;
pub(crate) mod packed;
mod phrase;

pub use entity_type::{EntityKind, EntityType, Entry};
pub use intent::{Intent, OutputContext, Parameter, Prompt};
pub use message::{Content, Message};
pub use phrase::{Part, Phrase};

use crate::json::Map;

/// Fields that are kept without being acted on.
pub type Extra = Map;

/// The priority of an intent that nobody changed.
pub const NORMAL_PRIORITY: i64 = 500_000;

/// Whether phrases are matched word for word before the classifier is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Matching {
    /// Word for word and by template first, then the classifier.
    #[default]
    Hybrid,
    /// Only the classifier.
    ClassifierOnly,
}

/// What holds for the whole agent.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Shown name.
    pub name: String,
    /// Main language.
    pub language: String,
    /// Further languages.
    pub languages: Vec<String>,
    /// IANA name, like `Europe/Berlin`.
    pub time_zone: String,
    /// Confidence below which the fallback answers.
    pub threshold: f32,
    /// Hybrid, or the classifier alone.
    pub matching: Matching,
    /// Where fulfilment is asked for.
    pub webhook: Option<String>,
    /// The rest of the webhook's settings.
    pub webhook_extra: Extra,
    /// See [`Extra`].
    pub extra: Extra,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: String::new(),
            language: "en".into(),
            languages: Vec::new(),
            time_zone: "UTC".into(),
            threshold: 0.3,
            matching: Matching::Hybrid,
            webhook: None,
            webhook_extra: Extra::new(),
            extra: Extra::new(),
        }
    }
}

/// An agent.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Agent {
    /// What holds for all of it.
    pub settings: Settings,
    /// Its intents, by name.
    pub intents: Vec<Intent>,
    /// Its entity types, by name.
    pub entity_types: Vec<EntityType>,
    /// Contents of `package.json`.
    pub package: Extra,
}

impl Agent {
    /// All languages, the main one first.
    pub fn languages(&self) -> Vec<&str> {
        let mut all = vec![self.settings.language.as_str()];
        for language in &self.settings.languages {
            if !all.contains(&language.as_str()) {
                all.push(language);
            }
        }
        all
    }

    /// Brings intents and entity types into the order of their names: the one that files keep.
    pub fn sort(&mut self) {
        crate::order::sort_by(&mut self.intents, |a, b| a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id)));
        crate::order::sort_by(&mut self.entity_types, |a, b| {
            a.name.cmp(&b.name).then_with(|| a.id.cmp(&b.id))
        });
    }

    /// The entity type of a name, without `@`.
    pub fn entity_type(&self, name: &str) -> Option<&EntityType> {
        self.entity_types.iter().find(|e| e.name == name)
    }
}

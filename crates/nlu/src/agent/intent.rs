//! Intents: what people may want, and what is done about it.

use super::{Extra, Message, NORMAL_PRIORITY, Phrase};
use crate::json::{Map, Value};
use crate::map;

/// An intent.
#[derive(Debug, Clone, PartialEq)]
pub struct Intent {
    /// Unique id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Whether the classifier learns it; else its phrases only match word for word.
    pub learnt: bool,
    /// Contexts that must all be active.
    pub input_contexts: Vec<String>,
    /// The intent that it follows up, by id.
    pub parent: Option<String>,
    /// The first of its line of follow-ups, by id.
    pub root_parent: Option<String>,
    /// Whether all contexts end when it is met.
    pub reset_contexts: bool,
    /// What the fulfilment is told to do.
    pub action: String,
    /// Contexts that it sets or, with lifespan 0, ends.
    pub output_contexts: Vec<OutputContext>,
    /// What it wants to know.
    pub parameters: Vec<Parameter>,
    /// What it says.
    pub messages: Vec<Message>,
    /// Among equals the higher one is taken; below 0 the intent is off.
    pub priority: i64,
    /// Whether fulfilment is asked.
    pub webhook: bool,
    /// Whether fulfilment is asked during slot filling too.
    pub webhook_for_slot_filling: bool,
    /// Whether it answers when nothing else does.
    pub fallback: bool,
    /// Whether it ends the conversation.
    pub end: bool,
    /// Events that lead to it.
    pub events: Vec<String>,
    /// Training phrases of each language.
    pub phrases: map::Map<Vec<Phrase>>,
    /// See [`Extra`].
    pub extra: Extra,
    /// What its response holds beyond.
    pub response_extra: Extra,
}

impl Default for Intent {
    fn default() -> Self {
        Self {
            id: String::new(),
            name: String::new(),
            learnt: true,
            input_contexts: Vec::new(),
            parent: None,
            root_parent: None,
            reset_contexts: false,
            action: String::new(),
            output_contexts: Vec::new(),
            parameters: Vec::new(),
            messages: Vec::new(),
            priority: NORMAL_PRIORITY,
            webhook: false,
            webhook_for_slot_filling: false,
            fallback: false,
            end: false,
            events: Vec::new(),
            phrases: map::Map::new(),
            extra: Extra::new(),
            response_extra: Extra::new(),
        }
    }
}

impl Intent {
    /// Its phrases in a language; a locale without its own has those of its language.
    pub fn phrases_in(&self, language: &str) -> &[Phrase] {
        self.phrases.of_locale(language).map_or(&[], Vec::as_slice)
    }

    /// Its parameter of a name.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|p| p.name == name)
    }
}

/// A context that an intent sets.
#[derive(Debug, Clone, PartialEq)]
pub struct OutputContext {
    /// Name.
    pub name: String,
    /// For how many turns; 0 ends it.
    pub lifespan: u32,
    /// Parameters that it starts with.
    pub parameters: Map,
    /// See [`Extra`].
    pub extra: Extra,
}

impl Parameter {
    /// Its entity type, without `@`.
    pub fn entity_name(&self) -> &str {
        self.entity.strip_prefix('@').unwrap_or(&self.entity)
    }
}

/// A question that asks for a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// Its language; none where the export has none.
    pub language: Option<String>,
    /// The question.
    pub text: String,
}

/// What an intent wants to know.
#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    /// Unique id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Entity type, with `@`; empty where the value comes from elsewhere.
    pub entity: String,
    /// Where the value comes from: `$name`, `$name.original`, `#context.name`, or text with them.
    pub value: String,
    /// Taken when nothing was said.
    pub default: Value,
    /// Whether it is asked for.
    pub required: bool,
    /// Whether it takes several values.
    pub list: bool,
    /// The questions.
    pub prompts: Vec<Prompt>,
    /// See [`Extra`].
    pub extra: Extra,
}

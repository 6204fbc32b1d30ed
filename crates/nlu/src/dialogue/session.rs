//! What is remembered of a conversation.

use crate::agent::{EntityType, Intent};
use crate::json::{Map, Value};
use crate::language::small;
use crate::order::keep;

/// A context that is active.
#[derive(Debug, Clone, PartialEq)]
pub struct ActiveContext {
    /// Name, in small letters.
    pub name: String,
    /// For how many more turns.
    pub lifespan: u32,
    /// Its parameters.
    pub parameters: Map,
    /// When it ends in any case, in seconds since 1970.
    pub expires: i64,
}

/// An intent that waits for a parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct Pending {
    /// The intent.
    pub intent: String,
    /// The parameter that was asked for.
    pub asked: String,
    /// What is known.
    pub values: Map,
    /// How it was said.
    pub originals: Map,
    /// When nobody waits for it any more, in seconds since 1970.
    pub expires: i64,
}

/// A conversation's memory. It is plain data: a surface keeps it where it likes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Session {
    /// Active contexts, those that were set last at the end.
    pub contexts: Vec<ActiveContext>,
    /// The intent that waits for a parameter.
    pub pending: Option<Pending>,
    /// Entity types of this session alone; one replaces the agent's of the same name.
    pub entity_types: Vec<EntityType>,
    /// How many events followed one another.
    pub(crate) followups: u32,
}

/// A context ends after this many seconds, however many turns it has left; so does waiting for a parameter.
pub(crate) const LIFETIME: i64 = 20 * 60;

impl Session {
    /// A new conversation.
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets everything.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// The active context of a name.
    pub fn context(&self, name: &str) -> Option<&ActiveContext> {
        self.contexts.iter().find(|c| c.name.eq_ignore_ascii_case(name))
    }

    /// Sets a context anew, or ends it if its lifespan is 0. Parameters are added to those that it has.
    pub fn set(&mut self, context: ActiveContext, now: i64) {
        let name: String = context.name.chars().map(small).collect();
        let mut parameters = Map::new();
        if let Some(at) = self.contexts.iter().position(|c| c.name == name) {
            parameters = self.contexts.remove(at).parameters;
        }
        if context.lifespan > 0 {
            parameters.extend(context.parameters);
            let lifespan = context.lifespan;
            self.contexts.push(ActiveContext {
                name,
                lifespan,
                parameters,
                expires: now.saturating_add(LIFETIME),
            });
        }
    }

    /// The same for one from outside: nothing of what it had is kept.
    pub fn overwrite(&mut self, context: ActiveContext, now: i64) {
        keep(&mut self.contexts, &mut |c| !c.name.eq_ignore_ascii_case(&context.name));
        self.set(context, now);
    }

    /// Whether an intent may answer: it is not switched off, and its input contexts are all active.
    pub(crate) fn allows(&self, intent: &Intent) -> bool {
        intent.priority >= 0 && intent.input_contexts.iter().all(|name| self.context(name).is_some())
    }

    pub(crate) fn pending_is(&self, intent: &Intent) -> bool {
        self.pending.as_ref().is_some_and(|p| p.intent == intent.name)
    }

    /// Drops what is older than its time.
    pub(crate) fn expire(&mut self, now: i64) {
        keep(&mut self.contexts, &mut |c| c.expires > now);
        if self.pending.as_ref().is_some_and(|pending| pending.expires <= now) {
            self.pending = None;
        }
    }

    /// A turn has passed that sets no contexts.
    pub(crate) fn age(&mut self) {
        self.count_down();
        self.drop_ended();
    }

    fn count_down(&mut self) {
        for context in &mut self.contexts {
            context.lifespan = context.lifespan.saturating_sub(1);
        }
    }

    fn drop_ended(&mut self) {
        keep(&mut self.contexts, &mut |c| c.lifespan > 0);
    }

    /// A turn has passed that sets and ends the contexts of an intent. One that would be over and is set anew keeps its
    /// parameters.
    pub(crate) fn affect(&mut self, intent: &Intent, values: &Map, originals: &Map, now: i64) {
        self.count_down();
        if intent.reset_contexts {
            self.contexts.clear();
        }
        for output in &intent.output_contexts {
            let mut parameters = output.parameters.clone();
            for (name, value) in values.iter() {
                parameters.insert(name.to_owned(), value.clone());
                let original = originals.get(name).cloned().unwrap_or_else(|| Value::from(""));
                parameters.insert([name, ".original"].concat(), original);
            }
            self.set(
                ActiveContext {
                    name: output.name.clone(),
                    lifespan: output.lifespan,
                    parameters,
                    expires: 0,
                },
                now,
            );
        }
        self.drop_ended();
    }
}

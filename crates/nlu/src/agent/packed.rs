//! An agent in a model file: what the engine acts on, and nothing that is only kept for the way back. Pages fetch it: ids that
//! nobody asks for stay empty in it, and the address of a webhook, which the server asks, stays at home.

use super::{
    Agent, EntityKind, EntityType, Entry, Extra, Intent, Matching, Message, OutputContext, Parameter, Part,
    Phrase, Prompt, Settings,
};
use crate::wire::{Reader, Writer};

/// What becomes of training phrases.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phrases {
    /// They go along, to be learnt where the file is read.
    Keep,
    /// They were learnt.
    Drop,
}

/// Appends an agent to a model file.
pub fn write(agent: &Agent, phrases: Phrases, out: &mut Writer) {
    settings(&agent.settings, out);
    out.number(agent.intents.len() as u32);
    for one in &agent.intents {
        intent(one, phrases, out);
    }
    out.number(agent.entity_types.len() as u32);
    for one in &agent.entity_types {
        entity_type(one, out);
    }
}

/// Reads what [`write`] wrote.
pub fn read(bytes: &mut Reader) -> Agent {
    Agent {
        settings: read_settings(bytes),
        intents: bytes.list(read_intent),
        entity_types: bytes.list(read_entity_type),
        package: Extra::new(),
    }
}

fn read_maybe(bytes: &mut Reader) -> Option<String> {
    let [there] = bytes.flags();
    there.then(|| bytes.string())
}

/// A text that may be missing: one that is there begins with a byte of its own.
fn maybe(text: Option<&str>, out: &mut Writer) {
    out.flags([text.is_some()]);
    text.into_iter().for_each(|text| out.text(text));
}

fn settings(settings: &Settings, out: &mut Writer) {
    out.text(""); // its name
    out.text(&settings.language);
    out.texts(&settings.languages);
    out.text(&settings.time_zone);
    out.fraction(settings.threshold);
    out.flags([settings.matching == Matching::ClassifierOnly]);
    maybe(None, out); // its webhook
}

fn read_settings(bytes: &mut Reader) -> Settings {
    Settings {
        name: bytes.string(),
        language: bytes.string(),
        languages: bytes.strings(),
        time_zone: bytes.string(),
        threshold: bytes.fraction(),
        matching: match bytes.flags() {
            [true] => Matching::ClassifierOnly,
            [false] => Matching::Hybrid,
        },
        webhook: read_maybe(bytes),
        webhook_extra: Extra::new(),
        extra: Extra::new(),
    }
}

fn intent(intent: &Intent, phrases: Phrases, out: &mut Writer) {
    out.flags([
        intent.learnt,
        intent.reset_contexts,
        intent.webhook,
        intent.webhook_for_slot_filling,
        intent.fallback,
        intent.end,
    ]);
    out.text(&intent.id);
    out.text(&intent.name);
    out.texts(&intent.input_contexts);
    maybe(None, out); // its parent
    maybe(None, out); // the parent of all
    out.text(&intent.action);
    out.number(intent.output_contexts.len() as u32);
    for context in &intent.output_contexts {
        out.text(&context.name);
        out.number(context.lifespan);
        out.map(&context.parameters);
    }
    out.number(intent.parameters.len() as u32);
    for one in &intent.parameters {
        parameter(one, out);
    }
    out.number(intent.messages.len() as u32);
    for message in &intent.messages {
        maybe(message.platform.as_deref(), out);
        maybe(message.language.as_deref(), out);
        out.map(&message.fields);
    }
    out.whole(intent.priority);
    out.texts(&intent.events);
    let languages = if phrases == Phrases::Keep { intent.phrases.len() } else { 0 };
    out.number(languages as u32);
    for (language, phrases) in intent.phrases.iter().take(languages) {
        out.text(language);
        out.number(phrases.len() as u32);
        phrases.iter().for_each(|one| phrase(one, out));
    }
}

fn read_intent(bytes: &mut Reader) -> Intent {
    let [learnt, reset_contexts, webhook, webhook_for_slot_filling, fallback, end] = bytes.flags();
    Intent {
        id: bytes.string(),
        name: bytes.string(),
        learnt,
        input_contexts: bytes.strings(),
        parent: read_maybe(bytes),
        root_parent: read_maybe(bytes),
        reset_contexts,
        action: bytes.string(),
        output_contexts: bytes.list(read_context),
        parameters: bytes.list(read_parameter),
        messages: bytes.list(read_message),
        priority: bytes.whole(),
        webhook,
        webhook_for_slot_filling,
        fallback,
        end,
        events: bytes.strings(),
        phrases: bytes.list(|bytes| (bytes.string(), bytes.list(read_phrase))).into_iter().collect(),
        extra: Extra::new(),
        response_extra: Extra::new(),
    }
}

fn read_context(bytes: &mut Reader) -> OutputContext {
    OutputContext {
        name: bytes.string(),
        lifespan: bytes.number(),
        parameters: bytes.map(),
        extra: Extra::new(),
    }
}

fn read_message(bytes: &mut Reader) -> Message {
    Message { platform: read_maybe(bytes), language: read_maybe(bytes), fields: bytes.map() }
}

fn parameter(parameter: &Parameter, out: &mut Writer) {
    out.flags([parameter.required, parameter.list]);
    out.text(""); // its id
    out.text(&parameter.name);
    out.text(&parameter.entity);
    out.text(&parameter.value);
    out.value(&parameter.default);
    out.number(parameter.prompts.len() as u32);
    for prompt in &parameter.prompts {
        maybe(prompt.language.as_deref(), out);
        out.text(&prompt.text);
    }
}

fn read_parameter(bytes: &mut Reader) -> Parameter {
    let [required, list] = bytes.flags();
    Parameter {
        id: bytes.string(),
        name: bytes.string(),
        entity: bytes.string(),
        value: bytes.string(),
        default: bytes.value(),
        required,
        list,
        prompts: bytes.list(|bytes| Prompt { language: read_maybe(bytes), text: bytes.string() }),
        extra: Extra::new(),
    }
}

fn phrase(phrase: &Phrase, out: &mut Writer) {
    out.flags([phrase.template]);
    out.number(phrase.parts.len() as u32);
    for part in &phrase.parts {
        out.text(&part.text);
        maybe(part.alias.as_deref(), out);
        maybe(part.entity.as_deref(), out);
    }
}

fn read_phrase(bytes: &mut Reader) -> Phrase {
    let [template] = bytes.flags();
    Phrase { id: String::new(), parts: bytes.list(read_part), template, extra: Extra::new() }
}

fn read_part(bytes: &mut Reader) -> Part {
    let (text, alias, entity) = (bytes.string(), read_maybe(bytes), read_maybe(bytes));
    Part { text, alias, entity, by_hand: None, extra: Extra::new() }
}

fn entity_type(entity: &EntityType, out: &mut Writer) {
    out.flags([
        entity.kind == EntityKind::List,
        entity.kind == EntityKind::Regexp,
        entity.expansion,
        entity.fuzzy,
    ]);
    out.text(""); // its id
    out.text(&entity.name);
    out.number(entity.entries.len() as u32);
    for (language, entries) in entity.entries.iter() {
        out.text(language);
        out.number(entries.len() as u32);
        for entry in entries {
            out.text(&entry.value);
            out.texts(&entry.synonyms);
        }
    }
}

fn read_entity_type(bytes: &mut Reader) -> EntityType {
    let [list, regexp, expansion, fuzzy] = bytes.flags();
    let kind = match (list, regexp) {
        (_, true) => EntityKind::Regexp,
        (true, false) => EntityKind::List,
        _ => EntityKind::Map,
    };
    EntityType {
        id: bytes.string(),
        name: bytes.string(),
        kind,
        expansion,
        fuzzy,
        entries: bytes.list(|bytes| (bytes.string(), bytes.list(read_entry))).into_iter().collect(),
        extra: Extra::new(),
    }
}

fn read_entry(bytes: &mut Reader) -> Entry {
    Entry { value: bytes.string(), synonyms: bytes.strings() }
}

//! What is kept of a conversation: in the tab or in the browser, for as long as the page's author says.

use crate::{
    dialogflow::{self, object},
    settings::{Settings, Storage},
    texts::Language,
};
use contract::storage::PERSONAL_PREFIX;
use microapp::{Listener, json};
use nlu::{
    agent::{EntityKind, EntityType, Entry},
    dialogue::{ActiveContext, Pending, Session},
    json::{Map, Value},
};
use wasm_bindgen::JsCast;
use web_sys::{EventTarget, StorageEvent};

/// Of messages before these nothing is kept.
const MOST_MESSAGES: usize = 200;

/// One message, as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// Whether the person wrote it.
    pub own: bool,
    /// In Dialogflow's form.
    pub message: Value,
}

/// A conversation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Conversation {
    /// The session's id.
    pub id: String,
    /// The session that the page's author chose when it began, mostly a person's; empty for none.
    pub chosen: String,
    /// The language that the person chose; empty for none.
    pub language: String,
    /// The language that was spoken last.
    pub spoken: Language,
    /// What was said.
    pub messages: Vec<Kept>,
    /// What can be said next.
    pub suggestions: Vec<Value>,
    /// What the engine remembers.
    pub session: Session,
}

impl Conversation {
    fn into_value(self, now: i64) -> Value {
        let from = self.messages.len().saturating_sub(MOST_MESSAGES);
        let messages: Vec<Value> = self
            .messages
            .into_iter()
            .skip(from)
            .map(|kept| object([("own", kept.own.into()), ("message", kept.message)]))
            .collect();
        let contexts: Vec<Value> = self.session.contexts.iter().map(context_out).collect();
        let entity_types: Vec<Value> = self.session.entity_types.iter().map(entity_type_out).collect();
        let pending = self.session.pending.map_or(Value::Null, |pending| {
            object([
                ("intent", pending.intent.as_str().into()),
                ("asked", pending.asked.as_str().into()),
                ("values", pending.values.into()),
                ("originals", pending.originals.into()),
                ("expires", pending.expires.into()),
            ])
        });
        object([
            ("at", now.into()),
            ("id", self.id.as_str().into()),
            ("chosen", self.chosen.as_str().into()),
            ("language", self.language.as_str().into()),
            ("spoken", self.spoken.code().into()),
            ("messages", messages.into()),
            ("suggestions", self.suggestions.into()),
            ("contexts", contexts.into()),
            ("pending", pending),
            ("entityTypes", entity_types.into()),
        ])
    }

    /// None where it is older than its lifetime, or written by a clock that was far ahead.
    fn from_value(value: &Value, now: i64, lifetime: i64) -> Option<Self> {
        let at = value.get("at")?.as_i64()?;
        if now.abs_diff(at) > lifetime.unsigned_abs() {
            return None;
        }
        let messages = dialogflow::list(value, "messages").iter().filter_map(|kept| {
            let own = kept.get("own").and_then(Value::as_bool)?;
            Some(Kept { own, message: kept.get("message")?.clone() })
        });
        let mut session = Session::new();
        session.contexts = dialogflow::list(value, "contexts").iter().map(context_in).collect();
        session.entity_types = dialogflow::list(value, "entityTypes").iter().map(entity_type_in).collect();
        session.pending = value.get("pending").filter(|pending| !pending.is_null()).map(|pending| Pending {
            intent: dialogflow::string(pending, "intent"),
            asked: dialogflow::string(pending, "asked"),
            values: dialogflow::map(pending, "values"),
            originals: dialogflow::map(pending, "originals"),
            expires: pending.get("expires").and_then(Value::as_i64).unwrap_or_default(),
        });
        Some(Self {
            id: dialogflow::string(value, "id"),
            chosen: dialogflow::string(value, "chosen"),
            language: dialogflow::string(value, "language"),
            spoken: Language::of(&dialogflow::string(value, "spoken")),
            messages: messages.collect(),
            suggestions: dialogflow::list(value, "suggestions").to_vec(),
            session,
        })
    }
}

fn context_out(context: &ActiveContext) -> Value {
    object([
        ("name", context.name.as_str().into()),
        ("lifespanCount", i64::from(context.lifespan).into()),
        ("parameters", Value::Object(context.parameters.clone())),
        ("expires", context.expires.into()),
    ])
}

fn context_in(value: &Value) -> ActiveContext {
    let expires = value.get("expires").and_then(Value::as_i64).unwrap_or_default();
    ActiveContext { expires, ..dialogflow::context_in(value) }
}

/// The fields that the engine reads, under their names in an agent's files.
fn entity_type_out(entity: &EntityType) -> Value {
    let entry = |entry: &Entry| {
        let synonyms: Vec<Value> = entry.synonyms.iter().map(|synonym| synonym.as_str().into()).collect();
        object([("value", entry.value.as_str().into()), ("synonyms", synonyms.into())])
    };
    let entries: Map = entity
        .entries
        .iter()
        .map(|(language, list)| (language.to_owned(), list.iter().map(entry).collect::<Vec<_>>().into()))
        .collect();
    object([
        ("name", entity.name.as_str().into()),
        ("isEnum", (entity.kind == EntityKind::List).into()),
        ("isRegexp", (entity.kind == EntityKind::Regexp).into()),
        ("automatedExpansion", entity.expansion.into()),
        ("allowFuzzyExtraction", entity.fuzzy.into()),
        ("entries", Value::Object(entries)),
    ])
}

fn entity_type_in(value: &Value) -> EntityType {
    let is = |name: &str| value.get(name).and_then(Value::as_bool) == Some(true);
    let mut entity = EntityType {
        name: dialogflow::string(value, "name"),
        kind: match (is("isEnum"), is("isRegexp")) {
            (_, true) => EntityKind::Regexp,
            (true, false) => EntityKind::List,
            _ => EntityKind::Map,
        },
        expansion: is("automatedExpansion"),
        fuzzy: is("allowFuzzyExtraction"),
        ..EntityType::default()
    };
    for (language, list) in dialogflow::map(value, "entries").iter() {
        *entity.entries.field(language) =
            list.as_array().unwrap_or_default().iter().map(dialogflow::entry).collect();
    }
    entity
}

/// Where a conversation is kept.
#[derive(Clone)]
pub struct Place {
    key: String,
    storage: Storage,
}

impl Place {
    /// That of a widget.
    pub fn of(settings: &Settings) -> Self {
        // Cleared by the shell at sign-out, as everything personal is.
        Self { key: [PERSONAL_PREFIX, "bot/1/", &settings.key].concat(), storage: settings.storage }
    }

    /// What is kept. What is too old goes.
    pub fn read(&self, now: i64, lifetime: i64) -> Option<Conversation> {
        let kept = Self::written(&self.text()?, now, lifetime);
        if kept.is_none() {
            self.clear();
        }
        kept
    }

    fn text(&self) -> Option<String> {
        self.open()?.get_item(&self.key).ok().flatten()
    }

    /// Keeps a conversation; whether that worked.
    pub fn write(&self, conversation: Conversation, now: i64) -> bool {
        if self.storage == Storage::None {
            return true;
        }
        let text = conversation.into_value(now).to_string();
        self.open().is_some_and(|storage| storage.set_item(&self.key, &text).is_ok())
    }

    /// Tells what other tabs keep, or that nothing is kept any more, until it is dropped. Only what is kept in the browser is
    /// theirs, too.
    pub fn follow_other_tabs(&self, heard: impl Fn(Option<String>) + 'static) -> Option<Listener> {
        if self.storage != Storage::Local {
            return None;
        }
        let place = self.clone();
        let window: EventTarget = web_sys::window()?.into();
        Some(Listener::new(&window, "storage", move |event| {
            let event: StorageEvent = event.unchecked_into();
            // Without a key everything was cleared, perhaps only of what the tab keeps: then ours is there still.
            if event.key().is_none_or(|changed| changed == place.key) {
                heard(if event.key().is_none() { place.text() } else { event.new_value() });
            }
        }))
    }

    /// What another tab wrote, if it is not too old.
    pub fn written(text: &str, now: i64, lifetime: i64) -> Option<Conversation> {
        Conversation::from_value(&json::from_text(text)?, now, lifetime)
    }

    /// Keeps nothing any more.
    pub fn clear(&self) {
        if let Some(storage) = self.open() {
            let _ = storage.remove_item(&self.key);
        }
    }

    /// Blocked storage throws on access.
    fn open(&self) -> Option<web_sys::Storage> {
        let window = web_sys::window()?;
        match self.storage {
            Storage::None => None,
            Storage::Session => window.session_storage().ok().flatten(),
            Storage::Local => window.local_storage().ok().flatten(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conversation() -> Conversation {
        let parameters: Map = [("products".to_owned(), vec![7i64, 9].into())].into_iter().collect();
        let mut session = Session::new();
        session.contexts = vec![ActiveContext {
            name: "found".into(),
            lifespan: 5,
            parameters: parameters.clone(),
            expires: 1234,
        }];
        session.pending = Some(Pending {
            intent: "say".into(),
            asked: "content".into(),
            values: parameters,
            originals: Map::new(),
            expires: 1234,
        });
        let mut product = EntityType { name: "product".into(), fuzzy: true, ..EntityType::default() };
        *product.entries.field("de") =
            vec![Entry { value: "7".into(), synonyms: vec!["Wolke".into(), "Bett".into()] }];
        session.entity_types = vec![
            product,
            EntityType { name: "iban".into(), kind: EntityKind::Regexp, ..EntityType::default() },
        ];
        Conversation {
            id: "id".into(),
            chosen: "anna".into(),
            language: "de".into(),
            spoken: Language::German,
            messages: vec![Kept { own: true, message: dialogflow::text("hi") }],
            suggestions: vec![object([("text", "A joke".into())])],
            session,
        }
    }

    #[test]
    fn what_is_kept_comes_back_while_it_lives() {
        let kept = conversation().into_value(1000);
        for (now, lives) in [(1000, true), (1060, true), (1061, false), (940, true), (939, false)] {
            let back = Conversation::from_value(&kept, now, 60);
            assert_eq!(back, lives.then(conversation), "{now}");
        }
    }

    #[test]
    fn rubbish_is_nothing_and_parts_that_are_rubbish_are_left_out() {
        for rubbish in [Value::Null, object([]), object([("at", "now".into())])] {
            assert_eq!(Conversation::from_value(&rubbish, 0, 60), None);
        }
        let odd = object([
            ("at", 0.into()),
            ("messages", vec![Value::Null, 7.into()].into()),
            ("contexts", "x".into()),
            ("entityTypes", true.into()),
        ]);
        assert_eq!(Conversation::from_value(&odd, 0, 60), Some(Conversation::default()));
    }

    #[test]
    fn only_the_last_messages_are_kept() {
        let mut long = conversation();
        long.messages =
            (0..300).map(|n| Kept { own: false, message: dialogflow::text(&n.to_string()) }).collect();
        let back = Conversation::from_value(&long.into_value(0), 0, 60).unwrap();
        assert_eq!(back.messages.len(), MOST_MESSAGES);
        assert_eq!(back.messages[0].message, dialogflow::text("100"));
    }
}

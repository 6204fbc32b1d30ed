//! A session as the database keeps it: JSON.

use nlu::{
    agent::{EntityKind, EntityType, Entry},
    dialogue::{ActiveContext, Pending, Session},
    json::Map,
};
use serde::{Deserialize, Serialize};

/// All that a session remembers from one turn to the next. How many events followed one another is counted anew in each.
#[derive(Serialize, Deserialize)]
struct Written {
    contexts: Vec<Context>,
    pending: Option<Waiting>,
    entity_types: Vec<Type>,
}

#[derive(Serialize, Deserialize)]
struct Context(#[serde(with = "ContextFields")] ActiveContext);

#[derive(Serialize, Deserialize)]
#[serde(remote = "ActiveContext")]
struct ContextFields {
    name: String,
    lifespan: u32,
    parameters: Map,
    expires: i64,
}

#[derive(Serialize, Deserialize)]
struct Waiting(#[serde(with = "PendingFields")] Pending);

#[derive(Serialize, Deserialize)]
#[serde(remote = "Pending")]
struct PendingFields {
    intent: String,
    asked: String,
    values: Map,
    originals: Map,
    expires: i64,
}

#[derive(Serialize, Deserialize)]
struct Type(#[serde(with = "TypeFields")] EntityType);

#[derive(Serialize, Deserialize)]
#[serde(remote = "EntityType")]
struct TypeFields {
    id: String,
    name: String,
    #[serde(with = "Kind")]
    kind: EntityKind,
    expansion: bool,
    fuzzy: bool,
    #[serde(with = "entries")]
    entries: nlu::map::Map<Vec<Entry>>,
    extra: Map,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "EntityKind")]
enum Kind {
    Map,
    List,
    Regexp,
}

/// Values and their synonyms, by language.
mod entries {
    use super::Entry;
    use nlu::map::Map;
    use serde::{Deserialize as _, Deserializer, Serializer};
    use std::collections::BTreeMap;

    pub fn serialize<S: Serializer>(map: &Map<Vec<Entry>>, serializer: S) -> Result<S::Ok, S::Error> {
        let written = |list: &Vec<Entry>| -> Vec<_> {
            list.iter().map(|entry| (entry.value.clone(), entry.synonyms.clone())).collect()
        };
        serializer.collect_map(map.iter().map(|(language, list)| (language, written(list))))
    }

    pub fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<Map<Vec<Entry>>, D::Error> {
        let written = BTreeMap::<String, Vec<(String, Vec<String>)>>::deserialize(deserializer)?;
        let entry = |(value, synonyms)| Entry { value, synonyms };
        let of_language =
            |(language, list): (String, Vec<_>)| (language, list.into_iter().map(entry).collect());
        Ok(written.into_iter().map(of_language).collect())
    }
}

/// Writes a session.
pub fn write(session: Session) -> String {
    let written = Written {
        contexts: session.contexts.into_iter().map(Context).collect(),
        pending: session.pending.map(Waiting),
        entity_types: session.entity_types.into_iter().map(Type).collect(),
    };
    // All of it can be written; if it could not, the next turn would begin anew.
    serde_json::to_string(&written).unwrap_or_default()
}

/// Reads what [`write`] wrote. What cannot be read, as after a step back to an older server, is no session: the conversation
/// begins anew.
pub fn read(text: &str) -> Option<Session> {
    let written: Written = serde_json::from_str(text)
        .inspect_err(|error| tracing::warn!(%error, "a session of the bot cannot be read and begins anew"))
        .ok()?;
    let mut session = Session::new();
    session.contexts = written.contexts.into_iter().map(|Context(context)| context).collect();
    session.pending = written.pending.map(|Waiting(pending)| pending);
    session.entity_types = written.entity_types.into_iter().map(|Type(entity)| entity).collect();
    Some(session)
}

#[cfg(test)]
mod tests {
    use super::*;
    use nlu::json::{Value, object};

    fn session() -> Session {
        let values = vec![Value::Null, true.into(), (-7).into(), Value::Fraction(0.1), Value::Fraction(4.0)];
        let parameters: Map = [
            ("all".to_owned(), values.into()),
            ("said".to_owned(), "\u{0}\"é\n".into()),
            ("inner".to_owned(), object([("deep", object([]))])),
        ]
        .into();
        let context = |name: &str, lifespan| ActiveContext {
            name: name.to_owned(),
            lifespan,
            parameters: parameters.clone(),
            expires: 1_800_000_000,
        };
        let mut product = EntityType {
            id: "7".into(),
            name: "product".into(),
            expansion: true,
            extra: [("entityOverrideMode".to_owned(), "ENTITY_OVERRIDE_MODE_SUPPLEMENT".into())].into(),
            ..EntityType::default()
        };
        *product.entries.field("en") = vec![
            Entry { value: "bed".into(), synonyms: vec!["snoozer".into(), "basket".into()] },
            Entry::default(),
        ];
        *product.entries.field("de") = vec![Entry { value: "Bett".into(), synonyms: Vec::new() }];
        let of_kind = |kind| EntityType { name: "other".into(), kind, fuzzy: true, ..EntityType::default() };
        let mut session = Session::new();
        session.contexts = vec![context("found", 5), context("a", 1)];
        session.pending = Some(Pending {
            intent: "order.status".into(),
            asked: "email".into(),
            values: [("number".to_owned(), "M-10042".into())].into(),
            originals: [("number".to_owned(), "m 10042".into())].into(),
            expires: 1_800_000_001,
        });
        session.entity_types = vec![product, of_kind(EntityKind::List), of_kind(EntityKind::Regexp)];
        session
    }

    #[test]
    fn what_is_read_is_what_was_written() {
        for session in [Session::new(), session()] {
            let text = write(session.clone());
            // PostgreSQL keeps no null character.
            assert!(!text.contains('\0'));
            assert_eq!(read(&text), Some(session), "{text}");
        }
    }

    /// Servers before and after an update share one database: what one of them kept is to be read by the other.
    #[test]
    fn what_was_kept_before_can_be_read() {
        let text = r#"{"contexts":[{"name":"found","lifespan":5,"parameters":{"n":1},"expires":9}],
            "pending":{"intent":"i","asked":"a","values":{},"originals":{},"expires":9},
            "entity_types":[{"id":"","name":"product","kind":"Map","expansion":false,"fuzzy":true,
            "entries":{"en":[["bed",["snoozer"]]]},"extra":{}}]}"#;
        let session = read(text).unwrap();
        assert_eq!(session.contexts[0].parameters.get("n"), Some(&1.into()));
        assert_eq!(session.pending.unwrap().asked, "a");
        assert_eq!(session.entity_types[0].entries_in("en")[0].synonyms, ["snoozer"]);
    }

    #[test]
    fn what_cannot_be_read_is_no_session() {
        for text in
            ["", "{", "[]", "7", r#"{"contexts":[]}"#, r#"{"contexts":7,"pending":null,"entity_types":[]}"#]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}

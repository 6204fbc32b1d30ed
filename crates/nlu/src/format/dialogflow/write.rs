//! Writing an export, in the newer layout.

use super::Files;
use crate::agent::{Agent, EntityKind, EntityType, Extra, Intent, Matching, Parameter, Phrase, Settings};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The files of an agent.
pub fn write(agent: &Agent) -> Files {
    let mut files = Files::new();
    let mut put = |path: String, value: Value| {
        files.insert(path, format!("{value:#}\n").into_bytes());
    };
    let package = if agent.package.is_empty() { json!({"version": "1.0.0"}) } else { json!(agent.package) };
    put("package.json".into(), package);
    put("agent.json".into(), settings(&agent.settings));
    let mut taken = BTreeSet::new();
    for intent in &agent.intents {
        let stem = stem(&intent.name, &mut taken);
        put(format!("intents/{stem}.json"), self::intent(intent));
        for (language, phrases) in intent.phrases.iter() {
            put(format!("intents/{stem}_usersays_{language}.json"), phrases.iter().map(phrase).collect());
        }
    }
    taken.clear();
    for entity in &agent.entity_types {
        let stem = stem(&entity.name, &mut taken);
        put(format!("entities/{stem}.json"), entity_type(entity));
        for (language, entries) in entity.entries.iter() {
            let entries = entries.iter().map(|e| json!({"value": e.value, "synonyms": e.synonyms})).collect();
            let entries = beside(&entity.extra, &format!("entries {language}"), entries);
            put(format!("entities/{stem}_entries_{language}.json"), entries);
        }
    }
    files
}

/// A file name that every file system takes, and that no other intent or entity has.
fn stem(name: &str, taken: &mut BTreeSet<String>) -> String {
    let clean = |c: char| {
        let refused =
            matches!(c, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' | '\'') || c.is_control();
        if refused { '_' } else { c }
    };
    let mut bytes = 0;
    // File systems take 255 bytes, and more is to come behind it.
    let short = name.chars().map(clean).take_while(|c| {
        bytes += c.len_utf8();
        bytes <= 180
    });
    let base: String = short.take(80).collect();
    // These are the marks of files with phrases and entries.
    let base = base.replace("_usersays_", " usersays ").replace("_entries_", " entries ");
    let base = if base.starts_with('.') || base.is_empty() { format!("_{base}") } else { base };
    let mut stem = base.clone();
    let mut number = 2;
    // File systems may not tell capitals from small letters.
    while !taken.insert(stem.to_lowercase()) {
        stem = format!("{base} {number}");
        number += 1;
    }
    stem
}

/// The objects of a list with what was kept beyond them, see [`super::read`].
fn beside(extra: &Extra, list: &str, objects: Vec<Value>) -> Value {
    let rests = extra.get(list).and_then(|rests| rests.as_array()).filter(|r| r.len() == objects.len());
    let mut rests = rests.unwrap_or_default().iter();
    let whole = |object: Value| match rests.next() {
        Some(crate::json::Value::Object(rest)) => with(rest, object),
        _ => object,
    };
    objects.into_iter().map(whole).collect()
}

fn with(extra: &Extra, value: Value) -> Value {
    let mut all = json!(extra);
    if let (Value::Object(all), Value::Object(own)) = (&mut all, value) {
        all.extend(own);
    }
    all
}

fn settings(settings: &Settings) -> Value {
    let mut webhook = json!(settings.webhook_extra);
    if let Some(url) = &settings.webhook {
        webhook["url"] = json!(url);
    }
    let mode = match settings.matching {
        Matching::Hybrid => "use.after",
        Matching::ClassifierOnly => "use.instead",
    };
    let mut value = with(
        &settings.extra,
        json!({
            "language": settings.language,
            "supportedLanguages": settings.languages,
            "defaultTimezone": settings.time_zone,
            "webhook": webhook,
            "customClassifierMode": mode,
            // The shortest decimal that gives the same number again.
            "mlMinConfidence": settings.threshold.to_string().parse::<f64>().unwrap_or(0.3),
        }),
    );
    if !settings.name.is_empty() {
        value["displayName"] = json!(settings.name);
    }
    value
}

fn intent(intent: &Intent) -> Value {
    let contexts: Vec<Value> = intent
        .output_contexts
        .iter()
        .map(|c| with(&c.extra, json!({"name": c.name, "parameters": c.parameters, "lifespan": c.lifespan})))
        .collect();
    let messages: Vec<Value> = intent
        .messages
        .iter()
        .map(|m| {
            let mut fields = json!(m.fields);
            if let Some(platform) = &m.platform {
                fields["platform"] = json!(platform);
            }
            if let Some(language) = &m.language {
                fields["lang"] = json!(language);
            }
            fields
        })
        .collect();
    let events = intent.events.iter().map(|name| json!({"name": name})).collect();
    let response = json!({
        "resetContexts": intent.reset_contexts,
        "action": intent.action,
        "affectedContexts": contexts,
        "parameters": intent.parameters.iter().map(parameter).collect::<Vec<_>>(),
        "messages": messages,
    });
    let mut value = with(
        &intent.extra,
        json!({
            "id": intent.id,
            "name": intent.name,
            "auto": intent.learnt,
            "contexts": intent.input_contexts,
            "responses": [with(&intent.response_extra, response)],
            "priority": intent.priority,
            "webhookUsed": intent.webhook,
            "webhookForSlotFilling": intent.webhook_for_slot_filling,
            "fallbackIntent": intent.fallback,
            "events": beside(&intent.extra, "events", events),
        }),
    );
    if let Some(parent) = &intent.parent {
        value["parentId"] = json!(parent);
    }
    if let Some(root) = &intent.root_parent {
        value["rootParentId"] = json!(root);
    }
    if intent.end {
        value["endInteraction"] = json!(true);
    }
    value
}

fn parameter(parameter: &Parameter) -> Value {
    let prompts: Vec<Value> = parameter
        .prompts
        .iter()
        .map(|p| match &p.language {
            Some(language) => json!({"lang": language, "value": p.text}),
            None => json!({"value": p.text}),
        })
        .collect();
    let mut value = with(
        &parameter.extra,
        json!({
            "id": parameter.id,
            "required": parameter.required,
            "dataType": parameter.entity,
            "name": parameter.name,
            "value": parameter.value,
            "prompts": beside(&parameter.extra, "prompts", prompts),
            "isList": parameter.list,
        }),
    );
    if !parameter.default.is_null() {
        value["defaultValue"] = json!(parameter.default);
    }
    value
}

fn phrase(phrase: &Phrase) -> Value {
    let parts: Vec<Value> = phrase
        .parts
        .iter()
        .map(|part| {
            let mut value = with(&part.extra, json!({"text": part.text}));
            if let Some(alias) = &part.alias {
                value["alias"] = json!(alias);
            }
            if let Some(entity) = &part.entity {
                value["meta"] = json!(entity);
            }
            if let Some(by_hand) = part.by_hand {
                value["userDefined"] = json!(by_hand);
            }
            value
        })
        .collect();
    with(&phrase.extra, json!({"id": phrase.id, "data": parts, "isTemplate": phrase.template}))
}

fn entity_type(entity: &EntityType) -> Value {
    let mut extra = entity.extra.clone();
    extra.retain(|name, _| !name.starts_with("entries "));
    with(
        &extra,
        json!({
            "id": entity.id,
            "name": entity.name,
            "isEnum": entity.kind == EntityKind::List,
            "isRegexp": entity.kind == EntityKind::Regexp,
            "automatedExpansion": entity.expansion,
            "allowFuzzyExtraction": entity.fuzzy,
        }),
    )
}

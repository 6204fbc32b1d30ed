//! Between the engine's words and Dialogflow's.

use super::{
    name::SessionName,
    webhook::{Context, IntentName, Parameters, QueryResult, SessionEntityType, WebhookResponse},
};
use nlu::{
    agent::{Agent, EntityKind, EntityType, Entry},
    dialogue::{ActiveContext, Reply, Turn, WebhookAnswer},
};
use serde_json::{Value, json};

/// Parameters as the engine has them.
pub fn to_engine(parameters: &Parameters) -> nlu::json::Map {
    match nlu::json::Value::from(Value::Object(parameters.clone())) {
        nlu::json::Value::Object(map) => map,
        _ => nlu::json::Map::new(),
    }
}

/// Parameters as they travel.
pub fn from_engine(parameters: &nlu::json::Map) -> Parameters {
    parameters.iter().map(|(name, value)| (name.to_owned(), value.clone().into())).collect()
}

/// What was understood, in Dialogflow's words.
pub fn query_result(turn: &Turn, session: &SessionName, language: &str) -> QueryResult {
    QueryResult {
        query_text: turn.query.clone(),
        language_code: language.to_owned(),
        action: turn.action.clone(),
        parameters: from_engine(&turn.parameters),
        all_required_params_present: turn.all_present,
        fulfillment_text: turn.text.clone(),
        fulfillment_messages: turn
            .replies
            .iter()
            .map(message)
            .chain(turn.platforms.iter().map(for_platform))
            .collect(),
        output_contexts: turn.contexts.iter().map(|context| outgoing(context, session)).collect(),
        intent: turn.intent.as_ref().map(|name| IntentName {
            name: session.intent(&turn.intent_id),
            display_name: name.clone(),
            is_fallback: turn.is_fallback,
            end_interaction: turn.end,
        }),
        intent_detection_confidence: turn.confidence,
        diagnostic_info: turn.end.then(|| json!({ "end_conversation": true })),
        ..QueryResult::default()
    }
}

/// A message for one platform, under the name that v2 has for it.
fn for_platform((platform, reply): &(String, Reply)) -> Value {
    let mut message = message(reply);
    message["platform"] = match platform.to_lowercase().as_str() {
        "google" => "ACTIONS_ON_GOOGLE".into(),
        "hangouts" => "GOOGLE_HANGOUTS".into(),
        _ => platform.to_uppercase().into(),
    };
    message
}

fn message(reply: &Reply) -> Value {
    match reply {
        Reply::Text(text) => json!({ "text": { "text": [text] } }),
        Reply::Card { title, subtitle, image, buttons } => {
            let buttons: Vec<Value> = buttons
                .iter()
                .map(|(text, postback)| json!({ "text": text, "postback": postback }))
                .collect();
            json!({ "card": { "title": title, "subtitle": subtitle, "imageUri": image, "buttons": buttons } })
        }
        Reply::QuickReplies { title, replies } => {
            json!({ "quickReplies": { "title": title, "quickReplies": replies } })
        }
        Reply::Image(address) => json!({ "image": { "imageUri": address } }),
        Reply::Payload(payload) => json!({ "payload": Value::from(payload.clone()) }),
        Reply::Other(message) => message.clone().into(),
        // As a payload: v2 has other words for each of them.
        Reply::Special(message) => json!({ "payload": Value::from(message.clone()) }),
    }
}

/// The text of what a webhook answered. Where it sends only messages, the first that is said stands for it: the intent's own
/// does not.
pub fn plain_words(response: &WebhookResponse) -> Option<String> {
    let first_text = |message: &Value| message.pointer("/text/text/0")?.as_str().map(str::to_owned);
    Some(response.fulfillment_text.clone())
        .filter(|text| !text.is_empty())
        .or_else(|| response.fulfillment_messages.iter().find_map(first_text))
}

/// A context as it travels.
pub fn outgoing(context: &ActiveContext, session: &SessionName) -> Context {
    Context {
        name: session.context(&context.name),
        lifespan_count: context.lifespan,
        parameters: from_engine(&context.parameters),
    }
}

/// A context as the engine has it. When it ends by the clock is the engine's to say.
pub fn incoming(context: &Context) -> ActiveContext {
    ActiveContext {
        name: context.short_name(),
        lifespan: context.lifespan_count,
        parameters: to_engine(&context.parameters),
        expires: 0,
    }
}

/// What a webhook answered, in the engine's words.
pub fn webhook_answer(response: WebhookResponse, agent: &Agent, language: &str) -> WebhookAnswer {
    WebhookAnswer {
        text: plain_words(&response),
        messages: response.fulfillment_messages.into_iter().map(Into::into).collect(),
        contexts: response.output_contexts.iter().map(incoming).collect(),
        followup: response
            .followup_event_input
            .filter(|event| !event.name.is_empty())
            .map(|event| (event.name, to_engine(&event.parameters))),
        entity_types: response
            .session_entity_types
            .iter()
            .map(|entity| entity_type(entity, agent, language))
            .collect(),
    }
}

/// An entity type of one session: the agent's, with other entries, or with more of them where it supplements.
pub fn entity_type(own: &SessionEntityType, agent: &Agent, language: &str) -> EntityType {
    let name = own.name.rsplit('/').next().unwrap_or("");
    let supplements =
        own.entity_override_mode == 2 || own.entity_override_mode == "ENTITY_OVERRIDE_MODE_SUPPLEMENT";
    let mut entity = agent
        .entity_type(name)
        .cloned()
        .unwrap_or_else(|| EntityType { name: name.to_owned(), ..EntityType::default() });
    if !supplements {
        entity.entries.clear();
        // What somebody sends is words; expressions are the agent's.
        if entity.kind == EntityKind::Regexp {
            entity.kind = EntityKind::Map;
        }
    }
    let words = |text: &String| match entity.kind {
        EntityKind::Regexp => literal(text),
        _ => text.clone(),
    };
    let entries = own.entities.iter().map(|entry| Entry {
        value: words(&entry.value),
        synonyms: entry.synonyms.iter().map(words).collect(),
    });
    let entries: Vec<Entry> = entries.collect();
    entity.entries.field(language).extend(entries);
    entity
}

/// The expression that fits a text and nothing else.
fn literal(text: &str) -> String {
    let mut expression = String::new();
    for c in text.chars() {
        match c.is_alphanumeric() {
            true => expression.push(c),
            false => expression += &format!("\\x{{{:x}}}", u32::from(c)),
        }
    }
    expression
}

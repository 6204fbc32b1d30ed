//! Between the engine's words and Dialogflow's (ES, version 2): what events of the page, webhooks and a
//! `detectIntent` endpoint all speak.

use crate::text::{cut, last_part};
use nlu::{
    agent::{Agent, EntityType, Entry},
    dialogue::{ActiveContext, Reply, Turn, WebhookAnswer},
    json::{Map, Value},
};

/// What a person did.
#[derive(Clone, Debug, PartialEq)]
pub enum Query {
    /// Said something.
    Text(String),
    /// An event happened.
    Event {
        /// Its name.
        name: String,
        /// What it brings along.
        parameters: Map,
    },
}

impl Query {
    /// `queryInput` of a request.
    pub fn input(&self, language: &str) -> Value {
        match self {
            Self::Text(text) => {
                let text = object([("text", text.as_str().into()), ("languageCode", language.into())]);
                object([("text", text)])
            }
            Self::Event { name, parameters } => object([(
                "event",
                object([
                    ("name", name.as_str().into()),
                    ("parameters", parameters.clone().into()),
                    ("languageCode", language.into()),
                ]),
            )]),
        }
    }

    /// For the engine.
    pub fn for_engine(&self) -> nlu::dialogue::Query {
        match self.clone() {
            Self::Text(text) => nlu::dialogue::Query::Text(text),
            Self::Event { name, parameters } => nlu::dialogue::Query::Event { name, parameters },
        }
    }
}

/// `queryResult`: what was understood and what is said. `session` is the session's full name.
pub fn query_result(turn: &Turn, session: &str, language: &str) -> Value {
    let messages: Vec<Value> = turn.replies.iter().filter_map(message).collect();
    let mut contexts: Vec<Value> =
        turn.contexts.iter().map(|context| context_out(context, session)).collect();
    if let (Some(intent), Some(asked)) = (&turn.intent, &turn.asked) {
        // As Dialogflow says which parameter it asks for.
        let name = [intent, "_dialog_params_", asked].concat();
        let context = ActiveContext { name, lifespan: 1, parameters: Map::new(), expires: 0 };
        contexts.push(context_out(&context, session));
    }
    let mut result = object([
        ("queryText", turn.query.as_str().into()),
        ("languageCode", language.into()),
        ("action", turn.action.as_str().into()),
        ("parameters", turn.parameters.clone().into()),
        ("allRequiredParamsPresent", turn.all_present.into()),
        ("fulfillmentText", turn.text.as_str().into()),
        ("fulfillmentMessages", messages.into()),
        ("outputContexts", contexts.into()),
        ("intentDetectionConfidence", f64::from(turn.confidence).into()),
    ]);
    if let (Some(name), Value::Object(fields)) = (&turn.intent, &mut result) {
        let project = cut(session, "/sessions/").map_or(session, |(project, _)| project);
        let intent = object([
            ("name", [project, "/intents/", &turn.intent_id].concat().into()),
            ("displayName", name.as_str().into()),
            ("isFallback", turn.is_fallback.into()),
            ("endInteraction", turn.end.into()),
        ]);
        fields.insert("intent".to_owned(), intent);
        if turn.end {
            fields.insert("diagnosticInfo".to_owned(), object([("end_conversation", true.into())]));
        }
    }
    result
}

/// A reply as a message; none for what only another surface can show.
fn message(reply: &Reply) -> Option<Value> {
    Some(match reply {
        Reply::Text(said) => text(said),
        Reply::Card { title, subtitle, image, buttons } => {
            let button = |(text, postback): &(String, String)| {
                object([("text", text.as_str().into()), ("postback", postback.as_str().into())])
            };
            let buttons: Vec<Value> = buttons.iter().map(button).collect();
            let card = object([
                ("title", title.as_str().into()),
                ("subtitle", subtitle.as_str().into()),
                ("imageUri", image.as_str().into()),
                ("buttons", buttons.into()),
            ]);
            object([("card", card)])
        }
        Reply::QuickReplies { title, replies } => {
            let replies: Vec<Value> = replies.iter().map(|reply| reply.as_str().into()).collect();
            object([(
                "quickReplies",
                object([("title", title.as_str().into()), ("quickReplies", replies.into())]),
            )])
        }
        Reply::Image(address) => object([("image", object([("imageUri", address.as_str().into())]))]),
        Reply::Payload(payload) => object([("payload", payload.clone())]),
        Reply::Other(message) => message.clone(),
        Reply::Special(_) => return None,
    })
}

/// A text as a message.
pub fn text(said: &str) -> Value {
    object([("text", object([("text", vec![said].into())]))])
}

fn context_out(context: &ActiveContext, session: &str) -> Value {
    object([
        ("name", [session, "/contexts/", &context.name].concat().into()),
        ("lifespanCount", i64::from(context.lifespan).into()),
        ("parameters", context.parameters.clone().into()),
    ])
}

/// A context by its full or short name. Small letters, and when it ends by the clock, are the engine's to say.
pub fn context_in(context: &Value) -> ActiveContext {
    let name = string(context, "name");
    ActiveContext {
        name: last_part(&name).to_owned(),
        lifespan: number(context, "lifespanCount"),
        parameters: map(context, "parameters"),
        expires: 0,
    }
}

/// What a webhook answered, for the engine.
pub fn webhook_answer(response: &Value, agent: &Agent, language: &str) -> WebhookAnswer {
    let followup = response.get("followupEventInput");
    WebhookAnswer {
        text: Some(string(response, "fulfillmentText")).filter(|text| !text.is_empty()),
        messages: list(response, "fulfillmentMessages").to_vec(),
        contexts: list(response, "outputContexts").iter().map(context_in).collect(),
        followup: followup
            .map(|event| (string(event, "name"), map(event, "parameters")))
            .filter(|(name, _)| !name.is_empty()),
        entity_types: list(response, "sessionEntityTypes")
            .iter()
            .map(|own| entity_type(own, agent, language))
            .collect(),
    }
}

/// An entity type of one session. One that supplements keeps what the agent has.
fn entity_type(own: &Value, agent: &Agent, language: &str) -> EntityType {
    let name = string(own, "name");
    let name = last_part(&name);
    let mode = own.get("entityOverrideMode");
    let supplements = mode.and_then(Value::as_i64) == Some(2)
        || mode.and_then(Value::as_str) == Some("ENTITY_OVERRIDE_MODE_SUPPLEMENT");
    let known = agent.entity_type(name).filter(|_| supplements).cloned();
    let mut entity = known.unwrap_or_else(|| EntityType { name: name.to_owned(), ..EntityType::default() });
    entity.entries.field(language).extend(list(own, "entities").iter().map(entry));
    entity
}

/// A value of an entity type, with what is said for it.
pub fn entry(entry: &Value) -> Entry {
    Entry {
        value: string(entry, "value"),
        synonyms: list(entry, "synonyms").iter().filter_map(Value::as_str).map(str::to_owned).collect(),
    }
}

/// An object of a few fields.
pub fn object<const N: usize>(fields: [(&str, Value); N]) -> Value {
    // One function for all numbers of fields.
    object_of(Vec::from(fields))
}

#[inline(never)]
fn object_of(fields: Vec<(&str, Value)>) -> Value {
    Value::Object(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// A text of an object; empty where there is none.
pub fn string(value: &Value, name: &str) -> String {
    value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// A list of an object; empty where there is none.
pub fn list<'v>(value: &'v Value, name: &str) -> &'v [Value] {
    value.get(name).and_then(Value::as_array).unwrap_or_default()
}

/// An object in an object; empty where there is none.
pub fn map(value: &Value, name: &str) -> Map {
    value.get(name).and_then(Value::as_object).cloned().unwrap_or_default()
}

fn number(value: &Value, name: &str) -> u32 {
    let number = value.get(name).and_then(Value::as_i64).unwrap_or_default();
    u32::try_from(number).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SESSION: &str = "projects/petstore/agent/sessions/s";

    #[test]
    fn a_turn_in_dialogflows_words() {
        let turn = Turn {
            query: "hi".into(),
            intent: Some("hello".into()),
            intent_id: "7".into(),
            text: "Hello!".into(),
            replies: vec![Reply::Text("Hello!".into()), Reply::Image("a.png".into())],
            contexts: vec![ActiveContext {
                name: "found".into(),
                lifespan: 5,
                parameters: Map::new(),
                expires: 9,
            }],
            end: true,
            confidence: 0.5,
            ..Turn::default()
        };
        let result = query_result(&turn, SESSION, "en");
        let expected = r#"{"action":"","allRequiredParamsPresent":false,"diagnosticInfo":{"end_conversation":true},"fulfillmentMessages":[{"text":{"text":["Hello!"]}},{"image":{"imageUri":"a.png"}}],"fulfillmentText":"Hello!","intent":{"displayName":"hello","endInteraction":true,"isFallback":false,"name":"projects/petstore/agent/intents/7"},"intentDetectionConfidence":0.5,"languageCode":"en","outputContexts":[{"lifespanCount":5,"name":"projects/petstore/agent/sessions/s/contexts/found","parameters":{}}],"parameters":{},"queryText":"hi"}"#;
        assert_eq!(result.to_string(), expected);
        let asking = Turn { asked: Some("email".into()), end: false, ..turn };
        let contexts = query_result(&asking, SESSION, "en").get("outputContexts").map(ToString::to_string);
        let expected = r#"{"lifespanCount":1,"name":"projects/petstore/agent/sessions/s/contexts/hello_dialog_params_email","parameters":{}}"#;
        assert!(contexts.is_some_and(|contexts| contexts.contains(expected)));
    }

    #[test]
    fn what_a_webhook_answers_and_what_it_leaves_out() {
        let answer = webhook_answer(&object([]), &Agent::default(), "en");
        assert_eq!(answer, WebhookAnswer::default());
        let contexts = vec![object([
            ("name", [SESSION, "/contexts/Found"].concat().into()),
            ("lifespanCount", 3.into()),
        ])];
        let answer = webhook_answer(
            &object([
                ("fulfillmentText", "Here.".into()),
                ("fulfillmentMessages", vec![text("Here.")].into()),
                ("outputContexts", contexts.into()),
                ("followupEventInput", object([("name", "".into())])),
            ]),
            &Agent::default(),
            "en",
        );
        assert_eq!(answer.text.as_deref(), Some("Here."));
        assert_eq!((answer.contexts[0].name.as_str(), answer.contexts[0].lifespan), ("Found", 3));
        assert_eq!((answer.messages.len(), answer.followup), (1, None));
        // Rubbish counts as nothing.
        let odd = object([
            ("fulfillmentText", 7.into()),
            ("fulfillmentMessages", "x".into()),
            ("outputContexts", vec![Value::Null].into()),
        ]);
        assert_eq!(webhook_answer(&odd, &Agent::default(), "en").contexts[0].lifespan, 0);
    }
}

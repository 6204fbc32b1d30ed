//! What a webhook is asked, and what it answers. What is not sent counts as empty, as in Google's own JSON.

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error as _, Unexpected},
};
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// Parameters by their names.
pub type Parameters = Map<String, Value>;

/// What a webhook is asked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct WebhookRequest {
    /// `projects/{agent}/agent/sessions/{session}`.
    pub session: String,
    /// The id of the answer that is in the making.
    pub response_id: String,
    /// What was understood.
    pub query_result: QueryResult,
    /// What the surface sent along.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_detect_intent_request: Option<Value>,
}

/// What was understood.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct QueryResult {
    /// What was said.
    pub query_text: String,
    /// In which language: `en`, `de-AT`.
    pub language_code: String,
    /// The intent's action.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub action: String,
    /// The intent's parameters; one that was not said is `""`.
    #[schema(value_type = Object)]
    pub parameters: Parameters,
    /// Whether nothing has to be asked any more.
    pub all_required_params_present: bool,
    /// The text of the answer.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub fulfillment_text: String,
    /// All messages of the answer.
    pub fulfillment_messages: Vec<Value>,
    /// Where the answer comes from, as its webhook says.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub webhook_source: String,
    /// What the webhook sent along.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_payload: Option<Value>,
    /// Active contexts.
    pub output_contexts: Vec<Context>,
    /// The intent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intent: Option<IntentName>,
    /// How sure the engine is, 0 to 1.
    pub intent_detection_confidence: f32,
    /// `{"end_conversation": true}` where the intent ends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diagnostic_info: Option<Value>,
}

/// An intent, by its names.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct IntentName {
    /// `projects/{agent}/agent/intents/{id}`.
    pub name: String,
    /// For people.
    pub display_name: String,
    /// Whether nothing else was understood.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_fallback: bool,
    /// Whether the conversation is over.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub end_interaction: bool,
}

/// A context.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Context {
    /// `projects/{agent}/agent/sessions/{session}/contexts/{name}`.
    pub name: String,
    /// For how many more turns; 0 ends it.
    #[serde(deserialize_with = "whole")]
    #[schema(value_type = i64, minimum = 0, maximum = 4_294_967_295i64)]
    pub lifespan_count: u32,
    /// Its parameters.
    #[schema(value_type = Object)]
    pub parameters: Parameters,
}

/// A whole number from 0, however it is written: some write 5 as 5.0, which JSON does not tell apart, and Google's JSON
/// takes "5" too.
fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Number(f64),
        Text(String),
    }
    let number = match Written::deserialize(deserializer)? {
        Written::Number(number) => number,
        Written::Text(text) => text
            .parse()
            .map_err(|_| D::Error::invalid_value(Unexpected::Str(&text), &"a whole number from 0"))?,
    };
    if number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number) {
        return Ok(number as u32);
    }
    Err(D::Error::invalid_value(Unexpected::Float(number), &"a whole number from 0"))
}

/// Reads what others wrote, where `null` is as good as nothing: so serialisers of several languages write what is empty.
/// Parameters and payloads are the writer's own, and keep theirs.
pub fn without_nulls<T: DeserializeOwned>(json: &[u8]) -> serde_json::Result<T> {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.retain(|_, value| !value.is_null());
                fields
                    .iter_mut()
                    .filter(|(name, _)| !["parameters", "payload"].contains(&name.as_str()))
                    .for_each(|(_, value)| strip(value));
            }
            Value::Array(values) => values.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut value = serde_json::from_slice(json)?;
    strip(&mut value);
    T::deserialize(value)
}

impl Context {
    /// Its own name, in small letters: the last part of its full name.
    pub fn short_name(&self) -> String {
        self.name.rsplit('/').next().unwrap_or("").to_lowercase()
    }
}

/// What a webhook answers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct WebhookResponse {
    /// Replaces the intent's text, unless it is empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub fulfillment_text: String,
    /// Replaces the intent's messages, unless it is empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(value_type = Vec<Object>)]
    pub fulfillment_messages: Vec<Value>,
    /// Where the answer comes from.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// For the surface.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub payload: Option<Value>,
    /// Contexts to set; with a lifespan of 0, to end.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub output_contexts: Vec<Context>,
    /// An event that leads on. Texts, messages and payload are then ignored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub followup_event_input: Option<Event>,
    /// Entity types for this session.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub session_entity_types: Vec<SessionEntityType>,
}

/// An event.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct Event {
    /// Its name: `WELCOME`.
    pub name: String,
    /// What it brings along.
    #[schema(value_type = Object)]
    pub parameters: Parameters,
    /// In which language.
    pub language_code: String,
}

/// An entity type of one session.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct SessionEntityType {
    /// `projects/{agent}/agent/sessions/{session}/entityTypes/{name}`.
    pub name: String,
    /// `ENTITY_OVERRIDE_MODE_OVERRIDE` (1) or `ENTITY_OVERRIDE_MODE_SUPPLEMENT` (2).
    #[schema(value_type = Object)]
    pub entity_override_mode: Value,
    /// Its values.
    pub entities: Vec<SessionEntity>,
}

/// One value of an entity type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct SessionEntity {
    /// What is reported.
    pub value: String,
    /// What is said.
    pub synonyms: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lifespan_is_a_whole_number_however_it_is_written() {
        for (json, expected) in [
            ("{}", Some(0)),
            (r#"{"lifespanCount": 5}"#, Some(5)),
            (r#"{"lifespanCount": 5.0}"#, Some(5)),
            (r#"{"lifespanCount": 4294967295}"#, Some(u32::MAX)),
            (r#"{"lifespanCount": 4294967296}"#, None),
            (r#"{"lifespanCount": 5.5}"#, None),
            (r#"{"lifespanCount": -1}"#, None),
            (r#"{"lifespanCount": 1e300}"#, None),
            (r#"{"lifespanCount": "5"}"#, Some(5)),
            (r#"{"lifespanCount": "five"}"#, None),
            (r#"{"lifespanCount": "-5"}"#, None),
        ] {
            let context = serde_json::from_str::<Context>(json).ok();
            assert_eq!(context.map(|context| context.lifespan_count), expected, "{json}");
        }
    }
}

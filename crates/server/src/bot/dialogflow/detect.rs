//! What `detectIntent` is asked, and what it answers.

use super::{
    fault::Fault,
    turn,
    webhook::{Context, Event, Parameters, QueryResult, SessionEntityType, without_nulls},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Longer texts are refused, as Google does.
pub const LONGEST_TEXT: usize = 256;

/// What is asked.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DetectRequest {
    /// What a person did.
    pub query_input: Option<QueryInput>,
    /// What else holds.
    pub query_params: QueryParams,
}

/// What a person did: one of these.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct QueryInput {
    /// They said something.
    pub text: Option<TextInput>,
    /// Something happened.
    pub event: Option<Event>,
    /// They spoke: not understood here.
    pub audio_config: Option<Value>,
}

/// What was said.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TextInput {
    /// The words.
    pub text: String,
    /// In which language.
    pub language_code: String,
}

/// What else holds for one query.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct QueryParams {
    /// Where the person is: `Europe/Berlin`.
    pub time_zone: String,
    /// Contexts to set first.
    pub contexts: Vec<Context>,
    /// Whether all contexts end first.
    pub reset_contexts: bool,
    /// Entity types for this session.
    pub session_entity_types: Vec<SessionEntityType>,
    /// Passed on to the webhook.
    pub payload: Option<Parameters>,
}

/// What is answered.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DetectResponse {
    /// Names this answer.
    pub response_id: String,
    /// What was understood and what is said.
    pub query_result: QueryResult,
    /// How the webhook went, where it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_status: Option<WebhookStatus>,
}

/// How a webhook went.
#[derive(Clone, Debug, Default, Serialize)]
pub struct WebhookStatus {
    /// 0, or a canonical code.
    pub code: i32,
    /// What was wrong.
    pub message: String,
}

impl WebhookStatus {
    /// Canonical code: what is needed is away.
    pub const UNAVAILABLE: i32 = 14;
}

impl DetectRequest {
    /// Reads a body.
    pub fn read(body: &[u8]) -> Result<Self, Fault> {
        without_nulls(body).map_err(|error| {
            Fault::invalid(format!(
                "The body is no detectIntent request: {error}. Send {{\"queryInput\": {{\"text\": {{\"text\": …, \"languageCode\": …}}}}}}."
            ))
        })
    }

    /// What was done, and in which language; an empty language is the agent's own.
    pub fn input(&self) -> Result<(nlu::dialogue::Query, &str), Fault> {
        use nlu::dialogue::Query;
        let missing = "queryInput needs `text` or `event`.";
        let input = self.query_input.as_ref().ok_or_else(|| Fault::invalid(missing))?;
        if input.audio_config.is_some() {
            return Err(Fault::invalid("Audio is not understood here. Send queryInput.text."));
        }
        match (&input.text, &input.event) {
            (Some(_), Some(_)) => Err(Fault::invalid("queryInput takes `text` or `event`, not both.")),
            (Some(text), None) if text.text.trim().is_empty() => {
                Err(Fault::invalid("queryInput.text.text is empty."))
            }
            (Some(text), None) if text.text.chars().count() > LONGEST_TEXT => {
                Err(Fault::invalid(format!("queryInput.text.text is longer than {LONGEST_TEXT} characters.")))
            }
            (Some(text), None) => Ok((Query::Text(text.text.clone()), &text.language_code)),
            (None, Some(event)) if event.name.is_empty() => {
                Err(Fault::invalid("queryInput.event.name is empty."))
            }
            (None, Some(event)) => Ok((
                Query::Event { name: event.name.clone(), parameters: turn::to_engine(&event.parameters) },
                &event.language_code,
            )),
            (None, None) => Err(Fault::invalid(missing)),
        }
    }
}

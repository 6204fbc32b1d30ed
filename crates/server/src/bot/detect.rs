//! `detectIntent` and contexts, as Google's REST interface has them, for its own client libraries.

use super::{
    agents::{AgentError, PETSTORE},
    contexts,
    dialogflow::{
        detect::{DetectRequest, DetectResponse, WebhookStatus},
        fault::Fault,
        name::{SessionName, Target},
        turn,
        webhook::WebhookRequest,
    },
    sessions,
};
use crate::{clock, http::peer::Peer, secret, state::Server};
use axum::{
    Json, Router,
    body::{Body, to_bytes},
    extract::{Path, Query, State},
    http::Method,
    response::{IntoResponse, Response},
    routing::any,
};
use nlu::{
    dialogue::{Circumstances, Session, Turn},
    entity::{
        calendar::{Clock, Fixed, Zone},
        zone::zone,
    },
    model::Model,
};
use serde::Serialize;
use serde_json::{Value, json};
use std::{collections::HashMap, sync::Arc};

/// A request is small: 256 characters, some contexts.
const MOST_BYTES: usize = 64 * 1024;
/// What stands behind the question mark of an address.
pub type Parameters = HashMap<String, String>;

/// The routes under `/v2`.
pub fn routes() -> Router<Server> {
    Router::new().route("/v2/{*name}", any(answer))
}

async fn answer(
    State(server): State<Server>,
    peer: Peer,
    method: Method,
    Path(name): Path<String>,
    Query(parameters): Query<Parameters>,
    body: Body,
) -> Result<Response, Fault> {
    server.bot.count(peer.subscriber()).map_err(|refused| Fault::exhausted(refused.retry_after))?;
    let body = to_bytes(body, MOST_BYTES)
        .await
        .map_err(|_| Fault::invalid(format!("The body is larger than {MOST_BYTES} bytes.")))?;
    let target = Target::parse(&name)
        .ok_or_else(|| Fault::not_found(format!("/v2/{name} is not served here; see docs/bot.md.")))?;
    match (method, target) {
        (Method::POST, Target::DetectIntent(session)) => {
            detect(&server, &session, &body).await.map(json_response)
        }
        (Method::GET, Target::Contexts(session)) => contexts::list(&server, &session, &parameters).await,
        (Method::POST, Target::Contexts(session)) => contexts::create(&server, &session, &body).await,
        (Method::DELETE, Target::Contexts(session)) => contexts::delete_all(&server, &session).await,
        (Method::GET, Target::Context(session, name)) => contexts::get(&server, &session, &name).await,
        (Method::PATCH, Target::Context(session, name)) => {
            contexts::patch(&server, &session, &name, &parameters, &body).await
        }
        (Method::DELETE, Target::Context(session, name)) => contexts::delete(&server, &session, &name).await,
        (method, _) => Err(Fault::not_found(format!("{method} is not served at /v2/{name}."))),
    }
}

/// An answer in JSON.
pub fn json_response(value: impl Serialize) -> Response {
    Json(value).into_response()
}

/// The agent of a session, trained.
pub async fn model(server: &Server, session: &SessionName) -> Result<Arc<Model>, Fault> {
    server.bot.agents.get(&session.agent).await.map_err(|error| match error {
        AgentError::Unknown(_) => Fault::not_found(format!("There is no agent `{}` here.", session.agent)),
        AgentError::Broken(..) => Fault::unavailable(format!(
            "The agent `{}` cannot be used; the server's log says why (E610).",
            session.agent
        )),
    })
}

/// Seconds since 1970.
pub fn now() -> i64 {
    clock::now() / 1000
}

/// One turn: what was said goes in, the answer comes out, with what the webhook adds.
async fn detect(server: &Server, name: &SessionName, body: &[u8]) -> Result<DetectResponse, Fault> {
    let request = DetectRequest::read(body)?;
    let (query, language) = request.input()?;
    let model = model(server, name).await?;
    let language = if language.is_empty() { &model.agent().settings.language } else { language };
    let zone = time_zone(&request.query_params.time_zone, &model)?;
    let random = secret::random().map_err(|error| Fault::unavailable(error.to_string()))?;
    let moment = Moment { seconds: now(), zone, language, random };

    let open = server.bot.sessions.open(&name.whole).await?;
    // Worked on a copy: a turn that is refused or broken off leaves the session as it was.
    let mut session = open.session.clone();
    if request.query_params.reset_contexts {
        session.contexts.clear();
        // That something was asked for is a context in Dialogflow.
        session.pending = None;
    }
    for context in &request.query_params.contexts {
        session.overwrite(contexts::checked(context)?, moment.seconds);
    }
    let spoken = model.language(language).map_or(language, |(code, _)| code).to_owned();
    let own_types = &request.query_params.session_entity_types;
    if own_types.len() > sessions::MOST_ENTITY_TYPES {
        let most = sessions::MOST_ENTITY_TYPES;
        return Err(Fault::invalid(format!("A session has at most {most} entity types of its own.")));
    }
    for own in own_types {
        let entity = turn::entity_type(own, model.agent(), &spoken);
        session.entity_types.retain(|known| known.name != entity.name);
        session.entity_types.push(entity);
    }
    if let Some(what) = sessions::too_large(&session, model.agent()) {
        return Err(Fault::invalid(what));
    }
    let response_id = secret::token().map_err(|error| Fault::unavailable(error.to_string()))?;
    let turn = model.respond(&mut session, &query, moment.circumstances());
    if let Some(what) = sessions::too_large(&session, model.agent()) {
        return Err(Fault::invalid(what));
    }
    let original = request.query_params.payload.clone().map(Value::Object);
    let asking = Asking {
        server,
        model: &model,
        name,
        moment: &moment,
        language: &spoken,
        response_id: &response_id,
        original,
    };
    let answer = asking.finish(&mut session, turn).await;
    if let Err(error) = open.keep(session).await {
        // What a webhook has done is not to be asked for once more.
        if answer.webhook_status.is_none() {
            return Err(error.into());
        }
        tracing::warn!(%error, session = name.whole, "what a webhook answered was said, but not kept");
    }
    Ok(answer)
}

/// When, where and how something is said.
struct Moment<'m> {
    seconds: i64,
    zone: Box<dyn Zone + Send + Sync>,
    language: &'m str,
    random: u32,
}

impl Moment<'_> {
    fn circumstances(&self) -> Circumstances<'_> {
        let clock = Clock { now: self.seconds, zone: &*self.zone };
        Circumstances { language: self.language, clock, random: self.random }
    }
}

/// The webhook's part of a turn.
struct Asking<'a> {
    server: &'a Server,
    model: &'a Model,
    name: &'a SessionName,
    moment: &'a Moment<'a>,
    language: &'a str,
    response_id: &'a str,
    original: Option<Value>,
}

impl Asking<'_> {
    async fn finish(&self, session: &mut Session, mut turn: Turn) -> DetectResponse {
        let mut status = None;
        let (mut source, mut payload) = (String::new(), None);
        // The engine ends a chain of events that lead to one another.
        while turn.needs_webhook {
            let request = WebhookRequest {
                session: self.name.whole.clone(),
                response_id: self.response_id.to_owned(),
                query_result: turn::query_result(&turn, self.name, self.moment.language),
                original_detect_intent_request: Some(
                    json!({ "payload": self.original.as_ref().unwrap_or(&json!({})) }),
                ),
            };
            let agent = self.model.agent();
            let answer = match self.server.bot.callers.check(&self.name.whole) {
                Ok(()) => self.server.bot.webhooks.ask(self.server, agent, &request).await.map_err(|error| {
                    tracing::warn!(%error, agent = self.name.agent, "a webhook gave no answer");
                    "The webhook did not answer as it should; the intent's own answer holds (E431)."
                }),
                Err(_) => {
                    Err("Too many calls of the webhook in this session; the intent's own answer holds.")
                }
            };
            let response = match answer {
                Ok(response) => response,
                Err(message) => {
                    status =
                        Some(WebhookStatus { code: WebhookStatus::UNAVAILABLE, message: message.to_owned() });
                    break;
                }
            };
            let said = (response.source.clone(), response.payload.clone());
            let answer = turn::webhook_answer(response, agent, self.language);
            let leads_on = answer.followup.is_some();
            let before = (session.clone(), turn.clone());
            self.model.fulfil(session, &mut turn, answer, self.moment.circumstances());
            if let Some(what) = sessions::too_large(session, agent) {
                tracing::warn!(agent = self.name.agent, what, "a webhook answered too much");
                (*session, turn) = before;
                let message = "The webhook answered more than a session may keep; the intent's own answer holds (E431).";
                status =
                    Some(WebhookStatus { code: WebhookStatus::UNAVAILABLE, message: message.to_owned() });
                break;
            }
            status = Some(WebhookStatus::default());
            (source, payload) = said;
            if !leads_on || turn == before.1 {
                break;
            }
        }
        let mut query_result = turn::query_result(&turn, self.name, self.moment.language);
        query_result.webhook_source = source;
        query_result.webhook_payload = payload;
        if let (PETSTORE, Some(origin)) = (self.name.agent.as_str(), &self.server.configuration.origin) {
            query_result.fulfillment_messages.iter_mut().for_each(|message| make_whole(message, origin));
        }
        DetectResponse { response_id: self.response_id.to_owned(), query_result, webhook_status: status }
    }
}

/// Links into the shop, such as `#/cart`, lead there from anywhere; so do those that the fulfilment makes.
fn make_whole(message: &mut Value, origin: &str) {
    match message {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(link)
                        if ["link", "actionLink", "open"].contains(&name.as_str())
                            && link.starts_with("#/") =>
                    {
                        link.insert_str(0, &format!("{origin}/"));
                    }
                    value => make_whole(value, origin),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| make_whole(value, origin)),
        _ => {}
    }
}

/// The zone that was asked for, else the agent's, else UTC.
fn time_zone(wanted: &str, model: &Model) -> Result<Box<dyn Zone + Send + Sync>, Fault> {
    if wanted.is_empty() {
        return Ok(match zone(&model.agent().settings.time_zone) {
            Some(zone) => Box::new(zone),
            None => Box::new(Fixed(0)),
        });
    }
    match zone(wanted) {
        Some(zone) => Ok(Box::new(zone)),
        None => Err(Fault::invalid(format!("queryParams.timeZone: `{wanted}` is not known here."))),
    }
}

//! `detectIntent` and contexts, as Google's REST interface has them, for its own client libraries.

use super::{
    agents::AgentError,
    dialogflow::{
        detect::{DetectRequest, DetectResponse, WebhookStatus},
        fault::Fault,
        name::{SessionName, Target},
        turn,
        webhook::{Context, WebhookRequest},
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
    entity::calendar::{Clock, Fixed, Zone, zone},
    model::Model,
};
use serde::Serialize;
use serde_json::{Value, json};
use std::{collections::HashMap, sync::Arc, time::Instant};

/// A request is small: 256 characters, some contexts.
const MOST_BYTES: usize = 64 * 1024;
/// Contexts on one page, unless told; and at most.
const PAGE: usize = 100;

type Parameters = HashMap<String, String>;

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
        (Method::GET, Target::Contexts(session)) => list(&server, &session, &parameters).await,
        (Method::POST, Target::Contexts(session)) => create(&server, &session, &body).await,
        (Method::DELETE, Target::Contexts(session)) => delete_all(&server, &session).await,
        (Method::GET, Target::Context(session, name)) => get(&server, &session, &name).await,
        (Method::PATCH, Target::Context(session, name)) => {
            patch(&server, &session, &name, &parameters, &body).await
        }
        (Method::DELETE, Target::Context(session, name)) => delete(&server, &session, &name).await,
        (method, _) => Err(Fault::not_found(format!("{method} is not served at /v2/{name}."))),
    }
}

fn json_response(value: impl Serialize) -> Response {
    Json(value).into_response()
}

async fn model(server: &Server, session: &SessionName) -> Result<Arc<Model>, Fault> {
    server.bot.agents.get(&session.agent).await.map_err(|error| match error {
        AgentError::Unknown(_) => Fault::not_found(format!("There is no agent `{}` here.", session.agent)),
        AgentError::Broken(..) => Fault::unavailable(format!(
            "The agent `{}` cannot be used; the server's log says why (E610).",
            session.agent
        )),
    })
}

fn now() -> i64 {
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

    let shared = server.bot.sessions.open(&name.whole, Instant::now());
    let mut kept = shared.lock().await;
    // Worked on a copy: a turn that is refused or broken off leaves the session as it was.
    let mut session = kept.clone();
    if request.query_params.reset_contexts {
        session.contexts.clear();
    }
    for context in &request.query_params.contexts {
        session.set(checked(context)?, moment.seconds);
    }
    let spoken = model.language(language).map_or(language, |(code, _)| code).to_owned();
    for own in &request.query_params.session_entity_types {
        let entity = turn::entity_type(own, model.agent(), &spoken);
        session.entity_types.retain(|known| known.name != entity.name);
        session.entity_types.push(entity);
    }
    if let Some(what) = sessions::too_large(&session) {
        return Err(Fault::invalid(what));
    }
    let response_id = secret::token().map_err(|error| Fault::unavailable(error.to_string()))?;
    let turn = model.respond(&mut session, &query, moment.circumstances());
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
    if let Some(what) = sessions::too_large(&session) {
        return Err(Fault::invalid(what));
    }
    *kept = session;
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
                original_detect_intent_request: Some(json!({ "payload": self.original })),
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
            status = Some(WebhookStatus::default());
            source.clone_from(&response.source);
            payload.clone_from(&response.payload);
            let leads_on = response.followup_event_input.is_some();
            let answer = turn::webhook_answer(response, agent, self.language);
            let before = turn.clone();
            self.model.fulfil(session, &mut turn, answer, self.moment.circumstances());
            if !leads_on || turn == before {
                break;
            }
        }
        let mut query_result = turn::query_result(&turn, self.name, self.moment.language);
        query_result.webhook_source = source;
        query_result.webhook_payload = payload;
        DetectResponse { response_id: self.response_id.to_owned(), query_result, webhook_status: status }
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

fn checked(context: &Context) -> Result<nlu::dialogue::ActiveContext, Fault> {
    let active = turn::incoming(context);
    let plain = |c: char| c.is_alphanumeric() || "-_%.".contains(c);
    if active.name.is_empty() || active.name.len() > 250 || !active.name.chars().all(plain) {
        return Err(Fault::invalid(format!(
            "`{}` is no name of a context: …/contexts/ and letters, digits, - and _.",
            context.name
        )));
    }
    Ok(active)
}

fn context(body: &[u8]) -> Result<Context, Fault> {
    serde_json::from_slice(body).map_err(|error| Fault::invalid(format!("The body is no context: {error}.")))
}

/// The contexts of a session that are active now.
async fn active(server: &Server, name: &SessionName) -> Result<Vec<Context>, Fault> {
    model(server, name).await?;
    let Some(shared) = server.bot.sessions.find(&name.whole, Instant::now()) else { return Ok(Vec::new()) };
    let session = shared.lock().await;
    let now = now();
    let active = session.contexts.iter().filter(|context| context.expires > now);
    Ok(active.map(|context| turn::outgoing(context, name)).collect())
}

async fn list(server: &Server, name: &SessionName, parameters: &Parameters) -> Result<Response, Fault> {
    let all = active(server, name).await?;
    let number = |key: &str| match parameters.get(key).map(String::as_str) {
        None | Some("" | "0") => Ok(None),
        Some(text) => text
            .parse::<usize>()
            .map(Some)
            .map_err(|_| Fault::invalid(format!("{key}: `{text}` is no number."))),
    };
    let size = number("pageSize")?.unwrap_or(PAGE).min(PAGE);
    let from = number("pageToken")?.unwrap_or(0);
    let page: Vec<&Context> = all.iter().skip(from).take(size).collect();
    let next = from + page.len();
    let token = if next < all.len() { next.to_string() } else { String::new() };
    Ok(json_response(json!({ "contexts": page, "nextPageToken": token })))
}

async fn get(server: &Server, name: &SessionName, context: &str) -> Result<Response, Fault> {
    let all = active(server, name).await?;
    let found = all.into_iter().find(|known| known.short_name() == context);
    found.map(json_response).ok_or_else(|| no_context(context))
}

fn no_context(context: &str) -> Fault {
    Fault::not_found(format!("There is no active context `{context}` in this session."))
}

/// Changes a session, unless it grows too large by that.
async fn change<T>(
    server: &Server,
    name: &SessionName,
    change: impl FnOnce(&mut Session, i64) -> Result<T, Fault>,
) -> Result<T, Fault> {
    model(server, name).await?;
    let shared = server.bot.sessions.open(&name.whole, Instant::now());
    let mut kept = shared.lock().await;
    let mut session = kept.clone();
    let now = now();
    session.contexts.retain(|context| context.expires > now);
    let result = change(&mut session, now)?;
    if let Some(what) = sessions::too_large(&session) {
        return Err(Fault::invalid(what));
    }
    *kept = session;
    Ok(result)
}

async fn create(server: &Server, name: &SessionName, body: &[u8]) -> Result<Response, Fault> {
    let mut sent = context(body)?;
    let new = checked(&sent)?;
    sent.name = name.context(&new.name);
    change(server, name, |session, now| {
        // One that is there already is replaced, not added to.
        session.contexts.retain(|known| known.name != new.name);
        session.set(new, now);
        Ok(())
    })
    .await?;
    Ok(json_response(sent))
}

async fn patch(
    server: &Server,
    name: &SessionName,
    context_name: &str,
    parameters: &Parameters,
    body: &[u8],
) -> Result<Response, Fault> {
    let sent = context(body)?;
    let mask = parameters.get("updateMask").map_or("", String::as_str);
    let mut masked: Vec<&str> = mask.split(',').map(str::trim).filter(|field| !field.is_empty()).collect();
    if masked.is_empty() {
        masked = vec!["lifespanCount", "parameters"];
    }
    let changed = change(server, name, |session, now| {
        let known = session.context(context_name).cloned();
        let mut changed = known.ok_or_else(|| no_context(context_name))?;
        for field in masked {
            match field {
                "lifespanCount" | "lifespan_count" => changed.lifespan = sent.lifespan_count,
                "parameters" => changed.parameters.clone_from(&sent.parameters),
                "name" => {}
                other => {
                    return Err(Fault::invalid(format!("updateMask: a context has no field `{other}`.")));
                }
            }
        }
        session.contexts.retain(|known| known.name != changed.name);
        session.set(changed.clone(), now);
        Ok(changed)
    })
    .await?;
    Ok(json_response(turn::outgoing(&changed, name)))
}

async fn delete(server: &Server, name: &SessionName, context: &str) -> Result<Response, Fault> {
    change(server, name, |session, _| {
        let before = session.contexts.len();
        session.contexts.retain(|known| known.name != context);
        if session.contexts.len() == before { Err(no_context(context)) } else { Ok(()) }
    })
    .await?;
    Ok(json_response(json!({})))
}

async fn delete_all(server: &Server, name: &SessionName) -> Result<Response, Fault> {
    change(server, name, |session, _| {
        session.contexts.clear();
        Ok(())
    })
    .await?;
    Ok(json_response(json!({})))
}

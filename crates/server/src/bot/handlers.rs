//! The bot's routes under `/api/v1`.

use super::{
    agents::AgentError,
    dialogflow::{
        name::SessionName,
        turn,
        webhook::{WebhookRequest, WebhookResponse},
    },
    fulfilment,
};
use crate::{
    http::{
        extract::Json,
        peer::Peer,
        problem::{Answer, Failure},
    },
    pace::TooMany,
    state::Server,
};
use axum::{extract::State, http::StatusCode};
use contract::{code, shop::problem::Problem};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes.
pub fn routes() -> OpenApiRouter<Server> {
    OpenApiRouter::new().routes(routes!(fulfil)).routes(routes!(call))
}

impl From<TooMany> for Failure {
    fn from(refused: TooMany) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, code::TOO_MANY_REQUESTS)
            .retry_after(refused.retry_after.as_secs().max(1))
    }
}

impl From<AgentError> for Failure {
    fn from(error: AgentError) -> Self {
        match error {
            AgentError::Unknown(_) => Self::not_found(),
            AgentError::Broken(..) => {
                Self::new(StatusCode::SERVICE_UNAVAILABLE, code::AGENT_INVALID).because(error)
            }
        }
    }
}

/// Answers what the shop's agent cannot say by itself
///
/// A Dialogflow webhook (ES, version 2): jokes and facts, products, orders, delivery. For the shop's own engine
/// and for a Dialogflow agent alike.
#[utoipa::path(
    post, path = "/bot/fulfilment", tag = "bot", request_body = WebhookRequest,
    responses(
        (status = 200, body = WebhookResponse, description = "The answer; `source` says where a joke or fact comes from: reddit, reddit-kept, bundled."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "It was refused: E401, E415, E416."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed; the intent's own answer holds."),
    ),
)]
async fn fulfil(
    State(server): State<Server>,
    peer: Peer,
    Json(request): Json<WebhookRequest>,
) -> Answer<axum::Json<WebhookResponse>> {
    server.bot.count(peer.subscriber())?;
    fulfilment::answer(&server, &request).await.map(axum::Json)
}

/// Calls the webhook of an agent that runs in a page
///
/// `session` names the agent and the session: `projects/{agent}/agent/sessions/{session}`. The intent must be one
/// of the agent's that uses the webhook, and the webhook's address must be on the operator's list.
#[utoipa::path(
    post, path = "/bot/webhook", tag = "bot", request_body = WebhookRequest,
    responses(
        (status = 200, body = WebhookResponse, description = "What the webhook answered."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "It was refused: E401, E402, E415, E416, E430."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "The webhook did not answer (E431); the intent's own answer holds."),
    ),
)]
async fn call(
    State(server): State<Server>,
    peer: Peer,
    Json(mut request): Json<WebhookRequest>,
) -> Answer<axum::Json<WebhookResponse>> {
    server.bot.count(peer.subscriber())?;
    let session = SessionName::parse(&request.session).ok_or_else(|| {
        Failure::new(StatusCode::UNPROCESSABLE_ENTITY, code::INPUT_INVALID)
            .field("session", "projects/{agent}/agent/sessions/{session}")
    })?;
    let model = server.bot.agents.get(&session.agent).await?;
    let agent = model.agent();
    let refused = || Failure::new(StatusCode::FORBIDDEN, code::WEBHOOK_REFUSED);
    let asked = request.query_result.intent.as_ref().map_or("", |intent| intent.display_name.as_str());
    let intent = agent.intents.iter().find(|intent| intent.name == asked).ok_or_else(refused)?;
    let may = if request.query_result.all_required_params_present {
        intent.webhook
    } else {
        intent.webhook_for_slot_filling
    };
    if !may {
        return Err(refused());
    }
    server.bot.callers.check(&session.whole)?;
    // What the agent says of its intent is the agent's word, not the page's.
    request.query_result.action.clone_from(&intent.action);
    if let Some(name) = &mut request.query_result.intent {
        name.name = session.intent(&intent.id);
        name.is_fallback = intent.fallback;
        name.end_interaction = intent.end;
    }
    let mut response = server.bot.webhooks.ask(&server, agent, &request).await?;
    // A page shows what it has, and says what is said where `/v2` says it.
    response.fulfillment_text = turn::plain_words(&response).unwrap_or_default();
    Ok(axum::Json(response))
}

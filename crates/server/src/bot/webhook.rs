//! Calls the webhooks of agents: only addresses that the operator listed, with the headers that are listed there.
//!
//! The page has no say in where a request goes or what it carries beside its body. Redirects are not followed:
//! what is on the list is what is called.

use super::{
    dialogflow::{
        turn,
        webhook::{WebhookRequest, WebhookResponse, without_nulls},
    },
    fulfilment,
    outbound::{self, OutboundError, PublicOnly},
    sessions,
    settings::Settings,
};
use crate::{http::problem::Failure, state::Server};
use axum::http::StatusCode;
use contract::code;
use nlu::{agent::Agent, dialogue::Session};
use reqwest::{Client, header};
use std::{sync::Arc, time::Duration};

/// How long a webhook may take, its body included.
const PATIENCE: Duration = Duration::from_secs(5);
/// How large its answer may be.
const MOST_BYTES: usize = 1024 * 1024;
/// The path of the shop's own fulfilment: an agent that names it is answered without a request.
const OWN: &str = "/api/v1/bot/fulfilment";

/// Why a webhook gave no answer.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// The agent has none.
    #[error("the agent names no webhook")]
    None,
    /// The operator did not list it.
    #[error("{0} is not on the list of webhooks")]
    NotListed(String),
    /// It answered with an error, or with a redirect.
    #[error("the webhook answered {0}")]
    Status(StatusCode),
    /// It answered something else.
    #[error("the webhook's answer is no WebhookResponse: {0}")]
    Garbage(serde_json::Error),
    /// It answered more than a session may keep.
    #[error("the webhook answered too much: {0}")]
    TooMuch(String),
    /// It did not answer.
    #[error("the webhook did not answer: {0}")]
    Outbound(#[from] OutboundError),
    /// The shop's own fulfilment failed.
    #[error("the fulfilment failed")]
    Own(Failure),
}

impl From<reqwest::Error> for WebhookError {
    fn from(error: reqwest::Error) -> Self {
        Self::Outbound(error.into())
    }
}

impl From<WebhookError> for Failure {
    fn from(error: WebhookError) -> Self {
        match error {
            WebhookError::Own(failure) => failure,
            WebhookError::None | WebhookError::NotListed(_) => {
                Self::new(StatusCode::FORBIDDEN, code::WEBHOOK_REFUSED)
            }
            // What exactly went wrong behind us is the log's business.
            other => Self::new(StatusCode::BAD_GATEWAY, code::WEBHOOK_FAILED).because(other),
        }
    }
}

/// Calls webhooks.
pub struct Webhooks {
    settings: Arc<Settings>,
    public: Client,
    private: Client,
}

impl Webhooks {
    /// Those of the settings.
    pub fn new(settings: Arc<Settings>) -> Result<Self, OutboundError> {
        let client =
            || Client::builder().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none()).no_proxy();
        Ok(Self {
            settings,
            public: client().dns_resolver(Arc::new(PublicOnly)).build()?,
            private: client().build()?,
        })
    }

    /// Asks the webhook of an agent.
    pub async fn ask(
        &self,
        server: &Server,
        agent: &Agent,
        request: &WebhookRequest,
    ) -> Result<WebhookResponse, WebhookError> {
        let address = agent.settings.webhook.as_deref().ok_or(WebhookError::None)?;
        if address == OWN {
            return fulfilment::answer(server, request).await.map_err(WebhookError::Own);
        }
        let listed = self.settings.webhook(address);
        let webhook = listed.ok_or_else(|| WebhookError::NotListed(address.to_owned()))?;
        let client = if webhook.private { &self.private } else { &self.public };
        let body = serde_json::to_vec(request).map_err(WebhookError::Garbage)?;
        let response = client
            .post(webhook.address.clone())
            .header(header::CONTENT_TYPE, "application/json")
            .headers(webhook.headers.clone())
            .body(body)
            .send()
            .await?;
        if response.status() != StatusCode::OK {
            return Err(WebhookError::Status(response.status()));
        }
        let body = outbound::body(response, MOST_BYTES).await?;
        let answer: WebhookResponse = without_nulls(&body).map_err(WebhookError::Garbage)?;
        // Whoever keeps the session: a page has less room for it than we have.
        let mut kept = Session::new();
        kept.contexts.extend(answer.output_contexts.iter().map(turn::incoming));
        let language = &request.query_result.language_code;
        let own_types = answer.session_entity_types.iter();
        kept.entity_types.extend(own_types.map(|own| turn::entity_type(own, agent, language)));
        match sessions::too_large(&kept, agent) {
            Some(what) => Err(WebhookError::TooMuch(what)),
            None => Ok(answer),
        }
    }
}

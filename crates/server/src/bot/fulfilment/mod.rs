//! What the shop's own agent cannot say by itself: jokes and facts, products, orders, delivery, payment.
//!
//! A request is told apart by its `action`. What an action does not know is left to the intent's own answer.

mod content;
mod delivery;
mod order;
mod payment;
mod product;
mod rich;
mod search;
mod speech;
mod wish;

use super::dialogflow::webhook::{Context, Parameters, WebhookRequest, WebhookResponse};
use crate::{http::problem::Failure, language, state::Server};
use serde_json::Value;
use speech::Language;

/// A request in the making of its answer.
struct Asked<'r> {
    server: &'r Server,
    request: &'r WebhookRequest,
    language: Language,
}

/// Answers a webhook request. An action of another agent gets an empty answer: its intent speaks for itself.
pub async fn answer(server: &Server, request: &WebhookRequest) -> Result<WebhookResponse, Failure> {
    let asked = Asked { server, request, language: Language::of(&request.query_result.language_code) };
    // What the shop says elsewhere in the language of the request it says here in that of the conversation.
    language::Language::of_code(asked.language.code()).within(act(&asked)).await
}

async fn act(asked: &Asked<'_>) -> Result<WebhookResponse, Failure> {
    match asked.request.query_result.action.as_str() {
        "content.say" | "content.more" => content::say(asked).await,
        "shop.find" => search::find(asked).await,
        "shop.refine" => search::refine(asked).await,
        "shop.bestsellers" => search::bestsellers(asked).await,
        "shop.cheaper" => search::cheaper(asked).await,
        "shop.show" => product::show(asked).await,
        "cart.add" => product::add_to_cart(asked).await,
        "cart.kind" => product::choose_kind(asked).await,
        "shop.delivery" => Ok(delivery::ways(asked)),
        "shop.countries" => Ok(delivery::countries(asked)),
        "shop.payment" => Ok(payment::methods(asked)),
        "order.status" => order::status(asked).await,
        _ => Ok(WebhookResponse::default()),
    }
}

impl Asked<'_> {
    /// A parameter as text; empty where it was not said.
    fn text(&self, name: &str) -> &str {
        self.request.query_result.parameters.get(name).and_then(Value::as_str).unwrap_or("")
    }

    /// A parameter as a number. Money counts by its amount.
    fn number(&self, name: &str) -> Option<f64> {
        let value = self.request.query_result.parameters.get(name)?;
        let value = value.get("amount").unwrap_or(value);
        value.as_f64().or_else(|| value.as_str()?.trim().parse().ok()).filter(|number| number.is_finite())
    }

    /// A parameter as a whole number from 0, as large as that may be.
    fn count(&self, name: &str) -> Option<usize> {
        self.number(name).map(|number| number as usize)
    }

    /// The parameters of an active context.
    fn context(&self, name: &str) -> Option<&Parameters> {
        let contexts = &self.request.query_result.output_contexts;
        contexts.iter().find(|context| context.short_name() == name).map(|context| &context.parameters)
    }

    /// Whether the surface runs commands of the shop; others are given links.
    fn runs_commands(&self) -> bool {
        let original = self.request.original_detect_intent_request.as_ref();
        original.is_some_and(|original| original["payload"]["menagerie"]["commands"] == true)
    }

    /// A context of this session.
    fn new_context(&self, name: &str, lifespan: u32, parameters: Value) -> Context {
        let parameters = match parameters {
            Value::Object(parameters) => parameters,
            _ => Parameters::new(),
        };
        let name = format!("{}/contexts/{name}", self.request.session);
        Context { name, lifespan_count: lifespan, parameters }
    }

    /// A link to a path of the shop: `#/cart`, whole where the shop's origin is known.
    fn link(&self, path: &str) -> String {
        match &self.server.configuration.origin {
            Some(origin) => format!("{origin}/#{path}"),
            None => format!("#{path}"),
        }
    }
}

//! Stripe's Checkout Sessions by its HTTP API: the shopper pays at Stripe's page and comes back, so that neither a
//! foreign script nor a card's number ever touches us.

use super::{Asked, Begun, Cause, Due, PaymentError, Provider, Standing};
use crate::{
    clock::{self, Millis},
    language::fill,
    pricing::Minor,
    secret,
};
use contract::{
    route::encode,
    shop::order::{Payment, PaymentMethod},
};
use futures_util::future::BoxFuture;
use reqwest::{Client, RequestBuilder, StatusCode};
use serde::{Deserialize, de::DeserializeOwned};
use std::{fmt, time::Duration};

/// How long Stripe may take. A shopper waits.
const PATIENCE: Duration = Duration::from_secs(10);
const DAY: Millis = 24 * 60 * 60 * 1000;

/// What Stripe gave the shop. From the environment only.
#[derive(Clone)]
pub struct Credentials {
    /// The secret key.
    pub key: String,
    /// The secret of the webhook's endpoint.
    pub webhook_secret: String,
    /// Where Stripe's API is.
    pub address: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("address", &self.address).finish_non_exhaustive()
    }
}

/// See the module.
pub struct Stripe {
    client: Client,
    credentials: Credentials,
    /// The shop's own, where shoppers come back to.
    origin: String,
}

/// A Checkout Session, as far as it matters.
#[derive(Debug, Deserialize)]
struct Session {
    id: String,
    url: Option<String>,
    status: Option<String>,
    #[serde(default)]
    payment_status: String,
    payment_intent: Option<Intent>,
}

/// A session's payment: its name alone, or the whole of it where that was asked for.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Intent {
    Name(String),
    Whole {
        id: String,
        status: String,
        #[serde(default)]
        amount_received: Minor,
    },
}

impl Session {
    fn standing(&self) -> Standing {
        match (self.payment_status.as_str(), self.status.as_deref()) {
            ("paid" | "no_payment_required", _) => Standing::Paid,
            (_, Some("expired")) => Standing::Ended,
            // A debit that came back changes nothing of the session: only its payment waits for another way to pay.
            (_, Some("complete")) if self.has_failed() => Standing::Ended,
            (_, Some("complete")) => Standing::Underway,
            _ => Standing::Open,
        }
    }

    fn has_failed(&self) -> bool {
        let status = match &self.payment_intent {
            Some(Intent::Whole { status, .. }) => status.as_str(),
            _ => "",
        };
        matches!(status, "requires_payment_method" | "canceled")
    }
}

/// What Stripe says of a refusal.
#[derive(Debug, Default, Deserialize)]
struct Refusal {
    #[serde(default)]
    error: RefusalError,
}

#[derive(Debug, Default, Deserialize)]
struct RefusalError {
    #[serde(default)]
    code: String,
    #[serde(default)]
    param: String,
}

/// What is known of a refund.
#[derive(Debug, Deserialize)]
struct Refund {
    #[serde(default)]
    status: Option<String>,
    #[serde(default)]
    amount: Minor,
}

impl Refund {
    /// Stripe says none of some that it has yet to look at.
    fn status(&self) -> &str {
        self.status.as_deref().unwrap_or("pending")
    }
}

/// What was given back of a payment, or is to be.
#[derive(Debug, Deserialize)]
struct Refunds {
    data: Vec<Refund>,
}

impl Refunds {
    /// How much is back.
    fn succeeded(&self) -> Minor {
        self.data.iter().filter(|refund| refund.status() == SUCCEEDED).map(|refund| refund.amount).sum()
    }

    /// One that has begun and may still fail, as those to banks do.
    fn underway(&self) -> Option<&Refund> {
        self.data.iter().find(|refund| !matches!(refund.status(), SUCCEEDED | "failed" | "canceled"))
    }
}

const SUCCEEDED: &str = "succeeded";

fn unanswered(cause: impl fmt::Display) -> PaymentError {
    PaymentError::Unanswered { cause: Cause(format!("Stripe: {cause}")) }
}

fn refused(status: StatusCode, body: &str) -> PaymentError {
    unanswered(format_args!("{status}: {}", body.chars().take(500).collect::<String>()))
}

impl Stripe {
    /// Stripe for a shop at `origin`.
    pub fn new(credentials: Credentials, origin: String) -> Self {
        Self { client: Client::new(), credentials, origin }
    }

    fn url(&self, path: &str) -> String {
        format!("{}/v1/{path}", self.credentials.address)
    }

    async fn ask<T: DeserializeOwned>(&self, request: RequestBuilder) -> Asked<T> {
        let (status, body) = self.send(request).await?;
        read_answer(status, &body)
    }

    /// A session, with the whole of its payment.
    async fn session(&self, reference: &str) -> Asked<Session> {
        let path = format!("checkout/sessions/{}?expand%5B%5D=payment_intent", encode(reference));
        self.ask(self.client.get(self.url(&path))).await
    }

    /// Asks for a session. `again` tells requests of one attempt apart: Stripe answers the same key with the same words.
    async fn create(&self, due: &Due, fields: &[(&str, &str)], again: &str) -> Asked<(StatusCode, String)> {
        // "3": what was asked for before the order was named in its language would be refused in other words.
        let once = secret::hash(format!("{} {} 3{again}", due.key, due.attempt));
        let request = self.client.post(self.url("checkout/sessions")).header(FORM.0, FORM.1);
        self.send(request.header("idempotency-key", once).body(form(fields))).await
    }

    async fn send(&self, request: RequestBuilder) -> Asked<(StatusCode, String)> {
        let request = request.bearer_auth(&self.credentials.key).timeout(PATIENCE);
        let answer = request.send().await.map_err(|error| unanswered(error.without_url()))?;
        let status = answer.status();
        Ok((status, answer.text().await.map_err(|error| unanswered(error.without_url()))?))
    }

    async fn begin_session(&self, due: &Due) -> Asked<Session> {
        let confirmation = format!("{}/#/checkout/confirmation/{}", self.origin, encode(&due.key));
        let name = fill(&due.language.say("Order {number}"), &[("number", &due.number)]);
        let fields = [
            (EMAIL, due.email.as_str()),
            ("mode", "payment"),
            ("client_reference_id", &due.number),
            ("line_items[0][quantity]", "1"),
            ("line_items[0][price_data][currency]", &due.currency.to_ascii_lowercase()),
            ("line_items[0][price_data][unit_amount]", &due.total.to_string()),
            ("line_items[0][price_data][product_data][name]", &name),
            ("metadata[shop]", &self.origin),
            (METADATA_ORDER, &secret::hash(&due.key)),
            ("payment_intent_data[metadata][order]", &due.number),
            ("success_url", &confirmation),
            ("cancel_url", &confirmation),
        ];
        let (mut status, mut body) = self.create(due, &fields, "").await?;
        if status.is_server_error() {
            // Under this key it would give the same answer for a day.
            (status, body) = self.create(due, &fields, " again").await?;
        }
        if status == StatusCode::BAD_REQUEST && refusal(&body).param == EMAIL {
            // It is stricter with addresses than the mail is; then it asks the shopper itself.
            let [_, others @ ..] = &fields;
            (status, body) = self.create(due, others, " without an address").await?;
        }
        if status == StatusCode::BAD_REQUEST && refusal(&body).code == "amount_too_small" {
            return Err(PaymentError::TooLittle);
        }
        read_answer(status, &body)
    }
}

/// Which order a session is for, whatever has its number: a hash of its key.
const METADATA_ORDER: &str = "metadata[order]";
const EMAIL: &str = "customer_email";

fn read_answer<T: DeserializeOwned>(status: StatusCode, body: &str) -> Asked<T> {
    if !status.is_success() {
        return Err(refused(status, body));
    }
    serde_json::from_str(body).map_err(unanswered)
}

fn refusal(body: &str) -> RefusalError {
    serde_json::from_str::<Refusal>(body).unwrap_or_default().error
}

fn form(fields: &[(&str, &str)]) -> String {
    fields
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect::<Vec<_>>()
        .join("&")
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

impl Provider for Stripe {
    fn method(&self) -> PaymentMethod {
        PaymentMethod::Stripe
    }

    fn wire(&self) -> Payment {
        Payment {
            method: self.method(),
            name: "Card, wallet or bank".to_owned(),
            hint: "You pay at Stripe's page and come back here.".to_owned(),
        }
    }

    fn begin<'p>(&'p self, due: &'p Due) -> BoxFuture<'p, Asked<Begun>> {
        Box::pin(async move {
            // Asked twice for the same attempt, Stripe answers with the same session.
            let session = self.begin_session(due).await?;
            let url = session.url.ok_or_else(|| unanswered("a session without an address"))?;
            // Shoppers are sent nowhere but over TLS, or to where a test has its own Stripe.
            if !url.starts_with("https://") && !url.starts_with(&self.credentials.address) {
                return Err(unanswered("a session with an odd address"));
            }
            Ok(Begun::GoTo { reference: session.id, url })
        })
    }

    fn look<'p>(&'p self, reference: &'p str) -> BoxFuture<'p, Asked<Standing>> {
        Box::pin(async move { Ok(self.session(reference).await?.standing()) })
    }

    fn end<'p>(&'p self, reference: &'p str) -> BoxFuture<'p, Asked<Standing>> {
        Box::pin(async move {
            let path = format!("checkout/sessions/{}/expire", encode(reference));
            let request = self.client.post(self.url(&path)).header(FORM.0, FORM.1);
            let (status, body) = self.send(request).await?;
            if status.is_success() {
                return Ok(Standing::Ended);
            }
            // It refuses what is complete or has expired already: then the session says which.
            match self.look(reference).await? {
                Standing::Open => Err(refused(status, &body)),
                over => Ok(over),
            }
        })
    }

    fn refund<'p>(&'p self, reference: &'p str) -> BoxFuture<'p, Asked<()>> {
        Box::pin(async move {
            let (intent, received) = match self.session(reference).await?.payment_intent {
                Some(Intent::Whole { id, amount_received, .. }) => (id, amount_received),
                Some(Intent::Name(id)) => (id, 0),
                None => return Ok(()),
            };
            // By us, or by the owner at Stripe's own page. It stays owed until it is back, and is asked after again.
            let path = format!("refunds?payment_intent={}&limit=100", encode(&intent));
            let refunds: Refunds = self.ask(self.client.get(self.url(&path))).await?;
            if let Some(refund) = refunds.underway() {
                return Err(unanswered(format_args!("the refund is {}", refund.status())));
            }
            if received > 0 && refunds.succeeded() >= received {
                return Ok(());
            }
            // Another key each day: under the same one Stripe answers the same words. It gives nothing back twice.
            let once = format!("refund {reference} {}", clock::now() / DAY);
            let request = self.client.post(self.url("refunds")).header(FORM.0, FORM.1);
            let request = request.header("idempotency-key", once).body(form(&[("payment_intent", &intent)]));
            match self.ask::<Refund>(request).await?.status() {
                SUCCEEDED => Ok(()),
                other => Err(unanswered(format_args!("the refund is {other}"))),
            }
        })
    }
}

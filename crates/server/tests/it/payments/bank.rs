//! A local server that speaks as much of Stripe's API as the shop uses.

use crate::support::{Reply, Shop};
use axum::{
    Json, Router,
    body::Body,
    extract::{Path, RawQuery, State},
    http::{HeaderMap, Method, Request, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use hmac::{Hmac, Mac as _};
use serde_json::{Map, Value, json};
use sha2::Sha256;
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex},
    time::{SystemTime, UNIX_EPOCH},
};
use tokio::{net::TcpListener, sync::Notify};

pub const ORIGIN: &str = "https://shop.example";
pub const WEBHOOK_SECRET: &str = "whsec_for_tests";
const KEY: &str = "sk_test_for_tests";

#[derive(Default)]
struct Books {
    sessions: Vec<Value>,
    by_idempotency_key: HashMap<String, usize>,
    /// Payment, sum and status.
    refunds: Vec<(String, i64, &'static str)>,
    /// What refunds were answered, by their keys: the same again, whatever became of them.
    refund_answers: HashMap<String, (StatusCode, Value)>,
    /// Keys under which it failed once: they are answered alike from then on.
    failed: HashSet<String>,
    fails_next: bool,
    /// Refunds are begun, and nobody knows yet how they end.
    refunds_slowly: bool,
    least: i64,
    asked: usize,
    away: bool,
    expires_nothing: bool,
    silent: bool,
    made: usize,
}

/// See the module.
#[derive(Clone)]
pub struct Bank {
    books: Arc<Mutex<Books>>,
    address: String,
    /// Told for each request that is not answered.
    unanswered: Arc<Notify>,
}

type Answer = Result<Json<Value>, No>;

/// A refusal, with what Stripe says of it.
struct No(StatusCode, Value);

impl From<StatusCode> for No {
    fn from(status: StatusCode) -> Self {
        Self(status, json!({}))
    }
}

impl IntoResponse for No {
    fn into_response(self) -> Response {
        (self.0, Json(json!({ "error": self.1 }))).into_response()
    }
}

impl Bank {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let bank = Self { books: Arc::default(), address, unanswered: Arc::default() };
        let app = Router::new()
            .route("/v1/checkout/sessions", post(create))
            .route("/v1/checkout/sessions/{id}", get(find))
            .route("/v1/checkout/sessions/{id}/expire", post(expire))
            .route("/v1/refunds", get(refunds).post(refund))
            .with_state(bank.clone());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        bank
    }

    pub fn secrets(&self) -> Vec<(&'static str, String)> {
        vec![
            (server::config::STRIPE_KEY, KEY.to_owned()),
            (server::config::STRIPE_WEBHOOK_SECRET, WEBHOOK_SECRET.to_owned()),
            (server::config::STRIPE_ADDRESS, self.address.clone()),
        ]
    }

    fn books(&self) -> std::sync::MutexGuard<'_, Books> {
        self.books.lock().unwrap()
    }

    /// What the owner gives back at Stripe's own page.
    pub fn give_back(&self, session: &Value) {
        let intent = session["payment_intent"].as_str().unwrap();
        self.books().refunds.push((intent.to_owned(), sum(session), "succeeded"));
    }

    /// Begins anew, for another shop.
    pub fn forget(&self) {
        let mut books = self.books();
        let made = books.made;
        *books = Books { made, ..Books::default() };
    }

    pub fn is_away(&self, away: bool) {
        self.books().away = away;
    }

    /// Takes requests, and answers none.
    pub fn is_silent(&self) {
        self.books().silent = true;
    }

    /// Waits until somebody waits for an answer that does not come.
    pub async fn keeps_somebody_waiting(&self) {
        self.unanswered.notified().await;
    }

    /// Refuses to expire sessions, as it does for want of time or with too many requests.
    pub fn expires_nothing(&self, refuses: bool) {
        self.books().expires_nothing = refuses;
    }

    /// How often it was asked for anything.
    pub fn asked(&self) -> usize {
        self.books().asked
    }

    /// Fails at the next request for a session.
    pub fn fails_next(&self) {
        self.books().fails_next = true;
    }

    /// From now on refunds are only begun.
    pub fn refunds_slowly(&self) {
        self.books().refunds_slowly = true;
    }

    /// The next day has other keys.
    pub fn forget_keys(&self) {
        self.books().refund_answers.clear();
    }

    /// How those end that were only begun.
    pub fn end_refunds(&self, status: &'static str) {
        for refund in self.books().refunds.iter_mut().filter(|refund| refund.2 == "pending") {
            refund.2 = status;
        }
    }

    /// Takes no smaller sums.
    pub fn takes_from(&self, least: i64) {
        self.books().least = least;
    }

    /// Money that was under way does not come; nothing of the session says so.
    pub fn takes_back(&self, session: &Value) {
        let mut books = self.books();
        let known = books.sessions.iter_mut().find(|known| known["id"] == session["id"]).unwrap();
        known["intent_status"] = json!("requires_payment_method");
    }

    pub fn sessions(&self) -> usize {
        self.books().sessions.len()
    }

    /// How refunds stand that were asked for.
    pub fn refunds(&self) -> Vec<&'static str> {
        self.books().refunds.iter().map(|refund| refund.2).collect()
    }

    pub fn last_session(&self) -> Value {
        self.books().sessions.last().unwrap().clone()
    }

    pub fn only_session(&self) -> Value {
        assert_eq!(self.sessions(), 1);
        self.last_session()
    }

    pub fn has_ended(&self, session: &Value) -> bool {
        self.books().sessions.iter().any(|known| known["id"] == session["id"] && known["status"] == "expired")
    }

    /// The shopper pays; the event that Stripe would send.
    pub fn pay(&self, session: &Value) -> Value {
        self.complete(session, "paid")
    }

    /// The same in a way whose money takes days.
    pub fn pay_later(&self, session: &Value) -> Value {
        self.complete(session, "unpaid")
    }

    fn complete(&self, session: &Value, payment_status: &str) -> Value {
        let mut books = self.books();
        let known = books.sessions.iter_mut().find(|known| known["id"] == session["id"]).unwrap();
        assert_eq!(known["status"], "open", "only an open session can be paid");
        known["status"] = json!("complete");
        known["payment_status"] = json!(payment_status);
        told("checkout.session.completed", known, payment_status)
    }

    /// Sends an event to the shop's webhook.
    pub async fn tell(&self, shop: &Shop, event: &Value, secret: &str) -> Reply {
        let body = event.to_string();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(format!("{now}.{body}").as_bytes());
        let hex: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
        let request = Request::builder()
            .method(Method::POST)
            .uri("/api/v1/payments/stripe")
            .header("stripe-signature", format!("t={now},v1={hex}"))
            .body(Body::from(body))
            .unwrap();
        shop.raw(request).await
    }
}

/// What is told of a session that exists: of its whole amount.
pub fn told(kind: &str, session: &Value, payment_status: &str) -> Value {
    let number = session["asked"]["client_reference_id"].as_str().unwrap();
    event(kind, session["id"].as_str().unwrap(), number, sum(session), payment_status)
}

fn sum(session: &Value) -> i64 {
    session["asked"]["line_items[0][price_data][unit_amount]"].as_str().unwrap().parse().unwrap()
}

/// An event about a session.
pub fn event(kind: &str, session: &str, number: &str, amount: i64, payment_status: &str) -> Value {
    json!({ "id": "evt_1", "type": kind, "data": { "object": {
        "id": session, "client_reference_id": number, "amount_total": amount, "currency": "eur",
        "payment_status": payment_status, "metadata": { "shop": ORIGIN },
    } } })
}

async fn check(bank: &Bank, headers: &HeaderMap) -> Result<(), StatusCode> {
    assert_eq!(headers["authorization"], format!("Bearer {KEY}"));
    bank.books().asked += 1;
    if bank.books().silent {
        bank.unanswered.notify_one();
        std::future::pending::<()>().await;
    }
    if bank.books().away { Err(StatusCode::SERVICE_UNAVAILABLE) } else { Ok(()) }
}

async fn create(State(bank): State<Bank>, headers: HeaderMap, body: String) -> Answer {
    check(&bank, &headers).await?;
    let asked: Vec<(String, String)> = serde_html_form::from_str(&body).unwrap();
    let asked: Map<String, Value> = asked.into_iter().map(|(name, value)| (name, json!(value))).collect();
    let key = headers["idempotency-key"].to_str().unwrap().to_owned();
    let mut books = bank.books();
    if std::mem::take(&mut books.fails_next) {
        books.failed.insert(key.clone());
    }
    if books.failed.contains(&key) {
        return Err(StatusCode::INTERNAL_SERVER_ERROR.into());
    }
    if sum(&json!({ "asked": asked })) < books.least {
        return Err(No(StatusCode::BAD_REQUEST, json!({ "code": "amount_too_small" })));
    }
    if asked.get("customer_email").is_some_and(|email| !email.as_str().unwrap().contains('.')) {
        return Err(No(
            StatusCode::BAD_REQUEST,
            json!({ "code": "email_invalid", "param": "customer_email" }),
        ));
    }
    if let Some(&known) = books.by_idempotency_key.get(&key) {
        return Ok(Json(books.sessions[known].clone()));
    }
    let id = format!("cs_{}", books.made);
    books.made += 1;
    let session = json!({
        "id": id, "url": format!("{}/pay/{id}", bank.address), "status": "open", "payment_status": "unpaid",
        "payment_intent": format!("pi_{id}"), "intent_status": "processing", "asked": asked,
    });
    let place = books.sessions.len();
    books.by_idempotency_key.insert(key, place);
    books.sessions.push(session.clone());
    Ok(Json(session))
}

async fn find(
    State(bank): State<Bank>,
    headers: HeaderMap,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Answer {
    check(&bank, &headers).await?;
    let books = bank.books();
    let known = books.sessions.iter().find(|known| known["id"] == id).ok_or(StatusCode::NOT_FOUND)?;
    let mut session = known.clone();
    if query.as_deref() == Some("expand%5B%5D=payment_intent") {
        session["payment_intent"] = json!({
            "id": known["payment_intent"], "status": known["intent_status"], "amount_received": sum(known),
        });
    }
    Ok(Json(session))
}

async fn expire(State(bank): State<Bank>, headers: HeaderMap, Path(id): Path<String>) -> Answer {
    check(&bank, &headers).await?;
    let mut books = bank.books();
    if books.expires_nothing {
        return Err(StatusCode::TOO_MANY_REQUESTS.into());
    }
    let known = books.sessions.iter_mut().find(|known| known["id"] == id).ok_or(StatusCode::NOT_FOUND)?;
    if known["status"] != "open" {
        return Err(StatusCode::BAD_REQUEST.into());
    }
    known["status"] = json!("expired");
    Ok(Json(known.clone()))
}

async fn refunds(State(bank): State<Bank>, headers: HeaderMap, RawQuery(query): RawQuery) -> Answer {
    check(&bank, &headers).await?;
    let query = query.unwrap();
    let intent = query.strip_prefix("payment_intent=").unwrap().strip_suffix("&limit=100").unwrap();
    let books = bank.books();
    let of = books.refunds.iter().filter(|refund| refund.0 == intent);
    let data: Vec<_> =
        of.map(|(_, amount, status)| json!({ "id": "re_1", "amount": amount, "status": status })).collect();
    Ok(Json(json!({ "object": "list", "data": data })))
}

async fn refund(
    State(bank): State<Bank>,
    headers: HeaderMap,
    body: String,
) -> Result<(StatusCode, Json<Value>), No> {
    check(&bank, &headers).await?;
    let key = headers["idempotency-key"].to_str().unwrap().to_owned();
    let intent = body.strip_prefix("payment_intent=").unwrap().to_owned();
    let mut books = bank.books();
    if let Some((status, answer)) = books.refund_answers.get(&key) {
        return Ok((*status, Json(answer.clone())));
    }
    let paid = books.sessions.iter().find(|known| known["payment_intent"] == *intent).map(sum);
    let is_gone = |refund: &&(String, i64, &str)| refund.0 == intent && refund.2 != "failed";
    let left = paid.ok_or(StatusCode::NOT_FOUND)?
        - books.refunds.iter().filter(is_gone).map(|refund| refund.1).sum::<i64>();
    let answer = if left == 0 {
        (StatusCode::BAD_REQUEST, json!({ "error": { "code": "charge_already_refunded" } }))
    } else {
        let status = if books.refunds_slowly { "pending" } else { "succeeded" };
        books.refunds.push((intent, left, status));
        (StatusCode::OK, json!({ "id": "re_1", "amount": left, "status": status }))
    };
    books.refund_answers.insert(key, answer.clone());
    Ok((answer.0, Json(answer.1)))
}

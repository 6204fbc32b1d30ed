//! The contact form: a message is kept once per key and answered with a reference.

mod store;

pub use store::{ACCOUNT_SCHEMA, ANSWERED_SCHEMA, SCHEMA};

use crate::{
    accounts::Visitor,
    clock::{self, Millis},
    database::{Database, Transaction},
    http::{
        extract::{IdempotencyKey, Json},
        peer::Peer,
        problem::{Answer, Failure},
        valid::Check,
    },
    idempotency::{Claim, Intent, IntentError, Once},
    language::t_with,
    pace::{Pace, TooMany},
    secret::{self, NoRandomness},
    state::Server,
};
use axum::{extract::State, http::StatusCode};
use contract::shop::{
    contact::{ContactMessage, ContactReceipt},
    operator::Message,
    problem::Problem,
};
use std::{net::IpAddr, num::NonZeroU32, sync::Arc, time::Duration};
use utoipa_axum::{router::OpenApiRouter, routes};

const TOPICS: [&str; 4] = ["order", "product", "returns", "other"];
/// At most this many messages at once from one network address, then one every [`PACE`].
const BURST: NonZeroU32 = NonZeroU32::new(20).expect("not zero");
const PACE: Duration = Duration::from_secs(60);
/// How long an answered message is kept: two years.
const KEPT: Millis = 2 * 365 * 24 * 60 * 60 * 1000;

/// The messages.
#[derive(Clone)]
pub struct Contact {
    database: Database,
    sending: Arc<Pace<IpAddr>>,
}

/// Why a message was not kept.
#[derive(Debug, thiserror::Error)]
pub enum ContactError {
    /// The key.
    #[error(transparent)]
    Intent(#[from] IntentError),
    /// The database.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The machine has no randomness to give.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// Too many messages at once from one network address.
    #[error("too many messages at once")]
    TooMany(Duration),
}

impl From<TooMany> for ContactError {
    fn from(refused: TooMany) -> Self {
        Self::TooMany(refused.retry_after)
    }
}

impl Contact {
    /// The messages in a database.
    pub fn new(database: Database) -> Self {
        Self { database, sending: Arc::new(Pace::new(BURST, PACE)) }
    }

    /// Keeps a message of an account, or of somebody without one, that comes from the network address `peer`, once per intent. It
    /// is taken as checked.
    pub async fn send(
        &self,
        intent: &Intent,
        message: &ContactMessage,
        account: Option<&str>,
        peer: IpAddr,
    ) -> Result<Once, ContactError> {
        let mut transaction = self.database.write().await?;
        if let Claim::Done(kept) = intent.claim(&mut transaction).await? {
            return Ok(Once::Replay(kept));
        }
        self.sending.check(&peer)?;
        let reference = format!("C-{}", secret::readable(8)?);
        store::insert(&mut transaction, &reference, message, account, clock::now()).await?;
        let kept = intent.keep(&mut transaction, StatusCode::CREATED, &ContactReceipt { reference }).await?;
        transaction.commit().await?;
        Ok(Once::First(kept))
    }

    /// All messages of an account, the newest first.
    pub async fn all_of_account(&self, account: &str) -> Result<Vec<Message>, sqlx::Error> {
        let rows = store::of_account(&mut *self.database.read().await?, account).await?;
        Ok(rows.into_iter().map(wire).collect())
    }

    /// Forgets the messages of an account, in the caller's transaction.
    pub async fn forget(&self, transaction: &mut Transaction, account: &str) -> Result<(), sqlx::Error> {
        store::forget(transaction, account).await
    }

    /// Forgets those who may write anyway, and what was answered and is old.
    pub async fn sweep(&self) -> Result<(), sqlx::Error> {
        self.sending.sweep();
        let mut transaction = self.database.write().await?;
        store::sweep(&mut transaction, clock::now() - KEPT).await?;
        transaction.commit().await
    }
}

impl Contact {
    /// The newest messages before one, all of them or only those that are open, or of these the one of a `reference`; `None`
    /// where there is none to be before.
    pub async fn list(
        &self,
        open: bool,
        reference: &str,
        before: Option<&str>,
        limit: i64,
    ) -> Result<Option<Vec<Message>>, sqlx::Error> {
        let mut db = self.database.read().await?;
        let from = match before {
            Some(reference) => match store::find(&mut db, reference).await? {
                Some(row) => Some(row),
                None => return Ok(None),
            },
            None => None,
        };
        let rows =
            store::list(&mut db, !open, &reference.trim().to_uppercase(), from.as_ref(), limit).await?;
        Ok(Some(rows.into_iter().map(wire).collect()))
    }

    /// Marks a message in the caller's transaction: whether it was answered before, and what it is now. `None` where
    /// there is none.
    pub async fn mark(
        &self,
        transaction: &mut Transaction,
        reference: &str,
        answered: bool,
    ) -> Result<Option<(bool, Message)>, sqlx::Error> {
        let changed = store::mark(transaction, reference, i64::from(answered)).await?;
        let row = store::find(transaction, reference).await?;
        Ok(row.map(|row| (answered != changed, wire(row))))
    }
}

fn wire(row: store::MessageRow) -> Message {
    Message {
        reference: row.reference,
        at: clock::rfc3339(row.at),
        name: row.name,
        email: row.email,
        topic: row.topic,
        message: row.message,
        answered: row.answered == 1,
    }
}

/// The route.
pub fn routes() -> OpenApiRouter<Server> {
    OpenApiRouter::new().routes(routes!(send))
}

/// Sends a message to the shop, once per key
#[utoipa::path(
    post, path = "/contact", tag = "contact", request_body = ContactMessage,
    params(("Idempotency-Key" = String, Header, description = "Random.", min_length = 1, max_length = 255)),
    responses(
        (status = 201, body = ContactReceipt, description = "Kept. `Idempotent-Replayed: true` where it was before."),
        (status = "4XX", body = Problem, content_type = "application/problem+json", description = "Nothing was kept: E401, E409, E410, E415."),
        (status = "5XX", body = Problem, content_type = "application/problem+json", description = "Something failed; try again with the same key."),
    ),
)]
async fn send(
    State(server): State<Server>,
    visitor: Visitor,
    peer: Peer,
    IdempotencyKey(key): IdempotencyKey,
    Json(message): Json<ContactMessage>,
) -> Answer<Once> {
    let mut check = Check::new();
    check.text("name", &message.name, 1, 100);
    check.email("email", &message.email);
    check.expect(TOPICS.contains(&&*message.topic), "topic", "One of order, product, returns, other.");
    check.text("message", &message.message, 10, 5_000);
    check.done()?;
    // Who has no cookie yet is told from others by where they are.
    let scope = match visitor.owner() {
        Some(owner) => owner.scope(),
        None => format!("{} {}", visitor.scope(), peer.0),
    };
    let intent = Intent::new(scope, key, "contact", &message).map_err(Failure::internal)?;
    let account = visitor.account.as_ref().map(|account| account.id.as_str());
    Ok(server.contact.send(&intent, &message, account, peer.subscriber()).await?)
}

impl From<ContactError> for Failure {
    fn from(error: ContactError) -> Self {
        match error {
            ContactError::Intent(error) => error.into(),
            ContactError::Database(error) => error.into(),
            ContactError::NoRandomness(error) => error.into(),
            ContactError::TooMany(wait) => Self::too_many(wait, |n| {
                t_with("Too many messages at once. Wait {n} seconds, then try again.", &[("n", n)])
            }),
        }
    }
}

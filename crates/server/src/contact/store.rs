//! All SQL of the contact form.

use crate::{clock::Millis, database::Schema};
use contract::shop::contact::ContactMessage;
use sqlx::AnyConnection;

/// The tables.
pub const SCHEMA: Schema = Schema { version: 7, name: "contact", sql: include_str!("schema.sql") };
/// Which messages were answered.
pub const ANSWERED_SCHEMA: Schema =
    Schema { version: 45, name: "answered", sql: include_str!("answered.sql") };
/// Whose messages they are.
pub const ACCOUNT_SCHEMA: Schema =
    Schema { version: 58, name: "accounts of messages", sql: include_str!("account.sql") };

type Result<T> = std::result::Result<T, sqlx::Error>;

#[derive(Debug, sqlx::FromRow)]
pub struct MessageRow {
    pub reference: String,
    pub name: String,
    pub email: String,
    pub topic: String,
    pub message: String,
    pub at: Millis,
    pub answered: i64,
}

/// Keeps a message, of an account where somebody is signed in.
pub async fn insert(
    db: &mut AnyConnection,
    reference: &str,
    message: &ContactMessage,
    account: Option<&str>,
    at: Millis,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO contact_messages (reference, name, email, topic, message, at, account)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(reference)
    .bind(message.name.trim())
    .bind(message.email.trim())
    .bind(&message.topic)
    .bind(&message.message)
    .bind(at)
    .bind(account)
    .execute(db)
    .await?;
    Ok(())
}

/// The newest messages before one, all of them or those that are not answered; only one of them where a reference is given.
pub async fn list(
    db: &mut AnyConnection,
    all: bool,
    reference: &str,
    before: Option<&MessageRow>,
    limit: i64,
) -> Result<Vec<MessageRow>> {
    sqlx::query_as(
        "SELECT reference, name, email, topic, message, at, answered FROM contact_messages
         WHERE (answered = 0 OR $1 = 1) AND (at < $2 OR (at = $2 AND reference > $3))
            AND ($4 = '' OR reference = $4)
         ORDER BY at DESC, reference LIMIT $5",
    )
    .bind(i64::from(all))
    .bind(before.map_or(Millis::MAX, |before| before.at))
    .bind(before.map_or("", |before| &before.reference))
    .bind(reference)
    .bind(limit)
    .fetch_all(db)
    .await
}

/// The messages of an account, the newest first.
pub async fn of_account(db: &mut AnyConnection, account: &str) -> Result<Vec<MessageRow>> {
    sqlx::query_as(
        "SELECT reference, name, email, topic, message, at, answered FROM contact_messages
         WHERE account = $1 ORDER BY at DESC, reference",
    )
    .bind(account)
    .fetch_all(db)
    .await
}

/// Forgets the messages of an account.
pub async fn forget(db: &mut AnyConnection, account: &str) -> Result<()> {
    sqlx::query("DELETE FROM contact_messages WHERE account = $1").bind(account).execute(db).await?;
    Ok(())
}

/// Forgets what is answered and came before then.
pub async fn sweep(db: &mut AnyConnection, before: Millis) -> Result<()> {
    sqlx::query("DELETE FROM contact_messages WHERE answered = 1 AND at < $1")
        .bind(before)
        .execute(db)
        .await?;
    Ok(())
}

/// A message.
pub async fn find(db: &mut AnyConnection, reference: &str) -> Result<Option<MessageRow>> {
    sqlx::query_as(
        "SELECT reference, name, email, topic, message, at, answered FROM contact_messages WHERE reference = $1",
    )
    .bind(reference)
    .fetch_optional(db)
    .await
}

/// Marks a message; false when it was marked so already.
pub async fn mark(db: &mut AnyConnection, reference: &str, answered: i64) -> Result<bool> {
    let marked =
        sqlx::query("UPDATE contact_messages SET answered = $2 WHERE reference = $1 AND answered <> $2")
            .bind(reference)
            .bind(answered)
            .execute(db)
            .await?;
    Ok(marked.rows_affected() == 1)
}

//! All SQL of the mails.

use super::Message;
use crate::{clock::Millis, database::Schema};
use sqlx::AnyConnection;

/// The tables.
pub const SCHEMA: Schema = Schema { version: 50, name: "mail", sql: include_str!("schema.sql") };
/// No index for what nobody asks.
pub const RECIPIENTS_SCHEMA: Schema =
    Schema { version: 70, name: "recipients of mails", sql: include_str!("recipients.sql") };

type Result<T> = std::result::Result<T, sqlx::Error>;

/// A mail whose turn it is.
#[derive(sqlx::FromRow)]
pub struct Letter {
    pub id: i64,
    pub key: String,
    pub recipient: String,
    pub subject: String,
    pub text: String,
    pub queued_at: Millis,
    /// With the one that begins now.
    pub attempts: i64,
}

/// Enters a mail, unless its cause has one. Its turn is at once, also where the clock is ahead and goes back.
pub async fn insert(db: &mut AnyConnection, message: &Message, now: Millis) -> Result<()> {
    sqlx::query(
        "INSERT INTO mails (key, recipient, subject, text, queued_at, attempts, next_at)
         VALUES ($1, $2, $3, $4, $5, 0, 0) ON CONFLICT (key) DO NOTHING",
    )
    .bind(&message.key)
    .bind(&message.to)
    .bind(&message.subject)
    .bind(&message.text)
    .bind(now)
    .execute(db)
    .await?;
    Ok(())
}

/// Whose turn it is, and since when.
pub async fn due(db: &mut AnyConnection, now: Millis) -> Result<Vec<(i64, Millis)>> {
    sqlx::query_as("SELECT id, next_at FROM mails WHERE next_at <= $1 ORDER BY next_at, id LIMIT 100")
        .bind(now)
        .fetch_all(db)
        .await
}

/// Takes a mail until `until`; `None` when another server was faster.
pub async fn take(db: &mut AnyConnection, id: i64, turn: Millis, until: Millis) -> Result<Option<Letter>> {
    sqlx::query_as(
        "UPDATE mails SET attempts = attempts + 1, next_at = $3 WHERE id = $1 AND next_at = $2
         RETURNING id, key, recipient, subject, text, queued_at, attempts",
    )
    .bind(id)
    .bind(turn)
    .bind(until)
    .fetch_optional(db)
    .await
}

/// Notes that it was sent, and forgets what it said.
pub async fn sent(db: &mut AnyConnection, id: i64, now: Millis) -> Result<()> {
    sqlx::query(
        "UPDATE mails SET sent_at = $2, next_at = NULL, recipient = '', subject = '', text = '' WHERE id = $1",
    )
    .bind(id)
    .bind(now)
    .execute(db)
    .await?;
    Ok(())
}

/// Tries one that is taken until `until` again at `next`. What was given up meanwhile stays so, and nobody else is disturbed.
pub async fn again(db: &mut AnyConnection, id: i64, until: Millis, next: Millis) -> Result<()> {
    sqlx::query("UPDATE mails SET next_at = $3 WHERE id = $1 AND next_at = $2")
        .bind(id)
        .bind(until)
        .bind(next)
        .execute(db)
        .await?;
    Ok(())
}

/// Tries it no more, and forgets what it said.
pub async fn give_up(db: &mut AnyConnection, id: i64) -> Result<()> {
    sqlx::query("UPDATE mails SET next_at = NULL, recipient = '', subject = '', text = '' WHERE id = $1")
        .bind(id)
        .execute(db)
        .await?;
    Ok(())
}

/// Gives up what waits under keys that begin so.
pub async fn forget(db: &mut AnyConnection, keys: &str) -> Result<()> {
    sqlx::query(
        "UPDATE mails SET next_at = NULL, recipient = '', subject = '', text = ''
         WHERE next_at >= 0 AND substr(key, 1, length($1)) = $1",
    )
    .bind(keys)
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets causes that are long over.
pub async fn sweep(db: &mut AnyConnection, before: Millis) -> Result<()> {
    sqlx::query("DELETE FROM mails WHERE next_at IS NULL AND queued_at < $1")
        .bind(before)
        .execute(db)
        .await?;
    Ok(())
}

//! All SQL of the sessions.

use super::{AccountRow, Result};
use crate::clock::Millis;
use sqlx::AnyConnection;

/// Whose session a cookie is.
#[derive(sqlx::FromRow)]
pub struct Found {
    pub id: String,
    pub email: String,
    pub name: String,
    pub seen_at: Millis,
}

/// A session as its owner sees it.
#[derive(sqlx::FromRow)]
pub struct SessionRow {
    /// Of the cookie.
    pub token: String,
    pub device: String,
    pub begun_at: Millis,
    pub seen_at: Millis,
}

impl From<Found> for AccountRow {
    fn from(found: Found) -> Self {
        Self { id: found.id, email: found.email, name: found.name }
    }
}

/// Whose session it is, if it still is one.
pub async fn find(db: &mut AnyConnection, token: &str, now: Millis) -> Result<Option<Found>> {
    sqlx::query_as(
        "SELECT a.id, a.email, a.name, s.seen_at FROM sessions s JOIN accounts a ON a.id = s.account
         WHERE s.token = $1 AND s.expires_at > $2",
    )
    .bind(token)
    .bind(now)
    .fetch_optional(db)
    .await
}

/// Begins a session.
pub async fn begin(
    db: &mut AnyConnection,
    token: &str,
    account: &str,
    device: &str,
    now: Millis,
    expires_at: Millis,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO sessions (token, account, device, begun_at, seen_at, expires_at)
         VALUES ($1, $2, $3, $4, $4, $5)",
    )
    .bind(token)
    .bind(account)
    .bind(device)
    .bind(now)
    .bind(expires_at)
    .execute(db)
    .await?;
    Ok(())
}

/// Notes that a session was seen.
pub async fn see(db: &mut AnyConnection, token: &str, now: Millis) -> Result<()> {
    sqlx::query("UPDATE sessions SET seen_at = $2 WHERE token = $1")
        .bind(token)
        .bind(now)
        .execute(db)
        .await?;
    Ok(())
}

/// An account's sessions, the last one seen first.
pub async fn of(db: &mut AnyConnection, account: &str, now: Millis) -> Result<Vec<SessionRow>> {
    sqlx::query_as(
        "SELECT token, device, begun_at, seen_at FROM sessions WHERE account = $1 AND expires_at > $2
         ORDER BY seen_at DESC, token LIMIT 200",
    )
    .bind(account)
    .bind(now)
    .fetch_all(db)
    .await
}

/// Ends a session.
pub async fn end(db: &mut AnyConnection, token: &str) -> Result<()> {
    sqlx::query("DELETE FROM sessions WHERE token = $1").bind(token).execute(db).await?;
    Ok(())
}

/// Ends an account's session by the name that its owner sees; false when there is none.
pub async fn end_named(db: &mut AnyConnection, account: &str, name: &str) -> Result<bool> {
    let ended = sqlx::query("DELETE FROM sessions WHERE account = $1 AND SUBSTR(token, 1, 16) = $2");
    Ok(ended.bind(account).bind(name).execute(db).await?.rows_affected() > 0)
}

/// Ends all sessions of an account but one.
pub async fn end_others(db: &mut AnyConnection, account: &str, kept: &str) -> Result<()> {
    sqlx::query("DELETE FROM sessions WHERE account = $1 AND token <> $2")
        .bind(account)
        .bind(kept)
        .execute(db)
        .await?;
    Ok(())
}

/// Takes away sessions that are over.
pub async fn sweep(db: &mut AnyConnection, now: Millis) -> Result<()> {
    sqlx::query("DELETE FROM sessions WHERE expires_at <= $1").bind(now).execute(db).await?;
    Ok(())
}

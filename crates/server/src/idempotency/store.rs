//! All SQL of the answers that are given once.

use crate::{clock::Millis, database::Schema};
use sqlx::AnyConnection;

/// The tables.
pub const SCHEMA: Schema = Schema { version: 5, name: "idempotency", sql: include_str!("schema.sql") };

type Result<T> = std::result::Result<T, sqlx::Error>;

/// What was asked and answered under a key.
#[derive(sqlx::FromRow)]
pub struct Record {
    pub request: String,
    pub status: i64,
    pub body: String,
}

/// Takes the key, if nobody has it. Whoever asks at the same time waits here until this transaction ends.
pub async fn take(db: &mut AnyConnection, scope: &str, key: &str, request: &str, at: Millis) -> Result<bool> {
    let taken = sqlx::query(
        "INSERT INTO idempotency (scope, key, request, status, body, at) VALUES ($1, $2, $3, 0, '', $4)
         ON CONFLICT (scope, key) DO NOTHING",
    )
    .bind(scope)
    .bind(key)
    .bind(request)
    .bind(at)
    .execute(db)
    .await?;
    Ok(taken.rows_affected() == 1)
}

/// What is kept under a key.
pub async fn find(db: &mut AnyConnection, scope: &str, key: &str) -> Result<Option<Record>> {
    sqlx::query_as("SELECT request, status, body FROM idempotency WHERE scope = $1 AND key = $2")
        .bind(scope)
        .bind(key)
        .fetch_optional(db)
        .await
}

/// Keeps the answer under a key that was taken.
pub async fn keep(db: &mut AnyConnection, scope: &str, key: &str, status: i64, body: &str) -> Result<()> {
    sqlx::query("UPDATE idempotency SET status = $3, body = $4 WHERE scope = $1 AND key = $2")
        .bind(scope)
        .bind(key)
        .bind(status)
        .bind(body)
        .execute(db)
        .await?;
    Ok(())
}

/// Forgets a key that was taken, and under which nothing is kept.
pub async fn leave(db: &mut AnyConnection, scope: &str, key: &str) -> Result<()> {
    sqlx::query("DELETE FROM idempotency WHERE scope = $1 AND key = $2 AND status = 0")
        .bind(scope)
        .bind(key)
        .execute(db)
        .await?;
    Ok(())
}

/// Gives the keys of one scope to another, but for those that are there too.
pub async fn hand_over(db: &mut AnyConnection, from: &str, to: &str) -> Result<()> {
    sqlx::query(
        "UPDATE idempotency SET scope = $2 WHERE scope = $1 AND NOT EXISTS
         (SELECT 1 FROM idempotency AS known WHERE known.scope = $2 AND known.key = idempotency.key)",
    )
    .bind(from)
    .bind(to)
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets a key that is older than it may be.
pub async fn forget_stale(db: &mut AnyConnection, scope: &str, key: &str, before: Millis) -> Result<()> {
    sqlx::query("DELETE FROM idempotency WHERE scope = $1 AND key = $2 AND at < $3")
        .bind(scope)
        .bind(key)
        .bind(before)
        .execute(db)
        .await?;
    Ok(())
}

/// Forgets everything that is older than it may be.
pub async fn sweep(db: &mut AnyConnection, before: Millis) -> Result<()> {
    sqlx::query("DELETE FROM idempotency WHERE at < $1").bind(before).execute(db).await?;
    Ok(())
}

/// Forgets what somebody was answered.
pub async fn forget(db: &mut AnyConnection, scope: &str) -> Result<()> {
    sqlx::query("DELETE FROM idempotency WHERE scope = $1").bind(scope).execute(db).await?;
    Ok(())
}

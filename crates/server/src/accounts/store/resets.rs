//! All SQL of new passwords by mail.

use super::Result;
use crate::clock::Millis;
use sqlx::AnyConnection;

/// Somebody asked for a new password.
#[derive(sqlx::FromRow)]
pub struct Wish {
    pub email: String,
    pub language: String,
}

/// Notes that somebody asked. Twice before it was looked at is once.
pub async fn wish(db: &mut AnyConnection, email: &str, language: &str, now: Millis) -> Result<()> {
    sqlx::query(
        "INSERT INTO reset_wishes (email, language, asked_at) VALUES ($1, $2, $3)
         ON CONFLICT (email) DO UPDATE SET language = excluded.language",
    )
    .bind(email)
    .bind(language)
    .bind(now)
    .execute(db)
    .await?;
    Ok(())
}

/// Whether somebody asked.
pub async fn is_wished(db: &mut AnyConnection) -> Result<bool> {
    let found: Option<String> =
        sqlx::query_scalar("SELECT email FROM reset_wishes LIMIT 1").fetch_optional(db).await?;
    Ok(found.is_some())
}

/// Takes what was asked for.
pub async fn take_wishes(db: &mut AnyConnection) -> Result<Vec<Wish>> {
    sqlx::query_as("DELETE FROM reset_wishes RETURNING email, language").fetch_all(db).await
}

/// Enters a token; those before it are worth nothing any more.
pub async fn insert(db: &mut AnyConnection, token: &str, account: &str, expires_at: Millis) -> Result<()> {
    end(db, account).await?;
    sqlx::query("INSERT INTO password_resets (token, account, expires_at) VALUES ($1, $2, $3)")
        .bind(token)
        .bind(account)
        .bind(expires_at)
        .execute(db)
        .await?;
    Ok(())
}

/// Whose a token is, while it is worth something.
pub async fn find(db: &mut AnyConnection, token: &str, now: Millis) -> Result<Option<String>> {
    sqlx::query_scalar("SELECT account FROM password_resets WHERE token = $1 AND expires_at > $2")
        .bind(token)
        .bind(now)
        .fetch_optional(db)
        .await
}

/// Uses a token up: of two at the same time one gets the account.
pub async fn take(db: &mut AnyConnection, token: &str, now: Millis) -> Result<Option<String>> {
    sqlx::query_scalar("DELETE FROM password_resets WHERE token = $1 AND expires_at > $2 RETURNING account")
        .bind(token)
        .bind(now)
        .fetch_optional(db)
        .await
}

/// Makes an account's tokens worthless.
pub async fn end(db: &mut AnyConnection, account: &str) -> Result<()> {
    sqlx::query("DELETE FROM password_resets WHERE account = $1").bind(account).execute(db).await?;
    Ok(())
}

/// Takes away what is too old.
pub async fn sweep(db: &mut AnyConnection, now: Millis) -> Result<()> {
    sqlx::query("DELETE FROM password_resets WHERE expires_at <= $1").bind(now).execute(db).await?;
    Ok(())
}

//! All SQL of the passkeys.

use crate::{clock::Millis, database::Schema};
use sqlx::AnyConnection;

/// The tables.
pub const SCHEMA: Schema = Schema { version: 55, name: "passkeys", sql: include_str!("schema.sql") };

type Result<T> = std::result::Result<T, sqlx::Error>;

/// A passkey as its owner sees it.
#[derive(sqlx::FromRow)]
pub struct Row {
    pub id: i64,
    pub name: String,
    pub added_at: Millis,
    pub used_at: Millis,
}

/// A passkey that somebody signs in with.
#[derive(sqlx::FromRow)]
pub struct Held {
    pub id: i64,
    pub account: String,
    pub credential: String,
}

/// A passkey to be kept.
pub struct New<'a> {
    pub account: &'a str,
    pub credential_id: &'a str,
    pub credential: &'a str,
    pub name: &'a str,
}

/// An account's passkeys, as they came.
pub async fn of(db: &mut AnyConnection, account: &str) -> Result<Vec<Row>> {
    sqlx::query_as("SELECT id, name, added_at, used_at FROM passkeys WHERE account = $1 ORDER BY id")
        .bind(account)
        .fetch_all(db)
        .await
}

/// What the authenticators call an account's passkeys.
pub async fn credential_ids(db: &mut AnyConnection, account: &str) -> Result<Vec<String>> {
    sqlx::query_scalar("SELECT credential_id FROM passkeys WHERE account = $1")
        .bind(account)
        .fetch_all(db)
        .await
}

/// What authenticators call an account; `fresh` from now on where it has no such name yet.
pub async fn handle(db: &mut AnyConnection, account: &str, fresh: &str) -> Result<String> {
    sqlx::query(
        "INSERT INTO passkey_users (account, handle) VALUES ($1, $2) ON CONFLICT (account) DO NOTHING",
    )
    .bind(account)
    .bind(fresh)
    .execute(&mut *db)
    .await?;
    sqlx::query_scalar("SELECT handle FROM passkey_users WHERE account = $1")
        .bind(account)
        .fetch_one(db)
        .await
}

/// Notes a challenge; of an account where somebody adds a passkey.
pub async fn begin(
    db: &mut AnyConnection,
    token: &str,
    account: Option<&str>,
    state: &str,
    expires_at: Millis,
) -> Result<()> {
    sqlx::query("INSERT INTO passkey_ceremonies (token, account, state, expires_at) VALUES ($1, $2, $3, $4)")
        .bind(token)
        .bind(account)
        .bind(state)
        .bind(expires_at)
        .execute(db)
        .await?;
    Ok(())
}

/// Uses a challenge up: of two answers at the same time one gets it.
pub async fn take(
    db: &mut AnyConnection,
    token: &str,
    account: Option<&str>,
    now: Millis,
) -> Result<Option<String>> {
    sqlx::query_scalar(
        "DELETE FROM passkey_ceremonies WHERE token = $1 AND COALESCE(account, '') = $2 AND expires_at > $3
         RETURNING state",
    )
    .bind(token)
    .bind(account.unwrap_or_default())
    .bind(now)
    .fetch_optional(db)
    .await
}

/// Keeps a passkey, and says what it is called; `None` when it is known already, whosever it is.
pub async fn insert(db: &mut AnyConnection, new: &New<'_>, now: Millis) -> Result<Option<i64>> {
    sqlx::query_scalar(
        "INSERT INTO passkeys (account, credential_id, credential, name, added_at, used_at)
         VALUES ($1, $2, $3, $4, $5, 0) ON CONFLICT (credential_id) DO NOTHING RETURNING id",
    )
    .bind(new.account)
    .bind(new.credential_id)
    .bind(new.credential)
    .bind(new.name)
    .bind(now)
    .fetch_optional(db)
    .await
}

/// The passkey of that name, if it is of the account that its authenticator names. It is held until the transaction ends: of
/// two sign-ins with it one waits, and sees what the other noted.
pub async fn hold(db: &mut AnyConnection, credential_id: &str, handle: &str) -> Result<Option<Held>> {
    sqlx::query_as(
        "UPDATE passkeys SET used_at = used_at
         WHERE credential_id = $1 AND account = (SELECT account FROM passkey_users WHERE handle = $2)
         RETURNING id, account, credential",
    )
    .bind(credential_id)
    .bind(handle)
    .fetch_optional(db)
    .await
}

/// Notes that somebody signed in with a passkey, and what is known of it since.
pub async fn used(db: &mut AnyConnection, id: i64, credential: &str, now: Millis) -> Result<()> {
    sqlx::query("UPDATE passkeys SET credential = $2, used_at = $3 WHERE id = $1")
        .bind(id)
        .bind(credential)
        .bind(now)
        .execute(db)
        .await?;
    Ok(())
}

/// Changes what a passkey is called; false when the account has none of that number.
pub async fn rename(db: &mut AnyConnection, account: &str, id: i64, name: &str) -> Result<bool> {
    let renamed = sqlx::query("UPDATE passkeys SET name = $3 WHERE account = $1 AND id = $2");
    Ok(renamed.bind(account).bind(id).bind(name).execute(db).await?.rows_affected() == 1)
}

/// Takes a passkey away; false when the account has none of that number.
pub async fn delete(db: &mut AnyConnection, account: &str, id: i64) -> Result<bool> {
    let gone = sqlx::query("DELETE FROM passkeys WHERE account = $1 AND id = $2");
    Ok(gone.bind(account).bind(id).execute(db).await?.rows_affected() == 1)
}

/// Takes all of an account's away, with its open challenges.
pub async fn delete_all(db: &mut AnyConnection, account: &str) -> Result<bool> {
    sqlx::query("DELETE FROM passkey_ceremonies WHERE account = $1").bind(account).execute(&mut *db).await?;
    let gone = sqlx::query("DELETE FROM passkeys WHERE account = $1").bind(account).execute(db).await?;
    Ok(gone.rows_affected() > 0)
}

/// Forgets challenges that nobody answered.
pub async fn sweep(db: &mut AnyConnection, now: Millis) -> Result<()> {
    sqlx::query("DELETE FROM passkey_ceremonies WHERE expires_at <= $1").bind(now).execute(db).await?;
    Ok(())
}

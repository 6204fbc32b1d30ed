//! All SQL of the accounts and sessions.

use crate::{clock::Millis, database::Schema};
use sqlx::AnyConnection;

/// The tables.
pub const SCHEMA: Schema = Schema { version: 3, name: "accounts", sql: include_str!("schema.sql") };

type Result<T> = std::result::Result<T, sqlx::Error>;

/// An account.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct AccountRow {
    /// Random; never an e-mail address.
    pub id: String,
    /// Lower case.
    pub email: String,
    /// What to call them.
    pub name: String,
}

/// An account and its password's hash.
#[derive(sqlx::FromRow)]
pub struct Credentials {
    pub id: String,
    pub email: String,
    pub name: String,
    pub password: String,
}

/// Enters an account; false when the address is taken.
pub async fn insert(
    db: &mut AnyConnection,
    account: &AccountRow,
    password: &str,
    now: Millis,
) -> Result<bool> {
    let entered = sqlx::query(
        "INSERT INTO accounts (id, email, name, password, created_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (email) DO NOTHING",
    )
    .bind(&account.id)
    .bind(&account.email)
    .bind(&account.name)
    .bind(password)
    .bind(now)
    .execute(db)
    .await?;
    Ok(entered.rows_affected() == 1)
}

/// An account by its address.
pub async fn credentials(db: &mut AnyConnection, email: &str) -> Result<Option<Credentials>> {
    sqlx::query_as("SELECT id, email, name, password FROM accounts WHERE email = $1")
        .bind(email)
        .fetch_optional(db)
        .await
}

/// Whose session it is, if it still is one.
pub async fn session(db: &mut AnyConnection, token: &str, now: Millis) -> Result<Option<AccountRow>> {
    sqlx::query_as(
        "SELECT a.id, a.email, a.name FROM sessions s JOIN accounts a ON a.id = s.account
         WHERE s.token = $1 AND s.expires_at > $2",
    )
    .bind(token)
    .bind(now)
    .fetch_optional(db)
    .await
}

/// Begins a session.
pub async fn begin_session(
    db: &mut AnyConnection,
    token: &str,
    account: &str,
    expires_at: Millis,
) -> Result<()> {
    sqlx::query("INSERT INTO sessions (token, account, expires_at) VALUES ($1, $2, $3)")
        .bind(token)
        .bind(account)
        .bind(expires_at)
        .execute(db)
        .await?;
    Ok(())
}

/// Ends a session.
pub async fn end_session(db: &mut AnyConnection, token: &str) -> Result<()> {
    sqlx::query("DELETE FROM sessions WHERE token = $1").bind(token).execute(db).await?;
    Ok(())
}

/// Takes away sessions that are over.
pub async fn sweep(db: &mut AnyConnection, now: Millis) -> Result<()> {
    sqlx::query("DELETE FROM sessions WHERE expires_at <= $1").bind(now).execute(db).await?;
    Ok(())
}

//! All SQL of the accounts: here of the accounts themselves, in its files of what belongs to them.

pub mod addresses;
pub mod resets;
pub mod sessions;
pub mod wishes;

use crate::{
    clock::Millis,
    database::{Schema, placeholders},
};
use sqlx::{AnyConnection, AssertSqlSafe};

/// The tables.
pub const SCHEMA: Schema = Schema { version: 3, name: "accounts", sql: include_str!("schema.sql") };
/// Sessions with a name, new passwords by mail, addresses, wishes.
pub const CARE_SCHEMA: Schema =
    Schema { version: 51, name: "care of accounts", sql: include_str!("care.sql") };
/// States and counties.
pub const REGION_SCHEMA: Schema =
    Schema { version: 57, name: "regions of saved addresses", sql: include_str!("region.sql") };
/// Numbers of addresses and passkeys that are given once.
pub const NUMBERS_SCHEMA: Schema =
    Schema { version: 72, name: "lasting numbers", sql: include_str!("numbers.sql") };

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

/// The hash of an account's password.
pub async fn password(db: &mut AnyConnection, account: &str) -> Result<Option<String>> {
    sqlx::query_scalar("SELECT password FROM accounts WHERE id = $1").bind(account).fetch_optional(db).await
}

/// Holds an account until the transaction ends, if its password is still the one with this hash: who was found to
/// know it may do nothing by it once another is set.
pub async fn hold(db: &mut AnyConnection, account: &str, hash: &str) -> Result<bool> {
    let held = sqlx::query("UPDATE accounts SET name = name WHERE id = $1 AND password = $2");
    Ok(held.bind(account).bind(hash).execute(db).await?.rows_affected() == 1)
}

/// Sets the hash of an account's password; false when there is no such account any more.
pub async fn set_password(db: &mut AnyConnection, account: &str, hash: &str) -> Result<bool> {
    let set = sqlx::query("UPDATE accounts SET password = $2 WHERE id = $1").bind(account).bind(hash);
    Ok(set.execute(db).await?.rows_affected() == 1)
}

/// Sets what to call somebody.
pub async fn rename(db: &mut AnyConnection, account: &str, name: &str) -> Result<()> {
    sqlx::query("UPDATE accounts SET name = $2 WHERE id = $1").bind(account).bind(name).execute(db).await?;
    Ok(())
}

/// When an account was made.
pub async fn created_at(db: &mut AnyConnection, account: &str) -> Result<Option<Millis>> {
    sqlx::query_scalar("SELECT created_at FROM accounts WHERE id = $1").bind(account).fetch_optional(db).await
}

/// Takes an account away, with all that belongs to it in these tables.
pub async fn delete(db: &mut AnyConnection, account: &str) -> Result<()> {
    sqlx::query("DELETE FROM accounts WHERE id = $1").bind(account).execute(db).await?;
    Ok(())
}

/// An account by its id.
pub async fn find(db: &mut AnyConnection, account: &str) -> Result<Option<AccountRow>> {
    sqlx::query_as("SELECT id, email, name FROM accounts WHERE id = $1")
        .bind(account)
        .fetch_optional(db)
        .await
}

/// What to call these accounts, by id, in no particular order.
pub async fn names(db: &mut AnyConnection, accounts: &[&str]) -> Result<Vec<(String, String)>> {
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("SELECT id, name FROM accounts WHERE id IN ({})", placeholders(1, accounts.len()));
    let query = sqlx::query_as(AssertSqlSafe(sql));
    accounts.iter().fold(query, |query, id| query.bind(*id)).fetch_all(db).await
}

//! All SQL of the audit log.

use crate::{clock::Millis, database::Schema};
use sqlx::AnyConnection;

/// The table.
pub const SCHEMA: Schema = Schema { version: 44, name: "operators", sql: include_str!("schema.sql") };

/// The log by what it is about.
pub const SUBJECT_SCHEMA: Schema =
    Schema { version: 68, name: "audit by subject", sql: include_str!("subject.sql") };

type Result<T> = std::result::Result<T, sqlx::Error>;

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct EntryRow {
    pub id: i64,
    pub at: Millis,
    pub who: String,
    pub kind: String,
    pub subject: String,
    pub was: String,
    pub became: String,
}

/// Something that an operator does.
pub struct Deed<'d> {
    pub who: &'d str,
    pub kind: &'d str,
    pub subject: &'d str,
    pub was: &'d str,
    pub became: &'d str,
}

/// Writes it down.
pub async fn insert(db: &mut AnyConnection, deed: &Deed<'_>, at: Millis) -> Result<()> {
    sqlx::query("INSERT INTO audit (at, who, kind, subject, was, became) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(at)
        .bind(deed.who)
        .bind(deed.kind)
        .bind(deed.subject)
        .bind(deed.was)
        .bind(deed.became)
        .execute(db)
        .await?;
    Ok(())
}

/// The newest entries before one.
pub async fn list(db: &mut AnyConnection, before: i64, limit: i64) -> Result<Vec<EntryRow>> {
    sqlx::query_as(
        "SELECT id, at, who, kind, subject, was, became FROM audit WHERE id < $1 ORDER BY id DESC LIMIT $2",
    )
    .bind(before)
    .bind(limit)
    .fetch_all(db)
    .await
}

/// The newest 100 entries about an order.
pub async fn of_order(db: &mut AnyConnection, number: &str) -> Result<Vec<EntryRow>> {
    sqlx::query_as(
        "SELECT id, at, who, kind, subject, was, became FROM audit
         WHERE subject = $1 AND kind IN ('order', 'refund') ORDER BY id DESC LIMIT 100",
    )
    .bind(number)
    .fetch_all(db)
    .await
}

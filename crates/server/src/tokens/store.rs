//! All SQL of the tokens.

use crate::{clock::Millis, database::Schema};
use sqlx::AnyConnection;

/// The table.
pub const SCHEMA: Schema = Schema { version: 8, name: "tokens", sql: include_str!("schema.sql") };

type Result<T> = std::result::Result<T, sqlx::Error>;

/// A token, without what would let anybody use it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Token {
    /// Names it in lists and in the history.
    pub id: String,
    /// The microapp that it is for; none for operators.
    pub app: Option<String>,
    /// Whose it is, or what for.
    pub label: String,
    /// When it was made.
    pub created_at: Millis,
    /// By whom.
    pub created_by: String,
    /// When it ends.
    pub expires_at: Millis,
}

/// Enters a token under the hash of its secret; one that is there ends no sooner than this.
pub async fn put(db: &mut AnyConnection, token: &Token, hash: &str) -> Result<()> {
    sqlx::query(
        "INSERT INTO tokens (id, hash, app, label, created_at, created_by, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (hash) DO UPDATE SET expires_at = excluded.expires_at
         WHERE tokens.expires_at < excluded.expires_at",
    )
    .bind(&token.id)
    .bind(hash)
    .bind(&token.app)
    .bind(&token.label)
    .bind(token.created_at)
    .bind(&token.created_by)
    .bind(token.expires_at)
    .execute(db)
    .await?;
    Ok(())
}

/// Enters a token whose id nobody else has; whether it is entered. One with this id that has ended makes room.
pub async fn put_once(db: &mut AnyConnection, token: &Token, hash: &str) -> Result<bool> {
    let ended = sqlx::query("DELETE FROM tokens WHERE id = $1 AND expires_at <= $2");
    ended.bind(&token.id).bind(token.created_at).execute(&mut *db).await?;
    let entered = sqlx::query(
        "INSERT INTO tokens (id, hash, app, label, created_at, created_by, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING",
    )
    .bind(&token.id)
    .bind(hash)
    .bind(&token.app)
    .bind(&token.label)
    .bind(token.created_at)
    .bind(&token.created_by)
    .bind(token.expires_at)
    .execute(db)
    .await?;
    Ok(entered.rows_affected() == 1)
}

/// Has a token that is still there end no sooner than `until`.
pub async fn prolong(db: &mut AnyConnection, hash: &str, until: Millis) -> Result<()> {
    let update = sqlx::query("UPDATE tokens SET expires_at = $1 WHERE hash = $2 AND expires_at < $1");
    update.bind(until).bind(hash).execute(db).await.map(drop)
}

/// The token with this hash, if it has not ended at `now`.
pub async fn find(db: &mut AnyConnection, hash: &str, now: Millis) -> Result<Option<Token>> {
    sqlx::query_as(
        "SELECT id, app, label, created_at, created_by, expires_at FROM tokens
         WHERE hash = $1 AND expires_at > $2",
    )
    .bind(hash)
    .bind(now)
    .fetch_optional(db)
    .await
}

/// All tokens, the newest first.
pub async fn all(db: &mut AnyConnection) -> Result<Vec<Token>> {
    sqlx::query_as(
        "SELECT id, app, label, created_at, created_by, expires_at FROM tokens ORDER BY created_at DESC, id",
    )
    .fetch_all(db)
    .await
}

/// How many operators have a token at `now` that was made by somebody else than `maker`.
pub async fn count_operators(db: &mut AnyConnection, maker: &str, now: Millis) -> Result<i64> {
    sqlx::query_scalar(
        "SELECT COUNT(*) FROM tokens WHERE app IS NULL AND created_by <> $1 AND expires_at > $2",
    )
    .bind(maker)
    .bind(now)
    .fetch_one(db)
    .await
}

/// Takes a token away; whether it was there.
pub async fn remove(db: &mut AnyConnection, id: &str) -> Result<bool> {
    let gone = sqlx::query("DELETE FROM tokens WHERE id = $1").bind(id).execute(db).await?;
    Ok(gone.rows_affected() > 0)
}

/// Forgets tokens that ended before `before`.
pub async fn sweep(db: &mut AnyConnection, before: Millis) -> Result<()> {
    sqlx::query("DELETE FROM tokens WHERE expires_at < $1").bind(before).execute(db).await.map(drop)
}

//! All SQL of the bot.

use crate::{clock::Millis, database::Schema};
use sqlx::AnyConnection;

/// The tables.
pub const SCHEMA: Schema = Schema { version: 20, name: "bot", sql: include_str!("schema.sql") };
/// Sessions of `detectIntent`.
pub const SESSIONS_SCHEMA: Schema =
    Schema { version: 71, name: "sessions of the bot", sql: include_str!("sessions.sql") };

type Result<T> = std::result::Result<T, sqlx::Error>;

/// What a session has heard.
pub async fn heard(db: &mut AnyConnection, session: &str) -> Result<Vec<String>> {
    sqlx::query_scalar("SELECT post FROM bot_heard WHERE session = $1").bind(session).fetch_all(db).await
}

/// Notes that a session hears a post now; false when it has heard it before.
pub async fn hear(db: &mut AnyConnection, session: &str, post: &str, at: Millis) -> Result<bool> {
    let noted = sqlx::query(
        "INSERT INTO bot_heard (session, post, at) VALUES ($1, $2, $3) ON CONFLICT (session, post) DO NOTHING",
    )
    .bind(session)
    .bind(post)
    .bind(at)
    .execute(db)
    .await?;
    Ok(noted.rows_affected() == 1)
}

/// Forgets what was heard before a moment.
pub async fn forget(db: &mut AnyConnection, before: Millis) -> Result<()> {
    sqlx::query("DELETE FROM bot_heard WHERE at < $1").bind(before).execute(db).await?;
    Ok(())
}

/// A listing as it is kept.
#[derive(sqlx::FromRow)]
pub struct ListingRow {
    /// Which.
    pub source: String,
    /// Since when.
    pub fetched_at: Millis,
    /// Its posts, as JSON.
    pub posts: String,
}

/// All listings that are kept.
pub async fn listings(db: &mut AnyConnection) -> Result<Vec<ListingRow>> {
    sqlx::query_as("SELECT source, fetched_at, posts FROM bot_listings").fetch_all(db).await
}

/// Keeps a listing in the place of an older one.
pub async fn keep_listing(db: &mut AnyConnection, row: &ListingRow) -> Result<()> {
    sqlx::query(
        "INSERT INTO bot_listings (source, fetched_at, posts) VALUES ($1, $2, $3)
         ON CONFLICT (source) DO UPDATE SET fetched_at = excluded.fetched_at, posts = excluded.posts",
    )
    .bind(&row.source)
    .bind(row.fetched_at)
    .bind(&row.posts)
    .execute(db)
    .await?;
    Ok(())
}

/// Drops listings from before a moment.
pub async fn drop_listings(db: &mut AnyConnection, before: Millis) -> Result<()> {
    sqlx::query("DELETE FROM bot_listings WHERE fetched_at < $1").bind(before).execute(db).await?;
    Ok(())
}

/// A session as it is kept.
#[derive(sqlx::FromRow)]
pub struct SessionRow {
    /// When it was used last.
    pub used_at: Millis,
    /// What it remembers, as JSON.
    pub session: String,
}

/// The session of a name.
pub async fn session(db: &mut AnyConnection, name: &str) -> Result<Option<SessionRow>> {
    sqlx::query_as("SELECT used_at, session FROM bot_sessions WHERE name = $1")
        .bind(name)
        .fetch_optional(db)
        .await
}

/// Keeps a session in the place of what it was.
pub async fn keep_session(db: &mut AnyConnection, name: &str, row: &SessionRow) -> Result<()> {
    sqlx::query(
        "INSERT INTO bot_sessions (name, used_at, bytes, session) VALUES ($1, $2, $3, $4)
         ON CONFLICT (name) DO UPDATE
         SET used_at = excluded.used_at, bytes = excluded.bytes, session = excluded.session",
    )
    .bind(name)
    .bind(row.used_at)
    .bind(i64::try_from(row.session.len()).unwrap_or(i64::MAX))
    .bind(&row.session)
    .execute(db)
    .await?;
    Ok(())
}

/// How many sessions are kept, and how many bytes they are.
pub async fn sessions(db: &mut AnyConnection) -> Result<(i64, i64)> {
    sqlx::query_as("SELECT COUNT(*), CAST(COALESCE(SUM(bytes), 0) AS BIGINT) FROM bot_sessions")
        .fetch_one(db)
        .await
}

/// Forgets all sessions but so many that were used last.
pub async fn forget_oldest_sessions(db: &mut AnyConnection, kept: i64) -> Result<()> {
    sqlx::query(
        "DELETE FROM bot_sessions WHERE used_at <=
         (SELECT used_at FROM bot_sessions ORDER BY used_at DESC LIMIT 1 OFFSET $1)",
    )
    .bind(kept)
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets all sessions but the lightest that together are so many bytes; of those that are as heavy, the one that was used last stays.
pub async fn forget_heaviest_sessions(db: &mut AnyConnection, bytes: i64) -> Result<()> {
    sqlx::query(
        "DELETE FROM bot_sessions WHERE name IN (SELECT name FROM
         (SELECT name, SUM(bytes) OVER (ORDER BY bytes, used_at DESC, name) AS so_far FROM bot_sessions) AS sorted
         WHERE so_far > $1)",
    )
    .bind(bytes)
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets sessions that were used last before a moment, or after another.
pub async fn forget_sessions(db: &mut AnyConnection, before: Millis, after: Millis) -> Result<()> {
    sqlx::query("DELETE FROM bot_sessions WHERE used_at < $1 OR used_at > $2")
        .bind(before)
        .bind(after)
        .execute(db)
        .await?;
    Ok(())
}

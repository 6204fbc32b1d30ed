//! All SQL of the bot.

use crate::{clock::Millis, database::Schema};
use sqlx::AnyConnection;

/// The tables.
pub const SCHEMA: Schema = Schema { version: 20, name: "bot", sql: include_str!("schema.sql") };

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

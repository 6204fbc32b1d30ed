//! All SQL of the releases.

mod revisions;
mod rollouts;

pub use revisions::{
    Change, History, Live, add_revision, fallback, fallback_at, history, last_versions, live, live_of,
    live_since, newest, revision,
};
pub use rollouts::{
    Rollout, end_rollout, latest_rollout, note_health, rollouts_under_way, set_state, start_rollout,
    step_rollout, tell_later, told, under_way, untold, wait_rollout,
};

use crate::{clock::Millis, database::Schema};
use sqlx::AnyConnection;

/// The tables: releases, and what was live when.
pub const SCHEMA: Schema = Schema { version: 1, name: "releases", sql: include_str!("schema.sql") };
/// Shares of visitors, and rollouts.
pub const ROLLOUTS_SCHEMA: Schema =
    Schema { version: 9, name: "rollouts", sql: include_str!("rollouts.sql") };
/// What rollouts go by.
pub const EVIDENCE_SCHEMA: Schema =
    Schema { version: 61, name: "evidence of rollouts", sql: include_str!("evidence.sql") };
/// Whom to tell, and when again.
pub const TELLING_SCHEMA: Schema =
    Schema { version: 63, name: "telling of rollouts", sql: include_str!("telling.sql") };

type Result<T> = std::result::Result<T, sqlx::Error>;

/// A limit that is none.
pub const ALL: i64 = i64::MAX;

/// A release as it was entered, and what became of it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Entered {
    pub version: String,
    /// `microapp.json`, byte for byte.
    pub description: String,
    pub published_at: Millis,
    pub published_by: String,
    pub allowed_by: Option<String>,
    pub faulty: Option<String>,
    pub pruned_at: Option<Millis>,
}

/// The manifest's revision.
pub async fn manifest_revision(db: &mut AnyConnection) -> Result<i64> {
    sqlx::query_scalar("SELECT revision FROM manifest WHERE id = 1").fetch_one(db).await
}

/// The manifest's revision, held: nobody else changes what is live until this transaction ends.
pub async fn lock_manifest(db: &mut AnyConnection) -> Result<i64> {
    sqlx::query_scalar("UPDATE manifest SET revision = revision WHERE id = 1 RETURNING revision")
        .fetch_one(db)
        .await
}

/// Raises the manifest's revision.
pub async fn raise_manifest(db: &mut AnyConnection) -> Result<i64> {
    sqlx::query_scalar("UPDATE manifest SET revision = revision + 1 WHERE id = 1 RETURNING revision")
        .fetch_one(db)
        .await
}

/// A release.
pub async fn release(db: &mut AnyConnection, app: &str, version: &str) -> Result<Option<Entered>> {
    sqlx::query_as(
        "SELECT version, description, published_at, published_by, allowed_by, faulty, pruned_at
         FROM releases WHERE app = $1 AND version = $2",
    )
    .bind(app)
    .bind(version)
    .fetch_optional(db)
    .await
}

/// The last `limit` releases of an app, the newest first.
pub async fn releases(db: &mut AnyConnection, app: &str, limit: i64) -> Result<Vec<Entered>> {
    sqlx::query_as(
        "SELECT version, description, published_at, published_by, allowed_by, faulty, pruned_at
         FROM releases WHERE app = $1 ORDER BY published_at DESC, version DESC LIMIT $2",
    )
    .bind(app)
    .bind(limit)
    .fetch_all(db)
    .await
}

/// The description of what was published last and has its files.
pub async fn newest_description(db: &mut AnyConnection) -> Result<Option<String>> {
    sqlx::query_scalar(
        "SELECT description FROM releases WHERE pruned_at IS NULL ORDER BY published_at DESC, app LIMIT 1",
    )
    .fetch_optional(db)
    .await
}

/// The releases of an app that nobody allowed, newer than `version` and with their files, the newest first.
pub async fn not_allowed_since(db: &mut AnyConnection, app: &str, version: &str) -> Result<Vec<Entered>> {
    sqlx::query_as(
        "SELECT version, description, published_at, published_by, allowed_by, faulty, pruned_at
         FROM releases
         WHERE app = $1 AND allowed_by IS NULL AND pruned_at IS NULL
           AND published_at > (SELECT published_at FROM releases WHERE app = $1 AND version = $2)
         ORDER BY published_at DESC, version DESC",
    )
    .bind(app)
    .bind(version)
    .fetch_all(db)
    .await
}

/// Every app that a release was published of, by name.
pub async fn apps(db: &mut AnyConnection) -> Result<Vec<String>> {
    sqlx::query_scalar("SELECT DISTINCT app FROM releases ORDER BY app").fetch_all(db).await
}

/// Enters a release; one that is there is only marked as having its files again.
pub async fn insert(
    db: &mut AnyConnection,
    app: &str,
    version: &str,
    description: &str,
    at: Millis,
    who: &str,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO releases (app, version, description, published_at, published_by)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (app, version) DO UPDATE SET pruned_at = NULL, published_at =
             CASE WHEN releases.pruned_at IS NULL THEN releases.published_at ELSE excluded.published_at END",
    )
    .bind(app)
    .bind(version)
    .bind(description)
    .bind(at)
    .bind(who)
    .execute(db)
    .await?;
    Ok(())
}

/// Notes that a release's files go.
pub async fn set_pruned(db: &mut AnyConnection, app: &str, version: &str, at: Millis) -> Result<()> {
    sqlx::query("UPDATE releases SET pruned_at = $1 WHERE app = $2 AND version = $3")
        .bind(at)
        .bind(app)
        .bind(version)
        .execute(db)
        .await
        .map(drop)
}

/// Notes who allowed a release's Web APIs.
pub async fn allow(db: &mut AnyConnection, app: &str, version: &str, who: &str) -> Result<()> {
    sqlx::query("UPDATE releases SET allowed_by = $1 WHERE app = $2 AND version = $3")
        .bind(who)
        .bind(app)
        .bind(version)
        .execute(db)
        .await
        .map(drop)
}

/// Notes why a release was taken back; `None` when it gets another chance.
pub async fn set_faulty(db: &mut AnyConnection, app: &str, version: &str, why: Option<&str>) -> Result<()> {
    sqlx::query("UPDATE releases SET faulty = $1 WHERE app = $2 AND version = $3")
        .bind(why)
        .bind(app)
        .bind(version)
        .execute(db)
        .await
        .map(drop)
}

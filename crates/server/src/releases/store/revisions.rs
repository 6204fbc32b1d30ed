//! What is live, and what was.

use super::Result;
use crate::clock::Millis;
use sqlx::AnyConnection;

/// What is live of an app: its newest revision.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Live {
    pub app: String,
    pub revision: i64,
    /// The newest release.
    pub version: String,
    /// The share of the visitors who get it.
    pub percent: i64,
    /// What the others get.
    pub before: Option<String>,
    /// The `microapp.json` of `version`.
    pub description: String,
}

/// A revision, as the history has it.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct History {
    pub revision: i64,
    pub version: String,
    pub percent: i64,
    pub before: Option<String>,
    pub at: Millis,
    pub who: String,
    pub why: String,
}

/// A change of what is live.
#[derive(Clone, Copy, Debug)]
pub struct Change<'a> {
    pub app: &'a str,
    /// The newest release.
    pub version: &'a str,
    /// The share of the visitors who get it; the others get `before`.
    pub percent: i64,
    pub before: Option<&'a str>,
    pub who: &'a str,
    pub why: &'a str,
}

/// Enters a change as the app's next revision.
pub async fn add_revision(db: &mut AnyConnection, change: Change<'_>, at: Millis) -> Result<()> {
    sqlx::query(
        "INSERT INTO revisions (app, revision, version, percent, before, at, who, why)
         SELECT $1, COALESCE(MAX(revision), 0) + 1, $2, $3, $4, $5, $6, $7 FROM revisions WHERE app = $1",
    )
    .bind(change.app)
    .bind(change.version)
    .bind(change.percent)
    .bind(change.before)
    .bind(at)
    .bind(change.who)
    .bind(change.why)
    .execute(db)
    .await?;
    Ok(())
}

/// What is live of every app, by name.
pub async fn live(db: &mut AnyConnection) -> Result<Vec<Live>> {
    sqlx::query_as(
        "SELECT v.app, v.revision, v.version, v.percent, v.before, r.description
         FROM revisions v JOIN releases r ON r.app = v.app AND r.version = v.version
         WHERE v.revision = (SELECT MAX(n.revision) FROM revisions n WHERE n.app = v.app)
         ORDER BY v.app",
    )
    .fetch_all(db)
    .await
}

/// What is live of an app.
pub async fn live_of(db: &mut AnyConnection, app: &str) -> Result<Option<Live>> {
    sqlx::query_as(
        "SELECT v.app, v.revision, v.version, v.percent, v.before, r.description
         FROM revisions v JOIN releases r ON r.app = v.app AND r.version = v.version
         WHERE v.app = $1 ORDER BY v.revision DESC LIMIT 1",
    )
    .bind(app)
    .fetch_optional(db)
    .await
}

/// The last good release: the newest that was live for everybody, was not taken back, has its files, and is none
/// of those that `live` has.
pub async fn fallback(db: &mut AnyConnection, live: &Live) -> Result<Option<String>> {
    fallback_at(db, &live.app, live.revision, &live.version, live.before.as_deref()).await
}

/// The last good release as of an app's revision, whose releases are `version` and `before`.
pub async fn fallback_at(
    db: &mut AnyConnection,
    app: &str,
    revision: i64,
    version: &str,
    before: Option<&str>,
) -> Result<Option<String>> {
    sqlx::query_scalar(
        "SELECT v.version
         FROM revisions v JOIN releases r ON r.app = v.app AND r.version = v.version
         WHERE v.app = $1 AND v.revision < $2 AND v.version <> $3 AND v.version <> $4 AND v.percent = 100
           AND r.faulty IS NULL AND r.pruned_at IS NULL
         ORDER BY v.revision DESC LIMIT 1",
    )
    .bind(app)
    .bind(revision)
    .bind(version)
    .bind(before.unwrap_or(version))
    .fetch_optional(db)
    .await
}

/// A revision.
pub async fn revision(db: &mut AnyConnection, app: &str, revision: i64) -> Result<Option<History>> {
    sqlx::query_as("SELECT revision, version, percent, before, at, who, why FROM revisions WHERE app = $1 AND revision = $2")
        .bind(app)
        .bind(revision)
        .fetch_optional(db)
        .await
}

/// An app's revisions that were live at that moment or later.
pub async fn live_since(db: &mut AnyConnection, app: &str, since: Millis) -> Result<Vec<History>> {
    sqlx::query_as(
        "SELECT revision, version, percent, before, at, who, why FROM revisions
         WHERE app = $1 AND revision >= COALESCE(
            (SELECT MAX(revision) FROM revisions WHERE app = $1 AND at <= $2), 0)",
    )
    .bind(app)
    .bind(since)
    .fetch_all(db)
    .await
}

/// An app's newest revision.
pub async fn newest(db: &mut AnyConnection, app: &str) -> Result<Option<History>> {
    Ok(history(db, app, 1).await?.pop())
}

/// An app's last `limit` revisions, the newest first.
pub async fn history(db: &mut AnyConnection, app: &str, limit: i64) -> Result<Vec<History>> {
    sqlx::query_as(
        "SELECT revision, version, percent, before, at, who, why FROM revisions
         WHERE app = $1 ORDER BY revision DESC LIMIT $2",
    )
    .bind(app)
    .bind(limit)
    .fetch_all(db)
    .await
}

/// The `limit` versions of an app that were live last, the newest first.
pub async fn last_versions(db: &mut AnyConnection, app: &str, limit: i64) -> Result<Vec<String>> {
    sqlx::query_scalar(
        "SELECT version FROM revisions WHERE app = $1 GROUP BY version ORDER BY MAX(revision) DESC LIMIT $2",
    )
    .bind(app)
    .bind(limit)
    .fetch_all(db)
    .await
}

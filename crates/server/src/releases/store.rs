//! All SQL of the releases.

use crate::{clock::Millis, database::Schema};
use sqlx::AnyConnection;

/// The tables.
pub const SCHEMA: Schema = Schema { version: 1, name: "releases", sql: include_str!("schema.sql") };

type Result<T> = std::result::Result<T, sqlx::Error>;

/// A revision of an app and the release that it made live.
#[derive(Debug, sqlx::FromRow)]
pub struct Revision {
    pub revision: i64,
    pub version: String,
    pub description: String,
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

/// A release's `microapp.json`.
pub async fn description(db: &mut AnyConnection, app: &str, version: &str) -> Result<Option<String>> {
    sqlx::query_scalar("SELECT description FROM releases WHERE app = $1 AND version = $2")
        .bind(app)
        .bind(version)
        .fetch_optional(db)
        .await
}

/// Enters a release, unless it is there.
pub async fn insert(
    db: &mut AnyConnection,
    app: &str,
    version: &str,
    description: &str,
    at: Millis,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO releases (app, version, description, published_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (app, version) DO NOTHING",
    )
    .bind(app)
    .bind(version)
    .bind(description)
    .bind(at)
    .execute(db)
    .await?;
    Ok(())
}

/// Makes a release the live one of its app.
pub async fn go_live(
    db: &mut AnyConnection,
    app: &str,
    version: &str,
    at: Millis,
    who: &str,
    why: &str,
) -> Result<()> {
    sqlx::query(
        "INSERT INTO revisions (app, revision, version, at, who, why)
         SELECT $1, COALESCE(MAX(revision), 0) + 1, $2, $3, $4, $5 FROM revisions WHERE app = $1",
    )
    .bind(app)
    .bind(version)
    .bind(at)
    .bind(who)
    .bind(why)
    .execute(db)
    .await?;
    Ok(())
}

/// The live release of every app, by name.
pub async fn live(db: &mut AnyConnection) -> Result<Vec<Revision>> {
    sqlx::query_as(
        "SELECT v.revision, v.version, r.description
         FROM revisions v JOIN releases r ON r.app = v.app AND r.version = v.version
         WHERE v.revision = (SELECT MAX(n.revision) FROM revisions n WHERE n.app = v.app)
         ORDER BY v.app",
    )
    .fetch_all(db)
    .await
}

/// Of the revisions of an app that had another version than `version`, the newest: its last good release.
pub async fn before(db: &mut AnyConnection, app: &str, version: &str) -> Result<Option<Revision>> {
    sqlx::query_as(
        "SELECT v.revision, v.version, r.description
         FROM revisions v JOIN releases r ON r.app = v.app AND r.version = v.version
         WHERE v.app = $1 AND v.version <> $2 ORDER BY v.revision DESC LIMIT 1",
    )
    .bind(app)
    .bind(version)
    .fetch_optional(db)
    .await
}

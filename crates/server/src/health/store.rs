//! All SQL of the health of releases.

use super::{judge, judge::Times};
use crate::{clock::Millis, database::Schema};
use contract::registry::{report::MountKind, rollout::Mounts};
use sqlx::AnyConnection;

/// The tables.
pub const SCHEMA: Schema = Schema { version: 10, name: "health", sql: include_str!("schema.sql") };

type Result<T> = std::result::Result<T, sqlx::Error>;

/// One mount, ready to be counted.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The microapp.
    pub app: String,
    /// Its version.
    pub version: String,
    /// What became of it.
    pub kind: MountKind,
    /// A keyed hash of the visitor's id.
    pub visitor: String,
    /// A keyed hash of their address and the day.
    pub address: String,
    /// How long it took, in milliseconds.
    pub ms: u32,
    /// When it was told.
    pub at: Millis,
}

/// How many different visitors of one address count for a release in a day.
const PER_ADDRESS: i64 = 10;
const DAY: Millis = 24 * 60 * 60 * 1000;
const SLOT: Millis = 10 * 60 * 1000;

/// The key of this database; the first server that asks puts `new` there.
pub async fn key(db: &mut AnyConnection, new: &str) -> Result<String> {
    sqlx::query("INSERT INTO report_key (id, secret) VALUES (1, $1) ON CONFLICT (id) DO NOTHING")
        .bind(new)
        .execute(&mut *db)
        .await?;
    sqlx::query_scalar("SELECT secret FROM report_key WHERE id = 1").fetch_one(db).await
}

/// Counts a mount, unless it was counted, or its address has said enough.
pub async fn count(db: &mut AnyConnection, seen: &Seen) -> Result<()> {
    sqlx::query(
        "INSERT INTO mounts (app, version, kind, visitor, slot, ms, at, address)
         SELECT $1, $2, $3, $4, $5, $6, $7, $8
         WHERE (SELECT COUNT(DISTINCT m.visitor) FROM mounts m
                WHERE m.app = $1 AND m.version = $2 AND m.address = $8 AND m.visitor <> $4 AND m.at > $9) < $10
         ON CONFLICT (app, version, kind, visitor, slot) DO NOTHING",
    )
    .bind(&seen.app)
    .bind(&seen.version)
    .bind(seen.kind.name())
    .bind(&seen.visitor)
    .bind(seen.at / SLOT)
    .bind(i64::from(seen.ms))
    .bind(seen.at)
    .bind(&seen.address)
    .bind(seen.at - DAY)
    .bind(PER_ADDRESS)
    .execute(db)
    .await
    .map(drop)
}

#[derive(sqlx::FromRow)]
struct Counts {
    visitors: i64,
    unwell: i64,
    ok: i64,
    failed: i64,
    panicked: i64,
    timed_out: i64,
}

/// What was said of a release since then.
pub async fn mounts(
    db: &mut AnyConnection,
    app: &str,
    version: &str,
    since: Millis,
) -> Result<(Mounts, Option<Times>)> {
    let counts: Counts = sqlx::query_as(
        "SELECT COUNT(DISTINCT visitor) AS visitors,
                COUNT(DISTINCT CASE WHEN kind <> 'ok' THEN visitor END) AS unwell,
                COUNT(DISTINCT CASE WHEN kind = 'ok' THEN visitor END) AS ok,
                COUNT(DISTINCT CASE WHEN kind = 'failed' THEN visitor END) AS failed,
                COUNT(DISTINCT CASE WHEN kind = 'panicked' THEN visitor END) AS panicked,
                COUNT(DISTINCT CASE WHEN kind = 'timed-out' THEN visitor END) AS timed_out
         FROM mounts WHERE app = $1 AND version = $2 AND at >= $3",
    )
    .bind(app)
    .bind(version)
    .bind(since)
    .fetch_one(&mut *db)
    .await?;
    let times = times(db, app, version, since).await?;
    let count = |number: i64| u64::try_from(number).unwrap_or(0);
    let mounts = Mounts {
        visitors: count(counts.visitors),
        unwell: count(counts.unwell),
        ok: count(counts.ok),
        failed: count(counts.failed),
        panicked: count(counts.panicked),
        timed_out: count(counts.timed_out),
        p75_ms: times.map(|times| times.p75 as u32),
    };
    Ok((mounts, times))
}

async fn times(db: &mut AnyConnection, app: &str, version: &str, since: Millis) -> Result<Option<Times>> {
    let worked: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM mounts WHERE app = $1 AND version = $2 AND at >= $3 AND kind = 'ok'",
    )
    .bind(app)
    .bind(version)
    .bind(since)
    .fetch_one(&mut *db)
    .await?;
    let Some(ranks) = judge::ranks(u64::try_from(worked).unwrap_or(0)) else { return Ok(None) };
    let mut found = [0.0; 3];
    for (time, rank) in found.iter_mut().zip(ranks) {
        let ms: i64 = sqlx::query_scalar(
            "SELECT ms FROM mounts WHERE app = $1 AND version = $2 AND at >= $3 AND kind = 'ok'
             ORDER BY ms LIMIT 1 OFFSET $4",
        )
        .bind(app)
        .bind(version)
        .bind(since)
        .bind(i64::try_from(rank).unwrap_or(0))
        .fetch_one(&mut *db)
        .await?;
        *time = ms as f64;
    }
    let [p75, lower, upper] = found;
    Ok(Some(Times { p75, lower, upper }))
}

/// Forgets what was said before then.
pub async fn sweep(db: &mut AnyConnection, before: Millis) -> Result<()> {
    sqlx::query("DELETE FROM mounts WHERE at < $1").bind(before).execute(db).await.map(drop)
}

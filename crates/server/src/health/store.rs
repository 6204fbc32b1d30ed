//! All SQL of the health of releases.

use super::judge::{self, Arm, Times};
use crate::{clock::Millis, database::Schema};
use contract::registry::{
    health::{Bucket, Span},
    report::MountKind,
    rollout::Mounts,
};
use sqlx::AnyConnection;

/// The tables.
pub const SCHEMA: Schema = Schema { version: 10, name: "health", sql: include_str!("schema.sql") };

/// Reports by address.
pub const ADDRESS_SCHEMA: Schema =
    Schema { version: 69, name: "reports by address", sql: include_str!("address.sql") };

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
    /// A keyed hash of their address and the week.
    pub address: String,
    /// How long it took, in milliseconds.
    pub ms: u32,
    /// When it was told.
    pub at: Millis,
}

impl Seen {
    /// Its row among others, the same on every server. The visitor comes before the kind: of an address some visitors count, and
    /// not one kind sooner than others.
    pub fn place(&self) -> (&str, &str, &str, &str, Millis) {
        (&self.app, &self.version, &self.visitor, self.kind.name(), self.at / SLOT)
    }
}

/// How many different visitors of one address count for a microapp in a day, whichever release they drew: of those who
/// share an address, the same share of each release's is heard.
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
                WHERE m.app = $1 AND m.address = $8 AND m.visitor <> $4 AND m.at > $9) < $10
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

/// When the oldest of the newest `most` reports of a release came, if there are more since then.
pub async fn newest_since(
    db: &mut AnyConnection,
    app: &str,
    version: &str,
    since: Millis,
    most: u32,
) -> Result<Millis> {
    let oldest: Option<Millis> = sqlx::query_scalar(
        "SELECT at FROM mounts WHERE app = $1 AND version = $2 AND at >= $3 ORDER BY at DESC LIMIT 1 OFFSET $4",
    )
    .bind(app)
    .bind(version)
    .bind(since)
    .bind(i64::from(most))
    .fetch_optional(db)
    .await?;
    Ok(oldest.unwrap_or(since))
}

/// When a release was last heard of.
pub async fn last_heard(db: &mut AnyConnection, app: &str, version: &str) -> Result<Option<Millis>> {
    sqlx::query_scalar("SELECT MAX(at) FROM mounts WHERE app = $1 AND version = $2")
        .bind(app)
        .bind(version)
        .fetch_one(db)
        .await
}

/// From how many addresses something was said of a release since then; it stops counting at `most`.
pub async fn addresses_since(
    db: &mut AnyConnection,
    app: &str,
    version: &str,
    since: Millis,
    most: u64,
) -> Result<u64> {
    let count: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM (
             SELECT DISTINCT address FROM mounts WHERE app = $1 AND version = $2 AND at >= $3 LIMIT $4) AS seen",
    )
    .bind(app)
    .bind(version)
    .bind(since)
    .bind(i64::try_from(most).unwrap_or(i64::MAX))
    .fetch_one(db)
    .await?;
    Ok(u64::try_from(count).unwrap_or(0))
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

/// What was said of a release since then, by whomever.
pub async fn mounts(db: &mut AnyConnection, app: &str, version: &str, since: Millis) -> Result<Mounts> {
    let counts: Counts = sqlx::query_as(
        "SELECT COUNT(*) AS visitors, COALESCE(SUM(unwell), 0) AS unwell, COALESCE(SUM(ok), 0) AS ok,
                COALESCE(SUM(failed), 0) AS failed, COALESCE(SUM(panicked), 0) AS panicked,
                COALESCE(SUM(timed_out), 0) AS timed_out
         FROM (SELECT MAX(CASE WHEN kind <> 'ok' THEN 1 ELSE 0 END) AS unwell,
                      MAX(CASE WHEN kind = 'ok' THEN 1 ELSE 0 END) AS ok,
                      MAX(CASE WHEN kind = 'failed' THEN 1 ELSE 0 END) AS failed,
                      MAX(CASE WHEN kind = 'panicked' THEN 1 ELSE 0 END) AS panicked,
                      MAX(CASE WHEN kind = 'timed-out' THEN 1 ELSE 0 END) AS timed_out
               FROM mounts WHERE app = $1 AND version = $2 AND at >= $3 GROUP BY visitor) AS of_visitors",
    )
    .bind(app)
    .bind(version)
    .bind(since)
    .fetch_one(db)
    .await?;
    let count = |number: i64| u64::try_from(number).unwrap_or(0);
    Ok(Mounts {
        visitors: count(counts.visitors),
        unwell: count(counts.unwell),
        ok: count(counts.ok),
        failed: count(counts.failed),
        panicked: count(counts.panicked),
        timed_out: count(counts.timed_out),
        p75_ms: None,
    })
}

/// What is judged of two releases since then: one visitor of each address, with their own mounts.
///
/// Who that is does not depend on the release that they drew: the least hash of all who were heard of there with either.
/// So votes fall to the two releases by the same lot as visitors do, and an address that many share is no likelier to
/// speak of the one than of the other.
pub async fn arms(
    db: &mut AnyConnection,
    app: &str,
    [new, before]: [&str; 2],
    since: Millis,
) -> Result<[Arm; 2]> {
    let votes: Vec<(i64, i64, Option<i64>)> = sqlx::query_as(
        "WITH heard AS (
             SELECT 1 AS is_new, kind, visitor, address, ms FROM mounts
             WHERE app = $1 AND version = $2 AND at >= $4
             UNION ALL
             SELECT 0, kind, visitor, address, ms FROM mounts WHERE app = $1 AND version = $3 AND at >= $4)
         SELECT is_new, MAX(CASE WHEN kind <> 'ok' THEN 1 ELSE 0 END), MIN(CASE WHEN kind = 'ok' THEN ms END) AS waited
         FROM heard WHERE visitor IN (SELECT MIN(visitor) FROM heard GROUP BY address)
         GROUP BY is_new, visitor ORDER BY waited",
    )
    .bind(app)
    .bind(new)
    .bind(before)
    .bind(since)
    .fetch_all(db)
    .await?;
    Ok([1, 0].map(|arm| {
        let votes = || votes.iter().filter(|(is_new, ..)| *is_new == arm);
        let waited: Vec<i64> = votes().filter_map(|(.., waited)| *waited).collect();
        let unwell = votes().filter(|(_, unwell, _)| *unwell > 0).count();
        Arm { visitors: votes().count() as u64, unwell: unwell as u64, times: times(&waited) }
    }))
}

/// Of times in order.
fn times(waited: &[i64]) -> Option<Times> {
    let [p75, lower, upper] = judge::ranks(waited.len() as u64)?.map(|rank| {
        usize::try_from(rank).ok().and_then(|rank| waited.get(rank)).map_or(0.0, |ms| *ms as f64)
    });
    Some(Times { p75, lower, upper, visitors: waited.len() as u64 })
}

/// What was said of a release, bucket by bucket.
pub async fn buckets(
    db: &mut AnyConnection,
    app: &str,
    version: &str,
    span: Span,
    now: Millis,
) -> Result<Vec<Bucket>> {
    let slots = i64::from(span.bucket_seconds()) * 1000 / SLOT;
    let from = first_bucket(span, now);
    let first = from / SLOT / slots;
    let counts: Vec<(i64, i64, i64)> = sqlx::query_as(
        "SELECT slot / $4, COUNT(DISTINCT visitor), COUNT(DISTINCT CASE WHEN kind <> 'ok' THEN visitor END)
         FROM mounts WHERE app = $1 AND version = $2 AND at >= $3 GROUP BY 1 ORDER BY 1",
    )
    .bind(app)
    .bind(version)
    .bind(from)
    .bind(slots)
    .fetch_all(&mut *db)
    .await?;
    // The same rank as in `judge::ranks`.
    let times: Vec<(i64, i64)> = sqlx::query_as(
        "SELECT bucket, ms FROM (
             SELECT slot / $4 AS bucket, ms, ROW_NUMBER() OVER (PARTITION BY slot / $4 ORDER BY ms) AS place,
                    COUNT(*) OVER (PARTITION BY slot / $4) AS many
             FROM mounts WHERE app = $1 AND version = $2 AND at >= $3 AND kind = 'ok') ranked
         WHERE place = many * 3 / 4 + 1 ORDER BY bucket",
    )
    .bind(app)
    .bind(version)
    .bind(from)
    .bind(slots)
    .fetch_all(&mut *db)
    .await?;
    let bucket = |(at, visitors, unwell): (i64, i64, i64)| {
        let p75 = times.iter().find(|(bucket, _)| *bucket == at).map(|(_, ms)| *ms);
        let count = |number: i64| u64::try_from(number).unwrap_or(0);
        // What a clock ahead of ours wrote belongs to no bucket of ours.
        let at = u16::try_from(at - first).ok().filter(|at| *at < span.buckets())?;
        Some(Bucket {
            at,
            visitors: count(visitors),
            unwell: count(unwell),
            p75_ms: p75.map(|ms| u32::try_from(ms).unwrap_or(u32::MAX)),
        })
    };
    Ok(counts.into_iter().filter_map(bucket).collect())
}

/// When the first bucket begins.
pub fn first_bucket(span: Span, now: Millis) -> Millis {
    let length = i64::from(span.bucket_seconds()) * 1000;
    (now / length - i64::from(span.buckets()) + 1) * length
}

/// Forgets what was said before then.
pub async fn sweep(db: &mut AnyConnection, before: Millis) -> Result<()> {
    sqlx::query("DELETE FROM mounts WHERE at < $1").bind(before).execute(db).await.map(drop)
}

//! Rollouts: at most one of an app is under way.

use super::Result;
use crate::clock::Millis;
use contract::registry::rollout::{Health, RolloutState};
use sqlx::AnyConnection;

/// A rollout.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Rollout {
    pub id: i64,
    pub app: String,
    pub version: String,
    pub before: String,
    steps: String,
    step: i64,
    pub interval_ms: i64,
    state: String,
    pub reason: String,
    pub waited_ms: i64,
    pub seen_at: Millis,
    pub started_at: Millis,
    pub started_by: String,
    pub ended_at: Option<Millis>,
    /// How both releases did at the last look, as JSON; nothing before the first one.
    health: String,
    /// The last report of the new release when this step began: what came later is of this step.
    pub heard_at: Millis,
}

impl Rollout {
    /// The percents, rising to 100.
    pub fn steps(&self) -> Vec<u8> {
        self.steps.split(',').filter_map(|percent| percent.parse().ok()).collect()
    }

    /// Which of the steps it is at, from 0.
    pub fn step(&self) -> usize {
        usize::try_from(self.step).unwrap_or(0)
    }

    /// How both releases did at the last look.
    pub fn health(&self) -> Health {
        // Written by nobody but this module.
        serde_json::from_str(&self.health).unwrap_or_default()
    }

    /// Where it stands.
    pub fn state(&self) -> RolloutState {
        // Written by nobody but this module.
        RolloutState::parse(&self.state).unwrap_or(RolloutState::Superseded)
    }
}

/// Begins one at its first step; its id.
pub async fn start_rollout(
    db: &mut AnyConnection,
    rollout: (&str, &str, &str),
    steps: &[u8],
    interval_ms: i64,
    state: RolloutState,
    (now, who): (Millis, &str),
) -> Result<i64> {
    let (app, version, before) = rollout;
    let steps = steps.iter().map(u8::to_string).collect::<Vec<_>>().join(",");
    sqlx::query_scalar(
        "INSERT INTO rollouts
            (app, version, before, steps, step, interval_ms, state, reason, waited_ms, seen_at, started_at, started_by)
         VALUES ($1, $2, $3, $4, 0, $5, $6, '', 0, $7, $7, $8) RETURNING id",
    )
    .bind(app)
    .bind(version)
    .bind(before)
    .bind(steps)
    .bind(interval_ms)
    .bind(state.name())
    .bind(now)
    .bind(who)
    .fetch_one(db)
    .await
}

/// The last rollout of an app, ended or not.
pub async fn latest_rollout(db: &mut AnyConnection, app: &str) -> Result<Option<Rollout>> {
    sqlx::query_as("SELECT * FROM rollouts WHERE app = $1 ORDER BY id DESC LIMIT 1")
        .bind(app)
        .fetch_optional(db)
        .await
}

/// The rollout of an app that is running or paused.
pub async fn under_way(db: &mut AnyConnection, app: &str) -> Result<Option<Rollout>> {
    let latest = latest_rollout(db, app).await?;
    Ok(latest.filter(|rollout| !rollout.state().is_over()))
}

/// The rollouts that are running or paused, by app.
pub async fn rollouts_under_way(db: &mut AnyConnection) -> Result<Vec<Rollout>> {
    sqlx::query_as("SELECT * FROM rollouts WHERE state IN ('running', 'paused') ORDER BY app")
        .fetch_all(db)
        .await
}

/// Notes how both releases do. A beginning that lies ahead of the clock was a clock that was put right: it is now, or no
/// report would count until then. Of a step this is said later, as in [`wait_rollout`]: reports of the former one would count.
pub async fn note_health(db: &mut AnyConnection, id: i64, health: &str, now: Millis) -> Result<()> {
    sqlx::query(
        "UPDATE rollouts SET health = $1,
            started_at = CASE WHEN started_at > $2 + 60000 THEN $2 ELSE started_at END,
            heard_at = CASE WHEN heard_at > $2 + 600000 THEN $2 ELSE heard_at END
         WHERE id = $3",
    )
    .bind(health)
    .bind(now)
    .bind(id)
    .execute(db)
    .await
    .map(drop)
}

/// Notes how long a running one was watched, and what it waits for.
pub async fn wait_rollout(
    db: &mut AnyConnection,
    id: i64,
    waited_ms: i64,
    now: Millis,
    reason: &str,
) -> Result<()> {
    // Of two servers the one whose clock is behind does not set it back, or the other would count that time again. What is
    // further ahead than ten minutes is a clock that was put right; by less the step lasts longer.
    sqlx::query(
        "UPDATE rollouts SET waited_ms = $1, reason = $3,
            seen_at = CASE WHEN seen_at > $2 AND seen_at < $2 + 600000 THEN seen_at ELSE $2 END
         WHERE id = $4",
    )
    .bind(waited_ms)
    .bind(now)
    .bind(reason)
    .bind(id)
    .execute(db)
    .await
    .map(drop)
}

/// Goes from `step` to the next, unless another server did; whether it was us. The new release was last heard of at
/// `heard_at`.
pub async fn step_rollout(
    db: &mut AnyConnection,
    (id, step): (i64, usize),
    heard_at: Millis,
    now: Millis,
) -> Result<bool> {
    let step = i64::try_from(step).unwrap_or(i64::MAX);
    let moved = sqlx::query(
        "UPDATE rollouts SET step = step + 1, waited_ms = 0, seen_at = $1, heard_at = $4, reason = ''
         WHERE id = $2 AND step = $3 AND state = 'running'",
    )
    .bind(now)
    .bind(id)
    .bind(step)
    .bind(heard_at)
    .execute(db)
    .await?;
    Ok(moved.rows_affected() > 0)
}

/// Pauses or resumes one.
pub async fn set_state(db: &mut AnyConnection, id: i64, state: RolloutState, now: Millis) -> Result<()> {
    sqlx::query("UPDATE rollouts SET state = $1, seen_at = $2, reason = '' WHERE id = $3")
        .bind(state.name())
        .bind(now)
        .bind(id)
        .execute(db)
        .await
        .map(drop)
}

/// Ends one. Whoever is to be told of ends is told.
pub async fn end_rollout(
    db: &mut AnyConnection,
    id: i64,
    state: RolloutState,
    reason: &str,
    now: Millis,
) -> Result<()> {
    sqlx::query("UPDATE rollouts SET state = $1, reason = $2, ended_at = $3, untold = 1, tries = 0, tell_at = 0 WHERE id = $4")
        .bind(state.name())
        .bind(reason)
        .bind(now)
        .bind(id)
        .execute(db)
        .await
        .map(drop)
}

/// A rollout whose end somebody outside is still to be told.
#[derive(Debug, sqlx::FromRow)]
pub struct Untold {
    pub id: i64,
    pub app: String,
    pub version: String,
    pub before: String,
    pub state: String,
    pub reason: String,
    pub ended_at: Millis,
    /// How often that was tried.
    pub tries: i64,
}

/// Those that ended since then, were not told and are to be by `now`: first who waits longest.
pub async fn untold(db: &mut AnyConnection, since: Millis, now: Millis) -> Result<Vec<Untold>> {
    sqlx::query_as(
        "SELECT id, app, version, before, state, reason, ended_at, tries FROM rollouts
         WHERE untold = 1 AND ended_at > $1 AND tell_at <= $2 ORDER BY tell_at, id LIMIT 20",
    )
    .bind(since)
    .bind(now)
    .fetch_all(db)
    .await
}

/// Notes that one could not be told, and when that is tried again; unless it has ended in another way meanwhile.
pub async fn tell_later(db: &mut AnyConnection, rollout: &Untold, at: Millis) -> Result<()> {
    sqlx::query("UPDATE rollouts SET tries = tries + 1, tell_at = $1 WHERE id = $2 AND state = $3")
        .bind(at)
        .bind(rollout.id)
        .bind(&rollout.state)
        .execute(db)
        .await
        .map(drop)
}

/// Notes that one was told, unless it has ended in another way meanwhile: a finished one can be undone.
pub async fn told(db: &mut AnyConnection, rollout: &Untold) -> Result<()> {
    sqlx::query("UPDATE rollouts SET untold = 0 WHERE id = $1 AND state = $2")
        .bind(rollout.id)
        .bind(&rollout.state)
        .execute(db)
        .await
        .map(drop)
}

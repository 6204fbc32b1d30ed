//! What is live, how it does, and what there is: for people and pipelines.

use super::{RegistryError, Releases, admission, rollouts, store};
use crate::{
    clock::{self, Millis},
    health,
};
use contract::{
    registry::{
        health::{AppHealth, HealthOverTime, ReleaseHealth, Span},
        release::{Allowed, ListedRelease, MOST_LISTED},
        rollout::{AppStatus, LiveShare, Revision, Rollout},
    },
    release::Release,
};
use sqlx::AnyConnection;

/// How many releases of an app a chart shows.
const CHARTED: i64 = 3;
/// How many revisions a history shows.
const HISTORY: i64 = 200;

impl Releases {
    /// What is live of every app that a release was published of, by name; or of `own` alone, if one was.
    pub async fn apps(&self, own: Option<&str>) -> Result<Vec<AppStatus>, RegistryError> {
        let mut db = self.database.read().await?;
        let mut found = Vec::new();
        for app in store::apps(&mut db).await? {
            if own.is_some_and(|own| own != app) {
                continue;
            }
            found.push(of(&mut db, &app).await?);
        }
        Ok(found)
    }

    /// What is live of an app.
    pub async fn app(&self, app: &str) -> Result<AppStatus, RegistryError> {
        of(&mut *self.database.read().await?, app).await
    }

    /// An app's revisions, the newest first.
    pub async fn history(&self, app: &str) -> Result<Vec<Revision>, RegistryError> {
        let mut db = self.database.read().await?;
        let revisions = store::history(&mut db, app, HISTORY).await?;
        if revisions.is_empty() {
            known(&mut db, app).await?;
        }
        Ok(revisions.into_iter().map(revision).collect())
    }

    /// The last releases of an app, or of all of them, and those that are live however old they are.
    pub async fn list(&self, app: Option<&str>) -> Result<Vec<ListedRelease>, RegistryError> {
        let mut db = self.database.read().await?;
        let apps = match app {
            Some(app) => vec![app.to_owned()],
            None => store::apps(&mut db).await?,
        };
        let everything = admission::live_releases(&mut db).await?;
        let mut listed = Vec::new();
        for app in apps {
            let status = of(&mut db, &app).await?;
            let mut found = store::releases(&mut db, &app, i64::from(MOST_LISTED)).await?;
            for live in status.live.iter().map(|live| &live.version).chain(&status.fallback) {
                if found.iter().all(|entered| entered.version != *live) {
                    found.extend(store::release(&mut db, &app, live).await?);
                }
            }
            for entered in found {
                listed.push(list(&status, entered, &everything)?);
            }
        }
        Ok(listed)
    }

    /// The releases that wait to be allowed: held, and newer than what is live of their app.
    pub async fn waiting(&self, app: Option<&str>) -> Result<Vec<ListedRelease>, RegistryError> {
        let mut db = self.database.read().await?;
        let everything = admission::live_releases(&mut db).await?;
        let mut waiting = Vec::new();
        for live in store::live(&mut db).await? {
            if app.is_some_and(|app| app != live.app) {
                continue;
            }
            let newer = store::not_allowed_since(&mut db, &live.app, &live.version).await?;
            if newer.is_empty() {
                continue;
            }
            let status = of(&mut db, &live.app).await?;
            for entered in newer {
                let listed = list(&status, entered, &everything)?;
                if !listed.held.is_empty() {
                    waiting.push(listed);
                }
            }
        }
        Ok(waiting)
    }

    /// How the releases of an app, or of all of them, did until `now`.
    pub async fn health(
        &self,
        app: Option<&str>,
        span: Span,
        now: Millis,
    ) -> Result<HealthOverTime, RegistryError> {
        let mut db = self.database.read().await?;
        let names = match app {
            Some(app) => {
                known(&mut db, app).await?;
                vec![app.to_owned()]
            }
            None => store::apps(&mut db).await?,
        };
        let mut apps = Vec::new();
        for app in names {
            let mut releases = Vec::new();
            for version in store::last_versions(&mut db, &app, CHARTED).await? {
                let buckets = health::buckets(&mut db, &app, &version, span, now).await?;
                releases.push(ReleaseHealth { version, buckets });
            }
            // One that nobody told anything of yet is still the newest.
            if releases.iter().any(|release| !release.buckets.is_empty()) {
                apps.push(AppHealth { app, releases });
            }
        }
        Ok(HealthOverTime {
            from: clock::rfc3339(health::first_bucket(span, now)),
            bucket_seconds: span.bucket_seconds(),
            buckets: span.buckets(),
            apps,
        })
    }

    /// Allows a release's Web APIs, in the name of `who`, and says how they differ from what is live.
    pub async fn allow(&self, app: &str, version: &str, who: &str) -> Result<Allowed, RegistryError> {
        let mut db = self.database.write().await?;
        let release = rollouts::published(&mut db, app, version).await?.release;
        let difference = admission::difference(&release, &admission::live_releases(&mut db).await?);
        store::allow(&mut db, app, version, who).await?;
        db.commit().await?;
        tracing::info!(app, version, who, added = ?difference.added, "the release is allowed");
        Ok(Allowed {
            app: app.to_owned(),
            version: version.to_owned(),
            added: difference.added,
            removed: difference.removed,
        })
    }
}

/// What is live of an app, in the transaction that changed it or any other.
pub async fn of(db: &mut AnyConnection, app: &str) -> Result<AppStatus, RegistryError> {
    let Some(live) = store::live_of(db, app).await? else {
        known(db, app).await?;
        return Ok(AppStatus {
            app: app.to_owned(),
            revision: 0,
            live: Vec::new(),
            fallback: None,
            changed: None,
            rollout: None,
        });
    };
    let fallback = store::fallback(db, &live).await?;
    let percent = percent(live.percent);
    let before = live.before.map(|version| LiveShare { version, percent: 100 - percent });
    let newest = LiveShare { version: live.version, percent };
    let rollout = store::latest_rollout(db, app).await?.map(describe);
    Ok(AppStatus {
        app: app.to_owned(),
        revision: live.revision,
        live: before.into_iter().chain([newest]).collect(),
        fallback,
        changed: store::newest(db, app).await?.map(revision),
        rollout,
    })
}

/// Refuses an app that nothing was ever published of.
pub async fn known(db: &mut AnyConnection, app: &str) -> Result<(), RegistryError> {
    if store::releases(db, app, 1).await?.is_empty() {
        return Err(RegistryError::Unknown { what: format!("of {app}") });
    }
    Ok(())
}

fn describe(rollout: store::Rollout) -> Rollout {
    let seconds = |ms: i64| u32::try_from(ms / 1000).unwrap_or(u32::MAX);
    Rollout {
        health: rollout.health(),
        id: rollout.id,
        steps: rollout.steps(),
        step: u8::try_from(rollout.step() + 1).unwrap_or(u8::MAX),
        state: rollout.state(),
        interval_seconds: seconds(rollout.interval_ms),
        waited_seconds: seconds(rollout.waited_ms),
        reason: rollout.reason,
        started_at: clock::rfc3339(rollout.started_at),
        started_by: rollout.started_by,
        ended_at: rollout.ended_at.map(clock::rfc3339),
        version: rollout.version,
        before: rollout.before,
    }
}

fn list(
    status: &AppStatus,
    entered: store::Entered,
    everything: &[Release],
) -> Result<ListedRelease, RegistryError> {
    let release: Release = serde_json::from_str(&entered.description)?;
    let share = status.live.iter().find(|live| live.version == entered.version);
    let admission::Difference { added: held, mut removed } = match entered.allowed_by {
        Some(_) => admission::Difference::default(),
        None => admission::difference(&release, everything),
    };
    if held.is_empty() {
        removed.clear();
    }
    Ok(ListedRelease {
        percent: share.map_or(0, |share| share.percent),
        fallback: status.fallback.as_ref() == Some(&entered.version),
        size: release.files.values().map(|file| file.size).sum(),
        app: release.name,
        version: entered.version,
        published_at: clock::rfc3339(entered.published_at),
        published_by: entered.published_by,
        held,
        removed,
        allowed_by: entered.allowed_by,
        faulty: entered.faulty,
        pruned: entered.pruned_at.is_some(),
    })
}

fn revision(entered: store::History) -> Revision {
    Revision {
        revision: entered.revision,
        version: entered.version,
        percent: percent(entered.percent),
        before: entered.before,
        at: clock::rfc3339(entered.at),
        who: entered.who,
        why: entered.why,
    }
}

fn percent(kept: i64) -> u8 {
    u8::try_from(kept.clamp(0, 100)).unwrap_or(100)
}

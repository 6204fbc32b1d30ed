//! Going live step by step, and back.
//!
//! Every change happens in one transaction that holds the manifest's row, so several servers on one database never step
//! twice, and a crash leaves a step done or not begun. Time is counted, not compared: each look adds what has passed since
//! the last one, at most [`MOST_AT_ONCE`], so that a clock that jumps, or a server that was down, skips no step.

use super::{RegistryError, Releases, admission, status, store};
use crate::{
    clock::{self, Millis},
    database::Transaction,
    health::{
        Evidence, Question,
        judge::{self, Verdict},
    },
};
use contract::{
    registry::rollout::{AppStatus, NewRollout, RolloutState},
    release::Release,
};

/// How often rollouts are looked at.
pub const LOOK: std::time::Duration = std::time::Duration::from_secs(5);
/// The most that one look adds to the time that a step has lasted.
const MOST_AT_ONCE: Millis = 15_000;
/// Who it is that goes on and back without being asked.
const ITSELF: &str = "the rollout";
/// Why a revision is there that went back; where to stands behind it when somebody named a revision.
const UNDONE: &str = "undone";

impl Releases {
    /// Begins to roll out a published version, in the name of `who`. The first release of an app, and a rollout whose only
    /// step is 100, are live for everybody at once. With a revision `seen`, only while that is the newest.
    pub async fn start_rollout(
        &self,
        app: &str,
        wish: &NewRollout,
        seen: Option<i64>,
        who: &str,
    ) -> Result<AppStatus, RegistryError> {
        check_wish(wish)?;
        let now = clock::now();
        let mut db = self.lock_at(app, seen).await?;
        let release = published(&mut db, app, &wish.version).await?;
        let live = store::live_of(&mut db, app).await?;
        if let Some(rollout) = store::under_way(&mut db, app).await? {
            // Asked for the same again, as a pipeline does that is started anew.
            let is_held = rollout.state() == RolloutState::Paused;
            let is_same = rollout.steps() == wish.steps
                && rollout.interval_ms == i64::from(wish.interval_seconds) * 1000
                && (is_held || !wish.hold);
            if rollout.version == wish.version && is_same {
                return self.done(db, app).await;
            }
            let state = rollout.state().name();
            return Err(RegistryError::UnderWay { app: app.to_owned(), version: rollout.version, state });
        }
        if live.as_ref().is_some_and(|live| live.version == wish.version) {
            return self.done(db, app).await;
        }
        let everything = admission::live_releases(&mut db).await?;
        admission::check_routes(&release.release, &everything)?;
        let added = admission::difference(&release.release, &everything).added;
        if !added.is_empty() && release.entered.allowed_by.is_none() {
            return Err(RegistryError::Held { app: app.to_owned(), version: wish.version.clone(), added });
        }
        store::set_faulty(&mut db, app, &wish.version, None).await?;
        match live.map(|live| live.version) {
            None => change(&mut db, app, &wish.version, None, who, "the first release", now).await?,
            Some(before) => {
                let state = if wish.hold { RolloutState::Paused } else { RolloutState::Running };
                let names = (app, wish.version.as_str(), before.as_str());
                let interval = i64::from(wish.interval_seconds) * 1000;
                let id =
                    store::start_rollout(&mut db, names, &wish.steps, interval, state, (now, who)).await?;
                let share = share(&wish.steps, 0, &before);
                let why = format!("rollout, step 1 of {}", wish.steps.len());
                change(&mut db, app, &wish.version, share, who, &why, now).await?;
                if share.is_none() {
                    store::end_rollout(&mut db, id, RolloutState::Complete, "everybody has it", now).await?;
                }
            }
        }
        self.done(db, app).await
    }

    /// Keeps a rollout where it is.
    pub async fn pause_rollout(&self, app: &str, who: &str) -> Result<AppStatus, RegistryError> {
        self.switch(app, RolloutState::Running, RolloutState::Paused, who).await
    }

    /// Lets a paused rollout go on.
    pub async fn resume_rollout(&self, app: &str, who: &str) -> Result<AppStatus, RegistryError> {
        self.switch(app, RolloutState::Paused, RolloutState::Running, who).await
    }

    async fn switch(
        &self,
        app: &str,
        from: RolloutState,
        to: RolloutState,
        who: &str,
    ) -> Result<AppStatus, RegistryError> {
        let mut db = self.lock().await?;
        let rollout = under_way(&mut db, app).await?;
        if rollout.state() == from {
            store::set_state(&mut db, rollout.id, to, clock::now()).await?;
            tracing::info!(app, version = rollout.version, who, "the rollout is {}", to.name());
        }
        self.done(db, app).await
    }

    /// Gives the release that is rolled out to everybody now, without waiting for anything; with a revision `seen`, only while
    /// that is the newest.
    pub async fn promote_rollout(
        &self,
        app: &str,
        seen: Option<i64>,
        who: &str,
    ) -> Result<AppStatus, RegistryError> {
        let now = clock::now();
        let mut db = self.lock_at(app, seen).await?;
        let rollout = under_way(&mut db, app).await?;
        change(&mut db, app, &rollout.version, None, who, "promoted", now).await?;
        let reason = format!("promoted by {who}");
        store::end_rollout(&mut db, rollout.id, RolloutState::Complete, &reason, now).await?;
        self.done(db, app).await
    }

    /// Goes back: to the newest release of `to_revision`; without it to what was live before the rollout that is under way,
    /// or else to the last good release. It makes a new revision; with a revision `seen`, only while that is the newest.
    pub async fn undo(
        &self,
        app: &str,
        to_revision: Option<i64>,
        seen: Option<i64>,
        who: &str,
    ) -> Result<AppStatus, RegistryError> {
        let now = clock::now();
        let mut db = self.lock_at(app, seen).await?;
        let live = store::live_of(&mut db, app)
            .await?
            .ok_or_else(|| RegistryError::State(format!("Nothing of {app} is live.")))?;
        let target = match to_revision {
            Some(revision) => {
                let unknown = || RegistryError::RevisionUnknown { app: app.to_owned(), revision };
                let target = store::revision(&mut db, app, revision).await?.ok_or_else(unknown)?;
                if target.percent < 100 {
                    return Err(RegistryError::State(format!(
                        "Revision {revision} was a step of a rollout: {} of 100 visitors had {}, and going back to it would \
                         give it to everybody. Name a revision that everybody had, or start a rollout of {}.",
                        target.percent, target.version, target.version
                    )));
                }
                target.version
            }
            None => match &live.before {
                Some(before) => before.clone(),
                None => {
                    let fallback = store::fallback(&mut db, &live).await?.ok_or_else(|| {
                        RegistryError::State(format!(
                            "No good release of {app} is left to go back to. Name one by --to-revision."
                        ))
                    })?;
                    if seen.is_none() {
                        not_undone_already(&mut db, &live).await?;
                    }
                    fallback
                }
            },
        };
        let release = published(&mut db, app, &target).await?;
        admission::check_routes(&release.release, &admission::live_releases(&mut db).await?)?;
        let mut why = match to_revision {
            Some(revision) => format!("{UNDONE}, to revision {revision}"),
            None => UNDONE.to_owned(),
        };
        // The rollout of what is taken back, under way or through.
        let latest = store::latest_rollout(&mut db, app).await?.filter(|rollout| {
            let through = rollout.state() == RolloutState::Complete && rollout.version == live.version;
            !rollout.state().is_over() || through && live.version != target
        });
        if let Some(rollout) = latest {
            // Back to what is rolled out is on to everybody.
            let (end, reason) = match rollout.version == target {
                true => (RolloutState::Complete, format!("promoted by {who}")),
                false => (RolloutState::Undone, format!("undone by {who}")),
            };
            if end == RolloutState::Complete {
                "promoted".clone_into(&mut why);
            }
            store::end_rollout(&mut db, rollout.id, end, &reason, now).await?;
        }
        if live.version != target || live.percent < 100 {
            if live.version != target {
                let why = format!("undone by {who}");
                store::set_faulty(&mut db, app, &live.version, Some(&why)).await?;
            }
            store::set_faulty(&mut db, app, &target, None).await?;
            change(&mut db, app, &target, None, who, &why, now).await?;
        }
        self.done(db, app).await
    }

    /// Looks at every rollout that is under way: back if the new release does worse, on if it does well, its time has come
    /// and nobody holds it.
    pub async fn look(&self, now: Millis) -> Result<(), RegistryError> {
        let under_way = store::rollouts_under_way(&mut *self.database.read().await?).await?;
        let mut result = Ok(());
        for rollout in under_way {
            // One that cannot be looked at keeps no other from going on.
            result = result.and(self.look_at(&rollout, now).await);
        }
        result
    }

    async fn look_at(&self, seen: &store::Rollout, now: Millis) -> Result<(), RegistryError> {
        let app = seen.app.as_str();
        let question = Question {
            app,
            new: &seen.version,
            before: &seen.before,
            since: seen.started_at,
            heard_at: seen.heard_at,
            fresh: judge::FRESH,
        };
        // Counted before anything is held: neither orders nor whoever wants to go back wait for it.
        let evidence = Evidence::find(&mut *self.database.read().await?, question).await?;
        let health = serde_json::to_string(&evidence.health)?;
        let mut db = self.lock().await?;
        // Another server, or somebody, may have been faster.
        let rollout = match store::under_way(&mut db, app).await? {
            Some(rollout) if (rollout.id, rollout.step()) == (seen.id, seen.step()) => rollout,
            _ => return Ok(()),
        };
        store::note_health(&mut db, rollout.id, &health, now).await?;
        let waited = rollout.waited_ms + (now - rollout.seen_at).clamp(0, MOST_AT_ONCE);
        match judge::judge(&evidence.new, &evidence.before) {
            Verdict::Worse(how) => {
                let why = format!("rolled back: {how}");
                store::set_faulty(&mut db, app, &rollout.version, Some(&why)).await?;
                store::end_rollout(&mut db, rollout.id, RolloutState::RolledBack, &how, now).await?;
                change(&mut db, app, &rollout.before, None, ITSELF, &why, now).await?;
                tracing::warn!(app, version = rollout.version, "{why}");
            }
            // It goes no further; back it would.
            _ if rollout.state() == RolloutState::Paused => {}
            Verdict::Wait(what) => {
                store::wait_rollout(&mut db, rollout.id, waited, now, &what).await?;
            }
            Verdict::Good if waited < rollout.interval_ms => {
                let what = "does well; waits for the end of the step";
                store::wait_rollout(&mut db, rollout.id, waited, now, what).await?;
            }
            Verdict::Good if evidence.fresh < judge::FRESH => {
                let what = format!(
                    "does well; waits for reports of this step: {} of {} visitors (one of each address)",
                    evidence.fresh,
                    judge::FRESH
                );
                store::wait_rollout(&mut db, rollout.id, waited, now, &what).await?;
            }
            Verdict::Good => self.step(&mut db, &rollout, evidence.heard_at, now).await?,
        }
        self.commit(db).await
    }

    async fn step(
        &self,
        db: &mut Transaction,
        rollout: &store::Rollout,
        heard_at: Millis,
        now: Millis,
    ) -> Result<(), RegistryError> {
        let (app, steps, next) = (rollout.app.as_str(), rollout.steps(), rollout.step() + 1);
        if !store::step_rollout(db, (rollout.id, rollout.step()), heard_at, now).await? {
            return Ok(());
        }
        let share = share(&steps, next, &rollout.before);
        let why = format!("rollout, step {} of {}", next + 1, steps.len());
        change(db, app, &rollout.version, share, ITSELF, &why, now).await?;
        if share.is_none() {
            store::end_rollout(db, rollout.id, RolloutState::Complete, "everybody has it", now).await?;
        }
        tracing::info!(app, version = rollout.version, "{why}");
        Ok(())
    }

    /// A transaction that holds what is live.
    pub(super) async fn lock(&self) -> Result<Transaction, RegistryError> {
        let mut db = self.database.write().await?;
        store::lock_manifest(&mut db).await?;
        Ok(db)
    }

    /// The same, while the app's newest revision is the one that somebody has `seen`.
    async fn lock_at(&self, app: &str, seen: Option<i64>) -> Result<Transaction, RegistryError> {
        let mut db = self.lock().await?;
        if let Some(seen) = seen {
            let newest = store::live_of(&mut db, app).await?.map_or(0, |live| live.revision);
            if newest != seen {
                return Err(RegistryError::State(format!(
                    "{app} is at revision {newest} by now, not {seen}. Look at what is live, then decide."
                )));
            }
        }
        Ok(db)
    }

    async fn done(&self, mut db: Transaction, app: &str) -> Result<AppStatus, RegistryError> {
        let status = status::of(&mut db, app).await?;
        self.commit(db).await?;
        for live in &status.live {
            // It is done: what fails from here on is not the answer to it.
            match self.describe(app, &live.version).await {
                Ok(found) => {
                    found.into_iter().for_each(|found| self.keep_deltas_later(found.release.clone()))
                }
                Err(error) => {
                    tracing::warn!(app, version = live.version, "its differences come later: {error}")
                }
            }
        }
        Ok(status)
    }

    pub(super) async fn commit(&self, mut db: Transaction) -> Result<(), RegistryError> {
        let revision = store::manifest_revision(&mut db).await?;
        db.commit().await?;
        self.revision.send_if_modified(|known| std::mem::replace(known, revision) != revision);
        Ok(())
    }
}

/// A release whose files are there.
pub struct Published {
    /// How it was entered.
    pub entered: store::Entered,
    /// Its description, read.
    pub release: Release,
}

/// Finds one.
pub async fn published(db: &mut Transaction, app: &str, version: &str) -> Result<Published, RegistryError> {
    let entered = store::release(db, app, version).await?.filter(|entered| entered.pruned_at.is_none());
    let entered = entered.ok_or_else(|| RegistryError::Unknown { what: format!("{app} {version}") })?;
    Ok(Published { release: serde_json::from_str(&entered.description)?, entered })
}

async fn under_way(db: &mut Transaction, app: &str) -> Result<store::Rollout, RegistryError> {
    let none = || RegistryError::State(format!("No rollout of {app} is under way."));
    store::under_way(db, app).await?.ok_or_else(none)
}

/// Enters a revision: `version` for everybody, or for a share of the visitors only.
async fn change(
    db: &mut Transaction,
    app: &str,
    version: &str,
    share: Option<(i64, &str)>,
    who: &str,
    why: &str,
    now: Millis,
) -> Result<(), RegistryError> {
    let (percent, before) = share.map_or((100, None), |(percent, before)| (percent, Some(before)));
    store::add_revision(db, store::Change { app, version, percent, before, who, why }, now).await?;
    store::raise_manifest(db).await?;
    Ok(())
}

/// The share of a step and what the others get; `None` when everybody gets it.
fn share<'a>(steps: &[u8], step: usize, before: &'a str) -> Option<(i64, &'a str)> {
    let percent = steps.get(step).copied().unwrap_or(100);
    (percent < 100).then_some((i64::from(percent), before))
}

fn check_wish(wish: &NewRollout) -> Result<(), RegistryError> {
    let wrong = |field, message| Err(RegistryError::Wish { field, message });
    let rising = wish.steps.windows(2).all(|pair| pair[0] < pair[1]);
    if wish.steps.last() != Some(&100) || wish.steps[0] == 0 || !rising || wish.steps.len() > 20 {
        return wrong("steps", "Rising percents from 1, the last one 100, such as 5,25,50,100; at most 20.");
    }
    if !(1..=30 * 24 * 60 * 60).contains(&wish.interval_seconds) {
        return wrong("interval_seconds", "From 1 second to 30 days.");
    }
    Ok(())
}

/// Refuses to go back once more when the last thing that happened was going back: who says "undo" in the moment in which a
/// rollout goes back by itself means that one.
async fn not_undone_already(db: &mut Transaction, live: &store::Live) -> Result<(), RegistryError> {
    let latest = store::latest_rollout(db, &live.app).await?;
    let newest = store::newest(db, &live.app).await?;
    let went_back = latest.filter(|rollout| {
        matches!(rollout.state(), RolloutState::RolledBack | RolloutState::Undone)
            && rollout.version != live.version
            && rollout.ended_at == newest.as_ref().map(|newest| newest.at)
    });
    let is_undone = newest.is_some_and(|newest| newest.why.starts_with(UNDONE));
    match went_back {
        Some(rollout) => Err(RegistryError::State(format!(
            "{} of {} was taken back already ({}), and {} is live for everybody. To go further back name a revision by \
             --to-revision.",
            rollout.version, live.app, rollout.reason, live.version
        ))),
        None if is_undone => Err(RegistryError::State(format!(
            "The last change of {} was going back already, and {} is live for everybody. To go further back name a revision by \
             --to-revision.",
            live.app, live.version
        ))),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_rise_to_100() {
        for (steps, good) in [
            (&[100][..], true),
            (&[5, 25, 50, 100], true),
            (&[1, 100], true),
            (&[], false),
            (&[0, 100], false),
            (&[5, 25], false),
            (&[25, 5, 100], false),
            (&[5, 5, 100], false),
            (&[5, 100, 101], false),
        ] {
            let wish = NewRollout {
                version: "1.0.0".into(),
                steps: steps.to_vec(),
                interval_seconds: 1,
                hold: false,
            };
            assert_eq!(check_wish(&wish).is_ok(), good, "{steps:?}");
        }
    }
}

//! Letting go of the files of old releases.
//!
//! First the registry forgets that it has them, in one transaction. Then files that no other release has are deleted, some at a
//! time, while nobody can enter a release: a publication looks for its files when it enters it, and puts away again what was deleted
//! meanwhile. A store that does not answer is waited for without keeping others waiting, and what became needed until then is put
//! back. A crash in between, or a publication that was cut off, leaves files behind, which the next time finds: it looks at
//! everything that lies there. (Only a crash while a deletion is late may take a file from a release that was published in those
//! seconds; publishing it again brings it back.)

use super::{
    READING, RegistryError, Releases, UNDER_LOCK,
    files::{Doomed, file_name},
    status, store,
};
use crate::{clock, database::in_time};
use contract::{
    registry::release::{Prune, Pruned},
    release::Release,
};
use futures_util::future::{join_all, try_join_all};
use std::collections::BTreeSet;
use tokio::time::timeout;

/// What was published within a day stays: somebody may be about to roll it out.
const YOUNG: clock::Millis = 24 * 60 * 60 * 1000;

/// How many files are deleted at once.
const AT_ONCE: usize = 16;

impl Releases {
    /// Prunes as `wish` says, in the name of `who`.
    pub async fn prune(&self, wish: &Prune, who: &str) -> Result<Pruned, RegistryError> {
        if wish.keep < 2 {
            return Err(RegistryError::Wish { field: "keep", message: "At least 2." });
        }
        let now = clock::now();
        let mut db = self.database.write().await?;
        store::lock_manifest(&mut db).await?;
        if let Some(app) = &wish.app {
            status::known(&mut db, app).await?;
        }
        let mut pruned = Vec::new();
        for app in store::apps(&mut db).await? {
            if wish.app.as_ref().is_some_and(|wanted| *wanted != app) {
                continue;
            }
            let needed = self.needed(&mut db, &app, wish.keep, now - YOUNG).await?;
            for entered in store::releases(&mut db, &app, store::ALL).await? {
                let young = entered.published_at > now - YOUNG;
                if entered.pruned_at.is_none() && !young && !needed.contains(&entered.version) {
                    store::set_pruned(&mut db, &app, &entered.version, now).await?;
                    pruned.push((app.clone(), entered.version));
                }
            }
        }
        let names = pruned.iter().map(|(app, version)| format!("{app} {version}")).collect();
        if wish.dry_run {
            let needed = needed_files(&mut db).await?;
            drop(db);
            let files = self.files.old().await?.difference(&needed).count() as u64;
            return Ok(Pruned { releases: names, files });
        }
        db.commit().await?;
        for (app, version) in &pruned {
            self.forget(app, version);
        }
        // Whoever asked may not wait for the end; it is reached all the same.
        let releases = self.clone();
        let removing = tokio::spawn(async move { releases.remove_unneeded().await });
        let files = removing.await.map_err(|stopped| RegistryError::State(stopped.to_string()))??;
        tracing::info!(who, releases = ?names, files, "pruned");
        Ok(Pruned { releases: names, files })
    }

    /// Deletes the files that no release has any more; how many there were.
    async fn remove_unneeded(&self) -> Result<u64, RegistryError> {
        let old = self.files.old().await?;
        let needed =
            in_time(READING, async { needed_files(&mut *self.database.read().await?).await }).await?;
        let deltas = self.files.deltas().await?;
        let unneeded: Vec<_> = old.difference(&needed).collect();
        let mut files = 0;
        for hashes in unneeded.chunks(AT_ONCE) {
            let doomed = try_join_all(hashes.iter().map(|hash| self.files.doom(hash, &deltas))).await?;
            files += self.remove(doomed.into_iter().flatten().collect()).await?;
        }
        Ok(files)
    }

    /// Deletes files, but none that became needed meanwhile; how many there were. Others wait while we hold what is live, so a store
    /// that does not answer is waited for without it.
    async fn remove(&self, mut doomed: Vec<Doomed>) -> Result<u64, RegistryError> {
        let look = async {
            let mut db = self.lock().await?;
            let needed = needed_files(&mut db).await?;
            Ok::<_, RegistryError>((db, needed))
        };
        let (db, needed) = in_time(READING, look).await?;
        doomed.retain(|file| !needed.contains(&file.hash));
        let store = self.files.clone();
        let mut removing = tokio::spawn(async move {
            let removed = join_all(doomed.iter().map(|file| store.remove(file))).await;
            (doomed, removed)
        });
        let at_once = timeout(UNDER_LOCK, &mut removing).await;
        let let_go = in_time(READING, db.commit()).await;
        let is_late = at_once.is_err() || let_go.is_err();
        let removed = match at_once {
            Ok(removed) => removed,
            Err(_) => removing.await,
        };
        let (doomed, removed) = removed.map_err(|stopped| RegistryError::State(stopped.to_string()))?;
        let mut files = 0;
        for (file, removed) in doomed.iter().zip(removed) {
            match removed {
                Ok(was_there) => files += u64::from(was_there),
                Err(error) => {
                    tracing::warn!(%error, file = file.hash, "it was not deleted; the next time it may be");
                }
            }
        }
        if is_late {
            self.put_back(&doomed).await?;
        }
        let_go?;
        Ok(files)
    }

    /// Whoever found its files before a late deletion has entered its release then: what it needs is made whole again.
    async fn put_back(&self, doomed: &[Doomed]) -> Result<(), RegistryError> {
        let needed = in_time(READING, async { needed_files(&mut *self.lock().await?).await }).await?;
        let mut all = Ok(());
        for file in doomed.iter().filter(|file| needed.contains(&file.hash)) {
            if let Err(error) = self.files.put_back(file).await {
                tracing::error!(%error, file = file.hash, "a release lacks it now; publish that release again");
                all = Err(error.into());
            }
        }
        all
    }

    /// Versions of an app whose files stay.
    async fn needed(
        &self,
        db: &mut sqlx::AnyConnection,
        app: &str,
        keep: u16,
        since: clock::Millis,
    ) -> Result<BTreeSet<String>, RegistryError> {
        let mut needed = BTreeSet::new();
        // However many revisions a day has: a page that was opened yesterday goes on with what it began with.
        let lately = store::live_since(db, app, since).await?;
        for revision in &lately {
            let before = revision.before.as_deref();
            needed.extend(store::fallback_at(db, app, revision.revision, &revision.version, before).await?);
        }
        for revision in store::history(db, app, keep.into()).await?.into_iter().chain(lately) {
            needed.insert(revision.version);
            needed.extend(revision.before);
        }
        if let Some(rollout) = store::under_way(db, app).await? {
            needed.extend([rollout.version, rollout.before]);
        }
        Ok(needed)
    }
}

/// The files of releases that are not pruned.
async fn needed_files(db: &mut sqlx::AnyConnection) -> Result<BTreeSet<String>, RegistryError> {
    let mut needed = BTreeSet::new();
    for app in store::apps(db).await? {
        for entered in store::releases(db, &app, store::ALL).await? {
            if entered.pruned_at.is_none() {
                let release: Release = serde_json::from_str(&entered.description)?;
                needed.extend(release.files.into_values().map(|file| file_name(&file.integrity)));
            }
        }
    }
    Ok(needed)
}

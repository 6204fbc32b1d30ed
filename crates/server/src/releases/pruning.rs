//! Letting go of the files of old releases.
//!
//! First the registry forgets that it has them, in one transaction. Then files that no other release has are deleted, some at a
//! time: what was made of them while everything goes on, and they themselves while nobody can enter a release. A publication looks
//! for its files when it enters it, and puts away again what was deleted meanwhile; its smaller forms are made anew here. A crash in
//! between, or a publication that was cut off, leaves files behind, which the next time finds: it looks at everything that lies
//! there.

use super::{
    RegistryError, Releases, UNDER_LOCK,
    files::{Stripped, file_name},
    status, store,
};
use crate::clock;
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
        let needed = needed_files(&mut *self.database.read().await?).await?;
        let deltas = self.files.deltas().await?;
        let unneeded: Vec<_> = old.difference(&needed).collect();
        let mut files = 0;
        for hashes in unneeded.chunks(AT_ONCE) {
            let stripped = try_join_all(hashes.iter().map(|hash| self.files.strip(hash, &deltas))).await?;
            files += self.remove(stripped.into_iter().flatten().collect()).await?;
        }
        Ok(files)
    }

    /// Deletes stripped files, but none that became needed meanwhile; how many there were. Others wait while we hold what is live,
    /// so a store that does not answer is waited for without it.
    async fn remove(&self, stripped: Vec<Stripped>) -> Result<u64, RegistryError> {
        let mut db = self.lock().await?;
        let needed = needed_files(&mut db).await?;
        let (mut left, unneeded): (Vec<_>, Vec<_>) =
            stripped.into_iter().partition(|file| needed.contains(&file.hash));
        let store = self.files.clone();
        let mut removing = tokio::spawn(async move {
            let removed = join_all(unneeded.iter().map(|file| store.remove(&file.hash))).await;
            unneeded.into_iter().zip(removed).collect::<Vec<_>>()
        });
        let in_time = timeout(UNDER_LOCK, &mut removing).await;
        db.commit().await?;
        let is_late = in_time.is_err();
        let removed = match in_time {
            Ok(removed) => removed,
            Err(_) => removing.await,
        };
        let mut files = 0;
        for (file, removed) in removed.map_err(|stopped| RegistryError::State(stopped.to_string()))? {
            let is_gone = removed.unwrap_or_else(|error| {
                tracing::warn!(%error, file = file.hash, "it was not deleted; the next time it may be");
                false
            });
            files += u64::from(is_gone);
            if is_late || !is_gone {
                left.push(file);
            }
        }
        if !left.is_empty() {
            // Whoever found its files before a late deletion has entered its release then.
            let needed = needed_files(&mut *self.lock().await?).await?;
            for file in &left {
                self.files.restore(file, needed.contains(&file.hash)).await?;
            }
        }
        Ok(files)
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

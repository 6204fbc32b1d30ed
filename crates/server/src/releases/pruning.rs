//! Letting go of the files of old releases.
//!
//! First the registry forgets that it has them, in one transaction. Then files that no other release has are deleted, some at a
//! time, and while they are nobody can enter a release: a publication looks for its files when it enters it, and puts away again
//! what was deleted meanwhile. A crash in between leaves files behind, which the next time finds: it looks at everything that was
//! ever pruned.

use super::{RegistryError, Releases, store};
use crate::{clock, database::Transaction};
use contract::{
    registry::release::{Prune, Pruned},
    release::Release,
};
use std::collections::BTreeSet;

/// What was published within a day stays: somebody may be about to roll it out.
const YOUNG: clock::Millis = 24 * 60 * 60 * 1000;

/// How many files are deleted before whoever wants to publish gets a turn.
const AT_A_TIME: usize = 50;

impl Releases {
    /// Prunes as `wish` says, in the name of `who`.
    pub async fn prune(&self, wish: &Prune, who: &str) -> Result<Pruned, RegistryError> {
        if wish.keep < 2 {
            return Err(RegistryError::Wish { field: "keep", message: "At least 2." });
        }
        let now = clock::now();
        let mut db = self.database.write().await?;
        store::lock_manifest(&mut db).await?;
        let mut pruned = Vec::new();
        for app in store::apps(&mut db).await? {
            if wish.app.as_ref().is_some_and(|wanted| *wanted != app) {
                continue;
            }
            let needed = self.needed(&mut db, &app, wish.keep, now - YOUNG).await?;
            for entered in store::releases(&mut db, &app).await? {
                let young = entered.published_at > now - YOUNG;
                if entered.pruned_at.is_none() && !young && !needed.contains(&entered.version) {
                    store::set_pruned(&mut db, &app, &entered.version, now).await?;
                    pruned.push((app.clone(), entered.version));
                }
            }
        }
        let names = pruned.iter().map(|(app, version)| format!("{app} {version}")).collect();
        if wish.dry_run {
            return Ok(Pruned { releases: names, files: unneeded(&mut db).await?.len() as u64 });
        }
        db.commit().await?;
        for (app, version) in &pruned {
            self.forget(app, version);
        }
        let files = self.remove_unneeded().await?;
        tracing::info!(who, releases = ?names, files, "pruned");
        Ok(Pruned { releases: names, files })
    }

    /// Deletes the files that no release has any more; how many there were.
    async fn remove_unneeded(&self) -> Result<u64, RegistryError> {
        let (mut files, mut done) = (0, BTreeSet::new());
        loop {
            let mut db = self.database.write().await?;
            store::lock_manifest(&mut db).await?;
            let unneeded = unneeded(&mut db).await?;
            let next: Vec<_> = unneeded.difference(&done).take(AT_A_TIME).cloned().collect();
            if next.is_empty() {
                return Ok(files);
            }
            for hash in next {
                files += u64::from(self.files.remove(&hash).await?);
                done.insert(hash);
            }
            db.commit().await?;
        }
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

/// Hashes of the files that only pruned releases have.
async fn unneeded(db: &mut Transaction) -> Result<BTreeSet<String>, RegistryError> {
    let (mut stay, mut go) = (BTreeSet::new(), BTreeSet::new());
    for app in store::apps(db).await? {
        for entered in store::releases(db, &app).await? {
            let release: Release = serde_json::from_str(&entered.description)?;
            let hashes = release.files.into_values().map(|file| file.integrity);
            match entered.pruned_at {
                Some(_) => go.extend(hashes),
                None => stay.extend(hashes),
            }
        }
    }
    Ok(go.difference(&stay).cloned().collect())
}
